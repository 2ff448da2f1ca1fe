"""One contact whole: what belongs to it, how its letter fared, and its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import (
    Complaint,
    Customer,
    OtherContact,
    OtherContactEntry,
    OutboxMessage,
    User,
)
from complaints.rulebook import RuleBook

#: A page shows the newest of them.
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class ContactView:
    """What a page shows beside the contact itself; numbers are empty where there is none."""

    contact: OtherContact
    number: str
    became: str
    came_from: str
    customer_number: str
    person: str
    letter_state: str
    entries: Sequence[OtherContactEntry]


def read_contact(session: Session, rules: RuleBook, contact: OtherContact) -> ContactView:
    """Everything about a contact that its reader may see already."""
    customer = session.get(Customer, contact.customer_id) if contact.customer_id else None
    person = session.get(User, contact.person_id) if contact.person_id else None
    return ContactView(
        contact=contact,
        number=rules.numbers.of_contacts.write(contact.year, contact.id),
        became=_number(session, rules, contact.became_id),
        came_from=_number(session, rules, contact.came_from_id),
        customer_number=(customer.number if customer else "") or contact.customer_number,
        person=person.name if person else "",
        letter_state=_letter(session, contact.letter_key),
        entries=_entries(session, contact.id),
    )


def _number(session: Session, rules: RuleBook, complaint_id: int | None) -> str:
    if complaint_id is None:
        return ""
    year = session.scalars(select(Complaint.year).where(Complaint.id == complaint_id)).one()
    return rules.numbers.write(year, complaint_id)


def _letter(session: Session, key: str | None) -> str:
    if key is None:
        return ""
    query = select(OutboxMessage.state).where(OutboxMessage.key == key)
    return session.scalar(query) or ""


def _entries(session: Session, contact_id: int) -> Sequence[OtherContactEntry]:
    query = (
        select(OtherContactEntry)
        .where(OtherContactEntry.contact_id == contact_id)
        .order_by(OtherContactEntry.seq.desc())
        .limit(MOST_ENTRIES)
    )
    return session.scalars(query).all()
