"""The board: what waits for a superior, as cards that can be acted on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from complaints.domain.permissions import CUSTOMER
from complaints.engine.fire import fire_due
from complaints.models import Escalation
from complaints.recalculation.jobs import run_next_batch
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.case import open_case
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.offer import offer_solution
from complaints.steps.promise import promise_deadline
from tests.conftest import NOW
from tests.steps.test_changes import FRONT_DESK, LAW, escalate, switch
from tests.worker.test_recalculations import order, save, with_policies


@pytest.fixture
def escalated(office):
    number = office.receive(who={"name": "Sri Lestari"})
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
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


@pytest.mark.parametrize(
    ("language", "paused", "until", "no_more"),
    [
        ("id", "dijeda", "sampai Sabtu, 21 Nov, 09.15 WIB", "paling lambat"),
        ("en", "paused", "until Saturday, 21 Nov, 09:15 WIB", "no later than"),
    ],
)
def test_a_paused_complaint_says_until_when_and_no_deadline_of_before(
    office, at_desk, wall, language, paused, until, no_more
):
    number = office.receive()
    office.walk(number, to="020-2.5")
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    ends = NOW + timedelta(days=2)
    office.take(number, pause_clocks, reason="Menunggu foto modem", until=ends)
    wall.at = office.at + timedelta(minutes=1)
    due = office.complaint(number).next_due_at
    office.session.commit()
    supervisor = at_desk("supervisor", language)
    card = supervisor.get("/board").one("[aria-labelledby=mine] .card-item .card-due")
    words = card.get_text(" ", strip=True)
    assert paused in words
    assert until in words
    assert no_more not in words
    shown = card.find("time")
    assert shown is None or datetime.fromisoformat(str(shown["datetime"])) != due
    # The list and the complaint say the same.
    for path in ("/complaints", f"/complaints/{number}"):
        assert "21 Nov" in supervisor.get(path).main


def test_an_expired_acknowledgement_brings_the_card_back(office, at_desk, escalated, wall):
    office.take(escalated, acknowledge_escalation, by="supervisor")
    (row,) = office.rows(Escalation, escalated)
    wall.at = row.ack_expires_at
    fire_due(office.session, office.rules, at=wall.at)
    office.session.commit()
    supervisor = at_desk("supervisor")
    card = supervisor.get("/board").one("[aria-labelledby=mine] .card-item")
    assert escalated in card.get_text(" ", strip=True)
    assert "Masa tindak lanjut Anda habis" in supervisor.get("/notices").main
    above = at_desk("manager", "en")
    assert escalated in above.get("/board").one("[aria-labelledby=mine]").get_text()
    assert "has expired" in above.get("/notices").main


def test_taking_note_clears_the_card(office, at_desk, escalated):
    supervisor = at_desk("supervisor")
    page = supervisor.get("/board")
    answer = supervisor.submit(page, f"/board/{escalated}/acknowledgement", status=303)
    assert answer.response.headers["Location"].startswith("/board")
    board = supervisor.get("/board")
    assert board.all("[aria-labelledby=mine]") == []
    assert supervisor.get("/").all(".tab .count") == []


def test_a_card_says_when_the_deadline_of_it_applies_no_more(office, at_desk, wall):
    """ADR 30: switched off for all, the rule escalates no further, and the call stays."""
    switch(office, FRONT_DESK, LAW)
    numbers = [office.receive(), office.receive()]
    escalate(office, office.clocks(numbers[0])["legal"].due_at + timedelta(days=5))
    office.take(numbers[1], acknowledge_escalation, by="manager")
    switch(office, FRONT_DESK)
    wall.at = office.at
    boss = at_desk("manager")
    office.session.commit()
    (card,) = [each for each in boss.get("/board").words(".card-item") if numbers[0] in each]
    assert "Satu tenggat yang terlewat tidak berlaku lagi sejak" in card
    # Who was called and who is seeing to one hear once, of both.
    (notice,) = [each for each in office.notices("manager") if each.kind == "clocks_ended"]
    assert notice.facts["count"] == 2
    office.session.commit()
    page = boss.get("/board")
    boss.submit(page, f"/board/{numbers[0]}/acknowledgement", 303)
    boss_id = office.id_of("manager")
    own = [each for each in office.rows(Escalation, numbers[0]) if each.to_id == boss_id]
    assert all(each.acknowledged_at is not None for each in own)


def test_what_one_has_acknowledged_stays_in_sight_until_it_expires(
    office, at_desk, escalated, wall
):
    """On the board, in the case's header and on the desk; not for ever, and not once it is over."""
    supervisor, manager = at_desk("supervisor"), at_desk("manager")
    board = supervisor.get("/board")
    supervisor.submit(board, f"/board/{escalated}/acknowledgement", status=303)
    mine = "Anda tindak lanjuti sampai 13.20 WIB"
    for page, place in (("/board", "#held"), ("/", "#held"), (f"/complaints/{escalated}", "h1")):
        shown = supervisor.get(page)
        assert mine in shown.main
        assert shown.one(place)
    assert "Supervisor menindaklanjuti sampai 13.20 WIB" in manager.get("/board").main
    assert "Supervisor menindaklanjuti" in at_desk("csr").get(f"/complaints/{escalated}").main
    assert "tindak lanjuti sampai" not in at_desk("csr").get("/").main
    wall.at += timedelta(hours=4, minutes=5)
    for page in ("/board", "/", f"/complaints/{escalated}"):
        assert mine not in supervisor.get(page).main


def test_what_was_handed_back_or_has_ended_is_held_no_more(office, at_desk, escalated):
    office.take(escalated, acknowledge_escalation, by="supervisor")
    other = office.receive(who={"name": "Tuti", "phone": "0812 9999 001"})
    office.take(other, escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.take(other, acknowledge_escalation, by="supervisor")
    held = "[aria-labelledby=held] .card-number"
    assert at_desk("supervisor").get("/board").words(held) == [escalated, other]
    office.take(escalated, return_escalation, by="supervisor", instruction="Telepon dulu")
    office.take(other, withdraw_complaint, reason="Pelanggan mencabut keluhannya")
    assert at_desk("supervisor").get("/board").all(held) == []


def test_another_branch_does_not_see_who_sees_to_it(office, at_desk, escalated):
    office.take(escalated, acknowledge_escalation, by="supervisor")
    office.people["billing"].role = "supervisor"
    office.session.commit()
    assert escalated in at_desk("billing").get("/board").main
    office.people["billing"].branch_id = office.rules.branches_by_code["MKS"].id
    office.session.commit()
    assert escalated not in at_desk("billing").get("/board").main


def test_taking_over_acknowledges_as_well(office, at_desk, escalated):
    office.take(escalated, assign_complaint, by="supervisor", handler="supervisor@tanggap.example")
    (row,) = office.rows(Escalation, escalated)
    assert (row.acknowledged_by_id, row.acknowledged_at) == (
        office.id_of("supervisor"),
        office.at,
    )
    assert [each.what for each in office.history(escalated)][-2:] == ["acknowledge", "assign"]
    assert "Anda tindak lanjuti sampai" in at_desk("supervisor").get("/board").main


def test_giving_it_to_somebody_else_acknowledges_nothing(office, escalated):
    office.take(escalated, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    assert office.rows(Escalation, escalated)[0].acknowledged_at is None


def test_whoever_comes_second_hears_who_came_first_and_records_nothing(office, at_desk, escalated):
    manager = at_desk("manager")
    late = manager.get("/board")
    office.take(escalated, acknowledge_escalation, by="supervisor")
    before = len(office.history(escalated))
    answer = manager.submit(late, f"/board/{escalated}/acknowledgement", status=303)
    shown = manager.get(answer.response.headers["Location"])
    assert "Supervisor sudah menindaklanjuti eskalasi ini" in shown.text
    assert len(office.history(escalated)) == before


def test_the_other_ways_out_are_on_the_card(at_desk, escalated):
    supervisor = at_desk("supervisor")
    page = supervisor.get("/board")
    for word in ("Kembalikan", "Alihkan"):
        supervisor.get(page.link(word))


def test_a_manager_sees_what_others_have_not_taken_and_may_take_it(at_desk, escalated):
    page = at_desk("manager").get("/board")
    assert escalated in page.one("[aria-labelledby=others]").get_text()
    page.form(f"/board/{escalated}/acknowledgement")


def test_another_branchs_supervisor_sees_nothing_of_it(office, at_desk, escalated):
    office.people["supervisor"].branch_id = office.rules.branches_by_code["MKS"].id
    office.people["billing"].role = "supervisor"
    office.session.commit()
    assert escalated in at_desk("billing").get("/board").main
    office.people["billing"].branch_id = office.rules.branches_by_code["MKS"].id
    office.session.commit()
    assert escalated not in at_desk("billing").get("/board").main


def test_approvals_wait_beside_with_what_is_asked(office, at_desk):
    offered = office.receive(who={"name": "Rahmat Hidayat"})
    office.walk(offered, to="020-3.2")
    office.take(
        offered,
        offer_solution,
        remedy="RESTITUSI",
        description="Potongan tagihan sebulan",
        amount=450_000,
    )
    extended = office.receive(who={"name": "Tuti Handayani"})
    office.walk(extended, to="020-1.6")
    until = NOW + timedelta(days=20)
    office.take(extended, ask_extension, until=until, reason="menunggu perangkat")
    page = at_desk("supervisor").get("/board")
    cards = " ".join(page.words("[aria-labelledby=approvals] .card-item"))
    for each in ("Rahmat Hidayat", "Rp450.000", "Potongan tagihan sebulan", "menunggu perangkat"):
        assert each in cards
    assert {a["href"] for a in page.all("[aria-labelledby=approvals] .btn-do")} == {
        f"/board/{offered}/offer/approval",
        f"/board/{extended}/extension/approval",
    }
    for link in page.all("[aria-labelledby=approvals] .btn-do"):
        at_desk("supervisor").get(str(link["href"]))


def test_an_offer_above_ones_limit_names_who_was_asked_and_has_no_button(office, at_desk):
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(
        number, offer_solution, remedy="RESTITUSI", description="Potongan tagihan", amount=3_000_000
    )
    page = at_desk("supervisor").get("/board")
    assert "Keputusannya sudah dimintakan kepada Manager." in page.main
    assert page.all("[aria-labelledby=approvals] .btn-do") == []
    assert len(at_desk("manager").get("/board").all("[aria-labelledby=approvals] .btn-do")) == 1


def test_nobody_decides_what_they_asked_for_themselves(office, at_desk):
    number = office.receive()
    office.walk(number, to="020-1.3")
    office.take(number, promise_deadline, by="supervisor", steps=[StepGiven("Cek")])
    office.walk(number, after="020-1.4", to="020-1.6")
    until = NOW + timedelta(days=20)
    office.take(number, ask_extension, by="supervisor", until=until, reason="menunggu suku cadang")
    page = at_desk("supervisor").get("/board")
    assert "keputusan harus diambil oleh orang lain" in page.main
    assert page.all("[aria-labelledby=approvals] .btn-do") == []


def test_a_full_board_asks_as_little_as_an_empty_one(office, at_desk, counted):
    supervisor = at_desk("supervisor")
    supervisor.get("/board")
    with counted() as empty:
        supervisor.get("/board")
    for index in range(6):
        number = office.receive(who={"name": f"Nama {index}", "phone": f"0812 000 00{index}"})
        office.take(number, escalate_by_hand, reason="alasan yang cukup")
    with counted() as full:
        page = supervisor.get("/board")
    assert len(page.all(".card-item")) == 6
    # One of them counts the low ratings that nobody has followed up.
    assert len(full) == len(empty) <= 10


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "paket kebijakan dinonaktifkan: "), ("en", "policy packs switched off: ")],
)
def test_a_deadline_that_a_change_of_the_rules_ended_names_the_packs(
    office, at_desk, wall, language, said
):
    switch(office, FRONT_DESK, LAW)
    number = office.receive()
    escalate(office, office.clocks(number)["legal"].due_at + timedelta(days=5))
    order_id = order(office, save(office, with_policies(office, FRONT_DESK)))
    run_next_batch(office.session, office.rules, order_id, at=office.at)
    wall.at = office.at
    office.session.commit()
    boss = at_desk("manager", language)
    name = next(each for each in office.rules.all_policies if each.code == LAW).labels[language]
    for path in ("/board", "/notices", f"/complaints/{number}?view=history"):
        words = boss.get(path).main
        assert said + name in words, path
        assert LAW not in words, path


def test_a_dozen_cards_are_drawn_until_more_are_asked_for(office, at_desk):
    for index in range(14):
        number = office.receive(who={"name": f"Nama {index}", "phone": f"0812 000 0{index:02}"})
        office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    supervisor = at_desk("supervisor")
    first = supervisor.get("/board")
    assert len(first.all("[aria-labelledby=mine] .card-item")) == 12
    assert first.one("#mine .soft").get_text() == "12+"
    # Beside the pile that goes on, and back to it.
    assert first.one("[aria-labelledby=mine] .pile-more a")["href"].endswith("#mine")
    everything = supervisor.get(first.link("Tampilkan lebih banyak"))
    assert len(everything.all("[aria-labelledby=mine] .card-item")) == 14
    assert everything.one("#mine .soft").get_text() == "14"
    assert "lebih banyak" not in everything.main
    assert "Eskalasi yang menunggu Anda: 14" in supervisor.get("/").main


def test_low_ratings_stand_on_the_board_until_somebody_notes_what_was_done(at_desk, office):
    number = office.receive()
    office.walk(number)
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    rate(case, RatingGiven({"overall": 1}))
    office.session.commit()
    supervisor = at_desk("supervisor", "en")
    page = supervisor.get("/board")
    link = page.one("a[href*=low_rating]")
    assert link.get_text().endswith("nobody has followed up: 1")
    assert number in supervisor.get(link["href"]).main
    office.take(number, write_note, by="supervisor", text="Sudah ditelepon, teknisi ditegur")
    assert not supervisor.get("/board").all("a[href*=low_rating]")
