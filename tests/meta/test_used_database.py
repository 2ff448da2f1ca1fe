"""A database of PostgreSQL that was used is as good as a new copy, or it is copied anew."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from complaints.db import make_engine
from tests.databases import Databases
from tests.office import Office, staff
from tests.rows_left import read_rows

pytestmark = pytest.mark.postgresql


def held(url: str) -> object:
    """Every row there is, and the last number of every sequence."""
    engine = make_engine(url)
    with Session(engine) as session:
        rows = read_rows(session)
    engine.dispose()
    return rows


def work(engine: Engine) -> None:
    """Record a complaint and walk it, change the rules and a person, delete rows."""
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session)
        office.walk(office.receive())
        session.execute(text("UPDATE rule_versions SET body = '{}'"))
        office.people["csr"].name = "Somebody else"
        session.execute(text("DELETE FROM api_tokens"))
        session.commit()


def test_what_was_written_is_gone(databases: Databases, database_kind: str):
    first, second = databases.fresh(staff), databases.fresh(staff)
    as_new = held(second)
    for _ in range(2):
        engine = make_engine(first)
        work(engine)
        engine.dispose()
        assert held(first) != as_new
        databases.drop(first)
        assert databases.fresh(staff) == first
        assert held(first) == as_new
    for url in (first, second):
        databases.drop(url)


def test_numbers_are_brought_back_where_what_took_them_was_taken_back(databases: Databases):
    url = databases.fresh(staff)
    as_new = held(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT nextval('absences_id_seq')"))
        connection.rollback()
    engine.dispose()
    databases.drop(url)
    assert databases.fresh(staff) == url
    assert held(url) == as_new
    databases.drop(url)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id integer)",
        "DROP INDEX ix_complaints_customer_id",
        "ALTER TABLE users ADD COLUMN more integer",
        "ALTER TABLE absences RENAME TO attendances",
        "ALTER DATABASE {name} SET default_transaction_read_only = on",
        "ANALYZE users",
    ],
)
def test_what_is_more_than_rows_is_copied_anew(databases: Databases, change: str):
    url = databases.fresh(staff)
    engine = make_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(change.format(name=engine.url.database)))
    engine.dispose()
    databases.drop(url)
    again = databases.fresh(staff)
    assert again != url
    databases.drop(again)


def test_whoever_is_still_at_work_in_it_is_cut_off(databases: Databases):
    url = databases.fresh(staff)
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.execute(text("UPDATE users SET name = 'x'"))
        databases.drop(url)
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    engine.dispose()
    again = databases.fresh(staff)
    assert again == url
    databases.drop(again)


def test_a_connection_is_taken_up_as_if_it_were_new(databases: Databases):
    url = databases.fresh(staff)
    seen = []
    for _ in range(2):
        engine = make_engine(url)
        with engine.connect() as connection:
            asked = "SELECT pg_backend_pid(), current_setting('search_path')"
            seen.append(tuple(connection.execute(text(asked)).one()))
            connection.execute(text("SET search_path = pg_catalog"))
            connection.execute(text("SELECT pg_advisory_lock(1)"))
            connection.commit()
        engine.dispose()
    assert seen[0] == seen[1]
    engine = make_engine(url)
    with engine.connect() as connection:
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        assert connection.scalar(text(held)) == 0
    engine.dispose()
    databases.drop(url)
