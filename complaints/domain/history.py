"""The tamper-evident history: each line is signed together with the line before it.

Lines are entries (what was done) and seals (what the records said when that was stored). Both are
signed with a key that does not lie in the database. Entries of the old kind, from before there was
a key, are hashed only.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zlib import crc32

#: What the first entry of every complaint hangs on.
GENESIS = "0" * 64
#: Hexadecimal digits of the signature of one record; marks of its columns follow.
_MAC = 32


@dataclass(frozen=True, slots=True)
class HistoryHead:
    """Where a complaint's history ends: what the next line hangs on; a new one begins at 0."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class DayHead:
    """Where a complaint's history stood when a day was sealed; `hash` is the beginning of it."""

    day: str
    seq: int
    hash: str


def chain_hash(
    previous: str,
    *,
    complaint_id: int,
    seq: int,
    what: str,
    at: datetime,
    by_id: int | None,
    detail: Mapping[str, object],
) -> str:
    """The hash of an entry of the old kind: SHA-256 over canonical JSON, as 64 hex digits."""
    entry = json.dumps(
        [previous, complaint_id, seq, what, at.astimezone(UTC).isoformat(), by_id, detail],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(entry.encode()).hexdigest()


def entry_hash(
    key: bytes,
    previous: str,
    *,
    complaint_id: int,
    seq: int,
    what: str,
    at: datetime,
    recorded_at: datetime | None,
    by_id: int | None,
    by_name: str,
    detail: Mapping[str, object],
) -> str:
    """The signature of an entry and of the line before it, as 64 hex digits."""
    line = ["entry", previous, complaint_id, seq, what, at, recorded_at, by_id, by_name, detail]
    return _sign(key, line)


def seal_hash(
    key: bytes, previous: str, complaint_id: int, seq: int, content: Mapping[str, Any]
) -> str:
    """The signature of a seal, and of the line before it unless it stands by itself ("")."""
    return _sign(key, ["seal", previous, complaint_id, seq, content])


def day_hash(key: bytes, previous: str, line: Mapping[str, Any]) -> str:
    """The signature of a day's seal and of the one before it in the file."""
    return _sign(key, ["day", previous, line])


def record_mark(key: bytes, table: str, columns: tuple[str, ...], row: Mapping[str, Any]) -> str:
    """What a seal says of one record: a signature of its columns, then two digits for each.

    What is empty counts as not there, so that a column added later changes nothing. The digits
    prove nothing; they only tell which column it was that changed.
    """
    filled = {name: value for name in columns if (value := row[name])}
    digits = "".join(_digits(filled.get(name)) for name in columns)
    return record_mac(key, table, filled) + digits


def record_mac(key: bytes, table: str, filled: Mapping[str, Any]) -> str:
    """The signature of what is filled in of a record, the first part of its mark."""
    return _sign(key, [table, filled])[:_MAC]


def is_record(
    key: bytes, table: str, columns: tuple[str, ...], row: Mapping[str, Any], mark: str
) -> bool:
    """Whether a record is the one that was marked so."""
    filled = {name: value for name in columns if (value := row[name])}
    return hmac.compare_digest(record_mac(key, table, filled), mark[:_MAC])


def changed_columns(columns: tuple[str, ...], row: Mapping[str, Any], mark: str) -> list[str]:
    """Which columns a record that is not what was marked differs in, as far as can be told."""
    digits = mark[_MAC:]
    if len(digits) != 2 * len(columns):
        return []
    return [
        name
        for number, name in enumerate(columns)
        if digits[2 * number : 2 * number + 2] != _digits(row[name] or None)
    ]


def _digits(value: object) -> str:
    return "00" if value is None else f"{crc32(_ENCODE(value).encode()) & 255:02x}"


def _sign(key: bytes, value: object) -> str:
    return hmac.digest(key, _ENCODE(value).encode("utf-8", "surrogatepass"), "sha256").hex()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODE = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
).encode
