"""The sums of the reports: kept up every few seconds, and held against the rows now and then."""

import time
from datetime import datetime

import structlog
from sqlalchemy import select

from complaints.db import begin_snapshot
from complaints.models import Heartbeat
from complaints.sums.check import DAYS_BACK, compare_facts, day_to_compare, differing_parts, mark
from complaints.sums.refresh import refresh_sums
from complaints.worker.sweeps import ROUND_SECONDS, JobResult, WorkerContext

log = structlog.get_logger()


def keep_sums(context: WorkerContext, at: datetime) -> JobResult:
    """Compute again what changed, batch after batch."""
    began, handled = time.monotonic(), 0
    while not context.is_stopping() and time.monotonic() - began < ROUND_SECONDS:
        count = refresh_sums(context.sessions, at)
        handled += count
        if not count:
            break
    return JobResult(handled)


def check_sums(context: WorkerContext, at: datetime) -> JobResult:
    """Compare some complaints and a day; what differs is computed again, and said.

    The sign of life keeps how far the walk has come and what was found.
    """
    with context.sessions() as session:
        begin_snapshot(session)
        query = select(Heartbeat.lags).where(Heartbeat.job == "sumcheck")
        kept = dict(session.scalar(query) or {})
        found = compare_facts(session, kept.get("at_complaint", 0), at)
        turn = kept.get("turn", 0)
        day = day_to_compare(turn, at.date())
        parts = differing_parts(session, day, day, at)
    with context.sessions.begin() as session:
        mark(session, found.differing)
    for complaint_id in found.differing:
        log.error("sums of a complaint differed", complaint=complaint_id)
    if parts:
        log.error("report of a day differs from its rows", day=day.isoformat(), parts=parts)
    figures = {
        "compared": kept.get("compared", 0) + found.compared,
        "differing": kept.get("differing", 0) + len(found.differing),
        "days": kept.get("days", 0) + int(parts is not None),
        "days_differing": kept.get("days_differing", 0) * bool(turn % DAYS_BACK) + int(bool(parts)),
        "at_complaint": found.last_id,
        "turn": turn + 1,
    }
    return JobResult(found.compared, figures=figures)
