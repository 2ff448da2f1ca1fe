"""Offers within one's authority, above it, refused, replaced — and the answers to them."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.words.exits import Unable
from complaints.models import Answer, Notice, Offer, StepRecord
from complaints.steps.answer import take_answer
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.countersign import countersign
from complaints.steps.close import close_complaint, reopen_complaint
from complaints.steps.find_cause import find_cause
from complaints.steps.offer import offer_solution
from tests.office import Office

REPAIR = {"remedy": "PERBAIKAN", "description": "Kabel disambung kembali"}
MONEY = {"remedy": "RESTITUSI", "description": "Potongan tagihan"}


@pytest.fixture
def number(office: Office) -> str:
    """A complaint in handling whose cause is known and explained."""
    number = office.receive()
    office.walk(number, to="020-3.2")
    return number


def offers(office: Office, number: str) -> list[str]:
    return [offer.state for offer in office.rows(Offer, number)]


@pytest.mark.parametrize(
    ("by", "amount", "state"),
    [
        ("csr", 100_000, "open"),
        ("csr", 100_001, "waiting_approval"),
        ("officer", 500_000, "open"),
        ("officer", 500_001, "waiting_approval"),
        ("supervisor", 2_500_000, "open"),
        ("supervisor", 2_500_001, "waiting_approval"),
    ],
)
def test_the_limit_of_the_role_decides(
    office: Office, number: str, by: str, amount: int, state: str
):
    complaint = office.take(number, offer_solution, by=by, amount=amount, **MONEY)
    assert offers(office, number) == [state]
    assert complaint.status == ("offered" if state == "open" else "in_handling")


@pytest.mark.parametrize("remedy", ["PENJELASAN", "PERBAIKAN", "MAAF", "GOODWILL", "RESTITUSI"])
def test_the_amount_decides_and_not_what_the_remedy_is_called(office, number, remedy):
    office.take(
        number, offer_solution, remedy=remedy, description="Uang kembali", amount=25_000_000
    )
    assert offers(office, number) == ["waiting_approval"]
    assert "020-3.3" in office.missing(number)


def test_what_costs_nothing_needs_nobody(office: Office, number: str):
    office.take(number, offer_solution, **REPAIR)
    assert offers(office, number) == ["open"]


def test_an_offer_above_the_limit_waits_for_somebody_whose_limit_covers_it(office, number):
    office.take(number, offer_solution, amount=3_000_000, **MONEY)
    assert "020-3.3" in office.missing(number)
    notice = office.rows(Notice, number)[-1]
    assert (notice.kind, notice.user_id) == ("offer_approval", office.id_of("manager"))
    with pytest.raises(Forbidden):
        office.take(number, decide_offer, by="csr", answer="approved")
    with pytest.raises(Forbidden, match="exceeds your limit"):
        office.take(number, decide_offer, by="supervisor", answer="approved")
    complaint = office.take(number, decide_offer, by="manager", answer="approved")
    assert complaint.status == "offered"
    assert offers(office, number) == ["open"]
    assert office.states(number)["020-3.3"] == "proven"
    assert office.rows(Notice, number)[-1].kind == "offer_approved"


@pytest.mark.parametrize(
    ("by", "amount", "approver"),
    [
        ("csr", 100_001, "supervisor"),
        ("csr", 2_500_000, "supervisor"),
        ("csr", 2_500_001, "manager"),
        ("officer", 500_001, "supervisor"),
        ("supervisor", 2_500_001, "manager"),
        ("csr", 25_000_000, "manager"),
    ],
)
def test_the_request_goes_to_the_nearest_superior_whose_limit_covers_it(
    office, number, by, amount, approver
):
    office.take(number, offer_solution, by=by, amount=amount, **MONEY)
    assert asked_to_approve(office, number) == [office.id_of(approver)]


def asked_to_approve(office: Office, number: str) -> list[int]:
    notices = office.rows(Notice, number)
    return [each.user_id for each in notices if each.kind == "offer_approval"]


def test_above_a_supervisor_without_a_superior_stands_the_manager(office, number):
    office.people["supervisor"].supervisor_id = None
    office.session.commit()
    office.take(number, offer_solution, amount=3_000_000, **MONEY)
    assert asked_to_approve(office, number) == [office.id_of("manager")]


@pytest.mark.parametrize("by", ["csr", "supervisor", "manager"])
def test_what_nobody_may_approve_is_refused_before_anybody_is_asked(office, number, by):
    with pytest.raises(Invalid, match="Nobody may approve Rp25,000,001") as refusal:
        office.take(number, offer_solution, by=by, amount=25_000_001, **MONEY)
    assert refusal.value.field == "amount"
    assert offers(office, number) == []


def test_a_closed_account_is_not_asked_to_approve(office, number):
    office.people["manager"].is_active = False
    office.session.commit()
    with pytest.raises(Invalid, match="Nobody may approve"):
        office.take(number, offer_solution, amount=3_000_000, **MONEY)
    office.take(number, offer_solution, amount=300_000, **MONEY)
    assert asked_to_approve(office, number) == [office.id_of("supervisor")]


def test_a_rejected_offer_never_reaches_the_customer(office, number):
    office.take(number, offer_solution, amount=300_000, **MONEY)
    with pytest.raises(Invalid, match="Enter why"):
        office.take(number, decide_offer, by="supervisor", answer="rejected")
    office.take(number, decide_offer, by="supervisor", answer="rejected", reason="Terlalu besar")
    assert offers(office, number) == ["rejected"]
    assert office.complaint(number).status == "in_handling"
    with pytest.raises(Refused, match="Offer a solution first"):
        office.take(number, take_answer, answer="accepted")
    with pytest.raises(Refused, match="No offer is awaiting"):
        office.take(number, decide_offer, by="supervisor", answer="approved")


def test_a_new_offer_replaces_the_one_before(office, number):
    office.take(number, offer_solution, **REPAIR)
    office.take(number, offer_solution, amount=50_000, **MONEY)
    assert offers(office, number) == ["replaced", "open"]
    office.take(number, take_answer, answer="accepted")
    assert offers(office, number) == ["replaced", "accepted"]


def test_after_a_refusal_the_next_offer_is_the_alternative(office, number):
    office.take(number, offer_solution, **REPAIR)
    complaint = office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    assert complaint.status == "in_handling"
    assert {"020-3.4", "020-3.5"} <= set(office.missing(number))
    office.take(number, offer_solution, amount=50_000, **MONEY)
    first, second = office.rows(Offer, number)
    assert (first.state, second.alternative_to_id) == ("refused", first.id)
    assert office.states(number)["020-3.5"] == "proven"
    office.take(number, take_answer, answer="accepted")
    office.walk(number, after="020-3.4")
    assert office.complaint(number).outcome == "SETUJU_ALTERNATIF"


def test_an_alternative_that_waits_or_was_rejected_is_none(office, number):
    office.take(number, offer_solution, **REPAIR)
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    office.take(number, offer_solution, amount=300_000, **MONEY)
    assert "020-3.5" in office.missing(number)
    office.take(number, decide_offer, by="supervisor", answer="rejected", reason="Terlalu besar")
    assert "020-3.5" in office.missing(number)
    office.take(number, offer_solution, amount=300_000, **MONEY)
    office.take(number, decide_offer, by="supervisor", answer="approved")
    assert "020-3.5" not in office.missing(number)


def refuse_the_first_offer(office: Office, number: str) -> None:
    office.take(number, offer_solution, **REPAIR)
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")


def test_an_alternative_corrected_before_the_answer_is_still_the_alternative(office, number):
    refuse_the_first_offer(office, number)
    office.take(number, offer_solution, amount=50_000, **MONEY)
    office.take(number, offer_solution, amount=75_000, **MONEY)
    assert offers(office, number) == ["refused", "replaced", "open"]
    assert office.states(number)["020-3.5"] == "proven"
    office.take(number, take_answer, answer="accepted")
    office.walk(number, after="020-3.4")
    complaint = office.complaint(number)
    assert (complaint.status, complaint.outcome) == ("closed", "SETUJU_ALTERNATIF")


def test_an_alternative_corrected_while_it_waited_is_still_the_alternative(office, number):
    refuse_the_first_offer(office, number)
    office.take(number, offer_solution, amount=300_000, **MONEY)
    office.take(number, offer_solution, amount=75_000, **MONEY)
    assert offers(office, number) == ["refused", "replaced", "open"]
    assert office.states(number)["020-3.5"] == "proven"


def test_a_correction_that_waits_takes_the_alternative_away_until_it_is_approved(office, number):
    refuse_the_first_offer(office, number)
    office.take(number, offer_solution, amount=75_000, **MONEY)
    office.take(number, offer_solution, amount=300_000, **MONEY)
    assert "020-3.5" in office.missing(number)
    office.take(number, decide_offer, by="supervisor", answer="approved")
    assert office.states(number)["020-3.5"] == "proven"


@pytest.mark.parametrize("words", ["Kabel disambung kembali", " kabel  DISAMBUNG kembali "])
def test_what_the_customer_refused_is_no_alternative(office, number, words):
    refuse_the_first_offer(office, number)
    again = {**REPAIR, "description": words}
    with pytest.raises(Invalid, match="has refused exactly this"):
        office.take(number, offer_solution, **again)
    office.take(number, offer_solution, amount=50_000, **MONEY)
    with pytest.raises(Invalid, match="has refused exactly this"):
        office.take(number, offer_solution, **again)
    assert offers(office, number) == ["refused", "open"]


def test_each_refusal_asks_for_an_alternative_or_for_a_signature(office, number):
    refuse_the_first_offer(office, number)
    office.take(number, offer_solution, amount=50_000, **MONEY)
    office.take(number, take_answer, answer="refused", reason="Terlalu sedikit")
    assert "020-3.5" in office.missing(number)
    with pytest.raises(Invalid, match="has refused exactly this"):
        office.take(number, offer_solution, **REPAIR)
    with pytest.raises(Forbidden, match="signed by a supervisor"):
        office.take(number, offer_solution, unable=Unable("Kebijakan tidak mengizinkan"))
    office.take(
        number, offer_solution, by="supervisor", unable=Unable("Kebijakan tidak mengizinkan")
    )
    assert office.states(number)["020-3.5"] == "unable"


def test_while_an_alternative_is_open_a_supervisor_signs_that_there_is_no_other(office, number):
    refuse_the_first_offer(office, number)
    office.take(number, offer_solution, amount=50_000, **MONEY)
    with pytest.raises(Forbidden, match="signed by a supervisor"):
        office.take(number, offer_solution, unable=Unable("Kebijakan tidak mengizinkan"))


def test_only_a_refused_offer_has_an_alternative(office, number):
    office.take(number, offer_solution, **REPAIR)
    (first,) = office.rows(Offer, number)
    with pytest.raises(Invalid, match="has not refused") as refusal:
        office.take(number, offer_solution, alternative_to=first.id, amount=50_000, **MONEY)
    assert refusal.value.field == "alternative_to"
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    office.take(number, offer_solution, alternative_to=first.id, amount=50_000, **MONEY)
    assert office.rows(Offer, number)[-1].alternative_to_id == first.id


def test_a_customer_may_think_and_the_offer_stays_open(office, number):
    office.take(number, offer_solution, **REPAIR)
    complaint = office.take(number, take_answer, answer="thinking")
    assert complaint.status == "offered"
    office.take(number, take_answer, answer="none", reason="Tidak mengangkat telepon")
    assert offers(office, number) == ["open"]
    assert "020-3.4" in office.missing(number)
    office.take(number, take_answer, answer="accepted")
    assert [row.answer for row in office.rows(Answer, number)] == ["thinking", "none", "accepted"]


def test_without_an_answer_the_reason_stands_and_the_outcome_says_so(office, number):
    office.take(number, offer_solution, method="email", **REPAIR)
    office.wait_in_vain(number, Unable("Lima kali tidak mengangkat telepon"))
    office.walk(number, after="020-3.4", skip={"closed"})
    office.take(number, countersign, by="supervisor", answer="signed")
    complaint = office.take(number, close_complaint)
    assert complaint.outcome == "TANPA_JAWABAN"


def test_a_reopened_complaint_is_offered_anew(office, number):
    office.take(number, offer_solution, amount=200_000, **MONEY)
    office.take(number, decide_offer, by="supervisor", answer="approved")
    office.take(number, take_answer, answer="accepted")
    office.walk(number, after="020-3.4")
    office.take(number, reopen_complaint, reason="Rusak lagi")
    with pytest.raises(Refused, match="Offer a solution first"):
        office.take(number, take_answer, answer="accepted")
    first = office.rows(Offer, number)[0]
    with pytest.raises(Invalid, match="not on this complaint"):
        office.take(number, offer_solution, alternative_to=first.id, **REPAIR)
    cause = {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel putus lagi"}
    office.take(number, find_cause, by="officer", **cause)
    complaint = office.take(number, offer_solution, **REPAIR)
    assert complaint.status == "offered"
    assert office.rows(Offer, number)[-1].cycle == 2


def test_the_words_of_the_offer_are_the_proof(office, number):
    office.take(number, offer_solution, method="letter", **REPAIR)
    record = office.rows(StepRecord, number)[-1]
    assert (record.criterion, record.words, record.method) == (
        "020-3.3",
        "Kabel disambung kembali",
        "letter",
    )
