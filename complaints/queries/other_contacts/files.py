"""The files of one contact."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import ContactFile


def files_of_contact(session: Session, contact_id: int) -> Sequence[ContactFile]:
    """The files in the order they came."""
    query = select(ContactFile).where(ContactFile.contact_id == contact_id)
    return session.scalars(query.order_by(ContactFile.id)).all()


def find_contact_file(session: Session, contact_id: int, file_id: int) -> ContactFile | None:
    """One file of this contact; None where it has none of that number."""
    return session.scalar(
        select(ContactFile).where(ContactFile.id == file_id, ContactFile.contact_id == contact_id)
    )
