"""A demonstration made once on SQLite, taken over by PostgreSQL, and copied for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Integer, Table, delete, func, insert, make_url, select, text
from sqlalchemy.orm import Session, sessionmaker

from complaints.db import Base, make_engine
from complaints.domain.permissions import Actor
from complaints.models import User
from complaints.rulebook import RuleBook, current_rules
from complaints.seed import DemoCounts, make_demonstration
from tests.conftest import NOW, initialise
from tests.databases import Databases, onward_from, sqlite_databases

COMPLAINTS = 150

made: list[DemoCounts] = []
rows: list[tuple[Table, list[dict[str, Any]]]] = []
#: The file that SQLite keeps it in.
told: list[bytes] = []


@onward_from(initialise)
def demonstrate(url: str) -> None:
    """Do what `complaints demo` does."""
    file = Path(make_url(url).database or "")
    if told:
        file.write_bytes(told[0])
        return
    engine = make_engine(url)
    made.append(make_demonstration(sessionmaker(engine), complaints=COMPLAINTS, seed=3, now=NOW))
    with engine.connect() as connection:
        rows[:] = [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in Base.metadata.sorted_tables
        ]
    engine.dispose()
    told.append(file.read_bytes())


@onward_from(initialise)
def take_over_rows(url: str) -> None:
    """Bring the rows of the demonstration to PostgreSQL: telling it anew takes a minute there.

    That it can be told there is tried in test_making.py.
    """
    if not rows:
        with sqlite_databases() as quick:
            quick.fresh(demonstrate)
    engine = make_engine(url)
    with engine.begin() as connection:
        # Rows name each other in circles; that all of them are there is known.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table, _ in rows:
            connection.execute(delete(table))
        for table, found in rows:
            if found:
                connection.execute(insert(table), found)
            if "id" in table.columns and isinstance(table.c.id.type, Integer):
                after = max((row["id"] for row in found), default=0) + 1
                serial = func.pg_get_serial_sequence(table.name, "id")
                connection.execute(select(func.setval(serial, after, False)))
    engine.dispose()


@pytest.fixture
def database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A database with the whole demonstration."""
    url = databases.fresh(demonstrate if database_kind == "sqlite" else take_over_rows)
    yield url
    databases.drop(url)


@pytest.fixture
def initialised_url(databases: Databases) -> Iterator[str]:
    """A database as `complaints init` leaves it: rules and no people."""
    url = databases.fresh(initialise)
    yield url
    databases.drop(url)


@pytest.fixture
def rules(session: Session) -> RuleBook:
    """The rules of config/."""
    return current_rules(session)


@pytest.fixture
def people(session: Session) -> dict[str, Actor]:
    """Everybody by what stands before the @."""
    return {user.email.split("@")[0]: user.actor for user in session.scalars(select(User))}
