"""What the worker asks of files: which still need a preview, and which hashes a row speaks of."""

from collections.abc import Collection

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from complaints.models import Attachment, ContactFile

#: The tables whose rows speak of stored bytes.
_SPEAKING = (Attachment, ContactFile)


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
    """Those of the hashes that some complaint or contact has a file of."""
    if not hashes:
        return set()
    wanted = sorted(hashes)
    arms = (select(each.sha256).where(each.sha256.in_(wanted)) for each in _SPEAKING)
    return set(session.scalars(union(*arms)))


def hashes_after(after: str | None = None, limit: int | None = None) -> CompoundSelect[str]:
    """The hashes that rows speak of, each once, in their order, behind `after`."""
    arms = (select(each.sha256) for each in _SPEAKING)
    if after is not None:
        arms = (select(each.sha256).where(each.sha256 > after) for each in _SPEAKING)
    if limit is not None:
        # Either may fill the page alone, each from its own index.
        arms = (
            select(arm.distinct().order_by("sha256").limit(limit).subquery().c.sha256)
            for arm in arms
        )
    query = union(*arms).order_by("sha256")
    return query if limit is None else query.limit(limit)
