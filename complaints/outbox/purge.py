"""Emptying letters that were delivered long ago: their words are forgotten, that they went is not.

Whom we wrote to about what kind of thing, and when, is evidence and stays; what stood in the
letter stands in the complaint's records as far as it has to be kept.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.words.enclosed import kept_of_enclosed
from complaints.models import OutboxMessage
from complaints.rows import update_rows

#: Facts that say of what kind a letter was and which date it told; nobody's data is in them.
KEPT = frozenset({"notice", "clock", "level", "due_at", "until", "total"})
#: Letters emptied in one transaction.
BATCH = 500


def purge_letters(
    session: Session, *, sent_before: datetime, at: datetime, limit: int = BATCH
) -> int:
    """Empty up to `limit` letters delivered before that; returns how many.

    The caller commits. Letters that wait or were given up keep their facts: they may still go.
    """
    query = (
        select(OutboxMessage.id, OutboxMessage.facts)
        .where(
            OutboxMessage.state == "sent",
            OutboxMessage.emptied_at.is_(None),
            OutboxMessage.sent_at < sent_before,
        )
        .order_by(OutboxMessage.sent_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [
        {
            "id": row.id,
            "facts": {
                **{name: row.facts[name] for name in KEPT & row.facts.keys()},
                **kept_of_enclosed(row.facts),
            },
            "emptied_at": at,
        }
        for row in session.execute(query)
    ]
    update_rows(session, OutboxMessage, rows)
    return len(rows)
