"""A message on its way: taken for delivery, filled with what it says, and what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.outbox.mail.envelope import Enclosure
from complaints.outbox.threads import Earlier


@dataclass(frozen=True, slots=True)
class Leased:
    """An outbox row that is ours until `until`; an earlier copy of it may have arrived already."""

    id: int
    key: str
    kind: str
    to_address: str
    language: str
    facts: dict[str, Any]
    attempts: int
    created_at: datetime
    complaint_id: int | None
    nonce: str | None
    until: datetime
    may_have_left: bool
    #: Whether it goes to the address that the complaint has now; a notice goes to a colleague.
    is_to_customer: bool = False
    #: What it follows in the conversation about the same complaint, oldest first.
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message about a complaint that did not go, for those who have to know.

    `kind` of the notice: ``letter_lost`` it is given up, ``letter_uncertain`` it may have arrived
    or not, ``letter_delayed`` it tells a promised date and is tried again,
    ``letter_file_held_back`` it leaves without these `files`, which were hidden meanwhile.
    """

    kind: str
    message_id: int
    complaint_id: int
    key: str
    number: str
    at: datetime
    files: Sequence[str] = ()


#: Tells people, in the transaction in which it is marked what became of the message.
Tell = Callable[[Session, Undelivered], None]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a letter says and encloses, read at the moment in which it is sent."""

    facts: dict[str, Any]
    enclosed: Sequence[Enclosure]


#: Reads what a leased letter says; None where its receiver may not read it any more.
Fill = Callable[[Leased], Filled | None]
#: Kinds of letter that are filled when they are sent, and leave by a delivery of their own: to
#: read so much holds up no letter to a customer.
FILLED_LATE = frozenset({"report"})


@dataclass(slots=True)
class Delivered:
    """What a round of delivery did.

    `has_answered` when the mail server said something to a message, `is_closed` when the transport
    cannot be used at present.
    """

    sent: int = 0
    failed: int = 0
    has_answered: bool = False
    is_closed: bool = False
    oldest_lag_seconds: int = 0

    @property
    def handled(self) -> int:
        """Messages tried."""
        return self.sent + self.failed


@dataclass(frozen=True, slots=True)
class End:
    """What became of a leased message, and when it may be tried again."""

    message: Leased
    state: str = "queued"
    attempts: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    reason: str = ""
    is_closed: bool = False
    is_unknown: bool = False
    has_answered: bool = False
