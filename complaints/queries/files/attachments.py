"""The files of one complaint: all of them for colleagues, those shown for the customer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Attachment, AttachmentView, User


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Who opened a file first when; no name: the customer."""

    name: str | None
    at: datetime


def attachments_of(
    session: Session, complaint_id: int, *, for_customer: bool = False
) -> Sequence[Attachment]:
    """The files in the order they came; for the customer only those that are shown to them."""
    query = select(Attachment).where(Attachment.complaint_id == complaint_id)
    if for_customer:
        query = query.where(Attachment.shown_to_customer.is_(True))
    return session.scalars(query.order_by(Attachment.id)).all()


def find_attachment(
    session: Session, complaint_id: int, attachment_id: int, *, for_customer: bool = False
) -> Attachment | None:
    """One file of this complaint, None where this reader has none of that number.

    The row decides: neither another complaint's number nor a hash leads anywhere.
    """
    query = select(Attachment).where(
        Attachment.id == attachment_id, Attachment.complaint_id == complaint_id
    )
    if for_customer:
        query = query.where(Attachment.shown_to_customer.is_(True))
    return session.scalar(query)


def seen_by(session: Session, complaint_id: int) -> dict[int, list[SeenBy]]:
    """Who has opened each file of a complaint, in the order of their first look."""
    query = (
        select(AttachmentView.attachment_id, User.name, AttachmentView.at)
        .join(Attachment, Attachment.id == AttachmentView.attachment_id)
        .outerjoin(User, User.id == AttachmentView.user_id)
        .where(Attachment.complaint_id == complaint_id)
        .order_by(AttachmentView.at, AttachmentView.id)
    )
    seen: dict[int, list[SeenBy]] = defaultdict(list)
    for attachment_id, name, at in session.execute(query):
        seen[attachment_id].append(SeenBy(name, at))
    return dict(seen)
