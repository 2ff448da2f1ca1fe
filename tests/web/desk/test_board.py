"""The board: what waits for a superior, as cards that can be acted on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension
from complaints.steps.offer import offer_solution
from complaints.steps.promise import StepGiven, promise_deadline
from tests.conftest import NOW


@pytest.fixture
def escalated(house):
    number = house.receive(who={"name": "Sri Lestari"})
    house.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    return number


def test_an_empty_board_says_what_will_come(at_desk):
    assert "setelah tenggat terlewat" in at_desk("supervisor").get("/board").main


def test_a_card_says_who_why_since_when_and_by_when(at_desk, escalated, wall):
    wall.at = NOW + timedelta(minutes=10)
    card = at_desk("supervisor").get("/board").one("[aria-labelledby=mine] .card-item")
    words = card.get_text(" ", strip=True)
    for each in (
        escalated,
        "tingkat 1",
        "Sri Lestari",
        "Pelanggan menunggu di loket",
        "20 menit kerja lagi",
        "09.20 WIB",
        "oleh Csr",
        "Belum terdaftar",
    ):
        assert each in words


def test_taking_note_clears_the_card(house, at_desk, escalated):
    supervisor = at_desk("supervisor")
    page = supervisor.get("/board")
    answer = supervisor.submit(page, f"/complaints/{escalated}/acknowledgement", status=303)
    assert answer.response.headers["Location"].startswith(f"/complaints/{escalated}")
    assert "Tidak ada yang menunggu Anda" in supervisor.get("/board").main
    assert supervisor.get("/").all(".tab .count") == []


def test_the_other_ways_out_are_on_the_card(at_desk, escalated):
    supervisor = at_desk("supervisor")
    page = supervisor.get("/board")
    for word in ("Kembalikan", "Alihkan"):
        supervisor.get(page.link(word))


def test_a_manager_sees_what_others_have_not_taken_and_may_take_it(at_desk, escalated):
    page = at_desk("manager").get("/board")
    assert escalated in page.one("[aria-labelledby=others]").get_text()
    page.form(f"/complaints/{escalated}/acknowledgement")


def test_another_branchs_supervisor_sees_nothing_of_it(house, at_desk, escalated):
    house.people["supervisor"].branch_id = house.rules.branches_by_code["MKS"].id
    house.people["billing"].role = "supervisor"
    house.session.commit()
    assert escalated in at_desk("billing").get("/board").main
    house.people["billing"].branch_id = house.rules.branches_by_code["MKS"].id
    house.session.commit()
    assert escalated not in at_desk("billing").get("/board").main


def test_approvals_wait_beside_with_what_is_asked(house, at_desk):
    offered = house.receive(who={"name": "Rahmat Hidayat"})
    house.walk(offered, to="020-3.2")
    house.take(
        offered,
        offer_solution,
        remedy="RESTITUSI",
        description="Potongan tagihan sebulan",
        amount=450_000,
    )
    extended = house.receive(who={"name": "Tuti Handayani"})
    house.walk(extended, to="020-1.6")
    until = NOW + timedelta(days=20)
    house.take(extended, ask_extension, until=until, reason="menunggu perangkat")
    page = at_desk("supervisor").get("/board")
    cards = " ".join(page.words("[aria-labelledby=approvals] .card-item"))
    for each in ("Rahmat Hidayat", "Rp450.000", "Potongan tagihan sebulan", "menunggu perangkat"):
        assert each in cards
    assert {a["href"] for a in page.all("[aria-labelledby=approvals] .btn-do")} == {
        f"/complaints/{offered}/offer/approval",
        f"/complaints/{extended}/extension/approval",
    }
    for link in page.all("[aria-labelledby=approvals] .btn-do"):
        at_desk("supervisor").get(str(link["href"]))


def test_nobody_decides_what_they_asked_for_themselves(house, at_desk):
    number = house.receive()
    house.walk(number, to="020-1.3")
    house.take(number, promise_deadline, by="supervisor", steps=[StepGiven("Cek")])
    house.walk(number, after="020-1.4", to="020-1.6")
    until = NOW + timedelta(days=20)
    house.take(number, ask_extension, by="supervisor", until=until, reason="menunggu suku cadang")
    page = at_desk("supervisor").get("/board")
    assert "keputusan harus diambil oleh orang lain" in page.main
    assert page.all("[aria-labelledby=approvals] .btn-do") == []


def test_a_full_board_asks_as_little_as_an_empty_one(house, at_desk, counted):
    supervisor = at_desk("supervisor")
    supervisor.get("/board")
    with counted() as empty:
        supervisor.get("/board")
    for index in range(6):
        number = house.receive(who={"name": f"Nama {index}", "phone": f"0812 000 00{index}"})
        house.take(number, escalate_by_hand, reason="alasan yang cukup")
    with counted() as full:
        page = supervisor.get("/board")
    assert len(page.all(".card-item")) == 6
    assert len(full) == len(empty) <= 8
