"""Pages that keep themselves up to date: what is new is told, and nothing new costs nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from complaints.domain.permissions import Role
from complaints.people.notifications import mark_read
from complaints.queries.lists.changes import MOST_CHANGES, Change, Ends
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.close import withdraw_complaint
from complaints.web.frame.changes import ALL, LATE_SECONDS, Changes
from tests.conftest import NOW

#: What a page that asks whether something is new may cost while nothing is.
MOST_MILLISECONDS = 0.3


def ask(visitor, path, tag=None):
    return visitor.client.get(path, headers={"If-None-Match": tag} if tag else {})


@pytest.mark.both_databases
def test_nothing_new_is_said_without_a_single_query(office, at_desk, counted, look_at_once):
    number = office.receive()
    office.session.commit()
    supervisor = at_desk("supervisor")
    supervisor.get("/board")
    for path in ("/live/counts", "/live/board", f"/live/complaints/{number}?seen=1"):
        first = ask(supervisor, path)
        assert first.status_code == 200
        tag = first.headers["ETag"]
        with counted() as queries:
            again = ask(supervisor, path, tag)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert queries == []
        # Once a second the process looks at the ends of histories and notices, for all who ask.
        look_at_once()
        with counted() as queries:
            assert ask(supervisor, path, tag).status_code == 304
        assert len([each for each in queries if each != "BEGIN"]) <= 1
        look_at_once()


def test_it_costs_less_than_a_third_of_a_millisecond(office, app, at_desk):
    office.receive()
    office.session.commit()
    supervisor = at_desk("supervisor")
    supervisor.get("/board")
    tag = ask(supervisor, "/live/board").headers["ETag"]
    cookie = supervisor.client.get_cookie("tanggap").value
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/live/board",
        "QUERY_STRING": "",
        "HTTP_COOKIE": f"tanggap={cookie}",
        "HTTP_IF_NONE_MATCH": tag,
    }
    said = []
    took = []
    for _ in range(200):
        began = time.perf_counter()
        app.wsgi_app(dict(environ), lambda status, headers: said.append(status))
        took.append((time.perf_counter() - began) * 1000)
    assert set(said) == {"304 NOT MODIFIED"}
    assert sorted(took)[len(took) // 2] <= MOST_MILLISECONDS


@pytest.mark.both_databases
def test_what_others_record_is_told_to_whom_it_concerns(office, at_desk, look_at_once):
    number = office.receive()
    office.session.commit()
    supervisor, elsewhere = at_desk("supervisor"), at_desk("csr2")
    tags = {path: ask(supervisor, path).headers["ETag"] for path in ("/live/counts", "/live/board")}
    quiet = ask(elsewhere, "/live/counts").headers["ETag"]
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.session.commit()
    look_at_once()
    counts = ask(supervisor, "/live/counts", tags["/live/counts"])
    assert counts.get_json()["decisions"] == "1"
    assert counts.get_json()["unread"] == "1"
    assert "1" in counts.get_json()["bell"]
    board = ask(supervisor, "/live/board", tags["/live/board"])
    assert number in board.get_data(as_text=True)
    assert "<html" not in board.get_data(as_text=True)
    assert ask(elsewhere, "/live/counts", quiet).status_code == 304


def test_an_open_complaint_hears_what_was_recorded_and_by_whom(office, at_desk, look_at_once):
    number = office.receive()
    office.session.commit()
    csr = at_desk("csr")
    page = csr.get(f"/complaints/{number}")
    seen = page.one("#live-complaint")["data-seen"]
    path = f"/live/complaints/{number}?seen={seen}"
    first = ask(csr, path)
    assert first.get_json()["news"] == []
    office.take(number, write_note, by="supervisor", text="Tolong hubungi teknisi")
    office.session.commit()
    look_at_once()
    told = ask(csr, path, first.headers["ETag"]).get_json()
    assert told["said"] == "1 catatan baru pada keluhan ini"
    assert "Supervisor" in told["news"][0]
    # A mark of what is said, which tells nobody what that is.
    assert len(first.headers["ETag"]) == 26
    at_desk("csr2").get(f"/live/complaints/{number}", 403)


def test_what_one_has_read_shows_in_the_other_tab(office, at_desk):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.session.commit()
    supervisor = at_desk("supervisor")
    tag = ask(supervisor, "/live/counts").headers["ETag"]
    page = supervisor.get("/notices")
    newest = page.form("/notices/read").select_one("[name=upto]")["value"]
    supervisor.submit(page, "/notices/read", upto=newest)
    assert ask(supervisor, "/live/counts", tag).get_json()["unread"] == ""


def test_another_process_is_heard_of_within_a_minute(office, at_desk, wall):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.session.commit()
    supervisor = at_desk("supervisor")
    tag = ask(supervisor, "/live/counts").headers["ETag"]
    mark_read(office.session, by=office.people["supervisor"].actor, at=NOW, upto=10**6)
    office.session.commit()
    wall.at = NOW + timedelta(minutes=1)
    assert ask(supervisor, "/live/counts", tag).get_json()["unread"] == ""


def test_a_session_that_has_ended_is_told_so(office, at_desk, wall):
    supervisor = at_desk("supervisor")
    tag = ask(supervisor, "/live/counts").headers["ETag"]
    office.people["supervisor"].session_number += 1
    office.session.commit()
    wall.at = NOW + timedelta(minutes=1)
    ended = ask(supervisor, "/live/counts", tag)
    assert ended.status_code == 302
    assert ended.headers["Location"].startswith("/login")


def test_nobody_stays_logged_in_by_a_page_left_open(office, at_desk, wall):
    supervisor = at_desk("supervisor")
    with supervisor.client.session_transaction() as session:
        session.permanent = True
    supervisor.get("/notices")
    # A cookie is signed at the time of the machine.
    wall.at = datetime.now(UTC) + timedelta(hours=1)
    assert "Set-Cookie" not in ask(supervisor, "/live/counts").headers
    assert "Set-Cookie" in ask(supervisor, "/notices").headers


def test_a_mark_says_nothing_to_somebody_else(office, at_desk):
    tag = ask(at_desk("supervisor"), "/live/counts").headers["ETag"]
    assert ask(at_desk("csr"), "/live/counts", tag).status_code in (200, 304)
    assert ask(at_desk("csr"), "/live/board", tag).status_code == 403
    assert Role.CSR in {each.actor.role for each in office.people.values()}


def test_an_entry_that_was_numbered_early_and_written_late_is_not_missed():
    """PostgreSQL gives numbers before a commit: 12 can be there before 11."""
    changes = Changes()
    changes._ends = Ends(10, 0)
    before = changes.mark([("complaint", 1)])
    changes._take([Change(False, 12, 2, 1, None)], now=0.0)
    assert changes.mark([("complaint", 1)]) == before
    assert changes._late == {(False, 11): 0.0}
    changes._take([Change(False, 11, 1, 1, None)], now=1.0)
    assert changes.mark([("complaint", 1)]) != before
    assert changes._late == {}
    assert LATE_SECONDS > 10


def test_too_much_at_once_counts_as_everything():
    changes = Changes()
    changes._ends = Ends(0, 0)
    marks = [changes.mark([scope]) for scope in (("complaint", 9_999), ("branch", 7), ALL)]
    found = [Change(False, each, each, 1, None) for each in range(1, MOST_CHANGES + 2)]
    changes._take(found, now=0.0)
    after = [changes.mark([scope]) for scope in (("complaint", 9_999), ("branch", 7), ALL)]
    assert all(one != other for one, other in zip(marks, after, strict=True))


def test_what_ended_leaves_the_board_by_itself(office, at_desk, look_at_once):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.session.commit()
    supervisor = at_desk("supervisor")
    first = ask(supervisor, "/live/board")
    assert number in first.get_data(as_text=True)
    office.take(number, withdraw_complaint, by="supervisor", reason="Pelanggan mencabut keluhan")
    office.session.commit()
    look_at_once()
    later = ask(supervisor, "/live/board", first.headers["ETag"])
    assert number not in later.get_data(as_text=True)


def test_a_database_in_trouble_is_told_by_the_page_and_not_by_the_look(
    office, app, at_desk, look_at_once, monkeypatch
):
    supervisor = at_desk("supervisor")
    tag = ask(supervisor, "/live/counts").headers["ETag"]

    def broken(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(app.extensions["unchanged"].changes, "_read", broken)
    look_at_once()
    # Nothing that was remembered counts any more: the whole way is gone.
    with_page = ask(supervisor, "/live/counts", tag)
    assert with_page.status_code in (200, 304)
    assert "X-Request-Id" in with_page.headers
