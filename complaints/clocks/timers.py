"""What will happen to a deadline next by itself, and when: the timer that stands for it.

Only the timer is worked out here; the clocks store it and the sweep fires it.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import DeadlineState
from complaints.domain.ledger import EntryKind
from complaints.models import Deadline, LedgerEntry, Timer
from complaints.rulebook import RuleBook


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


def next_timer(rules: RuleBook, deadline: Deadline, pause_ends: datetime | None) -> Timer | None:
    """The next thing that will happen to a live deadline by itself, or None."""
    if deadline.state == DeadlineState.PAUSED:
        assert pause_ends is not None
        fire_at, firing = pause_ends, "resume"
    else:
        step = rules.ladder_versions[deadline.ladder_version_id].step(
            deadline.fired,
            deadline.kind,
            deadline.started_at,
            deadline.due_at,
            rules.calendar_versions[deadline.calendar_version_id],
        )
        if step is None:
            return None
        fire_at, firing = step.ripe_at, step.firing.value
    return Timer(
        deadline_id=deadline.id,
        complaint_id=deadline.complaint_id,
        fire_at=fire_at,
        firing=firing,
        attempts=0,
    )
