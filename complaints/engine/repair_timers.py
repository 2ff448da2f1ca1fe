"""Mending what the auditor found: timers set anew, dropped, or made due so that the sweep looks.

A row that somebody holds at the moment is left to the next audit, and each is looked at once
more under its lock: what was missing a moment ago may have been set meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.clocks.store import add_timers, drop_timers, make_timers_due
from complaints.clocks.timers import next_timer, pause_ends_at
from complaints.domain.clock_state import ClockState
from complaints.domain.ladder_position import NextTimer
from complaints.models import Complaint, Deadline, Timer
from complaints.models.shapes import CLOCK
from complaints.rulebook import RuleBook


def set_missing_timers(session: Session, rules: RuleBook, deadline_ids: Sequence[int]) -> list[int]:
    """Set the next timer of these deadlines where there is none; returns which got one.

    What has been missed meanwhile is due at once, and the next sweep catches up.
    """
    if not deadline_ids:
        return []
    query = (
        select(CLOCK)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(Deadline.id.in_(deadline_ids), Deadline.ended_at.is_(None))
        .order_by(Deadline.complaint_id, Deadline.id)
        .with_for_update(of=(Complaint, Deadline), skip_locked=True)
    )
    held = list(session.scalars(query))
    has_one = set(
        session.scalars(
            select(Timer.deadline_id).where(Timer.deadline_id.in_([each.id for each in held]))
        )
    )
    timers: list[tuple[ClockState, NextTimer]] = []
    for clock in held:
        if clock.id in has_one:
            continue
        until = pause_ends_at(session, clock.id) if clock.is_paused else None
        ahead = next_timer(rules, clock, until)
        if ahead is not None:
            timers.append((clock, ahead))
    add_timers(session, timers)
    return [clock.id for clock, _ in timers]


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
    drop_timers(session, found)
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
    make_timers_due(session, [row.id for row in held], at)
    return [row.deadline_id for row in held]
