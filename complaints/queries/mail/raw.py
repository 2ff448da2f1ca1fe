"""The raw bytes of a message that came in, and whether they are those that came."""

import hashlib
import zlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.mail.message import MOST_BYTES
from complaints.models import InboundMessage, InboundSource

#: Messages whose bytes are read with one statement; one may have 25 MB.
_AT_ONCE = 10


def raw_message(session: Session, message_id: int) -> bytes | None:
    """The message as it came; None where its bytes are kept no longer."""
    query = select(InboundSource.packed).where(InboundSource.message_id == message_id)
    packed = session.scalar(query)
    return zlib.decompress(packed) if packed is not None else None


def messages_without_raw(session: Session) -> list[int]:
    """The messages that were not emptied and whose bytes are gone all the same."""
    kept = select(InboundSource.message_id).where(InboundSource.message_id == InboundMessage.id)
    query = select(InboundMessage.id).where(InboundMessage.emptied_at.is_(None), ~kept.exists())
    return list(session.scalars(query.order_by(InboundMessage.id)))


def wrong_raw(session: Session) -> Iterator[tuple[int, str]]:
    """Message and fault of each whose bytes have not the hash that is sealed; reads them all.

    Of a message larger than we keep nothing can be said.
    """
    query = (
        select(InboundMessage.id, InboundMessage.sha256, InboundSource.packed)
        .join(InboundSource, InboundSource.message_id == InboundMessage.id)
        .order_by(InboundMessage.id)
        .limit(_AT_ONCE)
    )
    after = 0
    while rows := session.execute(query.where(InboundMessage.id > after)).all():
        for row in rows:
            try:
                raw = zlib.decompress(row.packed)
            except zlib.error:
                yield row.id, "the stored message cannot be read"
                continue
            if len(raw) < MOST_BYTES and hashlib.sha256(raw).hexdigest() != row.sha256:
                yield row.id, "the stored message has other bytes"
        after = rows[-1].id
