"""What a customer's letters answer: earlier letters and their own mail, to and from one address.

A mail program shows as one conversation what names its predecessors. Whoever no longer gets the
letters of a complaint is shown nothing of those that went elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from complaints.models import InboundMessage, OutboxMessage

#: So many predecessors are named at most: the first one, which every program knows, and the last.
MOST_NAMED = 10
#: No complaint has so many letters that more would have to be read.
_MOST_READ = 200
#: What mail became that belongs to the conversation, by itself or by somebody's decision.
_TAKEN, _DECIDED = ("created", "appended"), ("created", "attached")


@dataclass(frozen=True, slots=True)
class Earlier:
    """One message of the conversation: a letter of ours by its key, mail by its Message-ID."""

    key: str = ""
    message_id: str = ""


def earlier_messages(session: Session, letter: OutboxMessage) -> tuple[Earlier, ...]:
    """What went to the same address before this letter, and what came from it, oldest first."""
    address = letter.to_address.lower()
    ours = (
        select(OutboxMessage.sent_at, OutboxMessage.key)
        .where(
            OutboxMessage.complaint_id == letter.complaint_id,
            OutboxMessage.id < letter.id,
            OutboxMessage.via == "email",
            OutboxMessage.kind != "notice",
            OutboxMessage.state == "sent",
            func.lower(OutboxMessage.to_address) == address,
        )
        .order_by(OutboxMessage.id)
        .limit(_MOST_READ)
    )
    theirs = (
        select(InboundMessage.taken_at, InboundMessage.message_id)
        .where(
            InboundMessage.complaint_id == letter.complaint_id,
            func.lower(InboundMessage.from_address) == address,
            InboundMessage.message_id != "",
            or_(InboundMessage.action.in_(_TAKEN), InboundMessage.decision.in_(_DECIDED)),
        )
        .order_by(InboundMessage.id)
        .limit(_MOST_READ)
    )
    found = [(at or letter.created_at, Earlier(key=key)) for at, key in session.execute(ours)]
    found += [(at, Earlier(message_id=name)) for at, name in session.execute(theirs)]
    return tuple(shortened([each for _, each in sorted(found, key=lambda pair: pair[0])]))


def shortened(named: Sequence[Earlier]) -> Sequence[Earlier]:
    """At most `MOST_NAMED` of them: the first and the last ones."""
    return named if len(named) <= MOST_NAMED else [named[0], *named[1 - MOST_NAMED :]]
