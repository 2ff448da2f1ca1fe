"""The page of the engine, and the banner that everybody sees while it stands still."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker

from complaints.domain.latency_histogram import add_lags
from complaints.models import Heartbeat, OutboxMessage
from tests.conftest import NOW
from tests.office import Office
from tests.signs import leave_sign

pytestmark = pytest.mark.both_databases

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def sign(office: Office, job: str, at=NOW, **more) -> None:
    leave_sign(sessionmaker(office.engine), job, at)
    if more:
        office.session.execute(update(Heartbeat).where(Heartbeat.job == job).values(**more))
        office.session.commit()


def banner(visitor) -> list[str]:
    return visitor.get("/").words("#standstill")


@pytest.mark.parametrize("name", ["csr", "officer", "supervisor", "manager", "auditor", "admin"])
def test_the_banner_shows_while_the_engine_stands_still_and_goes(
    office: Office, at_desk, wall, name: str
):
    sign(office, "fire")
    person = at_desk(name, "en")
    assert banner(person) == []
    wall.at = NOW + 2 * MINUTE + SECOND
    (said,) = banner(person)
    assert said.startswith("Deadline monitoring has stopped")
    sign(office, "fire", wall.at)
    wall.at += 15 * SECOND
    assert banner(person) == []


def test_the_engine_is_looked_at_every_fifteen_seconds_only(office, at_desk, wall, counted):
    person = at_desk("csr")
    person.get("/")
    wall.at = NOW + 14 * SECOND
    with counted() as queries:
        person.get("/")
    assert not [each for each in queries if "heartbeats" in each]
    wall.at = NOW + 15 * SECOND
    with counted() as queries:
        person.get("/")
    assert len([each for each in queries if "heartbeats" in each]) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_tells_how_the_engine_is_doing(office: Office, at_desk, wall, language: str):
    sign(office, "fire", lags=add_lags({"corrected": 5}, {0: 990, 40: 10}))
    sign(office, "worker:0badcafe")
    sign(office, "deliver", NOW - 10 * MINUTE - SECOND)
    sign(office, "audit", lags={"late": 3, "missing": 2, "mended": 17})
    page = at_desk("admin", language).get("/admin/engine")
    page.check()
    if language == "en":
        assert page.words(".big-figures dd") == ["1", "0", "0", "0"]
        assert "Half of all were processed within: in the same second" in page.main
        assert "99 of 100 were processed within: in the same second" in page.main
        assert "Sending emails not responding" in page.main
        assert "Checking for missed jobs running" in page.main
        assert "Repaired so far: 17." in page.main
        assert "Deadlines corrected by their history so far: 5." in page.main
        assert "Deadlines that differ from their history" in page.main
        assert "Scheduled jobs more than a minute late" in page.main


def test_before_anything_ran_the_page_says_so(office: Office, at_desk):
    page = at_desk("admin", "en").get("/admin/engine")
    page.check()
    assert "The background worker has not run yet" in page.main
    assert "No automatic check yet" in page.main


def test_who_reads_reports_reads_the_page_and_others_do_not(office: Office, at_desk, visitor):
    for name in ("supervisor", "manager", "auditor", "admin"):
        assert at_desk(name).get("/admin/engine").status == 200
    for name in ("csr", "officer"):
        assert at_desk(name).get("/admin/engine", 403).status == 403


def test_given_up_post_is_sent_again_by_an_administrator(office: Office, at_desk):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.execute(update(OutboxMessage).values(state="failed", attempts=8))
    office.session.commit()
    reader = at_desk("auditor", "en").get("/admin/engine")
    assert "could not be sent for four days, is no longer retried" in reader.main
    assert not [f for f in reader.all("form") if f.get("action") == "/admin/engine/post"]
    admin = at_desk("admin", "en")
    page = admin.get("/admin/engine")
    page.check()
    answer = admin.follow(admin.submit(page, "/admin/engine/post"))
    assert "Emails returned to the queue" in answer.text
    states = office.session.execute(
        select(OutboxMessage.state, OutboxMessage.attempts).distinct()
    ).all()
    assert states == [("queued", 0)]
