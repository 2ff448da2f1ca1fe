"""The order is part of the proof: first the cause, then what rests on it; thanks at the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from complaints.domain.errors import GateRefused, Invalid
from complaints.domain.ledger import rebuild
from complaints.domain.words.exits import Unable
from complaints.engine.fire import fire_due
from complaints.models import Deadline, LedgerEntry, StepRecord
from complaints.rulebook import ENTRY, read_entry
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.close import close_complaint, reopen_complaint
from complaints.steps.explain import explain_cause
from complaints.steps.find_cause import find_cause
from complaints.steps.offer import offer_solution
from complaints.steps.thank import thank_customer
from tests.office import Office

OFFER = {"remedy": "PERBAIKAN", "description": "Kabel disambung"}
#: What rests on the confirmed cause.
RESTING = [
    (send_apology, {"stage": "resolution"}),
    (explain_cause, {"text": "Kabel terputus", "view": "agrees"}),
    (offer_solution, OFFER),
]
OTHER = {"stage": "confirmed", "code": "JARINGAN", "text": "Modem rusak oleh petir"}


def because(office: Office, number: str) -> dict[str, str]:
    """Criterion → why its record does not count."""
    return {each.criterion: str(each.because) for each in office.evidence(number) if each.because}


@pytest.mark.parametrize(("step", "words"), RESTING)
def test_before_the_cause_it_is_refused_with_the_way_forward(office: Office, step, words):
    number = office.receive()
    office.walk(number, to="020-2.5")
    with pytest.raises(GateRefused, match="Confirm the main cause first") as refused:
        office.take(number, step, **words)
    assert refused.value.missing == ("020-3.2",)
    office.walk(number, after="020-2.5", to="confirmed")
    office.take(number, step, **words)


@pytest.mark.parametrize(("step", "words"), RESTING)
def test_dated_back_to_before_the_cause_it_is_refused(office: Office, step, words):
    number = office.receive()
    office.walk(number, to="confirmed")
    with pytest.raises(Invalid) as refused:
        office.take(number, step, at=office.at - timedelta(minutes=1), **words)
    assert refused.value.field == "at"


def test_a_cause_dated_back_changes_nothing_about_what_was_there_first(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.1")
    (record,) = (row for row in office.rows(StepRecord, number) if row.criterion == "020-3.1")
    record.cause_id = None
    office.session.commit()
    office.take(number, find_cause, by="officer", at=office.at - timedelta(hours=1), **OTHER)
    assert because(office, number)["020-3.1"] == "before_cause"


@pytest.mark.parametrize("place", ["020-3.2", "020-3.3", "020-3.4", "020-3.7"])
def test_a_cause_that_changes_opens_explanation_and_offer(office: Office, place: str):
    number = office.receive()
    office.walk(number, to=place)
    office.take(number, find_cause, by="officer", **OTHER)
    found = because(office, number)
    assert found["020-3.2"] == "cause_changed"
    assert "020-3.1" not in found
    assert office.complaint(number).status == "in_handling"
    entry = office.history(number)[-1]
    assert (entry.what, entry.detail["was"]) == ("confirm_cause", "Kabel putus oleh galian")
    if place != "020-3.2":
        assert found["020-3.3"] == "cause_changed"
        with pytest.raises(GateRefused):
            office.take(number, close_complaint)
    office.walk(number, after="020-3.1")
    assert office.complaint(number).status == "closed"


def test_the_same_cause_in_other_commas_opens_nothing(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.4")
    same = {"stage": "confirmed", "code": "JARINGAN", "text": "kabel putus, oleh galian."}
    office.take(number, find_cause, by="officer", **same)
    assert office.states(number)["020-3.3"] == "proven"
    assert office.complaint(number).status == "accepted"


def test_a_cause_that_changes_and_changes_back_opens_them_all_the_same(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, find_cause, by="officer", **OTHER)
    before = {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel putus oleh galian"}
    office.take(number, find_cause, by="officer", **before)
    assert because(office, number)["020-3.3"] == "cause_changed"


def test_the_same_offer_once_more_is_counted_once(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.4")
    office.take(number, find_cause, by="officer", **OTHER)
    office.take(number, explain_cause, text="Modem rusak", view="agrees")
    office.take(number, offer_solution, **OFFER)
    found = because(office, number)
    assert found["020-3.4"] == "other_offer"
    office.take(number, take_answer, answer="accepted")
    assert office.states(number)["020-3.4"] == "proven"


def test_thanks_before_the_answer_are_refused_with_the_way_forward(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    with pytest.raises(GateRefused, match="Record the answer first") as refused:
        office.take(number, thank_customer)
    assert refused.value.missing == ("020-3.4",)


def test_thanks_dated_back_to_before_the_answer_are_refused(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.4")
    with pytest.raises(Invalid) as refused:
        office.take(number, thank_customer, at=office.at - timedelta(minutes=1))
    assert refused.value.field == "at"


def test_who_answers_anew_is_thanked_anew(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.6")
    office.take(number, find_cause, by="officer", **OTHER)
    office.take(number, explain_cause, text="Modem rusak", view="agrees")
    office.take(number, offer_solution, **OFFER)
    office.take(number, take_answer, answer="accepted")
    assert because(office, number) == {"020-3.6": "before_answer"}


def test_a_dispute_with_a_signed_end_ends_in_thanks(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Kurang")
    office.take(
        number,
        offer_solution,
        by="supervisor",
        unable=Unable("Kebijakan tidak mengizinkan yang lain"),
    )
    office.take(number, thank_customer, text="Terima kasih atas masukan Ibu.")
    assert office.states(number)["020-3.6"] == "proven"


def test_the_cause_of_an_earlier_round_is_none_of_this_one(office: Office):
    number = office.receive()
    office.walk(number)
    office.take(number, reopen_complaint, reason="Mati lagi")
    with pytest.raises(GateRefused, match="Confirm the main cause first"):
        office.take(number, offer_solution, **OFFER)


def test_what_is_older_than_the_rule_keeps_its_force(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.4")
    for row in office.rows(StepRecord, number):
        row.proof_rules, row.cause_id = 1, None
    office.session.commit()
    assert because(office, number) == {}
    office.walk(number, after="020-3.4")
    assert office.complaint(number).status == "closed"


def stands_as_its_ledger_says(office: Office, clock: Deadline) -> None:
    query = select(*ENTRY).where(LedgerEntry.deadline_id == clock.id).order_by(LedgerEntry.id)
    rows = office.session.execute(query)
    ledger = rebuild(read_entry(office.rules, row) for row in rows)
    office.session.commit()
    assert (ledger.state, ledger.due_at, ledger.breached_at, ledger.ended_at) == (
        clock.state,
        clock.due_at,
        clock.breached_at,
        clock.ended_at,
    )


def accepted(office: Office) -> tuple[str, Deadline]:
    """A complaint whose customer has accepted, and its clock as it ran before that."""
    number = office.receive()
    office.walk(number, to="020-3.3")
    ran = office.clocks(number)["resolve"]
    before = Deadline(due_at=ran.due_at, told_at=ran.told_at, first_told_at=ran.first_told_at)
    office.walk(number, to="020-3.4", after="020-3.3")
    assert office.clocks(number)["resolve"].state == "met"
    return number, before


def test_a_cause_that_changes_after_the_answer_lets_the_promise_run_on(office: Office):
    number, before = accepted(office)
    office.take(number, find_cause, by="officer", **OTHER)
    clock, complaint = office.clocks(number)["resolve"], office.complaint(number)
    assert (complaint.status, clock.state, clock.ended_at) == ("in_handling", "running", None)
    # To the date that it had; what was told survives.
    assert (clock.due_at, clock.told_at) == (before.due_at, before.told_at)
    assert clock.first_told_at == before.first_told_at
    assert complaint.promised_at is not None
    assert complaint.next_due_at is not None
    assert clock.id in {each.deadline_id for each in office.timers(number)}
    stands_as_its_ledger_says(office, clock)
    office.walk(number, to="020-3.4", after="confirmed")
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.ended_at) == ("met", office.at)
    stands_as_its_ledger_says(office, clock)


def test_past_its_date_that_promise_is_missed_and_people_hear_of_it(office: Office):
    number, before = accepted(office)
    late = before.due_at + timedelta(days=1)
    office.take(number, find_cause, by="officer", at=late, **OTHER)
    fire_due(office.session, office.rules, at=late + timedelta(minutes=1))
    office.session.commit()
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at, clock.ended_at) == ("breached", before.due_at, None)
    assert "breach" in [each.kind for each in office.notices("csr")]
    office.walk(number, to="020-3.4", after="confirmed")
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.ended_at) == ("breached", office.at)
    stands_as_its_ledger_says(office, clock)


def test_a_promise_missed_before_the_answer_is_open_again_and_missed(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    due = office.clocks(number)["resolve"].due_at
    office.take(number, take_answer, at=due + timedelta(days=1), answer="accepted")
    office.take(number, find_cause, by="officer", **OTHER)
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at, clock.ended_at) == ("breached", due, None)
    stands_as_its_ledger_says(office, clock)


def test_the_same_cause_once_more_leaves_the_kept_promise_alone(office: Office):
    number, _ = accepted(office)
    words = {"stage": "confirmed", "code": "JARINGAN", "text": "kabel putus, oleh galian"}
    office.take(number, find_cause, by="officer", **words)
    assert office.clocks(number)["resolve"].state == "met"
