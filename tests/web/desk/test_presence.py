"""Who else is at a complaint: told to colleagues who may read it, for as long as it lasts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from complaints.domain.presence import HERE_FOR, Doing
from complaints.models import HistoryEntry, Presence
from complaints.steps.case import view_case
from complaints.steps.colleagues.be_here import be_here, forget_absent
from tests.conftest import NOW
from tests.web.desk.test_live import ask

HERE = "/live/here/{}"


def say(visitor, number, doing="reading", expect=204):
    """A sign, sent with the token of the page that it is a sign of."""
    token = visitor.get("/notices").form("/logout").select_one("[name=csrf_token]")["value"]
    data = {"doing": doing, "csrf_token": token}
    answer = visitor.client.post(HERE.format(number), data=data)
    assert answer.status_code == expect


def others(visitor, number):
    return [each["said"] for each in ask(visitor, HERE.format(number)).get_json()["others"]]


@pytest.fixture
def number(office) -> str:
    received: str = office.receive()
    office.session.commit()
    return received


def test_a_colleague_is_named_with_what_they_do_and_since_when(office, at_desk, wall, number):
    csr, supervisor = at_desk("csr"), at_desk("supervisor")
    say(csr, number)
    assert others(csr, number) == []
    assert others(supervisor, number) == ["Csr juga membuka keluhan ini sejak 09.15 WIB."]
    wall.at = NOW + timedelta(seconds=50)
    say(csr, number, "writing")
    assert others(supervisor, number) == [
        "Csr juga sedang menangani keluhan ini sejak 09.15 WIB dan sedang menulis."
    ]
    wall.at = NOW + timedelta(seconds=60)
    say(csr, number, "away")
    assert others(supervisor, number) == [
        "Csr juga membuka keluhan ini, tetapi sedang melihat halaman lain."
    ]


def test_a_page_that_falls_silent_is_over_by_its_time(office, at_desk, wall, number):
    """No page can be relied on to say goodbye: a machine dies, a line breaks."""
    csr, supervisor = at_desk("csr"), at_desk("supervisor")
    say(csr, number)
    tag = ask(supervisor, HERE.format(number)).headers["ETag"]
    wall.at = NOW + HERE_FOR - timedelta(seconds=1)
    assert len(others(supervisor, number)) == 1
    wall.at = NOW + HERE_FOR
    gone = ask(supervisor, HERE.format(number), tag)
    assert (gone.status_code, gone.get_json()) == (200, {"others": []})
    # Whoever comes back has been here since then, not since before.
    wall.at = NOW + timedelta(minutes=30)
    say(csr, number)
    assert others(supervisor, number) == ["Csr juga membuka keluhan ini sejak 09.45 WIB."]


def test_a_clock_that_was_set_back_keeps_nobody_here(office, at_desk, wall, number):
    csr, supervisor = at_desk("csr"), at_desk("supervisor")
    wall.at = NOW + timedelta(hours=3)
    say(csr, number)
    wall.at = NOW
    assert others(supervisor, number) == []
    say(csr, number)
    assert others(supervisor, number) == ["Csr juga membuka keluhan ini sejak 09.15 WIB."]


@pytest.mark.both_databases
def test_the_trace_is_gone_within_minutes_and_was_never_part_of_the_record(office, at_desk, number):
    before = office.session.scalar(select(func.count()).select_from(HistoryEntry))
    version = view_case(
        office.session, number, by=office.people["csr"].actor, at=NOW
    ).complaint.version
    office.session.commit()
    page = at_desk("supervisor")
    tag = ask(page, f"/live/complaints/{number}?seen=1").headers["ETag"]
    csr = at_desk("csr")
    for _ in range(3):
        say(csr, number, "writing")
    office.session.expire_all()
    case = view_case(office.session, number, by=office.people["csr"].actor, at=NOW)
    assert office.session.scalar(select(func.count()).select_from(HistoryEntry)) == before
    assert case.complaint.version == version
    # Nor does it look as if something had been recorded on the complaint.
    assert ask(page, f"/live/complaints/{number}?seen=1", tag).status_code == 304
    assert office.session.scalar(select(func.count()).select_from(Presence)) == 1
    assert forget_absent(office.session, NOW + HERE_FOR - timedelta(seconds=1)) == 0
    assert forget_absent(office.session, NOW + HERE_FOR) == 1


def test_only_readers_of_the_complaint_say_and_read_it(office, at_desk, number):
    say(at_desk("csr2"), number, expect=403)
    at_desk("csr2").get(HERE.format(number), 403)
    say(at_desk("csr"), number, "dancing", expect=422)
    assert office.session.scalar(select(func.count()).select_from(Presence)) == 0


@pytest.mark.both_databases
def test_nobody_new_costs_no_query_and_somebody_new_is_heard_of(
    office,
    at_desk,
    counted,
    look_at_once,
    number,
):
    supervisor = at_desk("supervisor")
    supervisor.get("/board")
    tag = ask(supervisor, HERE.format(number)).headers["ETag"]
    board = ask(supervisor, "/live/board").headers["ETag"]
    with counted() as queries:
        assert ask(supervisor, HERE.format(number), tag).status_code == 304
    assert queries == []
    # As another process would note it: this one hears of it at its next look.
    be_here(view_case(office.session, number, by=office.people["csr"].actor, at=NOW), Doing.READING)
    office.session.commit()
    assert ask(supervisor, HERE.format(number), tag).status_code == 304
    look_at_once()
    heard = ask(supervisor, HERE.format(number), tag)
    assert [each["name"] for each in heard.get_json()["others"]] == ["Csr"]
    # Counts and boards hang on what was recorded, and nothing was.
    with counted() as queries:
        assert ask(supervisor, "/live/board", board).status_code == 304
    assert queries == []


def test_customers_never_learn_who_reads_their_complaint(office, at_desk, number):
    say(at_desk("csr"), number, "writing")
    page = at_desk("supervisor").get(f"/complaints/{number}")
    # Not even the page says it by itself, so no receipt, letter or file made of it does.
    assert "sedang menulis" not in page.text
    assert page.one("#here").get_text(strip=True) == ""
