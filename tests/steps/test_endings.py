"""Ends and beginnings anew: closing, referring, withdrawing, reopening, and what comes after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import GateRefused, Refused
from complaints.models import Deadline, Extension
from complaints.steps.attest import attest_listening
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from complaints.steps.promise import StepGiven, promise_deadline
from complaints.steps.register import register_complaint
from tests.house import House

ENDS = ["closed", "withdrawn", "referred"]


def end(house: House, number: str, how: str) -> None:
    if how == "withdrawn":
        house.take(number, withdraw_complaint, reason="Pelanggan mencabut")
        return
    house.walk(number, skip={"closed"})
    outcome = "BUKAN_WEWENANG" if how == "referred" else None
    house.take(number, close_complaint, outcome=outcome)


@pytest.mark.parametrize("how", ENDS)
def test_an_end_stops_every_clock(house: House, how: str):
    number = house.receive()
    end(house, number, how)
    complaint = house.complaint(number)
    assert (complaint.status, complaint.closed_at) == (how, house.at)
    assert complaint.next_due_at is None
    assert complaint.outcome is not None
    assert house.timers(number) == []
    assert all(clock.ended_at for clock in house.rows(Deadline, number))


@pytest.mark.parametrize("how", ENDS)
def test_an_ended_complaint_takes_nothing_more_but_words(house: House, how: str):
    number = house.receive()
    end(house, number, how)
    for step, words in (
        (attest_listening, {"listened": True}),
        (offer_solution, {"remedy": "PERBAIKAN", "description": "x"}),
        (close_complaint, {"outcome": "SETUJU"}),
        (withdraw_complaint, {"reason": "Sekali lagi"}),
        (promise_deadline, {"steps": [StepGiven("x")], "due_at": house.at + timedelta(days=1)}),
    ):
        with pytest.raises(Refused) as refusal:
            house.take(number, step, **words)
        assert refusal.value.status == 409
    house.take(number, write_note, text="Untuk diingat")
    house.take(number, record_message, text="Terima kasih", direction="in")
    house.take(number, record_message, text="Sama-sama", direction="out", method="phone")
    assert house.complaint(number).next_due_at is None
    assert house.timers(number) == []


def test_a_withdrawal_in_the_middle_of_a_pause_leaves_nothing_waiting(house: House):
    number = house.receive()
    until = house.at + timedelta(days=2)
    house.take(number, pause_clocks, reason="Tunggu foto", until=until)
    complaint = house.take(number, withdraw_complaint, reason="Pelanggan mencabut")
    assert not complaint.waiting_customer
    assert {clock.state for clock in house.rows(Deadline, number)} == {"cancelled"}
    assert complaint.outcome == "DICABUT"


def test_a_late_withdrawal_does_not_undo_a_miss(house: House):
    number = house.receive()
    due = house.clocks(number)["ack"].due_at
    house.take(number, withdraw_complaint, at=due + timedelta(hours=1), reason="Tidak sabar lagi")
    assert house.clocks(number)["ack"].breached_at == due
    assert house.clocks(number)["resolve"].state == "cancelled"


def test_reopening_begins_a_new_cycle(house: House):
    number = house.receive()
    house.walk(number)
    first = house.clocks(number)["resolve"]
    complaint = house.take(number, reopen_complaint, reason="Rusak lagi")
    assert (complaint.status, complaint.cycle) == ("in_handling", 2)
    assert (complaint.closed_at, complaint.outcome, complaint.promised_at) == (None, None, None)
    again = house.clocks(number)["resolve"]
    assert (again.cycle, again.state, again.started_at) == (2, "running", house.at)
    assert first.state == "met"
    assert house.clocks(number)["ack"].cycle == 1
    assert set(house.missing(number)) == {
        "020-3.1",
        "020-3.2",
        "020-3.3",
        "020-3.4",
        "020-3.6",
        "020-3.7",
    }
    house.take(number, promise_deadline, steps=[StepGiven("Memeriksa lagi")])
    house.walk(number, after="020-2.5")
    assert house.complaint(number).status == "closed"


def test_reopening_is_no_way_round_the_registration(house: House):
    number = house.receive()
    house.take(number, withdraw_complaint, reason="Salah paham")
    complaint = house.take(number, reopen_complaint, reason="Ternyata tetap mengeluh")
    assert complaint.status == "received"
    kinds = {clock.kind for clock in house.rows(Deadline, number) if clock.cycle == 2}
    assert kinds == {"ack", "plan", "progress", "resolve"}
    with pytest.raises(GateRefused):
        house.take(number, register_complaint)
    house.walk(number)
    assert house.complaint(number).status == "closed"


def test_reopening_is_no_way_round_the_plan(house: House):
    number = house.receive()
    house.walk(number, to="020-1.6")
    house.take(number, withdraw_complaint, reason="Salah paham")
    complaint = house.take(number, reopen_complaint, reason="Ternyata tetap mengeluh")
    assert complaint.status == "registered"
    kinds = {clock.kind for clock in house.rows(Deadline, number) if clock.cycle == 2}
    assert kinds == {"plan", "progress", "resolve"}
    with pytest.raises(GateRefused):
        house.take(number, draw_up_plan, steps=[StepGiven("x")])


@pytest.mark.parametrize("how", ENDS)
def test_a_request_for_more_time_falls_with_the_end(house: House, how: str):
    number = house.receive()
    until = house.clocks(number)["resolve"].due_at + timedelta(days=1)
    house.take(number, ask_extension, until=until, reason="Suku cadang")
    end(house, number, how)
    (request,) = house.rows(Extension, number)
    assert (request.answer, request.answered_at) == ("dropped", house.at)
    house.take(number, reopen_complaint, reason="Ternyata tetap mengeluh")
    until = house.clocks(number)["resolve"].due_at + timedelta(days=1)
    house.take(number, ask_extension, until=until, reason="Suku cadang")


def test_an_open_complaint_need_not_be_reopened(house: House):
    number = house.receive()
    with pytest.raises(Refused, match="need not be reopened"):
        house.take(number, reopen_complaint, reason="Entah kenapa")
    assert house.complaint(number).cycle == 1


def test_the_customer_is_told_of_the_end(house: House):
    number = house.receive()
    house.walk(number)
    letter = house.letters(number)[-1]
    assert (letter.kind, letter.facts["outcome"]) == ("closed", "SETUJU")
