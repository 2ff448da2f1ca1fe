"""The letters to one complaint's customer: what they carry, by which way, and where they stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.evidence import CRITERIA
from complaints.domain.words.letter_state import weightiest
from complaints.models import OutboxMessage

#: State of the outbox → what it is called to others; paper that waits is queued like all others.
_STATES = {"to_print": "queued", "demo": "sent"}


@dataclass(frozen=True, slots=True)
class CustomerLetter:
    """A letter; `parts` are the criteria whose words it carries, `at` when it left or was made."""

    id: int
    kind: str
    via: Literal["email", "letter"]
    state: Literal["queued", "sent", "failed", "bounced", "printed", "replaced"]
    at: datetime
    parts: tuple[str, ...]

    @property
    def has_left(self) -> bool:
        """Whether it is with the customer as far as we know."""
        return self.state in ("sent", "printed")


def letters_of(session: Session, complaint_id: int) -> list[CustomerLetter]:
    """The letters to the customer in the order they were written."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.complaint_id == complaint_id, OutboxMessage.kind != "notice")
        .order_by(OutboxMessage.id)
    )
    return [_letter(row) for row in rows]


def find_letter(session: Session, complaint_id: int, letter_id: int) -> OutboxMessage | None:
    """One letter to the customer with its facts, or None."""
    return session.scalar(
        select(OutboxMessage).where(
            OutboxMessage.id == letter_id,
            OutboxMessage.complaint_id == complaint_id,
            OutboxMessage.kind != "notice",
        )
    )


def _letter(row: OutboxMessage) -> CustomerLetter:
    parts = row.facts.get("parts", ())
    main = weightiest(parts)
    state = _STATES.get(row.state, row.state)
    return CustomerLetter(
        id=row.id,
        kind=CRITERIA[main].noun if main else row.kind,
        via=cast(Any, row.via),
        state=cast(Any, "printed" if row.via == "letter" and state == "sent" else state),
        at=row.sent_at or row.created_at,
        parts=tuple(part["of"] for part in parts),
    )
