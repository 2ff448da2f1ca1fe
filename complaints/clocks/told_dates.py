"""The dates told to the customer, as the clocks keep them: the first for ever, the last beside it.

A date outlives what changes afterwards. A correction of it, an extension or a pause move the last
one; a change of category moves neither; a reopening begins a promise of its own, with a first date
of its own, and leaves the first of the cycles before on their clocks. The very first of all stands
on the complaint (`first_told_at`) and is written once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS, Kind
from complaints.models import Complaint, StepRecord


def is_waited_for(clock: ClockState) -> bool:
    """Whether the customer waits for this clock, so that a date may be told on it."""
    return Kind(clock.kind) in OUTCOME_KINDS


def lacking_first(live: Iterable[ClockState]) -> list[ClockState]:
    """The clocks the customer waits for that do not know yet which date was told first."""
    return [each for each in live if is_waited_for(each) and each.first_told_at is None]


def first_told(
    session: Session, complaint: Complaint, live: Iterable[ClockState]
) -> datetime | None:
    """The first date told in the present cycle; None while none was."""
    known = (each.first_told_at for each in live if each.first_told_at is not None)
    found = next(known, None)
    if found is not None or complaint.cycle == 1:
        return found or complaint.first_told_at
    query = (
        select(StepRecord.detail)
        .where(
            StepRecord.complaint_id == complaint.id,
            StepRecord.cycle == complaint.cycle,
            StepRecord.criterion == "020-1.5",
            StepRecord.is_unable.is_(False),
        )
        .order_by(StepRecord.id)
        .limit(1)
    )
    with session.no_autoflush:
        detail = session.scalar(query)
    return datetime.fromisoformat(detail["due_at"]) if detail else None


def clock_to_carry(
    unasked: Sequence[ClockState], live: Sequence[ClockState]
) -> tuple[ClockState, ClockState | None] | None:
    """Where a told date has to go when nothing asks for these clocks any more.

    Returns the clock that holds it and the one that the customer waits for now, which is None when
    there is no other; None altogether when no told date would be lost.
    """
    holding = [each for each in unasked if each.told_at is not None]
    others = [each for each in live if is_waited_for(each) and each not in unasked]
    if not holding or any(each.told_at is not None for each in others):
        return None
    return _earliest(holding), _earliest(others) if others else None


def _earliest(clocks: Sequence[ClockState]) -> ClockState:
    return min(clocks, key=lambda each: each.due_at)
