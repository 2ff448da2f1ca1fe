"""A customer asks, suggests or praises by themselves, and nobody of us has seen or heard them."""

from datetime import datetime

from sqlalchemy.orm import Session

from complaints.domain.permissions import CUSTOMER
from complaints.outbox.queue import letter_row, queue_letters
from complaints.rulebook import RuleBook
from complaints.steps.other_contacts.end import letter_facts
from complaints.steps.other_contacts.record import ContactCase, tell_person
from complaints.steps.other_contacts.take import ContactGiven, take_contact
from complaints.steps.receive import ComplaintGiven


def ask_us(
    session: Session, rules: RuleBook, kind: str, given: ComplaintGiven, *, at: datetime
) -> ContactCase:
    """Record it, tell whoever has to see to it, and write the customer that it is here.

    What they typed does not stand in the letter: anybody can name anybody's address.
    """
    told = ContactGiven(
        kind=kind,
        channel=given.channel,
        words=given.story,
        branch=given.branch,
        received_at=given.received_at,
        customer=given.customer,
        source=given.source,
        is_unchecked=True,
        has_consented=given.has_consented,
    )
    case = take_contact(session, rules, told, by=CUSTOMER, at=at)
    tell_person(case, None, "contact_from_customer")
    if case.contact.customer_email:
        row = letter_row(
            "contact_received",
            f"contact_received:{case.contact.id}",
            to=case.contact.customer_email,
            language=case.contact.language,
            complaint_id=None,
            facts=letter_facts(case),
            at=at,
        )
        queue_letters(session, [row])
    return case
