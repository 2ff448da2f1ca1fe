"""What a supervisor looks after beside decisions: late, soon late, with nobody, paused.

Each is a pile of open complaints within the reader's sight, the most urgent first, and a count
that ends early.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, not_, select
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.permissions import Actor
from complaints.models import Complaint
from complaints.queries.bounded import bounded_count
from complaints.queries.kept import NOW, Kept
from complaints.queries.lists.decisions import MOST_WAITING
from complaints.queries.lists.filters import IS_OPEN, is_overdue
from complaints.queries.lists.worklist import LINE, ListRow, make_row
from complaints.queries.paging import at_most
from complaints.queries.scope import scope_arms
from complaints.rulebook import RuleBook


class Watch(StrEnum):
    """The piles that a supervisor looks after, in the order in which they are read."""

    SOON = "soon"
    LATE = "late"
    UNASSIGNED = "unassigned"
    PAUSED = "paused"


#: Until when a deadline counts as one that is about to be missed.
_HORIZON: BindParameter[datetime] = bindparam("horizon", type_=UTCDateTime())

_CONDITIONS: Mapping[Watch, ColumnElement[bool]] = {
    Watch.SOON: and_(
        Complaint.next_due_at >= NOW,
        Complaint.next_due_at < _HORIZON,
        not_(Complaint.waiting_customer),
    ),
    Watch.LATE: is_overdue(NOW),
    Watch.UNASSIGNED: Complaint.handler_id.is_(None),
    Watch.PAUSED: and_(Complaint.waiting_customer),
}


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One complaint of a pile, and the version of it that this shows."""

    line: ListRow
    version: int
    #: How far its history went.
    seen: int
    handler_id: int | None


def watched(
    session: Session,
    actor: Actor,
    watch: Watch,
    rules: RuleBook,
    *,
    now: datetime,
    horizon: datetime,
    most: int,
) -> Sequence[WatchRow]:
    """A pile, one more than `most` where it goes on; one statement."""
    rows = _WATCHED.rows(session, actor, watch, most + 1, **_moments(watch, now, horizon))
    return [
        WatchRow(make_row(row, rules, now), row.version, row.history_seq, row.handler_id)
        for row in rows
    ]


def count_watched(
    session: Session, actor: Actor, *, now: datetime, horizon: datetime
) -> Mapping[Watch, int]:
    """How many each pile holds, up to MOST_WAITING; one statement for all."""
    row = _COUNTS.rows(session, actor, now=now, horizon=horizon)[0]
    return {watch: getattr(row, watch.value) for watch in Watch}


def _moments(watch: Watch, now: datetime, horizon: datetime) -> dict[str, datetime]:
    """The parameters that the pile's statement has."""
    if watch is Watch.SOON:
        return {"now": now, "horizon": horizon}
    return {"now": now} if watch is Watch.LATE else {}


def _scope(actor: Actor) -> ColumnElement[bool]:
    """Whoever leads sees a branch or all of them: the first arm, which an index follows."""
    return scope_arms(actor)[0]


def _watched(actor: Actor, watch: Watch, count: int) -> Any:
    return (
        LINE.add_columns(Complaint.version, Complaint.history_seq, Complaint.handler_id)
        .where(IS_OPEN, _scope(actor), _CONDITIONS[watch])
        .order_by(Complaint.next_due_at, Complaint.id)
        .limit(at_most(count))
    )


def _counts(actor: Actor) -> Any:
    return select(
        *(
            bounded_count(
                select(Complaint.id).where(IS_OPEN, _scope(actor), _CONDITIONS[watch]),
                MOST_WAITING,
            ).label(watch.value)
            for watch in Watch
        )
    )


_WATCHED, _COUNTS = Kept(_watched), Kept(_counts)
