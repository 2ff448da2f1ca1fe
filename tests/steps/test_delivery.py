"""The delivery of an accepted remedy: undertaken with the yes, kept or missed after the closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.errors import Forbidden, Invalid
from complaints.models import Commitment, Deadline, Notice
from complaints.rules.authority import authority_in_force, save_authority
from complaints.steps.answer import take_answer
from complaints.steps.close import close_complaint, reopen_complaint
from complaints.steps.commitments.settle import (
    StillOpen,
    drop_commitment,
    keep_commitments,
    undertake,
)
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.steps.test_commitments import rows, sweep

DAY = timedelta(days=1)


def accepted(
    office: Office, deliver_in: timedelta | None = None, remedy: str = "PERBAIKAN", amount: int = 0
) -> str:
    """A complaint whose remedy the customer accepted; all that was told and planned is done."""
    number = office.receive()
    office.walk(number, to="020-3.2")
    words = "Modem diganti"
    office.take(number, offer_solution, remedy=remedy, description=words, amount=amount)
    at = office.at + timedelta(minutes=5)
    until = at + deliver_in if deliver_in else None
    office.take(number, take_answer, at=at, answer="accepted", deliver_by=until)
    office.walk(number, after="020-3.4", to="020-3.7")
    steps = [each.id for each in rows(office, number) if each.kind != "delivery"]
    office.take(number, keep_commitments, ids=steps, note="Joko melapor selesai")
    return number


def closed(office: Office, deliver_in: timedelta = 5 * DAY) -> str:
    number = accepted(office, deliver_in)
    office.take(number, close_complaint)
    return number


def test_with_the_yes_the_delivery_is_undertaken_by_the_date_agreed(office: Office):
    number = accepted(office, 5 * DAY)
    delivery = rows(office, number)[-1]
    assert (delivery.kind, delivery.what, delivery.owned_by) == ("delivery", "Modem diganti", "Csr")
    assert delivery.offer_id is not None
    assert delivery.due_at == delivery.at + 5 * DAY


def test_a_delivery_dated_in_the_past_is_refused_at_its_own_field(office: Office):
    with pytest.raises(Invalid, match="This date has passed already") as refused:
        accepted(office, -DAY)
    assert refused.value.field == "deliver_by"


def far(office: Office, by: str, days: int, step: Callable[..., None], **more: Any) -> str:
    """Try something dated so many calendar days ahead, where no promise bounds it."""
    number = office.receive()
    office.walk(number, to="020-3.3")
    at = office.at + timedelta(minutes=5)
    date = at + days * DAY
    if step is take_answer:
        more = {"answer": "accepted", "deliver_by": date}
    else:
        more = {**more, "step": StepGiven("Mengganti modem", due_at=date)}
    office.take(number, step, by=by, at=at, **more)
    return number


#: A delivery, and what is undertaken beside it.
DATED = [
    (take_answer, {}, "deliver_by"),
    (undertake, {"kind": "plan"}, "due_at"),
    (undertake, {"kind": "document"}, "due_at"),
]


@pytest.mark.parametrize(("step", "more", "field"), DATED)
def test_what_nobody_waits_for_any_more_is_no_date(office: Office, step, more, field: str):
    with pytest.raises(Forbidden, match="more than 20 working days ahead") as refused:
        far(office, "csr", 40, step, **more)
    assert refused.value.field == field
    far(office, "csr", 20, step, **more)
    # A supervisor may, within a year; in 2099 nobody delivers anything.
    number = far(office, "supervisor", 40, step, **more)
    assert office.rows(Commitment, number)[-1].by_id == office.id_of("supervisor")
    with pytest.raises(Invalid, match="more than a year ahead"):
        far(office, "supervisor", 27_000, step, **more)


def test_how_far_ahead_is_the_organisations_to_say(office: Office):
    row = authority_in_force(office.session)
    body = {**row.body, "commitments": {"latest_days": 60}}
    save_authority(office.session, body, row.id, by=office.actor("admin"), at=office.at)
    office.session.commit()
    assert rows(office, accepted(office, 40 * DAY))[-1].kind == "delivery"


def test_without_a_date_the_usual_time_is_agreed(office: Office):
    delivery = rows(office, accepted(office))[-1]
    assert delivery.due_at is not None
    assert delivery.due_at > delivery.at + 2 * DAY


def test_what_is_given_by_saying_it_needs_no_delivery(office: Office):
    number = accepted(office, remedy="PENJELASAN")
    assert {each.kind for each in rows(office, number)} == {"step", "plan"}
    office.take(number, close_complaint)
    assert not office.complaint(number).awaiting_delivery


def test_money_has_to_be_delivered_under_whatever_name(office: Office):
    number = accepted(office, remedy="PENJELASAN", amount=100_000)
    delivery = rows(office, number)[-1]
    assert (delivery.kind, delivery.what) == ("delivery", "Modem diganti")
    office.take(number, close_complaint)
    assert office.complaint(number).awaiting_delivery


def test_a_complaint_closes_over_a_delivery_that_is_dated_later(office: Office):
    number = closed(office)
    complaint = office.complaint(number)
    assert (complaint.status, complaint.awaiting_delivery) == ("closed", True)
    clocks = [each for each in office.rows(Deadline, number) if each.ended_at is None]
    assert [each.kind for each in clocks] == ["commitment"]


def test_it_does_not_close_over_a_delivery_that_is_late(office: Office):
    number = accepted(office, timedelta(hours=1))
    office.at += timedelta(hours=2)
    with pytest.raises(StillOpen, match="Modem diganti"):
        office.take(number, close_complaint)


def test_it_is_not_referred_over_a_delivery(office: Office):
    number = accepted(office, 5 * DAY)
    with pytest.raises(StillOpen):
        office.take(number, close_complaint, outcome="BUKAN_WEWENANG")


def test_delivered_in_time_it_stays_closed(office: Office):
    number = closed(office)
    delivery = rows(office, number)[-1]
    office.take(number, keep_commitments, ids=[delivery.id], reference="TRF-0091")
    complaint = office.complaint(number)
    assert (complaint.status, complaint.awaiting_delivery) == ("closed", False)
    assert rows(office, number)[-1].reference == "TRF-0091"
    sweep(office, office.at + 30 * DAY)
    assert office.complaint(number).status == "closed"


def test_a_miss_opens_it_again_for_handler_and_supervisor(office: Office):
    number = closed(office)
    delivery = rows(office, number)[-1]
    assert delivery.due_at is not None
    sweep(office, delivery.due_at)
    assert office.complaint(number).status == "closed"
    sweep(office, delivery.due_at + timedelta(seconds=1))
    complaint = office.complaint(number)
    assert (complaint.status, complaint.cycle, complaint.closed_at) == ("accepted", 1, None)
    assert not complaint.awaiting_delivery
    told = {each.user_id for each in office.rows(Notice, number) if each.kind == "delivery_missed"}
    assert told == {office.id_of("csr"), office.id_of("supervisor")}
    assert [each.what for each in office.history(number)][-2:] == ["miss_delivery", "breach"]
    clock = [each for each in office.rows(Deadline, number) if each.kind == "commitment"][-1]
    assert (clock.state, clock.breached_at) == ("breached", delivery.due_at)


def test_what_was_agreed_is_not_asked_for_again_after_a_miss(office: Office):
    number = closed(office)
    delivery = rows(office, number)[-1]
    assert delivery.due_at is not None
    sweep(office, delivery.due_at + DAY)
    assert office.missing(number) == ()
    with pytest.raises(StillOpen):
        office.take(number, close_complaint)
    office.take(number, keep_commitments, ids=[delivery.id], note="Diantar hari ini")
    office.take(number, close_complaint)
    assert office.complaint(number).status == "closed"
    assert rows(office, number)[-1].was_late(office.at)


def test_the_sweep_opens_it_once(office: Office):
    number = closed(office)
    due = rows(office, number)[-1].due_at
    assert due is not None
    for later in (timedelta(seconds=1), timedelta(seconds=2)):
        sweep(office, due + later)
    assert [each.what for each in office.history(number)].count("miss_delivery") == 1


def test_a_delivery_dropped_after_the_closing_says_why(office: Office):
    number = closed(office)
    delivery = rows(office, number)[-1]
    office.take(number, drop_commitment, commitment=delivery.id, reason="Pelanggan membeli sendiri")
    assert not office.complaint(number).awaiting_delivery
    sweep(office, office.at + 30 * DAY)
    complaint = office.complaint(number)
    assert (complaint.status, complaint.outcome) == ("closed", "DITOLAK")
    letter = next(each for each in office.letters(number) if each.kind == "not_delivered")
    told = letter.facts["what"], letter.facts["reason"]
    assert told == ("Modem diganti", "Pelanggan membeli sendiri")


@pytest.mark.parametrize("outcome", ["SETUJU", "SETUJU_ALTERNATIF", "TANPA_JAWABAN"])
def test_what_is_not_delivered_is_not_closed_as_agreed(office: Office, outcome: str):
    number = accepted(office, 5 * DAY)
    delivery = rows(office, number)[-1]
    # Small as it is, and by whoever offered it.
    office.take(number, drop_commitment, commitment=delivery.id, reason="Pelanggan membeli sendiri")
    with pytest.raises(Invalid) as error:
        office.take(number, close_complaint, outcome=outcome)
    assert error.value.field == "outcome"
    complaint = office.take(number, close_complaint)
    assert complaint.outcome == "DITOLAK"
    letters = {each.kind: each.facts for each in office.letters(number)}
    assert letters["not_delivered"]["reason"] == "Pelanggan membeli sendiri"
    assert (letters["closed"]["solution"], letters["closed"]["reason"]) == (
        "",
        "Pelanggan membeli sendiri",
    )


def test_part_of_it_may_be_what_was_granted(office: Office):
    number = accepted(office, 5 * DAY)
    delivery = rows(office, number)[-1]
    office.take(number, drop_commitment, commitment=delivery.id, reason="Pelanggan membeli sendiri")
    assert office.take(number, close_complaint, outcome="SEBAGIAN").outcome == "SEBAGIAN"


def test_a_complaint_reopened_by_hand_still_owes_the_delivery(office: Office):
    number = closed(office)
    office.take(number, reopen_complaint, reason="Mati lagi")
    assert rows(office, number)[-1].state(office.at) == "open"
    assert not office.complaint(number).awaiting_delivery
