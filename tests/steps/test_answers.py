"""An answer to the offer (020-3.4): who heard it, and to what the customer cannot answer yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.permissions import CUSTOMER
from complaints.domain.words.letter_state import OWN_PAGE
from complaints.models import Answer, Exit, Note, StepRecord
from complaints.people.absences import note_absence
from complaints.steps.answer import take_answer
from complaints.steps.case import open_case
from complaints.steps.casework.converse import record_message
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
    (notice,) = (each for each in office.notices("officer") if each.kind == "named_as_witness")
    assert (notice.facts["number"], notice.facts["by"]) == (number, "Csr")


@pytest.mark.parametrize("named", ["", "Csr"])
def test_who_records_what_they_heard_themselves_is_told_nothing(office: Office, named: str):
    number = offered(office, "phone")
    office.take(number, take_answer, answer="accepted", method="phone", heard_by=named)
    told = [each for name in ("csr", "officer", "supervisor") for each in office.notices(name)]
    assert "named_as_witness" not in {each.kind for each in told}


def test_for_a_colleague_who_is_away_the_deputy_hears_as_well(office: Office):
    number = offered(office, "phone")
    note_absence(
        office.session,
        from_at=office.at,
        until_at=office.at + timedelta(days=3),
        deputy=office.people["billing"].email,
        by=office.actor("officer"),
        at=office.at,
    )
    office.session.commit()
    office.take(number, take_answer, answer="accepted", method="phone", heard_by="Joko")
    for name in ("officer", "billing"):
        assert [each.kind for each in office.notices(name)][-1] == "named_as_witness", name


def test_somebody_unknown_cannot_have_heard_it(office: Office):
    number = offered(office, "phone")
    with pytest.raises(Invalid, match="could have heard it") as error:
        office.take(number, take_answer, answer="accepted", method="phone", heard_by="Tetangga")
    assert error.value.field == "heard_by"


@pytest.mark.parametrize(("named", "witness"), [("", "Csr"), ("Joko", "Joko")])
def test_a_signature_is_the_word_of_who_saw_it(office: Office, named: str, witness: str):
    number = offered(office, "phone")
    office.take(number, take_answer, answer="accepted", method="signature", heard_by=named)
    assert record(office, number).detail["heard_by"] == witness


WROTE = "Baik, saya setuju kabelnya disambung besok"


@pytest.mark.parametrize("answer", ["accepted", "refused", "thinking"])
@pytest.mark.parametrize("method", ["letter", "email", "message", "print"])
def test_what_the_customer_wrote_is_kept_as_their_message(office: Office, method: str, answer: str):
    number = offered(office, "phone")
    with pytest.raises(Invalid) as error:
        office.take(number, take_answer, answer=answer, reason="  ", method=method)
    assert error.value.field == "reason"
    assert office.rows(Note, number) == office.rows(Answer, number) == []
    office.take(number, take_answer, answer=answer, reason=WROTE, method=method, heard_by="Joko")
    assert [(each.direction, each.text, each.method) for each in office.rows(Note, number)] == [
        ("in", WROTE, method)
    ]
    # Nobody hears what is written.
    message, answered = office.history(number)[-2:]
    assert message.what == "message"
    assert "heard_by" not in answered.detail
    # It rests on a copy, and says whose.
    assert answered.detail["copied_by"] == "Csr"
    (counted,) = office.rows(Exit, number)
    assert (counted.kind, counted.criterion, counted.by_id) == (
        "copied",
        "020-3.4",
        office.id_of("csr"),
    )
    assert (counted.reason, counted.method) == (WROTE, method)


def test_what_a_colleague_copied_as_a_message_is_their_copy(office: Office):
    number = offered(office, "phone")
    office.take(number, record_message, by="supervisor", text=WROTE, direction="in", method="email")
    with pytest.raises(Invalid, match="not in what the customer wrote") as error:
        office.take(number, take_answer, answer="refused", reason="Terlalu mahal", method="email")
    assert error.value.field == "reason"
    words = "saya SETUJU, kabelnya disambung"
    office.take(number, take_answer, answer="accepted", reason=words, method="email")
    assert record(office, number).detail["copied_by"] == "Supervisor"
    assert [(each.kind, each.reason) for each in office.rows(Exit, number)] == [("copied", words)]


@pytest.mark.parametrize("words", ["", "setuju kabelnya disambung"])
def test_the_customers_own_message_is_quoted_and_is_nobodys_copy(office: Office, words: str):
    number = offered(office, "phone")
    case = open_case(office.session, number, by=CUSTOMER, at=office.at + timedelta(minutes=5))
    record_message(case, text=WROTE, direction="in", method=OWN_PAGE)
    office.session.commit()
    office.at = case.at
    office.take(number, record_message, text="Saya tidak mau", direction="in", method="email")
    told = {"answer": "refused", "reason": "Saya tidak mau", "method": "email"}
    with pytest.raises(Invalid, match="not in what the customer wrote"):
        office.take(number, take_answer, **told)
    office.take(number, take_answer, answer="accepted", reason=words, method="email")
    assert "copied_by" not in record(office, number).detail
    assert office.rows(Exit, number) == []


@pytest.mark.parametrize("quote", ["", "Saya tidak setuju"])
def test_what_the_customer_wrote_stands_whole_with_what_it_is_taken_for(office: Office, quote: str):
    """A "no" that somebody takes for a "yes" is there to be read, without the message beside it."""
    wrote = "Saya tidak setuju, kapan teknisi datang?"
    number = offered(office, "phone")
    case = open_case(office.session, number, by=CUSTOMER, at=office.at + timedelta(minutes=5))
    record_message(case, text=wrote, direction="in", method=OWN_PAGE)
    office.session.commit()
    office.at = case.at
    office.take(number, take_answer, answer="accepted", reason=quote, method="email")
    assert record(office, number).words == wrote
    (answer,) = office.rows(Answer, number)
    assert answer.reason == office.history(number)[-1].detail["reason"] == (quote or wrote)


@pytest.mark.parametrize("is_own", [True, False], ids=["their-own", "a-copy"])
def test_half_of_what_the_customer_wrote_is_no_answer(office: Office, is_own: bool):
    number = offered(office, "phone")
    office.at += timedelta(minutes=5)
    by = CUSTOMER if is_own else office.actor("supervisor")
    case = open_case(office.session, number, by=by, at=office.at)
    method = OWN_PAGE if is_own else "email"
    record_message(case, text="Saya tidak setuju", direction="in", method=method)
    office.session.commit()
    told = {"answer": "accepted", "reason": "setuju", "method": "email"}
    with pytest.raises(Invalid, match="Quote the whole sentence") as error:
        office.take(number, take_answer, **told)
    assert error.value.field == "reason"
    assert office.rows(Answer, number) == office.rows(Exit, number) == []


def test_a_message_on_record_since_the_offer_is_the_answer_already(office: Office):
    number = offered(office, "phone")
    office.take(number, record_message, text=WROTE, direction="in", method="email")
    office.take(number, take_answer, answer="accepted", method="email")
    assert len(office.rows(Note, number)) == 1
    assert record(office, number).criterion == "020-3.4"


@pytest.mark.parametrize("direction", ["in", "out"])
def test_no_message_from_before_the_offer_nor_one_of_ours_answers_it(
    office: Office, direction: str
):
    number = office.receive()
    office.walk(number, to="020-3.2")
    if direction == "in":
        office.take(number, record_message, text=WROTE, direction="in", method="email")
    office.take(number, offer_solution, **OFFER)
    if direction == "out":
        office.take(number, record_message, text="Kami tunggu", direction="out", method="email")
    with pytest.raises(Invalid, match="Nothing that the customer wrote"):
        office.take(number, take_answer, answer="accepted", method="email")


def test_one_message_is_one_answer(office: Office):
    number = offered(office, "phone")
    office.take(number, record_message, text="Saya pikirkan", direction="in", method="email")
    office.take(number, take_answer, answer="thinking", method="email")
    with pytest.raises(Invalid, match="Nothing that the customer wrote"):
        office.take(number, take_answer, answer="accepted", method="email")
    # Nor what was said face to face.
    office.take(number, record_message, text="Saya setuju", direction="in", method="spoken")
    with pytest.raises(Invalid, match="Nothing that the customer wrote"):
        office.take(number, take_answer, answer="accepted", method="email")


@pytest.mark.first_row_on_postgresql
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
