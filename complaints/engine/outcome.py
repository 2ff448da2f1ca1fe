"""What a batch holds of a deadline whose timer is due, and what its steps amount to.

Plain values between the three parts of firing: claim, apply the schedule, store. Nothing is
decided here.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from complaints.domain.clock_state import ClockState
from complaints.domain.history import HistoryHead
from complaints.domain.ladder_position import NextTimer
from complaints.domain.ledger import Entry
from complaints.domain.lifecycle import ENDED, Action
from complaints.domain.permissions import SYSTEM
from complaints.history import append
from complaints.models import Complaint
from complaints.models.shapes import HEAD, ReadAs
from complaints.people.staff import Assignment, Person
from complaints.rows import Row


@dataclass(frozen=True, slots=True)
class DueComplaint:
    """What firing needs of a locked complaint: its people, its level, the end of its history."""

    id: int
    year: int
    branch_id: int
    team_id: int | None
    handler_id: int | None
    received_by_id: int | None
    status: str
    level: int
    head: HistoryHead

    @property
    def place(self) -> Assignment:
        """Where the complaint stands, for the question who is to be told."""
        return Assignment(self.branch_id, self.team_id, self.handler_id, self.received_by_id)

    def append(
        self, clock: ClockState, action: Action, at: datetime, detail: Mapping[str, Any]
    ) -> "tuple[Row, DueComplaint]":
        """The next entry of its history, which the system writes of a clock; and the new end."""
        return self.write(action, at, {"deadline": clock.id, "kind": clock.kind, **detail})

    def write(
        self, action: Action, at: datetime, detail: Mapping[str, Any]
    ) -> "tuple[Row, DueComplaint]":
        """The next entry of its history, which the system writes; and the new end."""
        row, head = append(self.head, self.id, action, by=SYSTEM, at=at, detail=detail)
        return row, self._with(head, self.level)

    def raised_to(self, level: int) -> "DueComplaint":
        """The same complaint, escalated at least to this level."""
        return self._with(self.head, max(self.level, level))

    def _with(self, head: HistoryHead, level: int) -> "DueComplaint":
        # Thousands are made in a batch; dataclasses.replace would take four times as long.
        return DueComplaint(
            self.id,
            self.year,
            self.branch_id,
            self.team_id,
            self.handler_id,
            self.received_by_id,
            self.status,
            level,
            head,
        )


#: The complaint's columns, for the queries that claim one.
COMPLAINT = ReadAs(
    DueComplaint,
    id=Complaint.id,
    year=Complaint.year,
    branch_id=Complaint.branch_id,
    team_id=Complaint.team_id,
    handler_id=Complaint.handler_id,
    received_by_id=Complaint.received_by_id,
    status=Complaint.status,
    level=Complaint.escalation_level,
    head=HEAD,
)


class Owed(NamedTuple):
    """The commitment behind a clock: what was undertaken, and whose it is."""

    what: str
    owner_id: int | None
    team_id: int | None


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A due timer with its clock and complaint, locked."""

    id: int
    clock: ClockState
    complaint: DueComplaint

    @property
    def is_over(self) -> bool:
        """Whether the clock or its complaint has ended; nothing is to be fired any more.

        What a closed complaint has still to deliver goes on until it is delivered.
        """
        if self.clock.ended_at is not None:
            return True
        return self.complaint.status in ENDED and not self.clock.is_commitment


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What superiors have taken note of: keys of escalations, and what that holds still.

    `until` is the latest expiry by deadline, which may have passed; `waiting` names deadline and
    person of what nobody has taken note of.
    """

    keys: frozenset[str] = frozenset()
    until: Mapping[int, datetime] = field(default_factory=dict)
    waiting: Collection[tuple[int, int | None]] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who hears of the deadline in this pass, and why."""

    person: Person
    notice: str
    rung: str
    level: int


@dataclass(slots=True)
class Outcome:
    """What one clock's due steps amount to.

    `clock` and `complaint` are as they stand behind these steps. `ahead` None ends the timer:
    nothing more will happen to this clock by itself. An acknowledgement moves it later than the
    schedule says.
    """

    due: DueTimer
    clock: ClockState
    complaint: DueComplaint
    owed: Owed | None = None
    ahead: NextTimer | None = None
    lag_seconds: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    history: list[Row] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    recipients: list[Recipient] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)
