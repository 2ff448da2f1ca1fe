"""Mending what the auditor found: timers set anew, dropped, or made due so that the sweep looks.

A row that somebody holds at the moment is left to the next audit, and each is looked at once
more under its lock: what was missing a moment ago may have been set meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from complaints.clocks.timers import next_timer, pause_ends_at
from complaints.domain.deadlines import DeadlineState
from complaints.models import Complaint, Deadline, Timer
from complaints.rows import insert_objects
from complaints.rulebook import RuleBook


def set_missing_timers(session: Session, rules: RuleBook, deadline_ids: Sequence[int]) -> list[int]:
    """Set the next timer of these deadlines where there is none; returns which got one.

    What has been missed meanwhile is due at once, and the next sweep catches up.
    """
    if not deadline_ids:
        return []
    query = (
        select(Deadline)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(Deadline.id.in_(deadline_ids), Deadline.ended_at.is_(None))
        .order_by(Deadline.complaint_id, Deadline.id)
        .with_for_update(of=(Complaint, Deadline), skip_locked=True)
        .execution_options(populate_existing=True)
    )
    held = list(session.scalars(query))
    has_one = set(
        session.scalars(
            select(Timer.deadline_id).where(Timer.deadline_id.in_([each.id for each in held]))
        )
    )
    timers = []
    for deadline in held:
        if deadline.id in has_one:
            continue
        is_paused = deadline.state == DeadlineState.PAUSED
        until = pause_ends_at(session, deadline.id) if is_paused else None
        timers.append(next_timer(rules, deadline, until))
    found = [timer for timer in timers if timer is not None]
    insert_objects(session, found)
    return [timer.deadline_id for timer in found]


def drop_orphans(session: Session, timer_ids: Sequence[int]) -> list[int]:
    """Drop those of these timers whose deadline has ended; returns which."""
    if not timer_ids:
        return []
    query = (
        select(Timer.id)
        .join(Deadline, Deadline.id == Timer.deadline_id)
        .where(Timer.id.in_(timer_ids), Deadline.ended_at.is_not(None))
        .order_by(Timer.id)
        .with_for_update(of=Timer, skip_locked=True)
    )
    found = list(session.scalars(query))
    if found:
        session.execute(delete(Timer).where(Timer.id.in_(found)))
    return found


def make_due_now(session: Session, deadline_ids: Sequence[int], at: datetime) -> list[int]:
    """Make the timers of these deadlines due now; returns of which.

    Before it acts the sweep rebuilds a clock from its ledger. It corrects what is stored, fires
    what should have fired long ago and sets the timer of what lies ahead.
    """
    if not deadline_ids:
        return []
    query = (
        select(Timer.id, Timer.deadline_id)
        .where(Timer.deadline_id.in_(deadline_ids), Timer.fire_at > at)
        .order_by(Timer.id)
        .with_for_update(skip_locked=True)
    )
    held = session.execute(query).all()
    if held:
        statement = update(Timer).where(Timer.id.in_([row.id for row in held]))
        session.execute(statement.values(fire_at=at))
    return [row.deadline_id for row in held]
