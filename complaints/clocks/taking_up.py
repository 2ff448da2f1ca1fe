"""Clocks that had ended and run on as though they had never stopped.

Those that ended with a complaint run on in its new cycle; those that an answer met run on in the
same one when the answer no longer settles the matter.
"""

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

_ENDS = (EntryKind.CANCEL, EntryKind.MEET, EntryKind.AGAIN)


def take_up(clocks: Clocks, kinds: Collection[Kind], ended_at: datetime, at: datetime) -> None:
    """Run on with the clocks of these kinds that were stopped at `ended_at`, in the last cycle.

    Each keeps its start, its pauses and what was told on it, so that the due time is the one that
    it had; one that was missed stays missed. So does what the customer waits for and an answer had
    settled before the end: the answer is asked for again, by the same date. Whatever else had been
    met by then is owed anew.
    """
    ended = (*_unsettle(clocks, ended_at), *_stopped(clocks, ended_at))
    stopped = [each for each in ended if Kind(each.kind) in kinds]
    for each in stopped:
        _run_on(clocks, each)
    running = {Kind(each.kind) for each in stopped}
    if running.intersection(OUTCOME_KINDS):
        running.update(OUTCOME_KINDS)
    clocks.restart(set(kinds) - running, at)


def take_up_commitments(clocks: Clocks, deadline_ids: Collection[int]) -> dict[int, ClockState]:
    """Run on with these clocks of commitments that had been given up; by the id of the old one."""
    query = select(CLOCK).where(Deadline.id.in_(deadline_ids)).order_by(Deadline.id)
    stopped = clocks.session.scalars(query).all() if deadline_ids else ()
    return {each.id: _run_on(clocks, each) for each in stopped}


def run_again(clocks: Clocks, at: datetime) -> None:
    """Let the clocks run on that the customer's acceptance met, to the due time that they had.

    One that passed in the meantime is missed, and the next sweep says so; one that had been missed
    stays missed, and is open again.
    """
    for clock in _settled(clocks, clocks.complaint.cycle):
        _open(clocks, clock, at)


def _unsettle(clocks: Clocks, ended_at: datetime) -> Sequence[ClockState]:
    """Let what an answer had settled in the last cycle have run until the complaint ended.

    The promise is one, and counts where it goes on; returns those clocks.
    """
    at_the_end = (DeadlineState.BREACHED.value, ended_at)
    settled = _settled(clocks, clocks.complaint.cycle - 1)
    answered = [each for each in settled if (each.state, each.ended_at) != at_the_end]
    for clock in answered:
        _open(clocks, clock, ended_at)
        clocks.end(clock, EntryKind.CANCEL, DeadlineState.CANCELLED, ended_at)
    return answered


def _settled(clocks: Clocks, cycle: int) -> Sequence[ClockState]:
    """The clocks of a cycle that the customer waits for and that ended by an answer or a miss."""
    query = (
        select(CLOCK)
        .where(
            Deadline.complaint_id == clocks.complaint.id,
            Deadline.cycle == cycle,
            Deadline.kind.in_([each.value for each in OUTCOME_KINDS]),
            Deadline.ended_at.is_not(None),
            Deadline.state.in_([DeadlineState.MET.value, DeadlineState.BREACHED.value]),
        )
        .order_by(Deadline.id)
    )
    return clocks.session.scalars(query).all()


def _open(clocks: Clocks, clock: ClockState, at: datetime) -> None:
    """Let a clock run again that had ended; one that had been missed stays missed."""
    if clock.state == DeadlineState.MET:
        clock.state = DeadlineState.RUNNING.value
    clock.ended_at = None
    clocks.live.append(clock)
    clocks.write(clock, EntryKind.AGAIN, at)


def _run_on(clocks: Clocks, stopped: ClockState) -> ClockState:
    """A clock of the present cycle that has lived through what this one did, but for its end."""
    entries = stored_entries(clocks.session, clocks.rules, stopped.id)
    is_missed = stopped.breached_at is not None
    clock = replace(
        stopped,
        id=0,
        cycle=clocks.complaint.cycle,
        state=(DeadlineState.BREACHED if is_missed else DeadlineState.RUNNING).value,
        ended_at=None,
    )
    start, *others = (entry for entry in entries if entry.what not in _ENDS)
    clocks.add(clock, start, others)
    return clock


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
