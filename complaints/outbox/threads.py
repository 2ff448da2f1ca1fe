"""What a customer's letters answer: the earlier ones of the same complaint, to the same address.

A mail program shows as one conversation what names its predecessors. Whoever no longer gets the
letters of a complaint is shown nothing of those that went elsewhere.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.models import OutboxMessage

#: So many predecessors are named at most: the first one, which every program knows, and the last.
MOST_NAMED = 10
#: No complaint has so many letters that more would have to be read.
_MOST_READ = 200


def earlier_letters(session: Session, letter: OutboxMessage) -> tuple[str, ...]:
    """The keys of the letters that went to the same address before this one, oldest first."""
    query = (
        select(OutboxMessage.key)
        .where(
            OutboxMessage.complaint_id == letter.complaint_id,
            OutboxMessage.id < letter.id,
            OutboxMessage.via == "email",
            OutboxMessage.kind != "notice",
            OutboxMessage.state == "sent",
            func.lower(OutboxMessage.to_address) == letter.to_address.lower(),
        )
        .order_by(OutboxMessage.id)
        .limit(_MOST_READ)
    )
    return tuple(shortened(session.scalars(query).all()))


def shortened(names: Sequence[str]) -> Sequence[str]:
    """At most `MOST_NAMED` of them: the first and the last ones."""
    return names if len(names) <= MOST_NAMED else [names[0], *names[1 - MOST_NAMED :]]
