"""Pause the clocks while the customer has to do something, and let them run again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session, contains_eager

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import SYSTEM
from complaints.models import Complaint
from complaints.rulebook import RuleBook
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.clocks import Clocks
from complaints.steps.notify import letter_to_customer, tell_people

#: The longest pause; whoever needs more asks for an extension.
LONGEST_PAUSE = timedelta(days=30)


def pause_clocks(case: Case, *, reason: str, until: datetime) -> None:
    """Stop the pausable clocks for a reason, at the latest until `until`; then they run again."""
    if len(reason.strip()) < 3:
        raise Invalid(N_("Say what the customer has to do meanwhile."), field="reason")
    if not case.at < until <= case.at + LONGEST_PAUSE:
        raise Invalid(N_("A pause ends within 30 days. Choose a date ahead."), field="until")
    if case.complaint.waiting_customer:
        raise Refused(N_("The clocks are already paused."))
    case.complaint.waiting_customer = True
    advance(
        case,
        Action.PAUSE,
        detail={"reason": reason.strip(), "until": until.isoformat()},
        keep=lambda clocks: clocks.pause(until, case.at, reason.strip()),
    )
    letter_to_customer(case, "paused", facts={"reason": reason.strip(), "until": until.isoformat()})


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
    table = cast(Table, Complaint.__table__)
    session.execute(update(table).where(table.c.id == complaint_id).values(version=version))
