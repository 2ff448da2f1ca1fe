"""What the auditor looks for: timers late, missing or without a deadline, due times that drifted.

Everything goes by an index and ends early: overdue rows are counted up to a limit, and the whole
stock is walked a window at a time, so that a look costs the same among a million open deadlines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, select, tuple_
from sqlalchemy.orm import Session

from complaints.domain.firing import POSTPONED_FOR
from complaints.models import Deadline, LedgerEntry, OutboxMessage, Timer
from complaints.queries.bounded import bounded_count

#: A timer due longer than this should have fired.
LATE = timedelta(seconds=60)
#: A message waiting longer than this should have gone out.
LONG_WAIT = timedelta(minutes=10)
#: Counting ends here.
MOST_COUNTED = 10_000
#: Deadlines, and timers, looked through in one pass.
WINDOW = 50_000
#: Faults mended in one pass; the next one comes a minute later.
MOST_MENDED = 500
#: How far around the present deadlines are looked at in every pass.
NEAR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ScanPosition:
    """How far the walk through all deadlines and all timers has come."""

    due_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    deadline_id: int = 0
    timer_id: int = 0

    @classmethod
    def read(cls, figures: Mapping[str, int]) -> "ScanPosition":
        """The place kept among an audit's figures, or the beginning."""
        return cls(
            datetime.fromtimestamp(figures.get("at_due", 0), UTC),
            figures.get("at_deadline", 0),
            figures.get("at_timer", 0),
        )

    @property
    def figures(self) -> dict[str, int]:
        """The place as figures that an audit keeps."""
        return {
            "at_due": int(self.due_at.timestamp()),
            "at_deadline": self.deadline_id,
            "at_timer": self.timer_id,
        }


@dataclass(slots=True)
class Faults:
    """What a look found: counts, and the ids of what can be mended."""

    late: int = 0
    postponed: int = 0
    post_failed: int = 0
    post_waiting: int = 0
    missing: list[int] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)
    drifted: list[int] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, int]:
        """Kind of fault → how many were found."""
        return {
            "late": self.late,
            "postponed": self.postponed,
            "missing": len(self.missing),
            "orphans": len(self.orphans),
            "drifted": len(self.drifted),
            "post_failed": self.post_failed,
            "post_waiting": self.post_waiting,
        }


def find_faults(
    session: Session, now: datetime, place: ScanPosition | None = None
) -> tuple[Faults, ScanPosition]:
    """Look for faults from `place` on; returns them and where the next look goes on.

    Deadlines around the present are looked at every time, whatever the place.
    """
    place = place or ScanPosition()
    faults = Faults(
        late=count_up_to(session, select(Timer.id).where(Timer.fire_at < now - LATE)),
        postponed=count_up_to(
            session,
            select(Timer.id).where(Timer.fire_at <= now + POSTPONED_FOR, Timer.attempts > 0),
        ),
        post_failed=failed_messages(session),
        post_waiting=count_up_to(
            session,
            select(OutboxMessage.id).where(
                OutboxMessage.state == "queued", OutboxMessage.created_at < now - LONG_WAIT
            ),
        ),
    )
    near = Deadline.due_at.between(now - NEAR, now + NEAR)
    end = _window_end(session, place)
    walked = _from(place)
    if end is not None:
        walked = and_(walked, tuple_(Deadline.due_at, Deadline.id) <= _pair(end))
    faults.missing = _either(session, _without_timer(), near, walked)
    faults.drifted = _either(session, _drifted(), near, walked)
    last_timer = session.scalar(
        select(Timer.id).where(Timer.id > place.timer_id).order_by(Timer.id).offset(WINDOW).limit(1)
    )
    orphans = (
        select(Timer.id)
        .join(Deadline, Deadline.id == Timer.deadline_id)
        .where(Timer.id > place.timer_id, Deadline.ended_at.is_not(None))
        .limit(MOST_MENDED)
    )
    if last_timer is not None:
        orphans = orphans.where(Timer.id <= last_timer)
    faults.orphans = list(session.scalars(orphans))
    following = ScanPosition() if end is None else end
    return faults, ScanPosition(following.due_at, following.deadline_id, last_timer or 0)


def failed_messages(session: Session) -> int:
    """How many messages have been given up, counted up to a limit."""
    return count_up_to(session, select(OutboxMessage.id).where(OutboxMessage.state == "failed"))


def count_up_to(session: Session, query: Select[Any]) -> int:
    """How many rows a query has; nobody needs to know whether it is ten thousand or a million."""
    return session.scalar(select(bounded_count(query, MOST_COUNTED))) or 0


def _either(
    session: Session, query: Select[int], near: ColumnElement[bool], walked: ColumnElement[bool]
) -> list[int]:
    """Deadlines with a fault near the present or within the window, up to as many as are mended."""
    found = [
        key
        for where in (near, walked)
        for key in session.scalars(query.where(where).limit(MOST_MENDED))
    ]
    return sorted(set(found))[:MOST_MENDED]


def _drifted() -> Select[int]:
    """Deadlines with a timer whose due time is not the one that their last ledger line left.

    One that could not be fired is known already.
    """
    last = (
        select(LedgerEntry.due_at)
        .where(LedgerEntry.deadline_id == Deadline.id)
        .order_by(LedgerEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(Deadline.id)
        .join(Timer, Timer.deadline_id == Deadline.id)
        .where(Deadline.ended_at.is_(None), Timer.attempts == 0, Deadline.due_at != last)
        .order_by(Deadline.due_at, Deadline.id)
    )


def _without_timer() -> Select[int]:
    """Live deadlines without a timer: above its ladder a late one still has reminders ahead."""
    return (
        select(Deadline.id)
        .outerjoin(Timer, Timer.deadline_id == Deadline.id)
        .where(
            Deadline.ended_at.is_(None),
            Timer.id.is_(None),
        )
        .order_by(Deadline.due_at, Deadline.id)
    )


def _from(place: ScanPosition) -> ColumnElement[bool]:
    return and_(
        Deadline.due_at >= place.due_at,
        tuple_(Deadline.due_at, Deadline.id) > _pair(place),
    )


def _pair(place: ScanPosition) -> Any:
    # The column's type has to go with the value: databases keep instants in their own ways.
    return tuple_(literal(place.due_at, Deadline.due_at.type), literal(place.deadline_id))


def _window_end(session: Session, place: ScanPosition) -> ScanPosition | None:
    """The last deadline of the window that begins at the place; None when it reaches the end."""
    query = (
        select(Deadline.due_at, Deadline.id)
        .where(Deadline.ended_at.is_(None), _from(place))
        .order_by(Deadline.due_at, Deadline.id)
        .offset(WINDOW - 1)
        .limit(1)
    )
    row = session.execute(query).first()
    return None if row is None else ScanPosition(row.due_at, row.id)
