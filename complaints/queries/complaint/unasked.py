"""Complaints that ended some days ago and of which the customer was not asked how it was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, union
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import Action, Status
from complaints.models import Commitment, Complaint, HistoryEntry, Rating
from complaints.rulebook import RuleBook

#: What a worker that stood still has missed is made up for so long afterwards, and no longer:
#: nobody is asked weeks later.
CATCH_UP = timedelta(days=2)
#: So many complaints are looked at in one round.
AT_ONCE = 200

_SETTLED = (Action.ASK_RATING.value, Action.NOT_ASKED.value)
#: Written out, not bound: only so do both databases recognise the partial index.
_IS_DELIVERY: ColumnElement[bool] = literal_column("commitments.kind = 'delivery'")


def due_surveys(session: Session, rules: RuleBook, at: datetime) -> Sequence[tuple[int, int]]:
    """Year and id of each, the longest ended first; none where nobody is asked by itself.

    Where something had still to be delivered, the days count from when that was settled.
    Closed by us: what another system had ended, was withdrawn or goes on elsewhere is not asked.
    """
    days = rules.organisation.survey_after_days
    if days is None:
        return ()
    until = at - timedelta(days=days)
    since_the_end = (
        HistoryEntry.complaint_id == Complaint.id,
        HistoryEntry.at >= Complaint.closed_at,
    )
    query = (
        select(Complaint.year, Complaint.id)
        .where(
            Complaint.id.in_(_ended_between(until - CATCH_UP, until)),
            Complaint.closed_at <= until,
            ~exists().where(
                Commitment.complaint_id == Complaint.id,
                _IS_DELIVERY,
                or_(Commitment.done_at > until, Commitment.dropped_at > until),
            ),
            Complaint.status == Status.CLOSED.value,
            Complaint.duplicate_of_id.is_(None),
            ~Complaint.awaiting_delivery,
            ~exists().where(Rating.complaint_id == Complaint.id, Rating.cycle == Complaint.cycle),
            exists().where(
                HistoryEntry.complaint_id == Complaint.id,
                HistoryEntry.what == Action.CLOSE.value,
            ),
            ~exists().where(*since_the_end, HistoryEntry.what.in_(_SETTLED)),
        )
        .order_by(Complaint.closed_at, Complaint.id)
        .limit(AT_ONCE)
    )
    return [(row.year, row.id) for row in session.execute(query)]


def _ended_between(since: datetime, until: datetime) -> Any:
    """Ids of what was closed in that time, or of which a delivery was settled then."""
    return union(
        select(Complaint.id).where(_within(Complaint.closed_at, since, until)),
        *(
            select(Commitment.complaint_id).where(_IS_DELIVERY, _within(settled, since, until))
            for settled in (Commitment.done_at, Commitment.dropped_at)
        ),
    )


def _within(column: Any, since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column > since, column <= until)
