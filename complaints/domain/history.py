"""The tamper-evident history: each line is signed together with the line before it.

Lines are entries (what was done) and seals (what the records said when that was stored). Both are
signed with a key that does not lie in the database. Entries of the old kind, from before there was
a key, are hashed only.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from json import JSONEncoder
from json.encoder import encode_basestring
from types import NoneType
from typing import Any
from zlib import crc32

#: What the first entry of every complaint hangs on.
GENESIS = "0" * 64
#: Bytes that SHA-256 takes at a time.
_BLOCK = 64
#: Hexadecimal digits of the signature of one record; marks of its columns follow.
_MAC = 32
_HEX = tuple(f"{byte:02x}" for byte in range(256))


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
    when = at.astimezone(UTC).isoformat()
    entry = canonical([previous, complaint_id, seq, what, when, by_id, detail])
    return hashlib.sha256(entry.encode()).hexdigest()


def entry_hash(
    key: bytes,
    previous: str,
    *,
    complaint_id: int,
    seq: int,
    what: str,
    at: datetime | str,
    recorded_at: datetime | str | None,
    by_id: int | None,
    by_name: str,
    detail: Mapping[str, object],
) -> str:
    """The signature of an entry and of the line before it, as 64 hex digits.

    Instants may be told in ISO 8601, UTC, whole seconds, as they are signed.
    """
    line = ("entry", previous, complaint_id, seq, what, at, recorded_at, by_id, by_name, detail)
    return _signature(key, f"[{','.join([_TEXT_OF[type(each)](each) for each in line])}]")


def seal_hash(
    key: bytes, previous: str, complaint_id: int, seq: int, content: Mapping[str, Any]
) -> str:
    """The signature of a seal, and of the line before it unless it stands by itself ("")."""
    return sign(key, ["seal", previous, complaint_id, seq, content])


def day_hash(key: bytes, previous: str, line: Mapping[str, Any]) -> str:
    """The signature of a day's seal and of the one before it in the file."""
    return sign(key, ["day", previous, line])


def record_mark(key: bytes, table: str, columns: Mapping[str, str], values: Iterable[Any]) -> str:
    """What a seal says of one record: a signature of its columns, then two digits for each.

    `columns` says under which name each is signed, which may be one that it had earlier; `values`
    are in their order, instants as they are or in ISO 8601. What is empty counts as not there, so
    that a column added later changes nothing. The digits prove nothing; they only tell which column
    it was that changed.
    """
    texts = _texts(values)
    told = zip(columns.values(), texts, strict=True)
    filled = [f'"{signed}":{text}' for signed, text in told if text is not None]
    return _mac(key, table, filled) + "".join(map(_digits, texts))


def signed_names(columns: Mapping[str, str]) -> tuple[str, ...]:
    """What stands before each value in the text that is signed; the same for every row."""
    return tuple(f'"{signed}":' for signed in columns.values())


def record_mac(key: bytes, table: str, names: tuple[str, ...], values: Iterable[Any]) -> str:
    """The signature of what is filled in of a record, the first part of its mark.

    `names` are the `signed_names` of its columns.
    """
    # More values may follow, of columns that are not signed.
    filled = [
        name + _TEXT_OF[type(value)](value)
        for name, value in zip(names, values, strict=False)
        if value
    ]
    return _mac(key, table, filled)


def mac_in(mark: str) -> str:
    """The signature in the mark of a record."""
    return mark[:_MAC]


def changed_columns(columns: Mapping[str, str], values: Iterable[Any], mark: str) -> list[str]:
    """Which columns a record that is not what was marked differs in, as far as can be told."""
    digits = mark[_MAC:]
    if len(digits) != 2 * len(columns):
        return []
    return [
        name
        for number, (name, text) in enumerate(zip(columns, _texts(values), strict=False))
        if digits[2 * number : 2 * number + 2] != _digits(text)
    ]


def _texts(values: Iterable[Any]) -> list[str | None]:
    """Each value in canonical JSON, None where it is empty."""
    return [_TEXT_OF[type(value)](value) if value else None for value in values]


def _mac(key: bytes, table: str, filled: Sequence[str]) -> str:
    """The signature of `[table, {column: value, …}]`, each filled column with its value as text."""
    return _signature(key, f'["{table}",{{{",".join(filled)}}}]')[:_MAC]


def _digits(text: str | None) -> str:
    return "00" if text is None else _HEX[crc32(text.encode()) & 255]


def unknown_key(key_id: str) -> str:
    """What is wrong with a line whose key this installation does not have."""
    return f"it is signed with a key that is not set here ({key_id})"


def sign(key: bytes, value: object) -> str:
    """The HMAC-SHA-256 of a value in canonical JSON, as 64 hex digits."""
    return _signature(key, canonical(value))


def chained(
    key: bytes,
    mark: str,
    previous: str,
    *,
    owner_id: int,
    seq: int,
    what: str,
    at: datetime,
    by_id: int | None,
    by_name: str,
    detail: Mapping[str, object],
) -> str:
    """The signature of an entry and of the entry before it, in a history beside the complaints'.

    `mark` says whose: no entry of one kind of history passes for one of another.
    """
    when = at.astimezone(UTC).isoformat()
    return sign(key, [mark, previous, owner_id, seq, what, when, by_id, by_name, detail])


def _signature(key: bytes, text: str) -> str:
    """The HMAC-SHA-256 of a text, by RFC 2104; `hmac` takes half as long again for each."""
    begun, ending = _begun(key)
    inner = begun.copy()
    inner.update(text.encode("utf-8", "surrogatepass"))
    outer = ending.copy()
    outer.update(inner.digest())
    signed: str = outer.hexdigest()
    return signed


@lru_cache(maxsize=16)
def _begun(key: bytes) -> tuple[Any, Any]:
    """Both hashes as far as the key alone takes them, which is the same for every line."""
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    return hashlib.sha256(inner), hashlib.sha256(outer)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is not UTC or value.microsecond:
            value = value.astimezone(UTC).replace(microsecond=0)
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


#: Texts as they are, no blanks, keys in order; `_plain` for what JSON does not know.
_ENCODER = JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_plain,
)


def canonical(value: object) -> str:
    """A value as JSON that is the same for the same value, wherever and whenever it is written."""
    return _TEXT_OF[type(value)](value)


class _Texts(dict[type, Callable[[Any], str]]):
    """How a value of each type becomes canonical JSON; what is not listed goes by the encoder."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        return _ENCODER.encode


_TEXT_OF = _Texts(
    {
        str: encode_basestring,
        int: str,
        bool: {True: "true", False: "false"}.__getitem__,
        NoneType: {None: "null"}.__getitem__,
        datetime: lambda value: f'"{_plain(value)}"',
    }
)
