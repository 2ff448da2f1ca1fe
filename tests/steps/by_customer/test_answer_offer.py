"""The customer's own answer to the offer, from their page: proof of 020-3.4 by the customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.errors import Invalid, Refused, Stale
from complaints.domain.permissions import CUSTOMER
from complaints.models import Answer, Commitment, Notice, StepRecord
from complaints.queries.complaint.offer_put import offer_put
from complaints.steps.answer import take_answer
from complaints.steps.by_customer.answer_offer import answer_offer
from complaints.steps.case import open_case
from complaints.steps.close import withdraw_complaint
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.steps.test_written_proofs import state


def offered(office: Office, **more: Any) -> str:
    number = office.receive()
    office.walk(number, to="020-3.2")
    words = {"remedy": "PERBAIKAN", "description": "Kabel disambung", **more}
    office.take(number, offer_solution, **words)
    return number


def answer(office: Office, number: str, said: str, **more: Any) -> None:
    office.at += timedelta(minutes=5)
    try:
        case = open_case(office.session, number, by=CUSTOMER, at=office.at)
        answer_offer(case, answer=said, **more)
    except Refused:
        office.session.rollback()
        raise
    office.session.commit()


def heard(office: Office, number: str) -> list[tuple[str, int]]:
    rows = office.rows(Notice, number)
    return [(row.kind, row.user_id) for row in rows if row.kind.startswith("customer_")]


def test_a_yes_is_the_customers_own_proof_and_the_delivery_is_undertaken(office: Office):
    number = offered(office)
    answer(office, number, "accepted")
    assert state(office, number, "020-3.4") == "proven"
    assert office.complaint(number).status == "accepted"
    (record,) = [r for r in office.rows(StepRecord, number) if r.criterion == "020-3.4"]
    assert (record.method, record.by_id, record.by_name) == ("page", None, "Pelanggan")
    (kept,) = office.rows(Answer, number)
    assert (kept.method, kept.by_id) == ("page", None)
    assert [c.kind for c in office.rows(Commitment, number)].count("delivery") == 1
    assert heard(office, number) == [("customer_accepted", office.id_of("csr"))]


def test_a_no_asks_why_and_an_alternative_is_due(office: Office):
    number = offered(office)
    with pytest.raises(Invalid, match="why"):
        answer(office, number, "refused", reason=" ")
    assert office.complaint(number).status == "offered"
    answer(office, number, "refused", reason="Minta diganti, bukan disambung")
    assert office.complaint(number).status == "in_handling"
    assert state(office, number, "020-3.5") == "missing"
    assert heard(office, number) == [("customer_refused", office.id_of("csr"))]


def test_time_to_think_leaves_the_offer_open_and_proves_nothing(office: Office):
    number = offered(office)
    for _ in range(2):
        answer(office, number, "thinking")
    assert state(office, number, "020-3.4") == "missing"
    assert [row.answer for row in office.rows(Answer, number)] == ["thinking"]
    assert len(heard(office, number)) == 1
    answer(office, number, "accepted")
    assert state(office, number, "020-3.4") == "proven"


@pytest.mark.both_databases
def test_the_same_answer_sent_twice_is_one(office: Office):
    number = offered(office)
    for _ in range(2):
        answer(office, number, "accepted")
    assert len(office.rows(Answer, number)) == 1
    assert len(heard(office, number)) == 1
    with pytest.raises(Refused, match="already answered"):
        answer(office, number, "refused", reason="Berubah pikiran")


def test_what_was_answered_at_the_desk_is_not_answered_again(office: Office):
    number = offered(office)
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    with pytest.raises(Refused, match="already answered"):
        answer(office, number, "accepted")


def test_an_answer_to_a_replaced_offer_counts_for_nothing(office: Office):
    number = offered(office)
    first = _offer(office, number)
    office.take(number, offer_solution, remedy="PERBAIKAN", description="Kabel diganti baru")
    with pytest.raises(Stale, match="changed our offer"):
        answer(office, number, "accepted", offer=first)
    answer(office, number, "accepted", offer=_offer(office, number))
    assert state(office, number, "020-3.4") == "proven"


def test_an_offer_that_waits_for_approval_is_no_offer_yet(office: Office):
    number = offered(office, remedy="RESTITUSI", description="Potongan tagihan", amount=2_000_000)
    with pytest.raises(Refused, match="No offer"):
        answer(office, number, "accepted")


def test_an_offer_by_letter_is_answered_once_it_has_left(office: Office):
    number = offered(office, method="email")
    with pytest.raises(Refused, match="No offer"):
        answer(office, number, "accepted")
    deliver(office, Hand(), office.at)
    answer(office, number, "accepted")
    assert state(office, number, "020-3.4") == "proven"


def test_the_date_of_delivery_that_was_read_is_the_one_that_holds(office: Office):
    number = offered(office)
    for wrong in (office.at + timedelta(minutes=30), office.at + timedelta(days=30)):
        assert _undertaken(office, offered(office), wrong) != wrong
    shown = _undertaken(office, offered(office), None) - timedelta(minutes=40)
    assert _undertaken(office, number, shown) == shown


def _undertaken(office: Office, number: str, shown: Any) -> Any:
    answer(office, number, "accepted", shown=shown)
    return next(c.due_at for c in office.rows(Commitment, number) if c.kind == "delivery")


def _offer(office: Office, number: str) -> int:
    complaint = office.complaint(number)
    put = offer_put(office.session, complaint.id, complaint.cycle)
    assert put is not None
    office.session.commit()
    return put.id


def test_a_withdrawn_complaint_takes_no_answer(office: Office):
    number = offered(office)
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi")
    with pytest.raises(Refused, match="No offer"):
        answer(office, number, "accepted")
