"""Stored rows as they were signed: what a seal covers first, and instants as texts."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from complaints.db import Base, UTCDateTime, iso_text
from complaints.rows import table_of
from complaints.sealing import sealed_columns


def read_signed(
    session: Session, mapped: type[Base], column: str, low: int, high: int, then: str = "id"
) -> Sequence[Row[Any]]:
    """The rows of a table whose `column` lies between, by that column and `then`.

    The columns that a seal covers stand first, in its order. Instants are in ISO 8601, UTC, whole
    seconds: ``2026-11-19T02:15:00+00:00``; most are only signed, and need not be read and written.
    """
    query = _between(mapped, column, then)
    return session.connection().execute(query, {"low": low, "high": high}).all()


@cache
def _between(mapped: type[Base], column: str, then: str) -> Select[Any]:
    table = table_of(mapped)
    names = dict.fromkeys([*sealed_columns(mapped), *table.columns.keys()])
    columns = [
        iso_text(table.c[each]).label(each)
        if isinstance(table.c[each].type, UTCDateTime)
        else table.c[each]
        for each in names
    ]
    query = select(*columns).where(table.c[column].between(bindparam("low"), bindparam("high")))
    return query.order_by(table.c[column], table.c[then])
