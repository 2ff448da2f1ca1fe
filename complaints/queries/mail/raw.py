"""The raw bytes of a message that came in."""

import zlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import InboundSource


def raw_message(session: Session, message_id: int) -> bytes | None:
    """The message as it came; None where its bytes are kept no longer."""
    query = select(InboundSource.packed).where(InboundSource.message_id == message_id)
    packed = session.scalar(query)
    return zlib.decompress(packed) if packed is not None else None
