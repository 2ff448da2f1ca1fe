"""A database of PostgreSQL brought back to what its template holds, after a test has used it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

#: With more rows than this, copying the template anew takes less time.
FEW = 1500
#: Rows that are gone leave their room behind until somebody cleans up, which nobody does here.
TIMES = 50

#: What a change of the schema, of a setting or of the planner's knowledge is seen by: rows that
#: are ours, and a transaction that no row of theirs is newer than.
CATALOGUES = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_constraint": "oid",
    "pg_trigger": "oid",
    "pg_proc": "oid",
    "pg_statistic": "starelid",
    "pg_db_role_setting": "setdatabase",
}
FIRST_OF_OURS = 16384

#: Table → how many rows it has, and the newest transaction that wrote one of them.
State = Mapping[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a template holds, as the statements that put it back."""

    #: Table → what empties it and fills it again.
    tables: Mapping[str, str]
    numbers: str
    is_small: bool

    @classmethod
    def read(cls, url: str) -> Contents:
        """Read them from a copy that nobody has used."""
        with _connect(url) as connection:
            tables = {name: _fill(connection, name) for name in _tables(connection)}
            state = _state(connection, tables)
            rows = sum(state[name][0] for name in tables)
            return cls(tables, _set_numbers(connection), rows <= FEW)


class Used:
    """One database, and a connection of its own that puts it in order between two tests."""

    def __init__(self, url: str, contents: Contents) -> None:
        self.contents = contents
        self.connection = _connect(url)
        self.times = 0
        self.as_new = self._read()

    def bring_back(self, known: Collection[int]) -> bool:
        """Put back what the template holds; False when it has to be copied anew.

        Whoever is still connected, apart from the `known` processes of the server, is cut off.
        """
        self.times += 1
        try:
            return self.times < TIMES and self._bring_back(known)
        except psycopg.Error:
            # A table may be gone, a connection cut off.
            return False

    def _bring_back(self, known: Collection[int]) -> bool:
        self.connection.execute(CUT_OFF, [[*known]])
        state = self._read()
        changed = [name for name, each in state.items() if each != self.as_new[name]]
        is_little = sum(state[name][0] for name in changed) <= FEW
        if not is_little or any(name not in self.contents.tables for name in changed):
            return False
        # What was taken back has left its numbers used.
        said = "; ".join([*(self.contents.tables[name] for name in changed), self.contents.numbers])
        with self.connection.transaction():
            self.connection.execute(said.encode(), prepare=False)
        if changed:
            self.as_new = self._read()
        return True

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def _read(self) -> State:
        return _state(self.connection, self.contents.tables)


CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)
"""


def _connect(url: str) -> psycopg.Connection[Any]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(plain, autocommit=True, prepare_threshold=0)
    # Rows name each other in circles; that all of them are there in the end is known.
    connection.execute("SET session_replication_role = replica")
    return connection


def _tables(connection: psycopg.Connection[Any]) -> Sequence[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    return [name for (name,) in connection.execute(query)]


def _state(connection: psycopg.Connection[Any], tables: Collection[str]) -> State:
    ask = "SELECT '{0}', count(*), max(xmin::text::bigint) FROM {0}"
    ours = [
        f"{ask.format(name)} WHERE {owner} >= {FIRST_OF_OURS}" for name, owner in CATALOGUES.items()
    ]
    asked = " UNION ALL ".join([*(ask.format(f"{name}") for name in tables), *ours])
    found = connection.execute(asked.encode()).fetchall()
    return {name: (count, newest) for name, count, newest in found}


def _fill(connection: psycopg.Connection[Any], table: str) -> str:
    columns = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    """
    names = connection.execute(columns, [table]).fetchone()[0]
    rows = connection.execute(f"SELECT json_agg(each)::text FROM {table} AS each".encode())
    told = rows.fetchone()[0]
    said = f"DELETE FROM {table}"
    if told is not None:
        literal = sql.Literal(told).as_string()
        found = f"json_populate_recordset(NULL::{table}, {literal})"
        said += f"; INSERT INTO {table} ({names}) SELECT {names} FROM {found}"
    return said


def _set_numbers(connection: psycopg.Connection[Any]) -> str:
    query = "SELECT sequencename, start_value, last_value FROM pg_sequences"
    found = connection.execute(query).fetchall()
    each = [
        f"setval('{name}', {start if last is None else last}, {last is not None})"
        for name, start, last in found
    ]
    return "SELECT " + ", ".join(each)
