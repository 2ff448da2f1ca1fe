"""The clock that is due next, and until when a paused one stands still.

The stored due time of a paused clock is that of before the pause.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.domain.deadlines import DeadlineState
from complaints.domain.ledger import EntryKind
from complaints.models import Complaint, Deadline, LedgerEntry
from complaints.queries.paging import at_most

_PAUSES: Select[Any] = (
    select(LedgerEntry.until)
    .join(Deadline, Deadline.id == LedgerEntry.deadline_id)
    .where(
        Deadline.ended_at.is_(None),
        Deadline.state == DeadlineState.PAUSED.value,
        LedgerEntry.what == EntryKind.PAUSE.value,
    )
    .order_by(LedgerEntry.id.desc())
    .limit(at_most(1))
)


def paused_until(session: Session, complaint_id: int) -> datetime | None:
    """The end of the pause that the clocks are in; None when none of them stands still."""
    found: datetime | None = session.scalar(_PAUSES.where(Deadline.complaint_id == complaint_id))
    return found


def is_next_due() -> ColumnElement[bool]:
    """Whether a clock of the complaint is the one that `next_due_at` repeats.

    Said so that no index is followed for it: what came in over a weekend all falls due at once.
    """
    return Deadline.due_at.is_not_distinct_from(Complaint.next_due_at)


def next_clock(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A column of the clock that `next_due_at` repeats."""
    return (
        select(column)
        .where(
            Deadline.complaint_id == Complaint.id,
            Deadline.ended_at.is_(None),
            is_next_due(),
        )
        .order_by(Deadline.id)
        .limit(at_most(1))
        .correlate(Complaint)
        .scalar_subquery()
    )


def next_clock_paused_until() -> ColumnElement[datetime | None]:
    """The same for the clock that `next_due_at` of the row repeats."""
    query = _PAUSES.where(Deadline.complaint_id == Complaint.id, is_next_due())
    return query.correlate(Complaint).scalar_subquery()


def paused_until_of(clock: type[Deadline]) -> ColumnElement[datetime | None]:
    """The same for a clock that is joined; looked for only where it stands still."""
    return (
        select(LedgerEntry.until)
        .where(
            clock.state == DeadlineState.PAUSED.value,
            LedgerEntry.deadline_id == clock.id,
            LedgerEntry.what == EntryKind.PAUSE.value,
        )
        .order_by(LedgerEntry.id.desc())
        .limit(at_most(1))
        .correlate(clock)
        .scalar_subquery()
    )
