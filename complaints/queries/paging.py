"""Pages that never skip or repeat a row: a place in a list, and its cursor.

A list is sorted by a key and then by id; rows without the key, where there may be any, follow at
the end. Reading backwards gives the page before.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, literal, literal_column, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from complaints.db import UTCDateTime
from complaints.domain.errors import N_, Invalid
from complaints.domain.words.whole_number import whole_number

#: The largest id that a column of ours can hold; PostgreSQL refuses to compare with a larger one.
LARGEST_ID = 2**31 - 1

UNREADABLE = N_("This cursor cannot be read.")


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by `key` (an instant) and then `id`; `name` stands in its cursors."""

    name: str
    id: InstrumentedAttribute[int] | ColumnElement[int]
    key: InstrumentedAttribute[Any] | ColumnElement[Any] | None = None
    is_falling: bool = False
    may_lack_key: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after (or, backwards, before) this key and id."""

    order: str
    is_back: bool
    key: datetime | None
    id: int


@dataclass(frozen=True, slots=True)
class KeysetRange:
    """One stretch of a list that one index can serve: its conditions and its sorting."""

    conditions: Sequence[ColumnElement[bool]]
    sorting: Sequence[ColumnElement[Any]]


def at_most(count: int) -> ColumnElement[int]:
    """A LIMIT written out, not bound: PostgreSQL's plan for any parameters then still knows it."""
    return literal_column(f"{count:d}", Integer)


def read_id_cursor(cursor: str | None) -> int | None:
    """The id in a cursor that is one, None for the first page; Invalid where it is none."""
    if cursor is None:
        return None
    found = whole_number(cursor)
    if found is None:
        raise Invalid(UNREADABLE, field="cursor")
    return found


def due_cursor(due_at: datetime, row_id: int) -> str:
    """The place of a row in a list by due time and id, as text."""
    return f"{int(due_at.timestamp())}-{row_id}"


def behind_due(
    due_at: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[int], cursor: str
) -> ColumnElement[bool]:
    """What comes after the place that `due_cursor` wrote; Invalid for what is none."""
    due, _, last = cursor.rpartition("-")
    found, seconds = whole_number(last), whole_number(due)
    try:
        if found is None or seconds is None or found > LARGEST_ID:
            raise ValueError(cursor)
        here = tuple_(datetime.fromtimestamp(seconds, UTC), found)
    except (ValueError, OverflowError, OSError):
        raise Invalid(UNREADABLE, field="cursor") from None
    return tuple_(due_at, row_id) > here


def behind_newest(row_id: InstrumentedAttribute[int], cursor: str) -> ColumnElement[bool]:
    """What comes after an id in a list of the newest first; Invalid for what is none."""
    found = whole_number(cursor.rpartition("-")[2])
    if found is None or found > LARGEST_ID:
        raise Invalid(UNREADABLE, field="cursor")
    return row_id < found


def read_cursor(cursor: str, order: Order) -> Position:
    """The place in a cursor of this order; Invalid when it is none."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==").decode("ascii")
        name, way, key, row_id = text.split("|")
        moment = datetime.fromtimestamp(int(key), UTC) if key else None
        if way not in ("n", "p") or not 0 <= int(row_id) <= LARGEST_ID:
            raise ValueError(way)
    except (ValueError, OverflowError, OSError, binascii.Error) as error:
        raise Invalid(UNREADABLE, field="cursor") from error
    if name != order.name:
        raise Invalid(N_("This page of the list no longer exists. Start from the first."))
    if moment is None and order.key is not None and not order.may_lack_key:
        raise Invalid(UNREADABLE, field="cursor")
    return Position(name, way == "p", moment, int(row_id))


def write_cursor(place: Position) -> str:
    """A place as text that fits into an address."""
    key = "" if place.key is None else str(int(place.key.timestamp()))
    text = f"{place.order}|{'p' if place.is_back else 'n'}|{key}|{place.id}"
    return base64.urlsafe_b64encode(text.encode("ascii")).decode("ascii").rstrip("=")


def keyset_ranges(order: Order, place: Position | None) -> list[KeysetRange]:
    """The keyset_ranges to read from the place onward, in the order of reading."""
    is_back = place is not None and place.is_back
    found = []
    for lacks_key in _phases(order, place, is_back):
        is_falling = order.is_falling != is_back
        by_id_only = order.key is None or lacks_key
        # The key is named where all lack it too: that order only the list's own index has.
        columns = [order.key, order.id]
        conditions: list[ColumnElement[bool]] = []
        if order.may_lack_key and order.key is not None:
            conditions.append(order.key.is_(None) if lacks_key else order.key.is_not(None))
        if place is not None and lacks_key == (order.may_lack_key and place.key is None):
            conditions.append(_beyond(order, place, is_falling, by_id_only))
        sorting = [
            each.desc() if is_falling else each.asc() for each in columns if each is not None
        ]
        found.append(KeysetRange(conditions, sorting))
    return found


def _phases(order: Order, place: Position | None, is_back: bool) -> tuple[bool, ...]:
    """Whether to read rows with the key, those without it, or one after the other."""
    if not order.may_lack_key:
        return (False,)
    if is_back:
        return (True, False) if place is not None and place.key is None else (False,)
    return (True,) if place is not None and place.key is None else (False, True)


def _beyond(
    order: Order, place: Position, is_falling: bool, by_id_only: bool
) -> ColumnElement[bool]:
    if by_id_only:
        return order.id < place.id if is_falling else order.id > place.id
    here = tuple_(literal(place.key, UTCDateTime), literal(place.id))
    row = tuple_(order.key, order.id)
    return row < here if is_falling else row > here
