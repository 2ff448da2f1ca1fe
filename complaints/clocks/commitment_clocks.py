"""The clock of a commitment, which runs to an agreed date instead of one that a rule counts."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from complaints.clocks.changes import Clocks
from complaints.domain.clock_state import ClockState
from complaints.domain.commitments.rules import CODE, OWN_DATE, WITH_PROMISE
from complaints.domain.deadlines import DeadlineState, Kind
from complaints.domain.ledger import EntryKind
from complaints.rulebook import terms_entry


def start_commitment(
    clocks: Clocks, due_at: datetime, at: datetime, *, follows_promise: bool
) -> ClockState:
    """Start the clock of one commitment of the complaint.

    One whose date is just the promised one stands still and moves with the promise.
    """
    rules, complaint = clocks.rules, clocks.complaint
    clock = ClockState(
        id=0,
        complaint_id=complaint.id,
        kind=Kind.COMMITMENT.value,
        cycle=complaint.cycle,
        policy=CODE,
        clause=WITH_PROMISE if follows_promise else OWN_DATE,
        policy_version_id=rules.commitments.policy.version_id,
        calendar_version_id=rules.calendar_of(complaint.branch_id).id,
        ladder_version_id=rules.ladder.version_id,
        started_at=at,
        due_at=due_at,
        told_at=due_at,
    )
    start = terms_entry(rules, EntryKind.START, clock, at, by_id=clocks.by_id)
    clocks.add(clock, replace(start, until=due_at))
    return clock


def release_commitments(
    clocks: Clocks, deadline_ids: Collection[int], at: datetime, *, is_done: bool
) -> None:
    """Stop the clocks of commitments that were kept, or given up."""
    what = EntryKind.MEET if is_done else EntryKind.CANCEL
    state = DeadlineState.MET if is_done else DeadlineState.CANCELLED
    clocks.note_breaches(at, (Kind.COMMITMENT,))
    for clock in [each for each in clocks.live if each.id and each.id in deadline_ids]:
        clocks.end(clock, what, state, at)
