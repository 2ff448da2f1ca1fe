"""Deciding on the card: with a script in place, without one as a page, and two at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.models import Complaint, Escalation, Extension, Offer
from complaints.people.absences import note_absence
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.confirm import confirm_back
from complaints.steps.excuse import Unable
from complaints.steps.offer import offer_solution
from tests.conftest import NOW
from tests.html_tree import Tag
from tests.office import Office
from tests.web.page import Visitor, findings

PART = {"HX-Request": "true"}
LEFT = Unable("Pelanggan pergi sebelum ringkasan dibacakan")


@pytest.fixture
def offered(office: Office) -> str:
    number = office.receive(who={"name": "Rahmat Hidayat"})
    office.walk(number, to="020-3.2")
    words = {"remedy": "RESTITUSI", "description": "Potongan tagihan sebulan", "amount": 450_000}
    office.take(number, offer_solution, **words)
    return number


@pytest.fixture
def asked(office: Office) -> str:
    number = office.receive(who={"name": "Tuti Handayani"})
    office.walk(number, to="020-1.6")
    until = NOW + timedelta(days=9)
    office.take(number, ask_extension, until=until, reason="menunggu perangkat")
    return number


def part(visitor: Visitor, path: str) -> Tag:
    """The form of a card, as the script fetches it."""
    response = visitor.client.get(path, headers=PART)
    assert response.status_code == 200
    shown = response.get_data(as_text=True)
    assert "<html" not in shown
    told = [each for each in findings(shown) if not each.startswith(("0 h1", "no title", "not ex"))]
    assert [each for each in told if "no language" not in each] == []
    return Tag.of(shown)


def send(visitor: Visitor, card: Tag, status: int = 200, **fields: str):
    form = card.find("form")
    hidden = form.select("input[type=hidden]")
    data = {str(each["name"]): str(each.get("value", "")) for each in hidden}
    answer = visitor.client.post(form["action"], data={**data, **fields}, headers=PART)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def test_an_offer_is_decided_where_its_card_stands(office, at_desk, offered):
    supervisor = at_desk("supervisor")
    form = part(supervisor, f"/board/{offered}/offer/approval")
    # All that the complaint page weighs it by, and fields apart from those of another card.
    assert "Potongan tagihan sebulan" in form.get_text()
    assert "Internet di rumah mati" in form.get_text()
    assert not form.select("[id^=f-]")
    answer = send(supervisor, form, answer="approved")
    assert "card-done" in answer.text
    assert "disetujui" in answer.text
    assert [each.state for each in office.rows(Offer, offered)] == ["open"]


def test_a_refusal_keeps_every_word_beside_its_field(office, at_desk, offered):
    supervisor = at_desk("supervisor")
    form = part(supervisor, f"/board/{offered}/offer/approval")
    answer = send(supervisor, form, status=422, answer="rejected", reason="x")
    assert answer.headers["HX-Retarget"] == "closest .card-slot"
    assert ">\nx</textarea>" in answer.text
    assert office.rows(Offer, offered)[0].state == "waiting_approval"


def test_the_same_decision_sent_twice_is_one(office, at_desk, asked):
    supervisor = at_desk("supervisor")
    form = part(supervisor, f"/board/{asked}/extension/approval")
    first = send(supervisor, form, answer="approved")
    before = len(office.history(asked))
    again = send(supervisor, form, answer="approved")
    assert first.text == again.text
    assert len(office.history(asked)) == before
    other = send(supervisor, form, status=409, answer="rejected", reason="berubah pikiran")
    assert "sudah" in other.text
    assert office.rows(Extension, asked)[0].answer == "approved"


@pytest.mark.both_databases
def test_whoever_decides_second_is_told_who_decided(office, at_desk, asked):
    manager = at_desk("manager")
    late = part(manager, f"/board/{asked}/extension/approval")
    office.take(asked, decide_extension, by="supervisor", answer="rejected", reason="masih cukup")
    before = len(office.history(asked))
    answer = send(manager, late, status=409, answer="approved")
    said = Tag.of(answer.text)
    assert answer.headers["HX-Retarget"] == "closest .card-item"
    assert said.select_one(".card-done") is not None
    assert "Supervisor" in said.get_text()
    assert said.find("textarea") is None
    assert len(office.history(asked)) == before
    assert office.rows(Extension, asked)[0].answer == "rejected"


def test_without_a_script_a_decision_is_a_page_and_leads_back(office, at_desk, asked):
    supervisor = at_desk("supervisor")
    link = str(supervisor.get("/board").one("[aria-labelledby=approvals] .btn-do")["href"])
    page = supervisor.get(link)
    assert page.h1 == "Tuti Handayani"
    done = supervisor.submit(page, link, 303, answer="approved")
    board = supervisor.follow(done)
    assert board.path == "/board"
    assert "Keputusan perpanjangan" in board.main or "Perpanjangan" in board.main
    assert office.rows(Extension, asked)[0].answer == "approved"


def test_steps_left_out_are_read_and_signed_on_the_card(office, at_desk, wall):
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    wall.at = office.at
    supervisor = at_desk("supervisor")
    form = part(supervisor, f"/board/{number}/countersignature")
    assert LEFT.reason in form.get_text()
    assert "ditandatangani" in send(supervisor, form, answer="signed").text.casefold()
    assert office.complaint(number).signature_asked_at is None


def test_one_tap_takes_it_over_and_a_second_hears_that_it_moved(office, at_desk):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    supervisor = at_desk("supervisor")
    page = supervisor.get("/board")
    form = page.one(f"form[action='/board/{number}/assignment']")
    assert "Ambil alih" in form.get_text()
    fields = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")}
    taken = supervisor.client.post(f"/board/{number}/assignment", data=fields, headers=PART)
    assert taken.status_code == 200
    assert office.complaint(number).handler_id == office.id_of("supervisor")
    # Taking it over acknowledges what was escalated to whoever takes it.
    assert office.rows(Escalation, number)[0].acknowledged_at is not None
    stale = {**fields, "one_time_key": "another"}
    again = supervisor.client.post(f"/board/{number}/assignment", data=stale, headers=PART)
    assert again.status_code == 409
    assert again.headers["HX-Retarget"] == "next .card-slot"
    assert "Keluhan dialihkan" in again.text or "dialihkan" in again.text.casefold()


def test_giving_and_returning_open_on_the_card(office, at_desk):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    supervisor = at_desk("supervisor")
    form = part(supervisor, f"/board/{number}/assignment")
    send(supervisor, form, handler=office.people["csr"].email)
    assert office.complaint(number).handler_id == office.id_of("csr")
    office.session.commit()
    form = part(supervisor, f"/board/{number}/escalation/return")
    send(supervisor, form, instruction="Telepon pelanggan hari ini")
    assert office.rows(Escalation, number)[0].instruction == "Telepon pelanggan hari ini"


def test_nobody_decides_on_a_card_what_their_role_or_branch_forbids(office, at_desk, asked):
    at_desk("csr").get(f"/board/{asked}/extension/approval", 403)
    supervisor = at_desk("supervisor")
    supervisor.get(f"/board/{asked}/closure", 404)
    office.people["supervisor"].branch_id = office.rules.branches_by_code["MKS"].id
    office.session.commit()
    at_desk("supervisor").get(f"/board/{asked}/extension/approval", 403)


def test_what_to_look_after_has_a_view_of_its_own(office, at_desk, wall, counted):
    late, soon, paused = (office.receive(who={"name": name}) for name in ("Lama", "Dekat", "Diam"))
    for number in (late, paused):
        office.walk(number, to="020-2.5")
    until = NOW + timedelta(days=2)
    office.take(paused, pause_clocks, reason="Menunggu foto modem", until=until)
    office.walk(soon, to="020-2.5")
    rows = {each: office.complaint(each) for each in (late, soon, paused)}
    wall.at = office.at + timedelta(minutes=1)
    rows[late].next_due_at = wall.at - timedelta(hours=2)
    rows[soon].next_due_at = wall.at + timedelta(hours=1)
    office.session.commit()
    supervisor = at_desk("supervisor")
    board = supervisor.get("/board")
    counts = {str(each["data-count"]): each.get_text() for each in board.all("[data-count]")}
    assert counts["soon"] == counts["late"] == counts["paused"] == "1"
    for view, name in (("soon", "Dekat"), ("late", "Lama"), ("paused", "Diam")):
        page = supervisor.get(f"/board?view={view}")
        (card,) = page.words(".card-item")
        assert name in card, view
        assert page.one(".views [aria-current]").get_text().split()[0]
    with counted() as queries:
        supervisor.get("/board?view=late")
    assert len(queries) <= 5
    assert "ambil alih" in supervisor.get("/board?view=late").main.casefold()


@pytest.mark.both_databases
def test_the_load_says_what_lies_with_whom_and_who_is_away(office, at_desk, wall, counted):
    for _ in range(3):
        number = office.receive()
        office.complaint(number).handler_id = office.id_of("csr")
    office.complaint(number).next_due_at = NOW - timedelta(hours=1)
    until = NOW + timedelta(days=1)
    officer = office.people["officer"]
    note_absence(
        office.session,
        deputy="",
        from_at=NOW,
        until_at=until,
        person_id=officer.id,
        by=office.people["supervisor"].actor,
        at=NOW,
    )
    office.session.commit()
    supervisor = at_desk("supervisor")
    supervisor.get("/board?view=team")
    with counted() as queries:
        page = supervisor.get("/board?view=team")
    assert len(queries) <= 5
    cards = {card.split(" Belum selesai")[0]: card for card in page.words(".card-item")}
    (csr,) = [card for name, card in cards.items() if "Csr" in name]
    assert "3" in csr
    assert "1 Terlambat" in csr or "Terlambat 1" in csr
    assert "jam kerja" in csr
    (joko,) = [card for name, card in cards.items() if "Joko" in name]
    assert "Tidak hadir" in joko
    assert "Csr2" not in page.main
    assert office.session.get(Complaint, 1) is not None
