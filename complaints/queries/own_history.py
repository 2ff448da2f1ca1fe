"""Whether the histories beside the complaints' are whole, and end where their owners say."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.history import DayHead, chained, unknown_key
from complaints.models import (
    CorrectiveAction,
    CorrectiveActionEntry,
    ManagementReview,
    ManagementReviewEntry,
    OtherContact,
    OtherContactEntry,
    PublicPost,
    PublicPostEntry,
)
from complaints.signing import history_keys

Owners = type[OtherContact] | type[PublicPost] | type[CorrectiveAction] | type[ManagementReview]
Entries = (
    type[OtherContactEntry]
    | type[PublicPostEntry]
    | type[CorrectiveActionEntry]
    | type[ManagementReviewEntry]
)


def check_histories(
    session: Session,
    owners: Owners,
    entries: Entries,
    mark: str,
    sealed: Mapping[int, DayHead] | None = None,
) -> tuple[int, list[tuple[int, int, str]]]:
    """How many entries were checked, and what is bad: owner, entry, what is wrong.

    `sealed` is where the file of daily seals says that each history stood.
    """
    keys, checked, bad = history_keys(), 0, []
    ends: dict[int, tuple[int, str]] = {}
    left = dict(sealed or {})
    read = _entries(session, entries)
    for owner_id, of_one in groupby(read, key=lambda each: getattr(each, entries.OWNER)):
        seq, digest = 0, ""
        for entry in of_one:
            checked += 1
            why = _wrong_with(entry, owner_id, seq, digest, mark, keys)
            if why:
                bad.append((owner_id, entry.seq, why))
            seq, digest = entry.seq, entry.hash
            head = left.get(owner_id)
            if head and (seq, digest[: len(head.hash)]) == (head.seq, head.hash):
                del left[owner_id]
        ends[owner_id] = (seq, digest)
    columns = (owners.id, owners.history_seq, owners.history_hash)
    known = {
        row.id: (row.history_seq, row.history_hash) for row in session.execute(select(*columns))
    }
    bad += [
        (each, end[0], "end is missing")
        for each, end in known.items()
        if ends.get(each, (0, "")) != end
    ]
    bad += [
        (each, ends[each][0], f"the {mark.replace('_', ' ')} is gone")
        for each in sorted(ends.keys() - known.keys())
    ]
    bad += [
        (each, head.seq, f"it is not the history sealed on {head.day} with {head.seq} entries")
        for each, head in sorted(left.items())
    ]
    return checked, bad


def _wrong_with(
    entry: Any, owner_id: int, seq: int, digest: str, mark: str, keys: Mapping[str, bytes]
) -> str | None:
    if entry.seq != seq + 1 or entry.prev_hash != digest:
        return "an entry before it is missing"
    key = keys.get(entry.key_id)
    if key is None:
        return unknown_key(entry.key_id)
    right = chained(
        key,
        mark,
        entry.prev_hash,
        owner_id=owner_id,
        seq=entry.seq,
        what=entry.what,
        at=entry.at,
        by_id=entry.by_id,
        by_name=entry.by_name,
        detail=entry.detail,
    )
    return None if entry.hash == right else "it was changed"


def _entries(session: Session, entries: Entries) -> Iterator[Any]:
    query = select(entries).order_by(getattr(entries, entries.OWNER), entries.seq)
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        yield entry
        session.expunge(entry)
