"""Clocks that ended with a complaint and run on in a new cycle as though they had never stopped."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from complaints.clocks.changes import Clocks
from complaints.clocks.timers import stored_entries
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState, Kind
from complaints.domain.ledger import EntryKind
from complaints.models import Deadline
from complaints.models.shapes import CLOCK

_ENDS = (EntryKind.CANCEL, EntryKind.MEET)


def take_up(clocks: Clocks, kinds: Collection[Kind], ended_at: datetime, at: datetime) -> None:
    """Run on with the clocks of these kinds that were stopped at `ended_at`, in the last cycle.

    Each keeps its start, its pauses and what was told on it, so that the due time is the one that
    it had; one that was missed stays missed. What had been met by then is owed anew.
    """
    stopped = [each for each in _stopped(clocks, ended_at) if Kind(each.kind) in kinds]
    for each in stopped:
        entries = stored_entries(clocks.session, clocks.rules, each.id)
        is_missed = each.breached_at is not None
        clock = replace(
            each,
            id=0,
            cycle=clocks.complaint.cycle,
            state=(DeadlineState.BREACHED if is_missed else DeadlineState.RUNNING).value,
            ended_at=None,
        )
        start, *others = (entry for entry in entries if entry.what not in _ENDS)
        clocks.add(clock, start, others)
    running = {Kind(each.kind) for each in stopped}
    if running.intersection(OUTCOME_KINDS):
        running.update(OUTCOME_KINDS)
    clocks.restart(set(kinds) - running, at)


def _stopped(clocks: Clocks, ended_at: datetime) -> Sequence[ClockState]:
    query = (
        select(CLOCK)
        .where(
            Deadline.complaint_id == clocks.complaint.id,
            Deadline.cycle == clocks.complaint.cycle - 1,
            Deadline.ended_at == ended_at,
            Deadline.state.in_([DeadlineState.CANCELLED.value, DeadlineState.BREACHED.value]),
        )
        .order_by(Deadline.id)
    )
    return clocks.session.scalars(query).all()
