"""Drafts of the intake form: kept for their owner alone, gone once sent, and never brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.actions.drafts import KEEP_DRAFTS, MOST_DRAFTS, purge_drafts
from complaints.models import Complaint, Draft, OutboxMessage
from tests.at_once import at_once
from tests.conftest import NOW
from tests.office import STORY
from tests.web.intake.test_intake import NEW, PERSON, TOLD, number_in, send

KEEP, QUEUED = "/complaints/new/draft", "/complaints/new/queued"


@pytest.fixture
def desk(at_desk):
    return at_desk("csr")


def token(desk) -> str:
    return str(desk.get(NEW).all("[name=csrf_token]")[0]["value"])


def keep(desk, status: int = 200, key: str = "kunci-1", address: str = KEEP, **fields: Any):
    data = {"csrf_token": token(desk), "one_time_key": key, "channel": "walk_in", **fields}
    answer = desk.client.post(address, data=data)
    assert answer.status_code == status, answer.get_data(as_text=True)[:400]
    return answer.get_json(silent=True)


def drafts(office) -> list[Draft]:
    query = office.session.query(Draft).execution_options(populate_existing=True)
    found = list(query)
    office.session.commit()
    return found


def test_a_draft_is_resumed_on_another_machine_with_every_word(desk, at_desk, office):
    kept = keep(desk, **PERSON, story=STORY, **{"customer.needs": "LANSIA"})
    assert kept["saved"] == "09.15 WIB"
    other = at_desk("csr")
    listed = other.get("/").one("[aria-labelledby=drafts]")
    assert "Siti Aminah" in listed.get_text()
    assert "yang belum dikirim tidak ada tenggat yang berjalan" in listed.get_text()
    page = other.get(f"{NEW}?draft={kept['id']}")
    assert page.one("#f-story").get_text().strip() == STORY
    assert page.one("[name='customer.name']")["value"] == "Siti Aminah"
    assert page.one("[name=one_time_key]")["value"] == "kunci-1"
    assert page.one("[name=seen]")["value"] == "1"
    assert office.count(Complaint) == 0


def test_a_draft_belongs_to_its_owner_alone(desk, at_desk, office):
    kept = keep(desk, **PERSON, story=STORY)
    for name in ("supervisor", "csr2", "manager"):
        stranger = at_desk(name)
        assert "Siti Aminah" not in stranger.get("/").text
        if name == "manager":
            continue
        assert stranger.get(f"{NEW}?draft={kept['id']}", 302).response.headers["Location"] == NEW
        page = stranger.get("/")
        stranger.post(f"/drafts/{kept['id']}/discard", {"csrf_token": token(stranger)}, 404)
        assert page is not None
        # The same key in another's hands is another draft.
        keep(stranger, key="kunci-1", story="Cerita lain")
    assert [each.owner_id for each in drafts(office)].count(office.people["csr"].id) == 1


def test_sending_takes_the_draft_with_it_and_no_old_tab_brings_it_back(desk, at_desk, office, wall):
    kept = keep(desk, **PERSON, story=STORY)
    page = desk.get(f"{NEW}?draft={kept['id']}")
    number = number_in(send(desk, "register", page=page, **TOLD))
    assert drafts(office) == []
    wall.at = NOW + timedelta(minutes=27)
    old_tab = at_desk("csr")
    refused = keep(old_tab, 409, **PERSON, story="Cerita lama")
    assert refused["kind"] == "already-sent"
    assert refused["sentence"] == f"Sudah dikirim pukul 09.15 WIB sebagai {number}."
    assert drafts(office) == []
    told = old_tab.get(f"{NEW}?draft={kept['id']}", 302)
    assert "sudah dikirim atau dibuang" in old_tab.follow(told).text


def test_a_refused_sending_keeps_the_draft(desk, office):
    kept = keep(desk, **PERSON, story=STORY)
    page = desk.get(f"{NEW}?draft={kept['id']}")
    send(desk, "register", 422, page=page, **{**TOLD, "customer.phone": "bukan nomor"})
    assert len(drafts(office)) == 1


def test_two_tabs_do_not_overwrite_each_other_unseen(desk, office, wall):
    keep(desk, story="Awal")
    wall.at = NOW + timedelta(minutes=5)
    assert keep(desk, story="Dari tab kedua", seen="1")["version"] == 2
    refused = keep(desk, 409, story="Dari tab pertama", seen="1")
    assert refused["kind"] == "changed-elsewhere"
    assert "pukul 09.20 WIB" in refused["sentence"]
    assert ["story", "Dari tab kedua"] in drafts(office)[0].fields


@pytest.mark.both_databases
def test_saving_and_sending_at_the_same_moment_leave_no_draft(at_desk, office):
    tabs = [(at_desk("csr"), NEW if n == 0 else KEEP) for n in range(6)]
    waiting = [(tab, address, token(tab)) for tab, address in tabs]
    fields = {**TOLD, "channel": "walk_in", "one_time_key": "kunci-1", "do": "register"}
    statuses: dict[str, set[int]] = {NEW: set(), KEEP: set()}

    def act() -> None:
        tab, address, key = waiting.pop()
        answer = tab.client.post(address, data={**fields, "csrf_token": key})
        statuses[address].add(answer.status_code)

    at_once(6, act)
    assert statuses[NEW] == {303}
    assert statuses[KEEP] <= {200, 409}
    assert drafts(office) == []
    assert office.count(Complaint) == 1


def test_a_draft_holds_no_more_than_it_may(desk, office):
    assert "terlalu panjang" in keep(desk, 422, story="x" * 250_000)["sentence"]
    assert "Formulir ini tidak berkunci" in keep(desk, 422, key="", story="x")["sentence"]
    page = token(desk)
    for n in range(MOST_DRAFTS):
        data = {"csrf_token": page, "one_time_key": f"k{n}", "story": "x"}
        assert desk.client.post(KEEP, data=data).status_code == 200
    assert f"{MOST_DRAFTS} draf" in keep(desk, 422, key="satu-lagi", story="x")["sentence"]
    keep(desk, key="k0", story="masih bisa", seen="1")
    desk.get("/")


def test_what_no_database_holds_is_left_out(desk, office):
    keep(desk, story="a\0b", **{"x" * 200: "y", "one\ntwo": "z"})
    assert drafts(office)[0].fields == [["channel", "walk_in"], ["story", "ab"]]


def test_a_draft_is_discarded_by_hand(desk, office):
    kept = keep(desk, story=STORY)
    done = desk.post(f"/drafts/{kept['id']}/discard", {"csrf_token": token(desk)}, 303)
    assert "Draf dibuang" in desk.follow(done).text
    assert drafts(office) == []


@pytest.mark.both_databases
def test_a_draft_is_purged_when_nobody_has_touched_it(desk, office, wall):
    keep(desk, key="lama", story=STORY)
    wall.at = NOW + KEEP_DRAFTS - timedelta(days=1)
    keep(desk, key="baru", story=STORY)
    end = NOW + KEEP_DRAFTS + timedelta(seconds=1)
    assert purge_drafts(office.session, saved_before=end - KEEP_DRAFTS) == 1
    office.session.commit()
    assert [each.key for each in drafts(office)] == ["baru"]


def test_a_supervisor_hears_how_many_drafts_lie_untouched_and_not_what_they_say(
    desk, at_desk, office, wall
):
    keep(desk, **PERSON, story=STORY)
    supervisor = at_desk("supervisor")
    assert supervisor.get("/").all("[aria-labelledby=drafts-waiting]") == []
    wall.at = NOW + timedelta(days=1, minutes=1)
    waiting = supervisor.get("/").one("[aria-labelledby=drafts-waiting]").get_text()
    assert "Csr: 1" in waiting
    assert "Siti" not in waiting


def test_whoever_is_logged_out_or_may_not_is_told_so(visitor, at_desk):
    page = at_desk("csr").get(NEW)
    data = {
        "csrf_token": page.all("[name=csrf_token]")[0]["value"],
        "one_time_key": "k",
        "story": "x",
    }
    assert visitor.client.post(KEEP, data=data).status_code in (400, 401)
    assert visitor.client.get("/complaints/new/session").status_code == 302
    officer = at_desk("officer")
    data["csrf_token"] = officer.get("/").all("[name=csrf_token]")[0]["value"]
    assert officer.client.post(KEEP, data=data).status_code == 403


def test_the_page_learns_who_is_logged_in_and_the_key_for_it(desk, office):
    answer = desk.client.get("/complaints/new/session").get_json()
    assert answer["person"] == str(office.people["csr"].id)
    data = {"csrf_token": answer["csrf_token"], "one_time_key": "k", "story": "x"}
    assert desk.client.post(KEEP, data=data).status_code == 200


class TestTheQueueOfAnOutage:
    def test_what_waited_is_recorded_once_with_the_time_it_was_told(self, desk, office, wall):
        fields = {**TOLD, "received_at": "2026-11-19 09:15", "do": "register"}
        wall.at = NOW + timedelta(hours=2)
        first = keep(desk, address=QUEUED, **fields)
        again = keep(desk, address=QUEUED, **fields)
        assert first["kind"] == again["kind"] == "recorded"
        assert first["number"] == again["number"]
        assert "Sampaikan nomor ini" in first["sentence"]
        office.session.rollback()
        (complaint,) = office.session.query(Complaint)
        assert (complaint.status, complaint.received_at) == ("registered", NOW)

    def test_what_cannot_be_recorded_becomes_a_draft_and_says_why(self, desk, office):
        fields = {**TOLD, "customer.phone": "bukan nomor", "do": "register"}
        kept = keep(desk, address=QUEUED, **fields)
        assert kept["kind"] == "draft"
        assert "nomor telepon" in kept["sentence"].lower()
        assert desk.get(kept["href"]).one("#f-story").get_text().strip() == STORY

    def test_what_arrived_before_with_other_words_is_told_and_not_doubled(self, desk, office):
        keep(desk, address=QUEUED, **TOLD, do="register")
        again = keep(desk, address=QUEUED, **{**TOLD, "story": "Lain"}, do="register")
        assert again["kind"] == "recorded"
        assert "Sudah dikirim pukul 09.15 WIB" in again["sentence"]
        assert office.count(Complaint) == 1


class TestTheCustomerLeft:
    def test_what_was_told_is_a_complaint_whose_deadline_runs(self, desk, office):
        number = number_in(send(desk, "left", **PERSON, story=STORY))
        complaint = office.complaint(number)
        assert complaint.status == "received"
        assert complaint.next_due_at is not None
        states = office.states(number)
        assert states["020-1.1"] == "unable"
        # They can be reached, so the summary, the apology and the deadline are still to come.
        assert {states[f"020-1.{n}"] for n in (2, 3, 4, 5)} == {"missing"}

    def test_who_cannot_be_reached_any_more_cannot_be_asked(self, desk, office):
        number = number_in(send(desk, "left", story=STORY))
        states = office.states(number)
        assert (states["020-1.1"], states["020-1.2"]) == ("unable", "unable")
        complaint = office.complaint(number)
        assert complaint.contact_name == "Nama tidak disebut"

    def test_what_was_done_stays_done(self, desk, office):
        fields = {name: TOLD[name] for name in TOLD if not name.startswith("promise")}
        number = number_in(send(desk, "left", **fields))
        states = office.states(number)
        assert {states[f"020-1.{n}"] for n in (1, 2, 3)} == {"proven"}

    def test_where_nothing_was_told_a_draft_waits_and_no_clock_runs(self, desk, office):
        page = desk.follow(send(desk, "left", **PERSON))
        assert "belum ada keluhan" in page.text
        assert "pelanggan pergi" in page.one("[aria-labelledby=drafts]").get_text()
        assert office.count(Complaint) == 0
        assert office.count(OutboxMessage) == 0

    def test_an_empty_page_leaves_nothing(self, desk, office):
        page = desk.follow(send(desk, "left"))
        assert "tidak ada yang dicatat" in page.text
        assert drafts(office) == []
