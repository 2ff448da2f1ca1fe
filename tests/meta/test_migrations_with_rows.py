"""A database in use comes to the newest tables and back: with a row in every table, all linked.

An empty database says little: SQLite refuses to copy a table that the rows of others point to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, Table

from complaints.db import make_engine

ROOT = Path(__file__).resolve().parents[2]
#: The version before, whose databases there are.
BEFORE = "0015"
AT = datetime(2026, 11, 2, 3, tzinfo=UTC)

#: What a revision reads has to mean something; everything else is filled in by its type.
WORDS: dict[str, dict[str, Any]] = {
    "complaints": {"status": "closed", "cycle": 1, "outcome": "RESOLVED"},
    "deadlines": {"kind": "resolve", "state": "running"},
    "history": {
        "what": "pause",
        "detail": {"reason": "Menunggu foto", "until": "2026-11-05T03:00:00+00:00"},
    },
    "offers": {"state": "accepted", "amount": 50_000},
    "planned_steps": {"purpose": "promised", "what": "Memeriksa jaringan"},
    "rule_versions": {"kind": "taxonomy", "body": {"outcome": [{"id": "RESOLVED", "agreed": 1}]}},
    "step_records": {"criterion": "020-1.5", "is_unable": True, "detail": {}},
}


@pytest.fixture
def used(empty_database_url: str) -> Iterator[Engine]:
    """A database of the version before with one row in every table."""
    engine = make_engine(empty_database_url)
    with engine.begin() as connection:
        command.upgrade(settings(connection), BEFORE)
    with engine.begin() as connection:
        fill(connection)
    yield engine
    engine.dispose()


def settings(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def tables(connection: Connection) -> list[Table]:
    """The tables that hold what was recorded; not the search's own."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [
        table
        for name, table in sorted(metadata.tables.items())
        if "_search" not in name and name != "alembic_version"
    ]


def fill(connection: Connection) -> None:
    """A row in every table; then every foreign key points to the one there is."""
    waiting, links = tables(connection), {}
    while waiting:
        filled = len(waiting)
        for table in list(waiting):
            needs = {
                key.column.table.name
                for column in table.columns
                for key in column.foreign_keys
                if not column.nullable
            }
            if needs & {each.name for each in waiting}:
                continue
            connection.execute(table.insert().values(row_of(table)))
            links[table] = [c for c in table.columns if c.foreign_keys and c.nullable]
            waiting.remove(table)
        assert len(waiting) < filled, "tables that need one another"
    for table, columns in links.items():
        for column in columns:
            (key,) = column.foreign_keys
            target = sa.select(key.column).limit(1).scalar_subquery()
            connection.execute(table.update().values({column: target}))


def row_of(table: Table) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.computed is not None:
            continue
        given = WORDS.get(table.name, {})
        if column.name in given:
            row[column.name] = given[column.name]
        elif not column.nullable:
            row[column.name] = value_of(column)
    return row


def value_of(column: sa.Column[Any]) -> Any:
    kind = column.type
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return sa.select(key.column).limit(1).scalar_subquery()
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.DateTime):
        return AT
    if isinstance(kind, sa.Date):
        return AT.date()
    if isinstance(kind, sa.LargeBinary):
        return b"1"
    return 1 if isinstance(kind, sa.Integer) else "x"


def count(engine: Engine) -> Counter[str]:
    with engine.connect() as connection:
        return Counter(
            {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
                for table in tables(connection)
            }
        )


def test_a_database_in_use_comes_to_head_and_back(used: Engine):
    before = count(used)
    assert set(before.values()) == {1}
    for _ in range(2):
        with used.begin() as connection:
            command.upgrade(settings(connection), "head")
        now = count(used)
        assert {name: now[name] for name in before if name in now} == {
            name: number for name, number in before.items() if name in now
        }
        # What has got another name or place is still there.
        assert (now["recalculations"], now["commitments"], now["exits"]) == (1, 1, 2)
        assert dangling(used) == []
        with used.begin() as connection:
            command.downgrade(settings(connection), BEFORE)
        assert count(used) == before
        assert dangling(used) == []


def dangling(engine: Engine) -> list[Any]:
    """Rows that point to none; PostgreSQL never has any."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        return list(connection.execute(sa.text("PRAGMA foreign_key_check")))
