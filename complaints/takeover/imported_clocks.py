"""The clocks of complaints that began in another system: what the file says of them, no more.

What the file does not tell is never counted as kept or missed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from typing_extensions import override

from complaints.clocks.changes import Clocks
from complaints.clocks.pause_intervals import PauseInterval
from complaints.clocks.store import ClockChanges, store_changes
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import MET_BY, OUTCOME_KINDS, DeadlineState, Kind
from complaints.domain.ladder_position import steps_behind
from complaints.domain.ledger import EntryKind
from complaints.domain.lifecycle import Action


@dataclass(slots=True)
class ImportedClocks(Clocks):
    """The clocks of one complaint that is being taken over; `store_clocks` settles them."""

    @override
    def _pauses_of_cycle(self) -> Sequence[PauseInterval]:
        # What the file tells of a complaint knows no pauses, and nothing is stored of it yet.
        return []

    def judge_by_told(self, received_at: datetime, reason: str) -> None:
        """Let a told date alone say whether a complaint that ended there was in time.

        Our rules did not hold there: where the told date is later than theirs it is the due time,
        and the other clocks that the customer would wait for here are neither kept nor missed.
        """
        outcomes = [each for each in self.live if each.kind in OUTCOME_KINDS]
        told = next((each for each in outcomes if each.told_at is not None), None)
        if told is None:
            return
        for clock in outcomes:
            if clock is not told:
                self._give_up(clock, received_at, reason)
        if told.told_at is not None and told.due_at < told.told_at:
            self.write(told, EntryKind.EXTEND, received_at, until=told.told_at, reason=reason)
            self.recalculate(told)

    def end_by(self, action: Action, ended_at: datetime, reason: str) -> None:
        """Stop every clock at the moment the complaint is known to have ended.

        The clocks the customer waits for were met or missed then. Of the others nobody knows when
        they were met; those that could still be met at the end were not missed.
        """
        met = MET_BY.get(action, ())
        for clock in [each for each in self.live if each.kind not in OUTCOME_KINDS]:
            if clock.kind in met and clock.due_at >= ended_at:
                self.end(clock, EntryKind.MEET, DeadlineState.MET, ended_at)
            else:
                self._give_up(clock, ended_at, reason)
        self.meet(met, ended_at)
        self.cancel(ended_at)

    def give_up(self, kinds: Collection[Kind], at: datetime, reason: str) -> None:
        """Stop clocks of which the file does not tell whether they were kept."""
        for clock in [each for each in self.live if each.kind in kinds]:
            self._give_up(clock, at, reason)

    def mark_notified(self, at: datetime) -> list[str]:
        """Note what fell due before `at` without telling anybody; returns the kinds that did.

        A breach stands in the ledger with its own time. Rungs of the ladder that lie behind count
        as called, those ahead will be; the top is reminded from the next time on.
        """
        for clock in self.live:
            self.note_breach(clock, at)
            ladder = self.rules.ladder_versions[clock.ladder_version_id]
            calendar = self.rules.calendar_versions[clock.calendar_version_id]
            schedule = ladder.schedule(clock.kind, clock.started_at, clock.due_at, calendar)
            clock.fired = steps_behind(schedule, at)
            if clock.fired == len(schedule):
                clock.fired += ladder.reminders_behind(clock.kind, schedule, at, calendar)
        return [each.kind for each in self.live if each.state == DeadlineState.BREACHED]

    def _give_up(self, clock: ClockState, at: datetime, reason: str) -> None:
        clock.state = DeadlineState.CANCELLED.value
        clock.ended_at = at
        self.live.remove(clock)
        self.write(clock, EntryKind.CANCEL, at, reason=reason)


def store_clocks(session: Session, batch: Sequence[ImportedClocks]) -> None:
    """Insert the clocks of many complaints that are already stored."""
    changes = ClockChanges()
    for clocks in batch:
        changes.add(clocks.changes())
    store_changes(session, changes)
