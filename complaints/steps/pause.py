"""Pause the clocks while the customer has to do something, and let them run again."""

from datetime import datetime, timedelta

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.notify import letter_to_customer

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
