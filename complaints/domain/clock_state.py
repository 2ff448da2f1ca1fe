"""A clock in memory: what a row of `deadlines` says, in one shape for everybody.

Whoever starts, meets, counts, fires or explains a clock has one of these before them; what its
ledger amounts to is `ledger.LedgerState`, and the two are compared before anything is fired.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from complaints.domain.commitments.rules import WITH_PROMISE
from complaints.domain.deadlines import OUTCOME_KINDS, PAUSABLE, DeadlineState, Kind


@dataclass(slots=True, eq=False)
class ClockState:
    """One clock of one complaint; instants are aware UTC.

    `id` is 0 as long as it is not stored. `due_at` is what the ledger says; `breached_at` is the
    due time that passed, not the moment somebody noticed. `told_at` is the date the customer was
    told last, `first_told_at` the one they were told first in this cycle. `fired` counts the steps
    of the ladder's schedule that lie behind. Two clocks are never the same because they say the
    same.
    """

    id: int
    complaint_id: int
    kind: str
    cycle: int
    policy: str
    clause: str
    policy_version_id: int
    calendar_version_id: int
    ladder_version_id: int
    started_at: datetime
    due_at: datetime
    told_at: datetime | None = None
    first_told_at: datetime | None = None
    state: str = DeadlineState.RUNNING.value
    ended_at: datetime | None = None
    breached_at: datetime | None = None
    fired: int = 0

    def copy(self) -> "ClockState":
        """Another one that says the same, to be changed."""
        return ClockState(*_values(self))

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self.state == DeadlineState.PAUSED

    @property
    def is_pausable(self) -> bool:
        """Whether a pause of the complaint stops the clock."""
        return self.kind in PAUSABLE or self.clause == WITH_PROMISE

    @property
    def moves_with_promise(self) -> bool:
        """Whether an extension of the promise moves the clock."""
        return self.kind in OUTCOME_KINDS or self.clause == WITH_PROMISE

    @property
    def is_commitment(self) -> bool:
        """Whether it runs to an agreed date instead of one that a rule counts."""
        return self.kind == Kind.COMMITMENT

    def is_missed(self, at: datetime) -> bool:
        """Whether the due time has passed: a breach stays, also one that nobody has swept yet."""
        if self.state == DeadlineState.RUNNING:
            return self.due_at < at
        return self.state == DeadlineState.BREACHED


def live_by_due(clocks: Iterable[ClockState]) -> list[ClockState]:
    """Those that still run or are paused, the earliest due first."""
    live = [each for each in clocks if each.ended_at is None]
    return sorted(live, key=attrgetter("due_at"))


_values = attrgetter(*(each.name for each in fields(ClockState)))
