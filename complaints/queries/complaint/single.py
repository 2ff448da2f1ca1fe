"""What hangs on one complaint, in order: its deadlines and its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clock_state import ClockState
from complaints.models import Deadline, HistoryEntry
from complaints.models.shapes import CLOCK
from complaints.queries.paging import at_most, read_id_cursor


def deadlines_of(session: Session, complaint_id: int) -> Sequence[ClockState]:
    """Every clock the complaint has had, in the order they were started."""
    query = select(CLOCK).where(Deadline.complaint_id == complaint_id).order_by(Deadline.id)
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Entries in their order; `next` is the cursor of the page after, None on the last."""

    items: Sequence[HistoryEntry]
    next: str | None


def history_of(
    session: Session, complaint_id: int, *, limit: int | None = None, cursor: str | None = None
) -> HistoryPage:
    """The complaint's history from its first entry, or the cursor's, to its last or `limit` of it.

    Raises Invalid for a cursor that is none.
    """
    query = (
        select(HistoryEntry)
        .where(HistoryEntry.complaint_id == complaint_id)
        .order_by(HistoryEntry.seq)
    )
    last = read_id_cursor(cursor)
    if last is not None:
        query = query.where(HistoryEntry.seq > last)
    if limit is None:
        return HistoryPage(session.scalars(query).all(), None)
    found = session.scalars(query.limit(at_most(limit + 1))).all()
    is_last = len(found) <= limit
    return HistoryPage(found[:limit], None if is_last else str(found[limit - 1].seq))
