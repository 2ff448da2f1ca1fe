"""Which files went to the customer, with which letter and message, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.words.enclosed import MESSAGE, Enclosed, enclosed_in
from complaints.models import OutboxMessage

#: Letters that files can go with.
_KINDS = (
    "acknowledgement",
    "question",
    "message",
    "decision",
    "conversation",
    "extended",
    "closed",
)


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter with the files it names; `left_at` is None until it leaves, or where it came back.

    `note` is the message that it carries, None where it carries none; `key` is the letter's name.
    """

    letter: int
    key: str
    note: int | None
    via: str
    left_at: datetime | None
    files: Sequence[Enclosed]


def sendings_of(session: Session, complaint_id: int) -> list[Sending]:
    """The letters of a complaint that name files, oldest first; one query."""
    query = (
        select(
            OutboxMessage.id,
            OutboxMessage.key,
            OutboxMessage.via,
            OutboxMessage.state,
            OutboxMessage.sent_at,
            OutboxMessage.facts,
        )
        .where(OutboxMessage.complaint_id == complaint_id, OutboxMessage.kind.in_(_KINDS))
        .order_by(OutboxMessage.id)
    )
    return [
        Sending(
            row.id,
            row.key,
            row.facts.get(MESSAGE),
            row.via,
            row.sent_at if row.state == "sent" else None,
            files,
        )
        for row in session.execute(query)
        if (files := enclosed_in(row.facts))
    ]
