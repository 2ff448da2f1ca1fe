"""Mark one's own notifications as read."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import Notice


def mark_read(
    session: Session,
    *,
    by: Actor,
    at: datetime,
    notice_id: int | None = None,
    upto: int | None = None,
) -> None:
    """Mark the person's own notice, or all up to the one with id `upto`, as read at `at`."""
    query = update(Notice).where(Notice.user_id == by.id, Notice.read_at.is_(None))
    if notice_id is not None:
        query = query.where(Notice.id == notice_id)
    elif upto is not None:
        query = query.where(Notice.id <= upto)
    session.execute(query.values(read_at=at))
