"""Emptying letters that were delivered long ago: their words are forgotten, that they went is not.

Whom we wrote to about what kind of thing, and when, is evidence and stays; what stood in the
letter stands in the complaint's records as far as it has to be kept.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from complaints.models import OutboxMessage

#: Facts that say of what kind a letter was and which date it told; nobody's data is in them.
KEPT = frozenset({"notice", "clock", "level", "due_at", "until", "total"})
#: Letters emptied in one transaction.
BATCH = 500

_OUTBOX = cast(Table, OutboxMessage.__table__)


def empty_letters(
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
        {"letter": row.id, "left": {name: row.facts[name] for name in KEPT & row.facts.keys()}}
        for row in session.execute(query)
    ]
    if rows:
        statement = (
            update(_OUTBOX)
            .where(_OUTBOX.c.id == bindparam("letter"))
            .values(facts=bindparam("left"), emptied_at=at)
        )
        session.execute(statement, rows)
    return len(rows)
