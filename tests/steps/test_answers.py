"""An answer to the offer (020-3.4): who heard it, and to what the customer cannot answer yet."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.models import StepRecord
from complaints.steps.answer import take_answer
from complaints.steps.casework.letters import note_return, print_letter
from complaints.steps.explain import explain_cause
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver

OFFER = {"remedy": "PERBAIKAN", "description": "Kabel disambung besok"}


def offered(office: Office, method: str) -> str:
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, method=method, **OFFER)
    return number


def record(office: Office, number: str, key: str = "020-3.4") -> StepRecord:
    return [row for row in office.rows(StepRecord, number) if row.criterion == key][-1]


@pytest.mark.parametrize("method", ["spoken", "phone"])
def test_an_attested_answer_says_who_heard_it(office: Office, method: str):
    number = offered(office, "phone")
    office.take(number, take_answer, answer="accepted", method=method)
    assert record(office, number).detail["heard_by"] == "Csr"
    assert office.history(number)[-1].detail["heard_by"] == "Csr"


@pytest.mark.parametrize("named", ["Joko", "officer@tanggap.example", " joko "])
def test_another_colleague_may_have_heard_it(office: Office, named: str):
    number = offered(office, "phone")
    office.take(number, take_answer, answer="accepted", method="phone", heard_by=named)
    kept = record(office, number)
    assert (kept.detail["heard_by"], kept.by_name) == ("Joko", "Csr")


def test_somebody_unknown_cannot_have_heard_it(office: Office):
    number = offered(office, "phone")
    with pytest.raises(Invalid, match="could have heard it") as error:
        office.take(number, take_answer, answer="accepted", method="phone", heard_by="Tetangga")
    assert error.value.field == "heard_by"


@pytest.mark.parametrize("method", ["signature", "letter", "email", "message"])
def test_nobody_hears_what_is_written(office: Office, method: str):
    number = offered(office, "phone")
    office.take(number, take_answer, answer="accepted", method=method, heard_by="Joko")
    assert "heard_by" not in record(office, number).detail


@pytest.mark.parametrize("answer", ["accepted", "refused", "thinking"])
@pytest.mark.parametrize("method", ["phone", "spoken", "signature", "email"])
def test_nobody_has_answered_a_letter_that_is_still_here(office: Office, answer: str, method: str):
    number = offered(office, "email")
    words = {"answer": answer, "reason": "Terlalu lama", "method": method}
    with pytest.raises(Invalid, match=r"has not been sent yet.*offer it by phone"):
        office.take(number, take_answer, **words)
    deliver(office, Hand(), office.at)
    office.take(number, take_answer, **words)


def test_on_paper_it_is_printed_first(office: Office):
    number = offered(office, "letter")
    with pytest.raises(Invalid, match="has not been printed yet"):
        office.take(number, take_answer, answer="accepted", method="phone")
    (letter,) = [each for each in office.letters(number) if each.kind == "conversation"]
    office.take(number, print_letter, letter=letter.id)
    office.take(number, take_answer, answer="accepted", method="signature")


def test_one_that_came_back_was_not_read(office: Office):
    number = offered(office, "email")
    deliver(office, Hand(), office.at)
    (letter,) = [each for each in office.letters(number) if each.kind == "conversation"]
    office.take(number, note_return, letter=letter.id, reason="Kotak surat penuh")
    with pytest.raises(Invalid, match="did not reach the customer"):
        office.take(number, take_answer, answer="accepted", method="phone")


def test_an_offer_that_was_said_as_well_is_answered_at_once(office: Office):
    number = offered(office, "email")
    office.take(number, offer_solution, method="phone", **OFFER)
    office.take(number, take_answer, answer="accepted", method="phone")
    assert office.states(number)["020-3.4"] == "proven"


@pytest.mark.parametrize("method", ["email", "letter"])
def test_nobody_has_a_view_of_an_explanation_that_was_not_read(office: Office, method: str):
    number = office.receive()
    office.walk(number, to="020-3.1")
    told = {"text": "Kabel terputus oleh galian", "method": method}
    with pytest.raises(Invalid, match="has not read this letter yet") as error:
        office.take(number, explain_cause, view="agrees", **told)
    assert error.value.field == "view"
    office.take(number, explain_cause, **told)
    deliver(office, Hand(), office.at)
    office.take(number, explain_cause, view="agrees", text=told["text"], method="phone")
    assert office.states(number)["020-3.2"] == "proven"
