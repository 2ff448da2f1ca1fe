"""Note who opened a file: once a person and file, beside the history and without its lock."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import AttachmentView
from complaints.rows import Written, note_written


def has_opened(session: Session, attachment_id: int, by: Actor) -> bool:
    """Whether it is noted already that this person, or the customer, opened the file."""
    known = select(AttachmentView.id).where(
        AttachmentView.attachment_id == attachment_id,
        AttachmentView.user_id.is_(None) if by.id is None else AttachmentView.user_id == by.id,
    )
    return session.scalar(known) is not None


def note_opened(session: Session, attachment_id: int, *, by: Actor, at: datetime) -> None:
    """Note that this person, or the customer, opened a file for the first time.

    Two windows may open it at the same moment: once is noted.
    """
    noted = session.scalars(
        insert(AttachmentView)
        .values(attachment_id=attachment_id, user_id=by.id, at=at)
        .on_conflict_do_nothing()
        .returning(AttachmentView.id)
    )
    note_written(session, Written(AttachmentView, ids=noted.all()))
