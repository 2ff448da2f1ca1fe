"""A database that is locked, stands still, only reads or has no room: told soon and rightly."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from complaints import db
from complaints.db import begin_reading, begin_waiting, end_waiting, engine_options
from complaints.extensions import db as orm
from complaints.trouble import Trouble, code_of, foreseen, trouble_of
from tests.connections import forget_connections


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, database_url: str):
    """An engine as pages have it, with seconds instead of many."""
    monkeypatch.setattr(db, "LOCK_SECONDS", 1)
    monkeypatch.setattr(db, "SIGN_OF_LIFE_SECONDS", 1)
    options = engine_options(database_url, 2)
    engine = create_engine(database_url, **options)
    db.share_time(engine)
    yield engine
    engine.dispose()


def trouble(engine: Engine, *statements: str) -> Trouble | None:
    def act() -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    with pytest.raises(DBAPIError) as caught:
        act()
    return trouble_of(caught.value)


def test_a_locked_table_is_busy_within_seconds(engine, hurried, session):
    with locked(engine, "users"):
        began = time.monotonic()
        assert trouble(hurried, "UPDATE users SET name = name") is Trouble.BUSY
        assert time.monotonic() - began < 3


class TestOneTimeForARequest:
    """Locks that stand in the way one after the other, and statements, share a request's time."""

    @pytest.fixture(autouse=True)
    def request_begins(self):
        begin_waiting()
        yield
        end_waiting()

    def test_two_locks_in_a_row_do_not_add_up(self, engine, hurried):
        with locked(engine, "users"):
            began = time.monotonic()
            for _ in range(4):
                assert trouble(hurried, "UPDATE users SET name = name") is Trouble.BUSY
            assert 1 <= time.monotonic() - began < 2.5

    def test_a_lock_that_is_soon_let_go_is_no_trouble_after_a_long_wait(self, engine, hurried):
        with locked(engine, "users"):
            trouble(hurried, "UPDATE users SET name = name")
        with hurried.begin() as connection:
            connection.execute(text("UPDATE users SET name = name"))

    def test_the_next_request_has_its_whole_time(self, engine, hurried):
        with locked(engine, "users"):
            trouble(hurried, "UPDATE users SET name = name")
            trouble(hurried, "UPDATE users SET name = name")
            begin_waiting()
            began = time.monotonic()
            trouble(hurried, "UPDATE users SET name = name")
            assert time.monotonic() - began >= 1

    def test_nobody_waits_in_front_of_a_worker(self, engine, hurried):
        with locked(engine, "users"):
            trouble(hurried, "UPDATE users SET name = name")
        with engine.begin() as connection:
            bound = "PRAGMA busy_timeout"
            if engine.dialect.name == "postgresql":
                bound = "SHOW lock_timeout"
            assert connection.scalar(text(bound)) in ("0", 30_000)

    @pytest.mark.postgresql
    def test_two_long_statements_in_a_row_do_not_add_up(self, hurried):
        began = time.monotonic()
        with hurried.connect() as connection:
            connection.execute(text("SELECT pg_sleep(1.2)"))
        assert trouble(hurried, "SELECT pg_sleep(1.2)") is Trouble.BUSY
        assert time.monotonic() - began < 2.3


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "LOCK_SECONDS", 1)


def test_a_page_behind_two_locks_is_busy_within_the_time_of_one(impatient, app, engine):
    @app.get("/twice")
    def twice() -> str:
        for _ in range(2):
            with contextlib.suppress(OperationalError):
                orm.session.execute(text("UPDATE users SET name = name"))
            orm.session.rollback()
        orm.session.execute(text("UPDATE users SET name = name"))
        return ""

    with locked(engine, "users"):
        began = time.monotonic()
        assert app.test_client().get("/twice").status_code == 503
        assert 1 <= time.monotonic() - began < 2.5


@contextmanager
def locked(engine: Engine, table: str) -> Iterator[None]:
    """Somebody else keeps the table locked, or the whole file."""
    with engine.begin() as other:
        if engine.dialect.name == "postgresql":
            other.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield


def test_a_page_waits_four_seconds_for_a_locked_file():
    assert engine_options("sqlite:///x", 20)["connect_args"]["timeout"] == 4
    assert engine_options("sqlite:///x")["connect_args"]["timeout"] == 30


def test_a_database_without_room_says_so(engine, hurried):
    if engine.dialect.name == "postgresql":
        error = psycopg.errors.DiskFull()
        assert trouble_of(OperationalError("x", {}, error)) is Trouble.FULL
        return
    said = trouble(
        hurried,
        "PRAGMA max_page_count = 1",
        "CREATE TABLE more (words TEXT)",
        "INSERT INTO more SELECT hex(zeroblob(1000000))",
    )
    assert said is Trouble.FULL


def test_a_database_that_only_reads_says_so_before_anybody_acts(engine, hurried):
    if engine.dialect.name == "postgresql":
        name = make_url(str(engine.url)).database
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            only = f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
            connection.execute(text(only))
        # It holds for connections that begin after it.
        forget_connections(name)
        statements = ["UPDATE users SET name = name"]
    else:
        statements = ["PRAGMA query_only = 1", "UPDATE users SET name = name"]
    assert trouble(hurried, *statements) is Trouble.READ_ONLY
    with Session(hurried) as session:
        begin_reading(session)
        assert foreseen(session) is Trouble.READ_ONLY


def test_a_file_that_is_no_database_is_not_called_busy(tmp_path):
    (tmp_path / "x.db").write_bytes(b"not a database, but long enough to look at" * 40)
    for name in ("x.db", "no such folder/x.db"):
        broken = create_engine(f"sqlite:///{tmp_path}/{name}")
        assert trouble(broken, "SELECT 1") is Trouble.FILE
        broken.dispose()


def test_a_healthy_database_foresees_nothing(session):
    assert foreseen(session) is None


def test_a_mistake_of_ours_is_no_trouble(engine):
    assert trouble(engine, "SELECT * FROM no_such_table") is None
    assert trouble(engine, "INSERT INTO users (id, id) VALUES (1, 1)") is None


def test_the_code_for_the_log_holds_no_data():
    error = ProgrammingError("x", {}, psycopg.errors.UniqueViolation("Key (email)=(siti@x.id)"))
    assert code_of(error) == "23505"


@pytest.mark.postgresql
class TestServerThatStandsStill:
    def test_a_statement_is_given_up_and_the_next_gets_a_new_connection(self, hurried):
        connection = hurried.connect()
        pid = connection.connection.dbapi_connection.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            with pytest.raises(OperationalError) as caught:
                connection.execute(text("SELECT 1"))
            assert time.monotonic() - began < 5
        finally:
            os.kill(pid, signal.SIGCONT)
            connection.close()
        assert trouble_of(caught.value) is Trouble.BUSY
        with hurried.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1

    def test_an_idle_connection_is_asked_first_and_not_for_long(self, hurried, monkeypatch):
        monkeypatch.setattr(db, "TRUSTED_SECONDS", 0)
        with hurried.connect() as connection:
            pid = connection.connection.dbapi_connection.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            with hurried.connect() as connection:
                assert connection.scalar(text("SELECT 1")) == 1
            assert time.monotonic() - began < 3
        finally:
            os.kill(pid, signal.SIGCONT)

    def test_a_statement_that_takes_too_long_is_ended_by_the_server(self, hurried):
        assert trouble(hurried, "SELECT pg_sleep(30)") is Trouble.BUSY
