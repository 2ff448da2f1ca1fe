"""The append-only history: every entry of every complaint is made and stored here.

All call `append`, which chains and signs, and store what it returns with `store_history`; what has
to happen with every new entry belongs here. What the records say is sealed behind the entries as
the transaction ends (`sealing.py`). What else has a history goes on with `append_to_own_chain`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.domain.history import HistoryHead, chained, entry_hash
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Actor
from complaints.models import (
    Complaint,
    CorrectiveAction,
    CorrectiveActionEntry,
    HistoryEntry,
    ManagementReview,
    ManagementReviewEntry,
    OtherContact,
    OtherContactEntry,
    PublicPost,
    PublicPostEntry,
)
from complaints.outbox.webhooks.events import note_for_webhooks
from complaints.rows import Row, Rows, Written, insert_together, note_written
from complaints.sealing import open_seals, seal_written
from complaints.signing import history_key

__all__ = [
    "append",
    "append_to_own_chain",
    "head_columns",
    "history_rows",
    "note_for_webhooks",
    "note_heads",
    "open_seals",
    "seal_written",
    "store_history",
]


def append(
    head: HistoryHead,
    complaint_id: int,
    what: Action,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any],
) -> tuple[Row, HistoryHead]:
    """Make the entry that follows in a complaint's chain; returns its row and the new end.

    Nothing is stored yet: the row goes to `store_history`, and the caller, who holds the lock of
    the complaint, keeps the new end on it (`head_columns`). What is empty in `detail` is left out.
    """
    seq = head.seq + 1
    at = at.replace(microsecond=0)
    # Nought and no say something; an empty text or list does not.
    kept = {key: value for key, value in detail.items() if value or isinstance(value, int)}
    said = kept.get("recorded_at")
    recorded_at = datetime.fromisoformat(str(said)) if said else None
    key = history_key()
    digest = entry_hash(
        key.key,
        head.hash,
        complaint_id=complaint_id,
        seq=seq,
        what=what.value,
        at=at,
        recorded_at=recorded_at,
        by_id=by.id,
        by_name=by.name,
        detail=kept,
    )
    row = {
        "complaint_id": complaint_id,
        "seq": seq,
        "what": what.value,
        "at": at,
        "by_id": by.id,
        "by_name": by.name,
        "detail": kept,
        "prev_hash": head.hash,
        "hash": digest,
        "key_id": key.id,
        "recorded_at": recorded_at,
    }
    return row, HistoryHead(seq, digest)


def store_history(session: Session, entries: Sequence[Row]) -> None:
    """Insert entries that `append` made, of one complaint or of many, with one statement."""
    insert_together(session, history_rows(entries))
    note_for_webhooks(session, entries)


def history_rows(entries: Sequence[Row]) -> Rows:
    """The same entries for a caller who inserts them together with the complaint itself.

    Whoever does has them told to webhooks as well, unless they happened elsewhere and long ago.
    """
    return Rows(HistoryEntry, entries)


def note_heads(session: Session, heads: Mapping[int, HistoryHead]) -> None:
    """Note where the histories of locked complaints end, so that the seal need not read it."""
    note_written(session, Written(Complaint, heads=heads))


def head_columns(head: HistoryHead) -> dict[str, Any]:
    """What a complaint's row keeps of the end of its history."""
    return {"history_seq": head.seq, "history_hash": head.hash}


def append_to_own_chain(
    session: Session,
    owner: OtherContact | PublicPost | CorrectiveAction | ManagementReview,
    entries: type[OtherContactEntry]
    | type[PublicPostEntry]
    | type[CorrectiveActionEntry]
    | type[ManagementReviewEntry],
    mark: str,
    what: str,
    detail: Mapping[str, Any] | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Store the entry that follows in the chain of a contact, a public post, an action or a review.

    The caller holds the owner. What is empty in `detail` is left out.
    """
    session.flush()
    key, seq = history_key(), owner.history_seq + 1
    entry: dict[str, Any] = {
        "seq": seq,
        "what": what,
        "at": at.replace(microsecond=0),
        "by_id": by.id,
        "by_name": by.name,
        "detail": {name: value for name, value in (detail or {}).items() if value},
    }
    digest = chained(key.key, mark, owner.history_hash, owner_id=owner.id, **entry)
    of = {entries.OWNER: owner.id}
    row = entries(**of, **entry, prev_hash=owner.history_hash, hash=digest, key_id=key.id)
    session.add(row)
    if isinstance(owner, OtherContact):
        note_for_webhooks(session, [{**of, **entry, "hash": digest}])
    owner.history_seq, owner.history_hash = seq, digest
    session.flush()
