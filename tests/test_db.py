"""What an engine promises on each database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from complaints import db
from complaints.db import make_engine


def test_a_commit_that_was_acknowledged_is_on_the_disk(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection:
        flushed = {"OFF": 0, "NORMAL": 1, "FULL": 2}
        assert connection.scalar(text("PRAGMA synchronous")) == flushed["FULL"]
    engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("idle", [True, False])
def test_connections_that_the_server_closed_are_replaced(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, idle: bool
):
    monkeypatch.setattr(db, "TRUSTED_SECONDS", 0 if idle else 60)
    pages = make_engine(engine.url.render_as_string(hide_password=False), pool_size=2)
    with pages.connect() as one, pages.connect() as other:
        pids = [each.scalar(text("SELECT pg_backend_pid()")) for each in (one, other)]
    with engine.begin() as connection:
        for pid in pids:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    def ask() -> int:
        with pages.connect() as connection:
            return connection.scalar(text("SELECT pg_backend_pid()"))

    if not idle:
        # Used a moment ago and not asked first: one request learns it for all.
        with pytest.raises(OperationalError):
            ask()
    assert ask() not in pids
    with pages.connect() as one, pages.connect() as other:
        assert not {each.scalar(text("SELECT pg_backend_pid()")) for each in (one, other)} & {*pids}
    pages.dispose()


@pytest.mark.postgresql
def test_a_connection_is_asked_for_a_sign_of_life_when_it_was_idle(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    with engine.connect() as connection:
        kind = type(connection.connection.dbapi_connection)
    asked = []
    monkeypatch.setattr(kind, "answers", lambda connection: asked.append(1) or True)
    for seconds, times in ((60, 0), (0, 1)):
        monkeypatch.setattr(db, "TRUSTED_SECONDS", seconds)
        engine.connect().close()
        assert len(asked) == times
