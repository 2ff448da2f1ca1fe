"""Pause the clocks while the customer has to do something, and let them run again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, literal_column, select, update
from sqlalchemy.orm import Session, contains_eager

from complaints.clocks.changes import Clocks
from complaints.clocks.pause_intervals import present_pause
from complaints.domain.deadlines import DeadlineState
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import SYSTEM
from complaints.domain.short_reason import require_reason
from complaints.models import Complaint, Deadline
from complaints.rows import table_of
from complaints.rulebook import RuleBook
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.notify import letter_to_customer, tell_people

#: Written out, not bound: only so do both databases recognise their partial index.
IS_WAITING: ColumnElement[bool] = literal_column("complaints.waiting_customer")
#: The longest pause; whoever needs more asks for an extension.
LONGEST_PAUSE = timedelta(days=30)


def pause_clocks(case: Case, *, reason: str, until: datetime) -> None:
    """Stop the pausable clocks for a reason, at the latest until `until`; then they run again."""
    reason = require_reason(reason, N_("Enter what the customer has to do in the meantime."))
    if not case.at < until <= case.at + LONGEST_PAUSE:
        raise Invalid(N_("A pause ends within 30 days. Choose a date ahead."), field="until")
    if case.complaint.waiting_customer:
        raise Refused(N_("The clocks are already paused."))
    case.complaint.waiting_customer = True
    advance(
        case,
        Action.PAUSE,
        detail={"reason": reason, "until": until.isoformat()},
        keep=lambda clocks: clocks.pause(until, case.at, reason),
    )
    letter_to_customer(case, "paused", facts={"reason": reason, "until": until.isoformat()})


def resume_clocks(case: Case) -> None:
    """Let the paused clocks run again; the time paused moves their due times."""
    if not case.complaint.waiting_customer:
        raise Refused(N_("The clocks are not paused."))
    case.complaint.waiting_customer = False
    advance(case, Action.RESUME, keep=lambda clocks: clocks.resume(case.at))


def no_longer_waiting(case: Case) -> Callable[[Clocks], None] | None:
    """Note that the customer was heard of; returns what that does to the clocks, None if nothing.

    Any word from the customer ends a pause, and the step that takes it hands this to `advance`.
    """
    if not case.complaint.waiting_customer:
        return None
    case.complaint.waiting_customer = False
    return lambda clocks: clocks.resume(case.at)


def end_idle_pauses(session: Session, rules: RuleBook, at: datetime) -> list[int]:
    """End the pauses that are over and stopped no clock, all having been missed; returns whose.

    A pause ends with the timer of a clock that it stopped; where there is none, the auditor asks.
    """
    stands_still = (
        select(Deadline.id)
        .where(
            Deadline.complaint_id == Complaint.id,
            Deadline.ended_at.is_(None),
            Deadline.state == DeadlineState.PAUSED.value,
        )
        .correlate(Complaint)
        .exists()
    )
    query = (
        select(Complaint.id)
        .where(IS_WAITING, ~stands_still)
        .order_by(Complaint.id)
        .with_for_update(of=(Complaint,), skip_locked=True)
    )
    ended = []
    for complaint_id in session.scalars(query).all():
        pause = present_pause(session, complaint_id)
        if pause is not None and pause.until is not None and pause.until <= at:
            end_pause(session, rules, complaint_id, pause.until)
            ended.append(complaint_id)
    return ended


def end_pause(session: Session, rules: RuleBook, complaint_id: int, until: datetime) -> None:
    """Resume the clocks of a complaint whose pause ended at `until`, and tell its handler.

    The caller has locked the complaint. The pause ends at its own time, however late it is
    noticed. The version stays, so that a form somebody is filling in does not become stale.
    """
    query = (
        select(Complaint)
        .join(Complaint.customer)
        .options(contains_eager(Complaint.customer))
        .where(Complaint.id == complaint_id)
        .execution_options(populate_existing=True)
    )
    complaint = session.scalars(query).one()
    version = complaint.version
    complaint.waiting_customer = False
    case = Case(session, rules, complaint, SYSTEM, until)
    advance(case, Action.RESUME, keep=lambda clocks: clocks.resume(until))
    tell_people(case, [complaint.handler_id or complaint.received_by_id], "pause_ended", facts={})
    session.flush()
    session.expunge(complaint)
    table = table_of(Complaint)
    session.execute(update(table).where(table.c.id == complaint_id).values(version=version))
