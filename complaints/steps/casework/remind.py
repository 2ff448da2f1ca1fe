"""Remind the customer of the offer that they have not answered (020-3.4)."""

from complaints.domain.deadlines import Event
from complaints.domain.lifecycle import Action
from complaints.people.signers import handler_of
from complaints.queries.complaint.proofs import REMINDER
from complaints.queries.complaint.silence import (
    answer_told_until,
    answer_until,
    last_heard,
    letter_of_offer,
    refusal_of_reminder,
)
from complaints.queries.complaint.unanswered_offers import offer_to_remind_of
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now
from complaints.steps.casework.approver import offers_of
from complaints.steps.notify import letter_to_customer, tell_people
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


def remind_or_ask(case: Case) -> bool:
    """Remind the customer once of an offer not answered in time; whether there was one.

    Whoever has no address, or was heard since the offer letter, is reminded by nobody but the
    handler, who is asked to. It may be taken again and again: each offer has one such reminder.
    """
    complaint = case.complaint
    offer = offer_to_remind_of(case.session, complaint)
    if offer is None or refusal_of_reminder(case.session, case.rules, complaint, case.at):
        return False
    letter = letter_of_offer(case.session, offer)
    heard = last_heard(case.session, complaint, offer)
    sent_at = letter.sent_at if letter is not None else None
    was_heard = heard is not None and sent_at is not None and heard >= sent_at
    if complaint.contact_email and not was_heard:
        remind_of_offer(case, method="email")
        return True
    until = answer_told_until(case.session, case.rules, complaint.id)
    advance(case, Action.ASK_REMINDER, detail={"offer": offer.id})
    facts = {"until": until.isoformat()} if until is not None else {}
    tell_people(case, [handler_of(complaint)], "offer_reminder_due", facts=facts)
    return True


def _require_due(case: Case) -> None:
    refusal = refusal_of_reminder(case.session, case.rules, case.complaint, case.at)
    if refusal is not None:
        raise refusal
