"""What is due at `next_at`: seen to one by one, and put off where that fails."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from complaints.domain.permissions import SYSTEM, Actor
from complaints.models import CorrectiveAction, ManagementReview, PublicPost
from complaints.people.staff import Staff
from complaints.rulebook import RuleBook, current_rules

log = structlog.get_logger()

#: So many are seen to in one transaction.
BATCH = 50
#: So long one is left alone that could not be seen to.
PUT_OFF = timedelta(hours=1)

Row = TypeVar("Row", PublicPost, CorrectiveAction, ManagementReview)
Case = TypeVar("Case")


def see_to_due(
    session: Session,
    mapped: type[Row],
    is_due: ColumnElement[bool],
    open_case: Callable[[Session, RuleBook, Row, Actor, datetime], Case],
    take: Callable[[Case, Staff], int],
    *,
    at: datetime,
    what: str,
) -> list[int]:
    """See to the oldest that are due; by how many seconds each was late, as `take` says.

    `what` is what the log calls a row.
    """
    rows = _lock_due(session, mapped, is_due)
    if not rows:
        return []
    rules, staff = current_rules(session), Staff.read(session, at)
    cases = [(each, open_case(session, rules, each, SYSTEM, at)) for each in rows]
    return [
        _take_or_put_off(session, row, partial(take, case, staff), at, what) for row, case in cases
    ]


def _lock_due(session: Session, mapped: type[Row], is_due: ColumnElement[bool]) -> Sequence[Row]:
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


def _take_or_put_off(
    session: Session,
    row: PublicPost | CorrectiveAction | ManagementReview,
    take: Callable[[], int],
    at: datetime,
    what: str,
) -> int:
    """What `take` returns; where it fails nothing of it is kept, 0, and it holds up no other."""
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
