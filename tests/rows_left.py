"""The rows that an act left in a database, and how they are put into another copy of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from psycopg import sql
from sqlalchemy import Table, inspect, select
from sqlalchemy.orm import Session

from complaints.db import Base

#: Table → key of a row → the row, in the form in which its database takes it back.
Rows = Mapping[str, Mapping[Any, Any]]
#: A statement of SQLite with the rows it is for; PostgreSQL is told everything in one text.
Statement = tuple[str, Sequence[Any]]

#: Among the tables of PostgreSQL: sequence → the last number it gave.
NUMBERS = "the numbers given"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the rows of one table."""

    table: str
    gone: Sequence[Any]
    changed: Mapping[Any, Any]
    added: Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class RowsLeft:
    """What an act left, as the statements that write it into another database."""

    statements: Sequence[Statement]
    #: Tables in which a row that had been there before is another one now.
    altered: frozenset[str]

    def put_back(self, session: Session) -> None:
        """Write the rows past the session and commit; its objects then say what is stored."""
        cursor = session.connection().connection.cursor()
        for statement, rows in self.statements:
            if rows:
                cursor.executemany(statement, rows)
            else:
                cursor.execute(statement)
        cursor.close()
        self._refresh(session)
        session.commit()

    def _refresh(self, session: Session) -> None:
        held: dict[type[Base], list[Any]] = defaultdict(list)
        for each in session.identity_map.values():
            if each.__tablename__ in self.altered:
                held[type(each)].extend(inspect(each).identity)
        for mapped, keys in held.items():
            (key,) = inspect(mapped).primary_key
            query = select(mapped).where(key.in_(keys))
            session.scalars(query.execution_options(populate_existing=True)).all()


def read_rows(session: Session) -> Rows:
    """All rows there are; ends the transaction."""
    cursor = session.connection().connection.cursor()
    rows = _read_sqlite(cursor) if _is_sqlite(session) else _read_postgresql(cursor)
    cursor.close()
    session.commit()
    return rows


def rows_left(session: Session, before: Rows) -> RowsLeft:
    """What the database holds now and did not hold before."""
    after = read_rows(session)
    changes = [_change(name, before.get(name, {}), rows) for name, rows in after.items()]
    changes = [each for each in changes if each.gone or each.changed or each.added]
    if _is_sqlite(session):
        statements = [each for change in changes for each in _for_sqlite(change)]
    else:
        statements = [(_for_postgresql(changes), ())]
    altered = frozenset(each.table for each in changes if each.gone or each.changed)
    return RowsLeft(statements, altered)


@cache
def _tables() -> Mapping[str, Table]:
    return {each.name: each for each in Base.metadata.sorted_tables}


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _change(name: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Change:
    return Change(
        name,
        [key for key in before if key not in after],
        {key: row for key, row in after.items() if key in before and before[key] != row},
        {key: row for key, row in after.items() if key not in before},
    )


def _key_of(table: Table) -> str:
    """What tells a row of a table from the others; several columns as one text."""
    names = [each.name for each in table.primary_key]
    return names[0] if len(names) == 1 else "(" + " || '/' || ".join(names) + ")"


def _read_sqlite(cursor: Any) -> Rows:
    rows = {}
    for name, table in _tables().items():
        names = ", ".join(table.columns.keys())
        cursor.execute(f"SELECT {_key_of(table)}, {names} FROM {name}")
        rows[name] = {row[0]: row[1:] for row in cursor.fetchall()}
    return rows


def _for_sqlite(change: Change) -> Iterator[Statement]:
    table = _tables()[change.table]
    key, names = _key_of(table), table.columns.keys()
    # Rows name each other in circles; that all of them are there in the end is known.
    yield "PRAGMA defer_foreign_keys = ON", ()
    if change.gone:
        yield f"DELETE FROM {table} WHERE {key} = ?", [(each,) for each in change.gone]
    if change.changed:
        setting = ", ".join(f"{name} = ?" for name in names)
        rows = [(*row, each) for each, row in change.changed.items()]
        yield f"UPDATE {table} SET {setting} WHERE {key} = ?", rows
    if change.added:
        places = ", ".join("?" * len(names))
        rows = list(change.added.values())
        yield f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows


def _read_postgresql(cursor: Any) -> Rows:
    queries = [
        f"SELECT '{name}', {_key_of(table)}::text, row_to_json({name})::text FROM {name}"
        for name, table in _tables().items()
    ]
    queries.append(f"SELECT '{NUMBERS}', sequencename, last_value::text FROM pg_sequences")
    rows: dict[str, dict[str, str]] = {name: {} for name in (*_tables(), NUMBERS)}
    for name, key, row in cursor.execute(" UNION ALL ".join(queries)).fetchall():
        rows[name][key] = row
    return rows


def _for_postgresql(changes: Sequence[Change]) -> str:
    said = ["SET LOCAL session_replication_role = replica"]
    for change in changes:
        if change.table == NUMBERS:
            numbers = (change.changed | change.added).items()
            said += [f"SELECT setval('{name}', {number})" for name, number in numbers]
            continue
        table = _tables()[change.table]
        key, names = _key_of(table), ", ".join(table.columns.keys())
        if out := [*change.gone, *change.changed]:
            keys = ", ".join(_literal(each) for each in out)
            said.append(f"DELETE FROM {table} WHERE {key} IN ({keys})")
        if put := [*change.changed.values(), *change.added.values()]:
            told = _literal("[" + ", ".join(put) + "]")
            rows = f"json_populate_recordset(NULL::{table}, {told})"
            said.append(f"INSERT INTO {table} ({names}) SELECT {names} FROM {rows}")
    return "; ".join(said)


def _literal(text: str) -> str:
    return sql.Literal(text).as_string()
