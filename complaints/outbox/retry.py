"""Give messages another chance that had been given up, once the cause is mended."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor, Permission, require
from complaints.models import OutboxMessage
from complaints.rows import Written, note_written


def retry_failed_messages(session: Session, *, by: Actor, at: datetime) -> int:
    """Put every message given up back into the queue; returns how many."""
    require(by, Permission.ADMINISTER)
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.state == "failed")
        .values(state="queued", attempts=0, next_try_at=at)
        .returning(OutboxMessage.id)
    )
    ids = session.scalars(statement, execution_options={"synchronize_session": False}).all()
    note_written(session, Written(OutboxMessage, ids=ids))
    return len(ids)
