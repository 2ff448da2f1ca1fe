"""Misses that only rested on what a person took back later: two customers who were taken for one.

A deadline that the merging of their records made earlier, or that it alone brought, may have passed
by a date that was never theirs. What happened stays in the ledger, the miss with it; behind it
stands that it does not hold, and the deadline goes on by the terms that it had.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaints.clocks.changes import Clocks
from complaints.clocks.pause_intervals import PauseInterval, pauses_of
from complaints.clocks.timers import stored_entries
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import DeadlineState
from complaints.domain.ladder_position import steps_behind
from complaints.domain.ledger import Entry, EntryKind, rebuild
from complaints.models import Complaint, Deadline
from complaints.models.shapes import CLOCK
from complaints.rulebook import RuleBook

_TERMS = (EntryKind.START, EntryKind.RECOMPUTE)
#: What is not played again: the miss, ends, and pauses, which the complaint itself tells.
_LEFT_OUT = (EntryKind.BREACH, EntryKind.MEET, EntryKind.CANCEL, EntryKind.PAUSE, EntryKind.RESUME)


@dataclass(frozen=True, slots=True)
class Brought:
    """What brought the terms of a clock: the reason that its entries give, and since when."""

    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class UnfoundedMiss:
    """A deadline missed, or about to be, that would not be without what was brought.

    `entries` are its ledger without that; empty where the deadline is there for nothing else.
    """

    deadline_id: int
    entries: Sequence[Entry]


def unfounded_misses(
    session: Session, rules: RuleBook, complaint: Complaint, brought: Brought, at: datetime
) -> list[UnfoundedMiss]:
    """The misses of this complaint that what was `brought` then, and nothing else, has caused.

    Those that nobody has noted yet are among them. One whose terms were set anew in between, that
    would be one on the terms before as well, or that holds a date told to the customer on nothing
    but what was brought, is not.
    """
    is_late = (Deadline.ended_at.is_(None)) & (Deadline.due_at < at)
    query = (
        select(CLOCK)
        .where(
            Deadline.complaint_id == complaint.id,
            or_(Deadline.breached_at >= brought.since, is_late),
        )
        .order_by(Deadline.id)
    )
    found = []
    for clock in session.scalars(query).all():
        entries = stored_entries(session, rules, clock.id)
        last = [each for each in entries if each.what in _TERMS][-1]
        if clock.is_commitment or last.reason != brought.reason:
            continue
        if last.what is EntryKind.START and clock.told_at is None:
            found.append(UnfoundedMiss(clock.id, ()))
        elif last.what is EntryKind.RECOMPUTE and last.at >= brought.since:
            until = clock.ended_at or at
            before = [each for each in entries if each is not last and each.what not in _LEFT_OUT]
            pauses = pauses_of(session, complaint) if clock.is_pausable else ()
            before += _stood_still(pauses, clock.started_at, until)
            if rebuild(before).due_at >= until:
                found.append(UnfoundedMiss(clock.id, before))
    return found


def withdraw_misses(
    clocks: Clocks, misses: Sequence[UnfoundedMiss], at: datetime, reason: str
) -> None:
    """Let these misses not hold; each deadline that still runs goes on in one of its own.

    The one that was missed ends with the reason, so that whoever was called for it reads why, and
    a miss of the new one calls them again.
    """
    live = {each.id: each for each in clocks.live}
    for miss in misses:
        clock = live.get(miss.deadline_id) or _stored(clocks, miss.deadline_id)
        has_ended = clock.ended_at is not None
        _withdraw(clocks, clock, at, reason)
        if has_ended:
            _go_back(clocks, clock, miss, at, reason)
            continue
        clocks.end(clock, EntryKind.CANCEL, DeadlineState.CANCELLED, at, reason)
        if miss.entries:
            clocks.include(_gone_on(clocks, clock, miss, at), miss.entries)


def _stored(clocks: Clocks, deadline_id: int) -> ClockState:
    return clocks.session.scalars(select(CLOCK).where(Deadline.id == deadline_id)).one()


def _withdraw(clocks: Clocks, clock: ClockState, at: datetime, reason: str) -> None:
    """Note that the miss does not hold; the state is the one without it."""
    clock.breached_at = None
    clocks.write(clock, EntryKind.VOID, at, reason=reason)
    clock.state = clocks.ledger(clock).state.value


def _go_back(
    clocks: Clocks, clock: ClockState, miss: UnfoundedMiss, at: datetime, reason: str
) -> None:
    """A deadline that has ended reads the due time that it had without what was brought."""
    if miss.entries:
        _take_terms(clock, miss.entries)
        clocks.write_terms(clock, EntryKind.RECOMPUTE, at, reason)
        clock.due_at = clocks.ledger(clock).due_at


def _gone_on(clocks: Clocks, clock: ClockState, miss: UnfoundedMiss, at: datetime) -> ClockState:
    """The deadline as it would stand now, with no step of its ladder taken that lies ahead."""
    ledger = rebuild(miss.entries)
    schedule = clocks.rules.ladder_versions[clock.ladder_version_id].schedule(
        clock.kind, ledger.started_at, ledger.due_at, ledger.terms.calendar
    )
    going_on = replace(
        clock,
        id=0,
        state=ledger.state.value,
        ended_at=None,
        due_at=ledger.due_at,
        fired=steps_behind(schedule, at),
    )
    _take_terms(going_on, miss.entries)
    return going_on


def _take_terms(clock: ClockState, entries: Iterable[Entry]) -> None:
    detail = [each.detail for each in entries if each.what in _TERMS][-1]
    clock.policy_version_id = detail["policy_version"]
    clock.clause = detail["clause"]
    clock.calendar_version_id = detail["calendar_version"]


def _stood_still(
    pauses: Iterable[PauseInterval], started_at: datetime, until: datetime
) -> list[Entry]:
    """The complaint's pauses as a clock lives through them that ran from one instant to another."""
    entries = []
    for pause in pauses:
        if (pause.ended_at is None or pause.ended_at > started_at) and pause.at < until:
            since = max(pause.at, started_at)
            entries.append(Entry(EntryKind.PAUSE, since, until=pause.until, reason=pause.reason))
            if pause.ended_at is not None:
                entries.append(Entry(EntryKind.RESUME, pause.ended_at))
    return entries
