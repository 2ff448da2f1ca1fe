"""Whether the history of every contact is whole, and ends where the contact says."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.history import DayHead, unknown_key
from complaints.domain.other_contacts.acts import contact_hash
from complaints.models import OtherContact, OtherContactEntry
from complaints.signing import history_keys


def check_contacts(
    session: Session, sealed: Mapping[int, DayHead] | None = None
) -> tuple[int, list[tuple[int, int, str]]]:
    """How many entries were checked, and what is bad: contact, entry, what is wrong.

    `sealed` is where the file of daily seals says that each history stood.
    """
    keys, checked, bad = history_keys(), 0, []
    ends: dict[int, tuple[int, str]] = {}
    left = dict(sealed or {})
    for contact_id, entries in groupby(_entries(session), key=lambda each: each.contact_id):
        seq, digest = 0, ""
        for entry in entries:
            checked += 1
            why = _wrong_with(entry, seq, digest, keys)
            if why:
                bad.append((contact_id, entry.seq, why))
            seq, digest = entry.seq, entry.hash
            head = left.get(contact_id)
            if head and (seq, digest[: len(head.hash)]) == (head.seq, head.hash):
                del left[contact_id]
        ends[contact_id] = (seq, digest)
    columns = (OtherContact.id, OtherContact.history_seq, OtherContact.history_hash)
    known = {
        row.id: (row.history_seq, row.history_hash) for row in session.execute(select(*columns))
    }
    bad += [
        (each, end[0], "end is missing")
        for each, end in known.items()
        if ends.get(each, (0, "")) != end
    ]
    bad += [
        (each, ends[each][0], "the contact is gone") for each in sorted(ends.keys() - known.keys())
    ]
    bad += [
        (each, head.seq, f"it is not the history sealed on {head.day} with {head.seq} entries")
        for each, head in sorted(left.items())
    ]
    return checked, bad


def _wrong_with(
    entry: OtherContactEntry, seq: int, digest: str, keys: Mapping[str, bytes]
) -> str | None:
    if entry.seq != seq + 1 or entry.prev_hash != digest:
        return "an entry before it is missing"
    key = keys.get(entry.key_id)
    if key is None:
        return unknown_key(entry.key_id)
    right = contact_hash(
        key,
        entry.prev_hash,
        contact_id=entry.contact_id,
        seq=entry.seq,
        what=entry.what,
        at=entry.at,
        by_id=entry.by_id,
        by_name=entry.by_name,
        detail=entry.detail,
    )
    return None if entry.hash == right else "it was changed"


def _entries(session: Session) -> Iterator[OtherContactEntry]:
    query = select(OtherContactEntry).order_by(OtherContactEntry.contact_id, OtherContactEntry.seq)
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        yield entry
        session.expunge(entry)
