"""Ask the customer after the end whether it is settled and how we dealt with them; or never again.

Asked once for each closing, by e-mail, and only of who can be reached and has not declined.
"""

from sqlalchemy import select

from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import Action
from complaints.models import Complaint, HistoryEntry, OutboxMessage, Rating
from complaints.outbox.queue import queue_letters
from complaints.steps.advance import advance
from complaints.steps.case import Case, goes_on_elsewhere
from complaints.steps.notify import customer_letter

#: The kind of the letter, which may be declined; no other may.
SURVEY = "survey"


def ask_for_rating(case: Case) -> None:
    """Write the letter that asks; raises Refused with the reason why nobody is asked."""
    key = f"{SURVEY}:{case.complaint.id}:{case.complaint.cycle}"
    advance(case, Action.ASK_RATING, guard=lambda: _require_askable(case, key))
    queue_letters(case.session, [customer_letter(case, SURVEY, key, facts={}, via="email")])


def decline_surveys(case: Case) -> None:
    """The customer is asked no more, about none of their complaints; said again it changes nothing.

    A letter that still waits stays here.
    """
    if _has_declined(case):
        return
    advance(case, Action.DECLINE_SURVEYS)
    waiting = select(OutboxMessage).where(
        OutboxMessage.complaint_id == case.complaint.id,
        OutboxMessage.kind == SURVEY,
        OutboxMessage.state == "queued",
    )
    for each in case.session.scalars(waiting.with_for_update()):
        each.state = "replaced"


def _require_askable(case: Case, key: str) -> None:
    complaint, session = case.complaint, case.session
    if goes_on_elsewhere(complaint) or complaint.awaiting_delivery:
        raise Refused(N_("This can be rated once it has ended."))
    if not complaint.contact_email:
        raise Refused(N_("The customer has no email address, so they are not asked."))
    if _has_declined(case):
        raise Refused(N_("The customer does not want to be asked."))
    last = session.scalars(
        select(OutboxMessage.state)
        .where(
            OutboxMessage.complaint_id == complaint.id,
            OutboxMessage.to_address == complaint.contact_email,
            OutboxMessage.kind != "notice",
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    ).first()
    if last == "bounced":
        raise Refused(N_("The last letter to this address came back, so nobody is asked there."))
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None:
        raise Refused(N_("The customer has been asked already, once for this closing."))
    rated = select(Rating.id).where(
        Rating.complaint_id == complaint.id, Rating.cycle == complaint.cycle
    )
    if session.scalar(rated) is not None:
        raise Refused(N_("The customer has rated this closing already."))


def _has_declined(case: Case) -> bool:
    """Whether they declined on any of their complaints."""
    declined = (
        select(HistoryEntry.id)
        .join(Complaint, Complaint.id == HistoryEntry.complaint_id)
        .where(
            Complaint.customer_id == case.complaint.customer_id,
            HistoryEntry.what == Action.DECLINE_SURVEYS.value,
        )
        .limit(1)
    )
    return case.session.scalar(declined) is not None
