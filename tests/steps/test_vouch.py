"""Who may say that something was done: the unit, whom it told, or who did not offer it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.errors import Forbidden, Invalid
from complaints.rules.authority import authority_in_force, save_authority
from complaints.steps.answer import take_answer
from complaints.steps.casework.approve import decide_offer
from complaints.steps.close import close_complaint
from complaints.steps.commitments.settle import drop_commitment, keep_commitments
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.steps.test_commitments import rows, told

DAY = timedelta(days=1)


def unit_step(office: Office) -> tuple[str, int]:
    number = told(office, StepGiven("Memeriksa jaringan", "TEKNIK"))
    return number, rows(office, number)[0].id


def agreed(office: Office, amount: int) -> tuple[str, int]:
    """A complaint with money accepted, everything else done; its number and the delivery."""
    number = office.receive()
    office.walk(number, to="020-3.2")
    words = {"remedy": "RESTITUSI", "description": "Potongan tagihan", "amount": amount}
    office.take(number, offer_solution, **words)
    if office.complaint(number).status != "offered":
        by = "supervisor" if amount <= 2_500_000 else "manager"
        office.take(number, decide_offer, by=by, answer="approved")
    office.take(number, take_answer, answer="accepted", deliver_by=office.at + 5 * DAY)
    office.walk(number, after="020-3.4", to="020-3.7")
    steps = [each.id for each in rows(office, number) if each.kind != "delivery"]
    office.take(number, keep_commitments, ids=steps, note="Dilaporkan Joko dari TEKNIK")
    return number, rows(office, number)[-1].id


def state(office: Office, number: str, key: int) -> str:
    return next(each for each in rows(office, number) if each.id == key).state(office.at)


def test_the_people_of_the_unit_tick_their_step_in_one_tap(office: Office):
    number, step = unit_step(office)
    office.take(number, keep_commitments, by="officer", ids=[step])
    assert state(office, number, step) == "done"


@pytest.mark.parametrize("by", ["csr", "supervisor"])
@pytest.mark.parametrize("note", ["", "Dilaporkan Joko pukul 10"])
def test_in_the_units_place_it_is_ticked_under_ones_own_name(office: Office, by: str, note: str):
    number, step = unit_step(office)
    office.take(number, keep_commitments, by=by, ids=[step], note=note)
    done = rows(office, number)[0]
    assert (done.state(office.at), done.done_by) == ("done", office.people[by].name)


def test_a_work_order_says_it_as_well(office: Office):
    number, step = unit_step(office)
    office.take(number, keep_commitments, ids=[step], reference="WO-1187")
    assert state(office, number, step) == "done"


def test_another_unit_does_not_tick_it(office: Office):
    number, step = unit_step(office)
    with pytest.raises(Forbidden, match="for unit TEKNIK to tick"):
        office.take(
            number, keep_commitments, by="billing", ids=[step], note="Dilaporkan Joko pukul 10"
        )


def test_a_small_amount_stays_one_tap_for_whoever_offered_it(office: Office):
    number, delivery = agreed(office, 100_000)
    office.take(number, keep_commitments, ids=[delivery])
    assert state(office, number, delivery) == "done"


@pytest.mark.parametrize("amount", [300_000, 25_000_000])
def test_a_larger_amount_is_confirmed_by_another_person_with_a_reference(
    office: Office, amount: int
):
    number, delivery = agreed(office, amount)
    paid: dict[str, Any] = {"ids": [delivery], "reference": "TRF-0091"}
    with pytest.raises(Forbidden, match="You offered this yourself"):
        office.take(number, keep_commitments, **paid)
    with pytest.raises(Forbidden, match="You offered this yourself"):
        office.take(number, keep_commitments, everything=True, reference="TRF-0091")
    with pytest.raises(Invalid, match="Give the reference") as refusal:
        office.take(number, keep_commitments, by="billing", ids=[delivery])
    assert refusal.value.field == "reference"
    office.take(number, keep_commitments, by="billing", **paid)
    assert state(office, number, delivery) == "done"


@pytest.mark.parametrize("is_closed", [False, True])
def test_whoever_offered_a_larger_amount_does_not_drop_it_either(office: Office, is_closed: bool):
    number, delivery = agreed(office, 300_000)
    if is_closed:
        office.take(number, close_complaint)
    dropped = {"commitment": delivery, "reason": "Pelanggan tidak mau lagi menerimanya"}
    with pytest.raises(Forbidden, match="You offered this yourself"):
        office.take(number, drop_commitment, **dropped)
    assert state(office, number, delivery) == "open"
    office.take(number, drop_commitment, by="supervisor", **dropped)
    assert state(office, number, delivery) == "dropped"


def test_a_small_amount_is_dropped_by_whoever_offered_it(office: Office):
    number, delivery = agreed(office, 100_000)
    office.take(number, drop_commitment, commitment=delivery, reason="Pelanggan tidak mau lagi")
    assert state(office, number, delivery) == "dropped"


def test_the_complaint_closes_meanwhile_over_a_payment_that_is_dated_later(office: Office):
    number, _ = agreed(office, 300_000)
    office.take(number, close_complaint)
    complaint = office.complaint(number)
    assert (complaint.status, complaint.awaiting_delivery) == ("closed", True)


def test_what_is_small_is_data_of_the_organisation(office: Office):
    row = authority_in_force(office.session)
    body = {**row.body, "delivery": {"one_tap_up_to": 50_000}}
    save_authority(office.session, body, row.id, by=office.actor("admin"), at=office.at)
    office.session.commit()
    number, delivery = agreed(office, 100_000)
    with pytest.raises(Forbidden, match="You offered this yourself"):
        office.take(number, keep_commitments, ids=[delivery])
