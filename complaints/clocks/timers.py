"""What will happen to a clock next by itself, and when: the timer that stands for it.

Only the timer is worked out here, and what the ledger says read; the store writes and the sweep
fires.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import DeadlineState
from complaints.domain.ladder_position import NextTimer
from complaints.domain.ledger import Entry, EntryKind
from complaints.models import LedgerEntry
from complaints.rulebook import ENTRY, RuleBook, read_entry


def pause_ends_at(session: Session, deadline_id: int) -> datetime:
    """Until when a paused clock may stay paused: as its latest pause entry says."""
    query = (
        select(LedgerEntry.until)
        .where(LedgerEntry.deadline_id == deadline_id, LedgerEntry.what == EntryKind.PAUSE)
        .order_by(LedgerEntry.id.desc())
        .limit(1)
    )
    until = session.scalar(query)
    if until is None:
        raise ValueError("a paused deadline has no pause in its ledger")
    return until


def stored_entries(session: Session, rules: RuleBook, deadline_id: int) -> list[Entry]:
    """The ledger of a clock as it is stored; empty for one that is not (id 0)."""
    if not deadline_id:
        return []
    query = select(*ENTRY).where(LedgerEntry.deadline_id == deadline_id).order_by(LedgerEntry.id)
    with session.no_autoflush:
        return [read_entry(rules, row) for row in session.execute(query)]


def next_timer(rules: RuleBook, clock: ClockState, pause_ends: datetime | None) -> NextTimer:
    """The next thing that will happen to a live clock by itself."""
    if clock.state == DeadlineState.PAUSED:
        assert pause_ends is not None
        return NextTimer(pause_ends, "resume")
    step = rules.ladder_versions[clock.ladder_version_id].step(
        clock.fired,
        clock.kind,
        clock.started_at,
        clock.due_at,
        rules.calendar_versions[clock.calendar_version_id],
    )
    return NextTimer.of(step)
