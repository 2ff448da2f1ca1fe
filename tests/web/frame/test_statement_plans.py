"""Which pages have their statements planned once, and which by the values that they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from complaints.extensions import db
from complaints.statement_plans import BY_VALUES, ONCE
from tests.office import Office
from tests.web.page import Visitor

pytestmark = pytest.mark.postgresql

At = Callable[..., Visitor]


@contextmanager
def planned(app: Flask) -> Iterator[set[str]]:
    """How PostgreSQL planned what is asked meanwhile, as it says itself."""
    said: set[str] = set()
    with app.app_context():
        engine = db.engine

    def ask(connection: Connection, *_: object) -> None:
        cursor = connection.connection.cursor()
        cursor.execute("SHOW plan_cache_mode")
        said.update(cursor.fetchone() or ())
        cursor.close()

    event.listen(engine, "before_cursor_execute", ask)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", ask)


@pytest.fixture
def number(office: Office, wall) -> str:
    number = office.receive()
    office.walk(number, to="020-1.6")
    wall.at = office.at
    return number


def test_what_is_found_by_an_index_is_planned_once(app: Flask, at_desk: At, number: str):
    desk = at_desk("supervisor")
    pages = ["/", "/board", "/notices", "/complaints", "/complaints?handler=me&overdue=1"]
    pages += [f"/complaints/{number}{each}" for each in ("", "/deadlines", "/message", "/analysis")]
    for page in pages:
        with planned(app) as said:
            desk.get(page)
        assert said == {ONCE}, page


def test_what_is_searched_or_narrowed_is_planned_by_its_values(
    app: Flask, at_desk: At, number: str
):
    desk = at_desk("supervisor")
    for page in (
        "/complaints?q=internet",
        "/complaints?waiting=unit",
        "/complaints?handler=none",
        "/complaints?overdue=1&category=GGN_MATI",
        "/complaints?cursor=x",
        "/contacts",
        "/incidents",
    ):
        # The connection had planned once before it was asked for this.
        desk.get("/board")
        with planned(app) as said:
            desk.client.get(page)
        assert said == {BY_VALUES}, page
