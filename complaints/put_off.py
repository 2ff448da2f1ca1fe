"""What is due at `next_at`: seen to one by one, and put off where that fails."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from complaints.models import CorrectiveAction, ManagementReview, PublicPost

log = structlog.get_logger()

#: So many are seen to in one transaction.
BATCH = 50
#: So long one is left alone that could not be seen to.
PUT_OFF = timedelta(hours=1)


Row = TypeVar("Row", PublicPost, CorrectiveAction, ManagementReview)


def lock_due(session: Session, mapped: type[Row], is_due: ColumnElement[bool]) -> Sequence[Row]:
    """The rows that are due, those that wait longest first, locked; at most BATCH.

    What somebody holds at the moment is left to the next round.
    """
    query = (
        select(mapped)
        .where(is_due)
        .order_by(mapped.next_at, mapped.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def take_or_put_off(
    session: Session,
    row: PublicPost | CorrectiveAction | ManagementReview,
    take: Callable[[], int],
    at: datetime,
    what: str,
) -> int:
    """What `take` returns; where it fails nothing of it is kept, 0, and it holds up no other.

    `what` is what the log calls the row.
    """
    row_id = row.id
    try:
        with session.begin_nested():
            return take()
    except OperationalError:
        raise
    except Exception as error:
        log.error(f"{what} put off", id=row_id, error=type(error).__name__)
        row.next_at = at + PUT_OFF
        return 0
