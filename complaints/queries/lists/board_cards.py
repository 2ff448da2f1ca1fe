"""The cards of the board: an escalation, an offer or an extension to approve, steps to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints.queries.due_status import DueStatus


@dataclass(frozen=True, slots=True)
class EscalationCard:
    """The open escalations of one complaint; `is_mine` when one is addressed to the reader.

    `version` and `seen` say what of the complaint the card shows, and how far its history went.
    """

    id: int
    number: str
    version: int
    seen: int
    status: str
    priority: str
    customer: str
    category: str | None
    branch_id: int
    handler: str | None
    handler_id: int | None
    level: int
    since: datetime
    reason: str
    raised_by: str | None
    addressees: Sequence[str]
    is_mine: bool
    due_at: datetime | None
    due_kind: str | None
    standing: DueStatus | None
    #: When and why a deadline that they were called for applies no more; None where all do.
    ended_at: datetime | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalCard:
    """An offer (`remedy`, `amount`) or an extension (`until`) that waits for a decision."""

    id: int
    number: str
    version: int
    seen: int
    customer: str
    branch_id: int
    asked_by: str | None
    asked_by_id: int | None
    since: datetime
    words: str
    remedy: str | None = None
    amount: int | None = None
    until: datetime | None = None
    #: Of an extension, the deadline in force: only before it can anybody approve.
    due_at: datetime | None = None
    standing: DueStatus | None = None
    #: Whose word an offer waits for; None where nobody was named.
    asked_of: str | None = None
    asked_of_id: int | None = None
    #: An extension beyond the limits, on which the reader may not decide.
    is_barred: bool = False

    def is_for(self, person_id: int | None) -> bool:
        """Whether it lies with this person, or with anybody who may decide."""
        if self.asked_by_id == person_id or self.is_barred:
            return False
        return self.asked_of_id is None or self.asked_of_id == person_id


@dataclass(frozen=True, slots=True)
class SignatureCard:
    """A complaint with steps that could not be done, which somebody has to sign.

    `is_own` when the reader handles it or recorded one of them, and so may not.
    """

    id: int
    number: str
    version: int
    seen: int
    customer: str
    category: str | None
    branch_id: int
    handler: str | None
    is_own: bool
    since: datetime
