"""Remind the customer of the offer that they have not answered (020-3.4)."""

from complaints.domain.deadlines import Event
from complaints.domain.lifecycle import Action
from complaints.queries.complaint.proofs import REMINDER
from complaints.queries.complaint.silence import (
    answer_until,
    letter_of_offer,
    refusal_of_reminder,
)
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now
from complaints.steps.casework.approver import offers_of
from complaints.steps.notify import letter_to_customer
from complaints.steps.write_letter import require_way


def remind_of_offer(case: Case, *, method: str = "") -> None:
    """Write the customer a reminder of the open offer, with the date until which they may answer.

    By e-mail where they have an address, else as a letter to print. It leaves when it is recorded,
    and is refused before the time stated in the offer letter is over.
    """
    count_from_now(case)
    way = method or ("email" if case.complaint.contact_email else "letter")
    require_way(case, way)
    advance(
        case,
        Action.REMIND,
        detail={"method": way},
        events=(Event.LAST_CONTACT,),
        guard=lambda: _require_due(case),
    )
    offer = next(each for each in reversed(offers_of(case)) if each.state == "open")
    letter = letter_of_offer(case.session, offer)
    facts = {
        "text": offer.description,
        "amount": offer.amount,
        "offered_at": letter.sent_at.isoformat() if letter and letter.sent_at else None,
        "until": answer_until(case.rules, case.complaint, case.at).isoformat(),
    }
    letter_to_customer(case, REMINDER, facts=facts, via=way)


def _require_due(case: Case) -> None:
    refusal = refusal_of_reminder(case.session, case.rules, case.complaint, case.at)
    if refusal is not None:
        raise refusal
