"""Entries of the history that were dated back past a deadline."""

from sqlalchemy import ColumnElement, or_, select

from complaints.domain.deadlines import DeadlineState
from complaints.models import Deadline, HistoryEntry


def gone_back_past() -> ColumnElement[int | None]:
    """The first deadline that an entry told before its due time was written down after.

    It ran at the time told. One that was met before it was due is past nothing, unless that very
    entry met it; for one that stands still nothing passes.
    """
    history = HistoryEntry
    return (
        select(Deadline.id)
        .where(
            Deadline.complaint_id == history.complaint_id,
            Deadline.started_at <= history.at,
            Deadline.due_at >= history.at,
            Deadline.due_at < history.recorded_at,
            Deadline.state != DeadlineState.PAUSED.value,
            or_(
                Deadline.ended_at.is_(None),
                Deadline.ended_at == history.at,
                Deadline.ended_at > Deadline.due_at,
            ),
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(1)
        .correlate(history)
        .scalar_subquery()
    )
