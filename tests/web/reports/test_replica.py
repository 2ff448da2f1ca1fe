"""Where reports are read: on a replica where there is one, and with a time of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from complaints.db import REPORT_SECONDS, STATEMENT_SECONDS
from complaints.extensions import db
from tests.databases import Databases
from tests.office import Office, staff

pytestmark = pytest.mark.both_databases


@pytest.fixture
def behind(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A replica that has not heard of any complaint yet."""
    url = databases.fresh(staff)
    monkeypatch.setenv("REPORTS_DATABASE_URL", url)
    yield
    databases.drop(url)


def received(page):
    terms = [dt.get_text().strip() for dt in page.all(".big-figures dt")]
    values = [dd.get_text().strip() for dd in page.all(".big-figures dd")]
    return dict(zip(terms, values, strict=True))["Diterima"]


def test_the_report_is_read_from_the_replica(behind, at_desk, office: Office):
    number = office.receive()
    office.session.commit()
    manager = at_desk("manager")
    assert received(manager.get("/reports/deadlines")) == "0"
    assert number in manager.get("/complaints?status=all").text


def test_without_one_it_is_read_where_everything_is(at_desk, office: Office):
    office.receive()
    office.session.commit()
    assert received(at_desk("manager").get("/reports/deadlines")) == "1"


@pytest.mark.postgresql
def test_a_report_may_take_longer_than_a_page(app):
    shown = text("SHOW statement_timeout")
    with app.app_context(), db.reports() as session:
        assert session.scalar(shown) == f"{REPORT_SECONDS // 60}min"
        assert db.session.scalar(shown) == f"{STATEMENT_SECONDS}s"
        db.session.rollback()
