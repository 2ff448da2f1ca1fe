"""The desk: each person sees what to do now, the most urgent first, and nothing of others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.inform import inform_parties
from tests.conftest import NOW


def received(office, **more):
    """A complaint on the CSR's own desk."""
    number = office.receive(**more)
    office.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    return number


def test_an_empty_desk_teaches_and_offers_the_one_thing_to_do(at_desk):
    page = at_desk("csr").get("/")
    assert "Tidak ada tugas yang menunggu" in page.main
    assert page.one("main .btn-primary")["href"] == "/complaints/new"


def test_the_most_urgent_stands_largest(office, at_desk, wall):
    calm = received(office, category="TAG_TELAT", who={"name": "Tuti"})
    office.walk(calm, to="020-1.6")
    urgent = received(office, at=NOW - timedelta(hours=1), who={"name": "Wati"})
    wall.at = NOW + timedelta(hours=2)
    page = at_desk("csr").get("/")
    assert page.one(".next a")["href"] == f"/complaints/{urgent}"
    assert "Wati" in page.one(".next h2").text
    assert page.words(".short b")[0] == "Tuti"


def test_what_is_late_due_today_and_next_lie_apart(office, at_desk, wall):
    """Late is a receipt missed, today a receipt to give, next a solution in three working days."""
    first = received(office, at=NOW - timedelta(days=2), who={"name": "Satu"})
    late = received(office, at=NOW - timedelta(days=1), who={"name": "Dua"})
    today = received(office, at=NOW, who={"name": "Tiga"})
    later = received(office, at=NOW, who={"name": "Empat"})
    office.walk(later, to="020-2.5")
    office.at = NOW
    wall.at = NOW + timedelta(minutes=10)
    page = at_desk("csr").get("/")
    assert page.one(".next a")["href"] == f"/complaints/{first}"
    groups = {group.find("h2").get_text(strip=True): group for group in page.all(".pile")}
    assert {
        title: [b.get_text() for b in group.select(".short-what b")]
        for title, group in groups.items()
    } == {
        "Terlambat": ["Dua"],
        "Jatuh tempo hari ini": ["Tiga"],
        "Berikutnya": ["Empat"],
    }
    assert "Terlambat: 2 · jatuh tempo hari ini: 1 · setelah hari ini: 1" in page.main
    assert late != today


def test_time_is_said_as_people_say_it(office, at_desk, wall):
    received(office)
    wall.at = NOW + timedelta(minutes=5)
    assert "25 menit kerja lagi" in at_desk("csr").get("/").main
    assert "25 working minutes left" in at_desk("csr", "en").get("/").main
    wall.at = NOW + timedelta(hours=3, minutes=35)
    page = at_desk("csr").get("/")
    assert "terlambat 3 jam kerja" in page.main
    assert "paling lambat Kamis, 19 Nov, 09.45 WIB" in page.main


def test_others_work_lies_on_others_desks(office, at_desk):
    received(office, who={"name": "Punya Csr"})
    office.receive(by="csr2", branch="MKS", who={"name": "Punya Makassar"})
    for name in ("csr2", "officer", "billing"):
        assert "Punya Csr" not in at_desk(name).get("/").main
    assert "Punya Makassar" not in at_desk("csr").get("/").main


def test_an_officer_sees_the_units_queue_and_what_it_has_to_accept(office, at_desk):
    number = office.receive(who={"name": "Ratna Wulandari"})
    office.walk(number, to="020-1.6")
    office.take(number, inform_parties, teams=["TEKNIK"])
    page = at_desk("officer").get("/")
    assert page.one(".next a")["href"] == f"/complaints/{number}"
    assert "Ratna Wulandari" in page.one("[aria-labelledby=waiting]").get_text()
    # Somebody waits for it; on a phone too it stands before what one has to do anyway.
    assert page.all(".desk-main > section")[0]["aria-labelledby"] == "waiting"
    assert "Ratna Wulandari" not in at_desk("billing").get("/").main
    office.walk(number, after="asked", to="020-2.1")
    assert at_desk("officer").get("/").all("[aria-labelledby=waiting]") == []


def test_a_supervisor_sees_the_escalations_first(office, at_desk):
    number = office.receive(who={"name": "Marah Siregar"})
    office.take(number, escalate_by_hand, reason="Sudah dua kali datang")
    page = at_desk("supervisor").get("/")
    assert "Marah Siregar" in page.one("[aria-labelledby=escalations]").get_text()
    assert page.one(".tab[href='/board'] .count").get_text(" ", strip=True).startswith("1")


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("manager", ["/reports/deadlines", "/board", "/complaints?overdue=1"]),
        ("auditor", ["/reports/deadlines", "/complaints?overdue=1"]),
        ("admin", ["/reports/deadlines", "/complaints?overdue=1", "/admin/"]),
    ],
)
def test_who_leads_is_led_to_the_figures(at_desk, name, links):
    page = at_desk(name).get("/")
    assert [a["href"] for a in page.all(".shortcut")] == links


def test_news_stand_beside_the_work(office, at_desk):
    number = received(office)
    office.take(number, record_message, by="supervisor", text="halo", direction="in")
    page = at_desk("csr").get("/")
    assert number in page.one("[aria-labelledby=news]").get_text()


EVER = (
    "SELECT complaints.id \nFROM complaints\n LIMIT",
    "SELECT complaints.id \nFROM complaints \n LIMIT",
)


@pytest.mark.parametrize("name", ["admin", "csr"])
def test_an_empty_desk_says_how_to_begin_until_there_is_a_complaint(office, at_desk, name):
    assert at_desk(name).get("/").all("#first-steps")
    received(office)
    assert not at_desk(name).get("/").all("#first-steps")


@pytest.mark.parametrize("name", ["csr", "officer", "supervisor"])
def test_a_full_desk_asks_the_database_as_little_as_an_empty_one(office, at_desk, counted, name):
    def queries():
        person = at_desk(name)
        person.get("/")
        with counted() as found:
            person.get("/")
        return [each for each in found if each != "BEGIN"]

    # An empty one asks besides whether there has ever been a complaint, to say how to begin.
    empty = [each for each in queries() if not each.startswith(EVER)]
    for index in range(8):
        number = received(office, who={"name": f"Nama {index}", "phone": f"0812 000 00{index}"})
        office.walk(number, to="asked")
        office.take(number, escalate_by_hand, reason="alasan yang cukup")
    # One of them is for the corrective actions that somebody is to carry out.
    assert len(queries()) == len(empty) <= 14
