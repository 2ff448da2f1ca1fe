"""What the worker asks of files: which still need a preview, and which hashes a row speaks of."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Attachment


def is_preview_waiting(session: Session) -> bool:
    """Whether any picture still has to be looked at."""
    query = select(Attachment.id).where(Attachment.preview == "waiting").limit(1)
    return session.scalar(query) is not None


def take_waiting(session: Session) -> tuple[int, str] | None:
    """The id and hash of the oldest picture that waits, locked; past those that others have."""
    row = session.execute(
        select(Attachment.id, Attachment.sha256)
        .where(Attachment.preview == "waiting")
        .order_by(Attachment.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    return None if row is None else (row.id, row.sha256)


def spoken_of(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of the hashes that some complaint has a file of."""
    if not hashes:
        return set()
    query = select(Attachment.sha256).where(Attachment.sha256.in_(sorted(hashes)))
    return set(session.scalars(query.distinct()))
