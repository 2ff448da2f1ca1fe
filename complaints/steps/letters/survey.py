"""Ask the customer after the end whether it is settled and how we dealt with them; or never again.

Asked once for each closing, by e-mail, and only of who can be reached and has not declined. The
system asks by itself some days after the end where the organisation says so, and where it does not
ask, one entry of the history says why.
"""

from typing import Any

from sqlalchemy import ColumnElement, select, union

from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import Action
from complaints.models import Complaint, HistoryEntry, OutboxMessage, Rating
from complaints.outbox.queue import queue_letters
from complaints.steps.advance import advance
from complaints.steps.case import Case, goes_on_elsewhere
from complaints.steps.notify import customer_letter

#: The kind of the letter, which may be declined; no other may.
SURVEY = "survey"


#: Why nobody is asked, as the history keeps it → the refusal that says so.
UNREACHED = {
    "no_address": N_("The customer has no email address, so they are not asked."),
    "declined": N_("The customer does not want to be asked."),
    "came_back": N_("The last letter to this address came back, so nobody is asked there."),
}


def ask_for_rating(case: Case) -> None:
    """Write the letter that asks; raises Refused with the reason why nobody is asked."""
    key = _key(case)
    advance(case, Action.ASK_RATING, guard=lambda: _require_askable(case, key))
    queue_letters(case.session, [customer_letter(case, SURVEY, key, facts={}, via="email")])


def ask_by_itself(case: Case) -> bool:
    """Ask some days after the end, or note why not; whether there was anything to do.

    It may be taken again and again: a closing has one letter or one entry, whoever asked.
    """
    if _has_answer(case, _key(case)) or _is_noted(case) or _goes_on(case):
        return False
    why = _unreached(case)
    if why:
        advance(case, Action.NOT_ASKED, detail={why: True})
    else:
        ask_for_rating(case)
    return True


def decline_surveys(case: Case) -> None:
    """The customer is asked no more, about none of their complaints; said again it changes nothing.

    Letters that still wait stay here, those about their other complaints as well.
    """
    if _has_declined(case):
        return
    advance(case, Action.DECLINE_SURVEYS)
    _keep_here(case, OutboxMessage.complaint_id.in_(_of_same_person(case)))


def ask_no_more_of_this_end(case: Case) -> None:
    """What was asked about an end that is none any more and still waits stays here."""
    _keep_here(case, OutboxMessage.complaint_id == case.complaint.id)


def _keep_here(case: Case, which: ColumnElement[bool]) -> None:
    waiting = (
        select(OutboxMessage)
        .where(which, OutboxMessage.kind == SURVEY, OutboxMessage.state == "queued")
        .order_by(OutboxMessage.id)
    )
    for each in case.session.scalars(waiting.with_for_update()):
        each.state = "replaced"


def _require_askable(case: Case, key: str) -> None:
    if _goes_on(case):
        raise Refused(N_("This can be rated once it has ended."))
    if why := _unreached(case):
        raise Refused(UNREACHED[why])
    if refusal := _has_answer(case, key):
        raise Refused(refusal)


def _key(case: Case) -> str:
    return f"{SURVEY}:{case.complaint.id}:{case.complaint.cycle}"


def _goes_on(case: Case) -> bool:
    """Whether it goes on elsewhere, or something is still to be delivered."""
    return goes_on_elsewhere(case.complaint) or case.complaint.awaiting_delivery


def _unreached(case: Case) -> str:
    """Which of the three keeps us from asking; "" where nothing does."""
    complaint, session = case.complaint, case.session
    if not complaint.contact_email:
        return "no_address"
    if _has_declined(case):
        return "declined"
    last = session.scalars(
        select(OutboxMessage.state)
        .where(
            OutboxMessage.complaint_id.in_(_of_same_person(case)),
            OutboxMessage.to_address == complaint.contact_email,
            OutboxMessage.kind != "notice",
            # What still waits, or never left, has come back from nowhere and hides nothing.
            OutboxMessage.state.in_(("sent", "bounced")),
        )
        # By no index: the few letters of one person are read, not all letters from the newest on.
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(1)
    ).first()
    return "came_back" if last == "bounced" else ""


def _has_answer(case: Case, key: str) -> str:
    """Why asking once more is too much: they were asked, or rated by themselves; "" else."""
    complaint, session = case.complaint, case.session
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None:
        return N_("The customer has been asked already, once for this closing.")
    rated = select(Rating.id).where(
        Rating.complaint_id == complaint.id, Rating.cycle == complaint.cycle
    )
    if session.scalar(rated) is not None:
        return N_("The customer has rated this closing already.")
    return ""


def _is_noted(case: Case) -> bool:
    """Whether the history says of this closing that nobody was asked."""
    noted = select(HistoryEntry.id).where(
        HistoryEntry.complaint_id == case.complaint.id,
        HistoryEntry.what == Action.NOT_ASKED.value,
        HistoryEntry.at >= case.complaint.closed_at,
    )
    return case.session.scalar(noted.limit(1)) is not None


def _has_declined(case: Case) -> bool:
    """Whether they declined on any of their complaints."""
    declined = (
        select(HistoryEntry.id)
        .where(
            HistoryEntry.complaint_id.in_(_of_same_person(case)),
            HistoryEntry.what == Action.DECLINE_SURVEYS.value,
        )
        .limit(1)
    )
    return case.session.scalar(declined) is not None


def _of_same_person(case: Case) -> Any:
    """Ids of the complaints of this customer, and of those whose letters go to the same address.

    Whoever wrote their name another way, or complains for somebody else, is another customer to us
    and the same reader of our letters.
    """
    complaint = case.complaint
    ids = select(Complaint.id).where(Complaint.customer_id == complaint.customer_id)
    if not complaint.contact_email:
        return ids
    return union(
        ids, select(Complaint.id).where(Complaint.contact_email == complaint.contact_email)
    )
