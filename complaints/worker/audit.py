"""The auditor: looks every minute for what should have fired or is missing, and mends it."""

from datetime import datetime

import structlog
from sqlalchemy import select

from complaints.engine.repair_timers import drop_orphans, make_due_now, set_missing_timers
from complaints.models import Complaint, Heartbeat
from complaints.queries.engine.consistency_checks import ScanPosition, find_faults
from complaints.rulebook import current_rules
from complaints.steps.casework.pause import IS_WAITING, end_idle_pauses
from complaints.worker.sweeps import JobResult, WorkerContext, reading

log = structlog.get_logger()


def audit(context: WorkerContext, at: datetime) -> JobResult:
    """Look once, mend what can be mended, and keep what was found in the job's sign of life.

    `late` and what concerns mail cannot be mended here: people have to know of it. Due times
    that differ from their ledgers are left to the sweep, which counts what it corrects.
    """
    with reading(context.sessions) as session:
        query = select(Heartbeat.lags).where(Heartbeat.job == "audit")
        before = session.scalar(query) or {}
        rules = current_rules(session)
        faults, place = find_faults(session, at, ScanPosition.read(before))
    set_anew: list[int] = []
    dropped: list[int] = []
    drifted: list[int] = []
    if faults.missing or faults.orphans or faults.drifted:
        with context.sessions.begin() as session:
            set_anew = set_missing_timers(session, rules, faults.missing)
            dropped = drop_orphans(session, faults.orphans)
            drifted = make_due_now(session, faults.drifted, at)
    with reading(context.sessions) as session:
        is_any_waiting = session.scalar(select(Complaint.id).where(IS_WAITING).limit(1)) is not None
    if is_any_waiting:
        with context.sessions.begin() as session:
            end_idle_pauses(session, rules, at)
    for deadline_id in set_anew:
        log.warning("missing timer set anew", deadline=deadline_id)
    for timer_id in dropped:
        log.warning("timer without a clock dropped", timer=timer_id)
    for deadline_id in drifted:
        log.warning("due time differs from its ledger", deadline=deadline_id)
    if faults.late or faults.post_failed or faults.post_waiting:
        log.warning("audit found faults", **faults.figures)
    mended = len(set_anew) + len(dropped)
    figures = faults.figures | place.figures
    figures["mended"] = before.get("mended", 0) + mended
    return JobResult(mended, figures=figures)
