"""What hangs on one complaint, in order: its deadlines and its history."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clock_state import ClockState
from complaints.models import Deadline, HistoryEntry
from complaints.models.shapes import CLOCK


def deadlines_of(session: Session, complaint_id: int) -> Sequence[ClockState]:
    """Every clock the complaint has had, in the order they were started."""
    query = select(CLOCK).where(Deadline.complaint_id == complaint_id).order_by(Deadline.id)
    return session.scalars(query).all()


def history_of(session: Session, complaint_id: int) -> Sequence[HistoryEntry]:
    """The complaint's history from its first entry to its last."""
    query = (
        select(HistoryEntry)
        .where(HistoryEntry.complaint_id == complaint_id)
        .order_by(HistoryEntry.seq)
    )
    return session.scalars(query).all()
