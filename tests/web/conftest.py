"""The office with its doors open: everybody logged in at a browser, at one frozen instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from complaints import clock
from tests.conftest import NOW
from tests.databases import Databases
from tests.office import Office, staff
from tests.web.page import Visitor
from tests.which_database import on_either

pytest_itemcollected = on_either("what a page says and whom it lets do what")


class Wall:
    """The clock on the wall of the edge; tests move its hands."""

    def __init__(self) -> None:
        self.at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """What time it is for every page, 09.15 in Jakarta unless the test says otherwise."""
    wall = Wall()
    monkeypatch.setattr(clock, "now", wall.now)
    return wall


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database with the rules of config/ and everybody hired."""
    url = databases.fresh(staff)
    yield url
    databases.drop(url)


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    """The office, before the first complaint of the day."""
    with Session(engine, expire_on_commit=False) as session:
        yield Office(engine, session)


@pytest.fixture
def visitor(app: Flask, wall: Wall) -> Visitor:
    """Somebody whom nobody knows."""
    return Visitor(app.test_client())


@pytest.fixture
def at_desk(app: Flask, office: Office, wall: Wall) -> Callable[..., Visitor]:
    """`at_desk("csr")`: that person's browser, logged in, in Indonesian unless said otherwise."""

    def at_desk(name: str, language: str = "id") -> Visitor:
        client = app.test_client()
        user = office.people[name]
        with client.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{user.session_number}"
            session["_fresh"] = True
            session["language"] = language
        return Visitor(client)

    return at_desk


@pytest.fixture
def counted(app: Flask) -> Callable[..., object]:
    """`with counted() as queries:` gathers every statement that the app sends meanwhile."""
    from complaints.extensions import db

    @contextmanager
    def counted() -> Iterator[list[str]]:
        queries: list[str] = []

        def note(conn: object, cursor: object, statement: str, *_: object) -> None:
            queries.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counted
