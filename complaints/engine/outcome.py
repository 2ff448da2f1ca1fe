"""What a batch holds of a deadline whose timer is due, and what its steps amount to.

Plain values between the three parts of firing: claim, strike and book. Nothing is decided here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from complaints.domain.deadlines import DeadlineState
from complaints.domain.escalation import Step
from complaints.domain.history import chain_hash
from complaints.domain.lifecycle import ENDED, Action
from complaints.domain.permissions import SYSTEM
from complaints.outbox.queue import Row
from complaints.people.staff import Assignment


@dataclass(frozen=True, slots=True)
class Claimed:
    """A due timer with its deadline and complaint, locked."""

    timer_id: int
    fire_at: datetime
    firing: str
    attempts: int
    deadline_id: int
    kind: str
    cycle: int
    calendar_version_id: int
    ladder_version_id: int
    started_at: datetime
    due_at: datetime
    state: str
    ended_at: datetime | None
    breached_at: datetime | None
    fired: int
    complaint_id: int
    year: int
    branch_id: int
    team_id: int | None
    handler_id: int | None
    received_by_id: int | None
    status: str
    escalation_level: int
    history_seq: int
    history_hash: str

    @property
    def number(self) -> str:
        """The complaint's public number."""
        return f"KLH-{self.year}-{self.complaint_id:06d}"

    @property
    def is_over(self) -> bool:
        """Whether the deadline or its complaint has ended; nothing is to be fired any more."""
        return self.ended_at is not None or self.status in ENDED

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self.state == DeadlineState.PAUSED

    @property
    def place(self) -> Assignment:
        """Where the complaint stands, for the question who is to be told."""
        return Assignment(self.branch_id, self.team_id, self.handler_id, self.received_by_id)

    @property
    def tail(self) -> "Tail":
        """Where the complaint's history ended when the timer was claimed."""
        return Tail(self.history_seq, self.history_hash, self.escalation_level)


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a complaint's history, and its level: what the next row hangs on."""

    seq: int
    hash: str
    level: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What superiors have taken note of: keys of escalations, and what that holds still.

    `until` is the latest expiry by deadline, which may have passed.
    """

    keys: frozenset[str] = frozenset()
    until: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """The rows one deadline's due steps make, and what becomes of its timer.

    `next_step` None ends the timer: nothing more will happen to this deadline by itself. It is
    taken at `next_at`, which an acknowledgement moves later than the schedule says.
    """

    claimed: Claimed
    tail: Tail
    next_step: Step | None
    fired: int
    next_at: datetime | None = None
    has_breached: bool = False
    lag_seconds: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    history: list[Row] = field(default_factory=list)
    ledger: list[Row] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)


def history_row(
    claimed: Claimed, tail: Tail, action: Action, at: datetime, detail: Mapping[str, Any]
) -> tuple[Row, Tail]:
    """The next entry of the complaint's chain, written by the system, and the tail behind it."""
    seq = tail.seq + 1
    kept = {"deadline": claimed.deadline_id, "kind": claimed.kind, **detail}
    digest = chain_hash(
        tail.hash,
        complaint_id=claimed.complaint_id,
        seq=seq,
        what=action.value,
        at=at,
        by_id=None,
        detail=kept,
    )
    row = {
        "complaint_id": claimed.complaint_id,
        "seq": seq,
        "what": action.value,
        "at": at,
        "by_id": None,
        "by_name": SYSTEM.name,
        "detail": kept,
        "prev_hash": tail.hash,
        "hash": digest,
    }
    return row, replace(tail, seq=seq, hash=digest)
