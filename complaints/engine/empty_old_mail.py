"""Emptying messages that were settled long ago: what was written is forgotten, that it came is not.

That a message came, when, how large it was, its hash, what became of it and who decided so is
evidence and stays; what it said stands in the complaint or the contact that it became.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, delete, func, or_, select, text
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import ENDED
from complaints.models import Complaint, InboundMessage, InboundSource
from complaints.models.inbound import AWAITS_DECISION, HAS_WORDS
from complaints.rows import update_rows

#: What a message is without its words, and without who wrote it to whom.
_EMPTY: Mapping[str, Any] = {
    "message_id": "",
    "from_name": "",
    "from_address": "",
    "recipients": [],
    "subject": "",
    "sent_text": "",
    "text": "",
}
#: Messages emptied in one transaction.
BATCH = 500


def empty_messages(
    session: Session, *, settled_before: datetime, at: datetime, limit: int = BATCH
) -> int:
    """Empty up to `limit` messages that were settled before that; returns how many.

    One that waits for somebody's decision, or belongs to a complaint that is open or ended later,
    keeps its words: answers are recognised by them. The caller commits.
    """
    query = (
        select(InboundMessage.id)
        .outerjoin(Complaint, Complaint.id == InboundMessage.complaint_id)
        .where(text(f"inbound_messages.{HAS_WORDS}"), *_is_settled(settled_before))
        .order_by(InboundMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=InboundMessage)
    )
    ids = session.scalars(query).all()
    if ids:
        session.execute(delete(InboundSource).where(InboundSource.message_id.in_(ids)))
    update_rows(session, InboundMessage, [{"id": each, **_EMPTY, "emptied_at": at} for each in ids])
    return len(ids)


def _is_settled(before: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    settled_at = func.coalesce(InboundMessage.reviewed_at, InboundMessage.taken_at)
    ended_at = func.coalesce(Complaint.closed_at, InboundMessage.taken_at)
    return (
        text(f"NOT ({AWAITS_DECISION})"),
        settled_at < before,
        or_(
            InboundMessage.complaint_id.is_(None),
            and_(Complaint.status.in_([each.value for each in ENDED]), ended_at < before),
        ),
    )
