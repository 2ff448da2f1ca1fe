"""Ends and beginnings anew: closing, referring, withdrawing, reopening, and what comes after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import GateRefused, Invalid, Refused
from complaints.domain.evidence import Lapse
from complaints.domain.words.exits import Unable
from complaints.models import Deadline, Extension
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.attest import attest_listening
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from complaints.steps.promise import promise_deadline
from complaints.steps.register import register_complaint
from tests.office import Office

ENDS = ["closed", "withdrawn", "referred"]


def end(office: Office, number: str, how: str) -> None:
    if how == "withdrawn":
        office.take(number, withdraw_complaint, reason="Pelanggan mencabut")
        return
    office.walk(number, skip={"closed"})
    outcome = "BUKAN_WEWENANG" if how == "referred" else None
    office.take(number, close_complaint, outcome=outcome)


@pytest.mark.parametrize("how", ENDS)
def test_an_end_stops_every_clock(office: Office, how: str):
    number = office.receive()
    end(office, number, how)
    complaint = office.complaint(number)
    assert (complaint.status, complaint.closed_at) == (how, office.at)
    assert complaint.next_due_at is None
    assert complaint.outcome is not None
    assert office.timers(number) == []
    assert all(clock.ended_at for clock in office.rows(Deadline, number))


@pytest.mark.parametrize("how", ENDS)
def test_an_ended_complaint_takes_nothing_more_but_words(office: Office, how: str):
    number = office.receive()
    end(office, number, how)
    for step, words in (
        (attest_listening, {"listened": True}),
        (offer_solution, {"remedy": "PERBAIKAN", "description": "Kabel baru"}),
        (close_complaint, {"outcome": "SETUJU"}),
        (withdraw_complaint, {"reason": "Sekali lagi"}),
        (promise_deadline, {"steps": [StepGiven("Cek")], "due_at": office.at + timedelta(days=1)}),
    ):
        with pytest.raises(Refused) as refusal:
            office.take(number, step, **words)
        assert refusal.value.status == 409
    office.take(number, write_note, text="Untuk diingat")
    office.take(number, record_message, text="Terima kasih", direction="in")
    office.take(number, record_message, text="Sama-sama", direction="out", method="phone")
    assert office.complaint(number).next_due_at is None
    assert office.timers(number) == []


@pytest.mark.parametrize("outcome", ["SETUJU_ALTERNATIF", "TANPA_JAWABAN", "DICABUT"])
def test_no_outcome_says_other_than_what_the_customer_accepted(office: Office, outcome: str):
    number = office.receive()
    office.walk(number, to="kept")
    with pytest.raises(Invalid) as refusal:
        office.take(number, close_complaint, outcome=outcome)
    assert refusal.value.field == "outcome"
    assert office.complaint(number).status == "accepted"


@pytest.mark.parametrize("outcome", ["SETUJU", "SETUJU_ALTERNATIF", "TANPA_JAWABAN", "DICABUT"])
def test_who_refused_has_not_agreed(office: Office, outcome: str):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Kurang")
    nothing = Unable("Kebijakan tidak mengizinkan yang lain")
    office.take(number, offer_solution, by="supervisor", unable=nothing)
    office.walk(number, after="020-3.4", skip={"closed"})
    with pytest.raises(Invalid, match="customer") as refusal:
        office.take(number, close_complaint, outcome=outcome)
    assert refusal.value.field == "outcome"
    office.take(number, close_complaint)
    assert office.complaint(number).outcome == "DITOLAK"


@pytest.mark.parametrize("outcome", ["SETUJU", "SEBAGIAN", "DITOLAK"])
def test_what_was_granted_is_ours_to_say(office: Office, outcome: str):
    number = office.receive()
    office.walk(number, to="kept")
    assert office.take(number, close_complaint, outcome=outcome).outcome == outcome


def test_a_withdrawal_in_the_middle_of_a_pause_leaves_nothing_waiting(office: Office):
    number = office.receive()
    until = office.at + timedelta(days=2)
    office.take(number, pause_clocks, by="supervisor", reason="Tunggu foto", until=until)
    complaint = office.take(number, withdraw_complaint, reason="Pelanggan mencabut")
    assert not complaint.waiting_customer
    assert {clock.state for clock in office.rows(Deadline, number)} == {"cancelled"}
    assert complaint.outcome == "DICABUT"


def test_a_late_withdrawal_does_not_undo_a_miss(office: Office):
    number = office.receive()
    due = office.clocks(number)["ack"].due_at
    office.take(number, withdraw_complaint, at=due + timedelta(hours=1), reason="Tidak sabar lagi")
    assert office.clocks(number)["ack"].breached_at == due
    assert office.clocks(number)["resolve"].state == "cancelled"


def test_reopening_begins_a_new_cycle(office: Office):
    number = office.receive()
    office.walk(number)
    first = office.clocks(number)["resolve"]
    complaint = office.take(number, reopen_complaint, reason="Rusak lagi")
    assert (complaint.status, complaint.cycle) == ("in_handling", 2)
    assert (complaint.closed_at, complaint.outcome, complaint.promised_at) == (None, None, None)
    again = office.clocks(number)["resolve"]
    assert (again.cycle, again.state, again.started_at) == (2, "running", office.at)
    assert first.state == "met"
    assert office.clocks(number)["ack"].cycle == 1
    assert set(office.missing(number)) == {
        "020-1.5",
        "020-3.1",
        "020-3.2",
        "020-3.3",
        "020-3.4",
        "020-3.6",
        "020-3.7",
    }
    office.walk(number, after="020-2.5", to="kept")
    with pytest.raises(GateRefused) as error:
        office.take(number, close_complaint)
    assert (error.value.missing, error.value.because) == (
        ("020-1.5",),
        {"020-1.5": Lapse.OPENED_AGAIN},
    )
    # Also now, behind the customer's answer, the date can be told.
    office.take(
        number,
        promise_deadline,
        steps=[StepGiven("Memeriksa lagi")],
        due_at=office.at + timedelta(days=1),
    )
    office.walk(number, after="020-3.7")
    assert office.complaint(number).status == "closed"


def test_reopening_is_no_way_round_the_registration(office: Office):
    number = office.receive()
    office.take(number, withdraw_complaint, reason="Salah paham")
    complaint = office.take(number, reopen_complaint, reason="Ternyata tetap mengeluh")
    assert complaint.status == "received"
    kinds = {clock.kind for clock in office.rows(Deadline, number) if clock.cycle == 2}
    assert kinds == {"ack", "plan", "progress", "resolve"}
    with pytest.raises(GateRefused):
        office.take(number, register_complaint)
    office.walk(number)
    assert office.complaint(number).status == "closed"


def test_reopening_is_no_way_round_the_plan(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, withdraw_complaint, reason="Salah paham")
    complaint = office.take(number, reopen_complaint, reason="Ternyata tetap mengeluh")
    assert complaint.status == "registered"
    kinds = {clock.kind for clock in office.rows(Deadline, number) if clock.cycle == 2}
    assert kinds == {"plan", "progress", "resolve", "commitment"}
    planned = office.take(number, draw_up_plan, steps=[StepGiven("Ganti kabel")])
    assert planned.status == "registered"
    with pytest.raises(GateRefused):
        office.take(number, send_apology, stage="resolution")


@pytest.mark.parametrize("how", ENDS)
def test_a_request_for_more_time_falls_with_the_end(office: Office, how: str):
    number = office.receive()
    until = office.clocks(number)["resolve"].due_at + timedelta(days=1)
    office.take(number, ask_extension, until=until, reason="Suku cadang")
    end(office, number, how)
    (request,) = office.rows(Extension, number)
    assert (request.answer, request.answered_at) == ("dropped", office.at)
    office.take(number, reopen_complaint, reason="Ternyata tetap mengeluh")
    until = office.clocks(number)["resolve"].due_at + timedelta(days=1)
    office.take(number, ask_extension, until=until, reason="Suku cadang")


def test_an_open_complaint_need_not_be_reopened(office: Office):
    number = office.receive()
    with pytest.raises(Refused, match="need not be reopened"):
        office.take(number, reopen_complaint, reason="Entah kenapa")
    assert office.complaint(number).cycle == 1


def test_the_customer_is_told_of_the_end(office: Office):
    number = office.receive()
    office.walk(number)
    letter = office.letters(number)[-1]
    assert (letter.kind, letter.facts["outcome"]) == ("closed", "SETUJU")
