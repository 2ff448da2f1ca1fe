"""One complaint's chain of entries and seals, walked from its first line to its last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row

from complaints.domain.history import GENESIS, chain_hash, entry_hash, seal_hash, unknown_key

#: A row as `signed_rows.py` reads it, its columns by name; instants are texts in ISO 8601, UTC.
Columns = Row[Any]


def in_utc(at: str) -> str:
    """An instant in ISO 8601 as a fault says it: ``2026-11-19 02:15 UTC``."""
    return f"{at[:16].replace('T', ' ')} UTC"


class Fault(NamedTuple):
    """Something that does not fit: in which table, which row, what of it, and which columns."""

    table: str
    row: str
    what: str
    columns: tuple[str, ...] = ()


#: The key that a record was signed with, and what the seal says of it; there are a hundred for a
#: complaint.
Mark = tuple[bytes, str]


@dataclass(slots=True)
class Chain:
    """What walking a chain has found so far.

    `marks` are the latest of every record: table → key of the record → mark; rows without a key
    have all of theirs in `nameless`. `hashes` are where the history stood after each line, as
    ``(seq, hash)``.
    """

    keys: Mapping[str, bytes]
    #: Entries up to this id may be of the old kind.
    old_until: int
    seq: int = 0
    end: str = GENESIS
    old: int = 0
    is_signed: bool = False
    faults: list[Fault] = field(default_factory=list)
    marks: dict[str, dict[str, Mark]] = field(default_factory=dict)
    nameless: dict[str, list[Mark]] = field(default_factory=dict)
    hashes: set[tuple[int, str]] = field(default_factory=set)

    def walk(self, entries: Sequence[Columns], seals: Sequence[Columns]) -> None:
        """Take every line in its order; seals stand behind the entry they name."""
        behind: dict[int, list[Columns]] = {}
        for seal in seals:
            behind.setdefault(seal.seq if seal.prev_hash else 0, []).append(seal)
        for entry in entries:
            self._take_entry(entry)
            for seal in behind.pop(entry.seq, ()):
                self._take_linked(seal)
        for alone in behind.pop(0, ()):
            self._take_seal(alone)
        if behind:
            most = max(behind)
            what = f"the history ends at entry {self.seq}; there were {most}"
            self.faults.append(Fault("history", str(most), what))

    def knows(self, table: str) -> bool:
        """Whether any seal speaks of a row of this table."""
        return table in self.marks or table in self.nameless

    def short_hashes(self, length: int) -> set[tuple[int, str]]:
        """Where the history stood after each line, with only the beginning of each hash."""
        return {(seq, digest[:length]) for seq, digest in self.hashes}

    def _take_entry(self, entry: Columns) -> None:
        why = self._wrong_with(entry)
        if why:
            self.faults.append(Fault("history", str(entry.seq), why))
        self.seq, self.end = entry.seq, entry.hash
        self.hashes.add((self.seq, self.end))

    def _wrong_with(self, entry: Columns) -> str | None:
        if entry.seq != self.seq + 1:
            return "an entry before it is missing"
        if entry.prev_hash != self.end:
            return "it does not follow the line before it"
        if entry.key_id is None:
            return self._wrong_with_old(entry)
        self.is_signed = True
        key = self.keys.get(entry.key_id)
        if key is None:
            return unknown_key(entry.key_id)
        expected = entry_hash(
            key,
            entry.prev_hash,
            complaint_id=entry.complaint_id,
            seq=entry.seq,
            what=entry.what,
            at=entry.at,
            recorded_at=entry.recorded_at,
            by_id=entry.by_id,
            by_name=entry.by_name,
            detail=entry.detail,
        )
        return None if expected == entry.hash else "it was changed"

    def _wrong_with_old(self, entry: Columns) -> str | None:
        if self.is_signed or entry.id > self.old_until:
            return "it is not signed"
        self.old += 1
        expected = chain_hash(
            entry.prev_hash,
            complaint_id=entry.complaint_id,
            seq=entry.seq,
            what=entry.what,
            at=datetime.fromisoformat(entry.at),
            by_id=entry.by_id,
            detail=entry.detail,
        )
        said, kept = entry.detail.get("recorded_at"), entry.recorded_at
        recorded_at = datetime.fromisoformat(said).replace(microsecond=0) if said else None
        is_whole = expected == entry.hash and recorded_at == (kept and datetime.fromisoformat(kept))
        return None if is_whole else "it was changed"

    def _take_linked(self, seal: Columns) -> None:
        if seal.prev_hash != self.end:
            what = "it does not follow the line before it"
            self.faults.append(Fault("history_seals", str(seal.id), what))
        self.is_signed = True
        self._take_seal(seal)
        self.end = seal.hash
        self.hashes.add((self.seq, self.end))

    def _take_seal(self, seal: Columns) -> None:
        why = wrong_with_seal(self.keys, seal)
        if why:
            self.faults.append(Fault("history_seals", str(seal.id), why))
            return
        key = self.keys[seal.key_id]
        for table, marks in seal.content.items():
            known = self.marks.setdefault(table, {})
            for row, mark in marks.items():
                if row:
                    known[row] = (key, mark)
                else:
                    self.nameless.setdefault(table, []).extend((key, each) for each in mark)


def wrong_with_seal(keys: Mapping[str, bytes], seal: Columns) -> str | None:
    """What is wrong with a seal by itself, None when it is as it was written."""
    key = keys.get(seal.key_id)
    if key is None:
        return unknown_key(seal.key_id)
    content = seal.content
    expected = seal_hash(key, seal.prev_hash, seal.complaint_id, seal.seq, content)
    return None if expected == seal.hash else "it was changed"
