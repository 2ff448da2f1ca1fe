"""Storing clocks: the only place that writes deadlines, their ledgers and their timers.

One complaint's step and a batch of thousands hand in the same `ClockChanges`, and each is written
with a few statements, past the session's objects: it must not cost a round trip a clock, nor make
the form stale that somebody is filling in. What has to happen with every ledger entry belongs here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import Kind
from complaints.domain.ladder_position import NextTimer
from complaints.domain.ledger import Entry
from complaints.models import Deadline, LedgerEntry, Timer
from complaints.models.shapes import CLOCK
from complaints.rows import Row, Rows, insert_together, reserve_ids, table_of, update_rows

_ALL = tuple(each.name for each in fields(ClockState))
_FIXED = ("complaint_id", "kind", "cycle", "policy")
#: Which clock it is, and all that may change of it once it is stored.
CHANGING = tuple(name for name in _ALL if name not in _FIXED)
#: What a recalculation changes of thousands; it leaves what was told and what was missed.
RECALCULATED = (
    "id",
    "clause",
    "policy_version_id",
    "calendar_version_id",
    "ladder_version_id",
    "due_at",
    "told_at",
    "first_told_at",
    "state",
    "breached_at",
    "ended_at",
    "fired",
)
#: What the sweep changes.
_PROGRESS = ("id", "state", "breached_at", "fired")

_LIVE = (
    select(CLOCK)
    .where(Deadline.complaint_id == bindparam("complaint_id"), Deadline.ended_at.is_(None))
    .order_by(Deadline.id)
)
_TIMERS = table_of(Timer)
_DROP_TIMERS = delete(_TIMERS).where(
    _TIMERS.c.deadline_id.in_(bindparam("deadline_ids", expanding=True))
)


@dataclass(slots=True)
class ClockChanges:
    """What is to be stored of some clocks, of one complaint or of many.

    An entry leaves the due time that its clock has in the end. `timers` are the clocks whose timer
    is set anew, with None where nothing lies ahead; a clock that ended needs none and is dropped.
    Of changed clocks the `columns` are written.
    """

    new: list[ClockState] = field(default_factory=list)
    changed: list[ClockState] = field(default_factory=list)
    entries: list[tuple[ClockState, Entry]] = field(default_factory=list)
    timers: list[tuple[ClockState, NextTimer | None]] = field(default_factory=list)
    columns: tuple[str, ...] = CHANGING

    def add(self, other: "ClockChanges") -> None:
        """Take in what becomes of further clocks."""
        self.new += other.new
        self.changed += other.changed
        self.entries += other.entries
        self.timers += other.timers


def read_live(session: Session, complaint_id: int) -> list[ClockState]:
    """The clocks of a complaint that have not ended, in the order they were started."""
    return list(session.scalars(_LIVE, {"complaint_id": complaint_id}))


def store_changes(session: Session, changes: ClockChanges) -> None:
    """Number and insert new clocks, update changed ones, append their entries, set their timers."""
    if changes.new:
        number_new(changes, reserve_ids(session, Deadline, len(changes.new)))
    update_rows(
        session,
        Deadline,
        [_row(each, changes.columns) for each in changes.changed],
        whole=[_row(each, _ALL) for each in changes.changed],
    )
    _drop_stale_timers(session, changes)
    insert_together(session, *new_rows(changes))


def number_new(changes: ClockChanges, ids: Iterable[int]) -> None:
    """Give the new clocks these ids."""
    for clock, key in zip(changes.new, ids, strict=True):
        clock.id = key


def new_rows(changes: ClockChanges) -> tuple[Rows, Rows, Rows]:
    """What is to be inserted, for a caller who inserts it together with the complaint itself.

    The new clocks are numbered, and clocks, entries and timers stand in the order in which they
    may be written.
    """
    return (
        Rows(Deadline, [_row(each, _ALL) for each in changes.new]),
        Rows(LedgerEntry, [_entry_row(clock, entry) for clock, entry in changes.entries]),
        Rows(Timer, [_timer_row(clock, ahead) for clock, ahead in changes.timers if ahead]),
    )


def store_progress(
    session: Session, changed: Sequence[ClockState], entries: Sequence[tuple[ClockState, Entry]]
) -> None:
    """Store how far clocks have come on their ladders; their dates and terms have not changed."""
    rows = [_entry_row(clock, entry) for clock, entry in entries]
    insert_together(session, Rows(LedgerEntry, rows))
    rows = [_row(each, _PROGRESS) for each in changed]
    update_rows(session, Deadline, rows, whole=[_row(each, _ALL) for each in changed])


def reset_timers(session: Session, timers: Sequence[tuple[int, NextTimer]]) -> None:
    """Set timers, told by their own ids, anew; an earlier mishap is forgotten."""
    rows = [{"id": key, **_ahead(ahead)} for key, ahead in timers]
    update_rows(session, Timer, rows)


def add_timers(session: Session, timers: Sequence[tuple[ClockState, NextTimer]]) -> None:
    """Set the timers of clocks that have none."""
    insert_together(session, Rows(Timer, [_timer_row(clock, ahead) for clock, ahead in timers]))


def make_timers_due(session: Session, timer_ids: Collection[int], at: datetime) -> None:
    """Let these timers come due now: the sweep counts anew before it acts."""
    if timer_ids:
        table = table_of(Timer)
        session.execute(update(table).where(table.c.id.in_(timer_ids)).values(fire_at=at))


def postpone_timers(session: Session, mishaps: Mapping[int, str], until: datetime) -> None:
    """Try these timers again at `until`, with what stood in the way of each (timer id → words)."""
    if not mishaps:
        return
    table = table_of(Timer)
    statement = (
        update(table)
        .where(table.c.id == bindparam("timer"))
        .values(
            fire_at=until,
            attempts=table.c.attempts + 1,
            last_error=bindparam("why"),
        )
    )
    session.execute(statement, [{"timer": key, "why": why} for key, why in mishaps.items()])


def drop_timers(session: Session, ids: Sequence[int]) -> None:
    """Delete timers that have nothing left to do."""
    if ids:
        table = table_of(Timer)
        session.execute(delete(table).where(table.c.id.in_(ids)))


def next_dues(session: Session, complaint_ids: Collection[int]) -> dict[int, Row]:
    """Complaint id → what its row repeats of the live clock that falls due first, or None twice."""
    query = (
        select(Deadline.complaint_id, Deadline.due_at, Deadline.kind)
        .where(
            Deadline.complaint_id.in_(complaint_ids),
            Deadline.ended_at.is_(None),
            Deadline.kind != Kind.COMMITMENT,
        )
        .order_by(Deadline.due_at.desc(), Deadline.id.desc())
    )
    soonest = {row.complaint_id: row for row in session.execute(query)}
    return {
        key: {
            "next_due_at": soonest[key].due_at if key in soonest else None,
            "next_due_kind": soonest[key].kind if key in soonest else None,
        }
        for key in complaint_ids
    }


def _drop_stale_timers(session: Session, changes: ClockChanges) -> None:
    """Drop the timers of stored clocks that get another one, or need none any more."""
    new = {id(each) for each in changes.new}
    stale = {clock.id for clock, _ in changes.timers if id(clock) not in new}
    stale |= {each.id for each in changes.changed if each.ended_at is not None}
    if stale:
        session.execute(_DROP_TIMERS, {"deadline_ids": list(stale)})


def _row(clock: ClockState, names: Sequence[str]) -> Row:
    return {name: getattr(clock, name) for name in names}


def _entry_row(clock: ClockState, entry: Entry) -> Row:
    return {
        "deadline_id": clock.id,
        "complaint_id": clock.complaint_id,
        "what": entry.what.value,
        "at": entry.at,
        "until": entry.until,
        "due_at": clock.due_at,
        "by_id": entry.by_id,
        "reason": entry.reason,
        "detail": dict(entry.detail),
    }


def _timer_row(clock: ClockState, ahead: NextTimer) -> Row:
    return {"deadline_id": clock.id, "complaint_id": clock.complaint_id, **_ahead(ahead)}


def _ahead(timer: NextTimer) -> Row:
    return {
        "fire_at": timer.fire_at,
        "firing": timer.firing,
        "attempts": 0,
        "last_error": "",
    }
