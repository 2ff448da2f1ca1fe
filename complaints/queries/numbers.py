"""What the public numbers of complaints and contacts are written with, by their ids."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Complaint, OtherContact
from complaints.rulebook import RuleBook


def year_of(session: Session, complaint_id: int) -> int | None:
    """The year in a complaint's number; None where there is no such complaint."""
    return session.scalar(select(Complaint.year).where(Complaint.id == complaint_id))


def contact_number(session: Session, rules: RuleBook, contact_id: int) -> str:
    """The number of a contact that is no complaint."""
    year = session.scalars(select(OtherContact.year).where(OtherContact.id == contact_id)).one()
    return rules.numbers.of_contacts.write(year, contact_id)
