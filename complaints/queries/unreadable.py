"""Values that a database without strict types took although their columns cannot hold them.

SQLite stores any text where an instant or JSON belongs. Whoever writes such a value past the
programme must not keep the histories from being verified without being named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, DateTime, String, Table, cast, func, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, Date, LargeBinary, TypeEngine

from complaints.db import Base

_READ_AS_TEXT = (String, DateTime, Date, JSON)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record, by its key, with the columns whose values cannot be read."""

    table: str
    record: str
    fields: Sequence[str]


def find_unreadable(session: Session) -> list[Unreadable]:
    """Every such record of every table, in order; none where the database minds its types."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    there = set(inspect(session.connection()).get_table_names())
    tables = [each for each in Base.metadata.sorted_tables if each.name in there]
    return [found for table in tables for found in _of_table(session, table)]


def _of_table(session: Session, table: Table) -> Iterator[Unreadable]:
    keys = list(table.primary_key.columns)
    checked = [each for each in table.columns if isinstance(_plain(each), _READ_AS_TEXT)]
    raw: list[Any] = []
    for column in checked:
        # The bytes as they are stored: text that is no text cannot be read otherwise.
        raw.append(func.typeof(column).label(f"kind of {column.name}"))
        raw.append(cast(column, LargeBinary).label(f"bytes of {column.name}"))
    for row in session.execute(select(*keys, *raw)).mappings():
        fields = [
            each.name
            for each in checked
            if not _fits(session, each, row[f"kind of {each.name}"], row[f"bytes of {each.name}"])
        ]
        if fields:
            yield Unreadable(table.name, " ".join(str(row[each.name]) for each in keys), fields)


def _fits(session: Session, column: Column[Any], kind: str, value: bytes | None) -> bool:
    if value is None or kind == "null":
        return True
    if kind != "text":
        return False
    dialect = session.get_bind().dialect
    process = column.type.dialect_impl(dialect).result_processor(dialect, None)
    try:
        text = value.decode()
        if process is not None:
            process(text)
    except (ValueError, TypeError):
        return False
    return True


def _plain(column: Column[Any]) -> TypeEngine[Any]:
    """The type beneath one of our own."""
    return getattr(column.type, "impl_instance", column.type)
