"""Apologies and thanks are courteous, or somebody says why they were said like that."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.models import StepRecord
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.offer import offer_solution
from complaints.steps.thank import SCRIPTS, accepted, thank_customer
from complaints.steps.wording import script_words
from tests.office import Office

UNKIND = [
    ("Mohon maaf, Bu, tetapi ini kesalahan Ibu.", "“kesalahan ibu” sounds as if"),
    ("Baik, Bu Siti, keluhannya kami catat.", "no word of apology"),
    ("Kami mohon maaf.", "Say it to Bu Siti Aminah"),
    ("Kami mohon maaf, Pak.", "Say it to Bu Siti Aminah"),
    ("Kami mohon maaf, Bu, karena {cause}.", r"gap \{cause\} is still open"),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("text", "wrong"), UNKIND)
@pytest.mark.parametrize(("place", "stage"), [(None, "intake"), ("confirmed", "resolution")])
def test_an_apology_is_courteous(office: Office, place, stage, text: str, wrong: str):
    number = office.receive()
    if place:
        office.walk(number, to=place)
    with pytest.raises(Invalid, match=wrong) as refusal:
        office.take(number, send_apology, stage=stage, text=text)
    assert refusal.value.field == "text"


def test_what_was_said_all_the_same_is_kept_with_its_reason(office: Office):
    number = office.receive()
    words = {"stage": "intake", "text": "Kami mohon maaf."}
    with pytest.raises(Invalid) as refusal:
        office.take(number, send_apology, anyway="-", **words)
    assert refusal.value.field == "anyway"
    why = "Pelanggan minta tidak disapa dengan sebutan apa pun"
    office.take(number, send_apology, anyway=why, **words)
    (record,) = office.rows(StepRecord, number)
    assert record.detail == {"stage": "intake", "courtesy": ["no_address"], "anyway": why}
    assert office.history(number)[-1].detail["anyway"] == why


def test_a_letter_addresses_the_customer_in_its_first_line(office: Office):
    number = office.receive()
    office.take(number, send_apology, stage="intake", text="Kami mohon maaf.", method="email")
    with pytest.raises(Invalid, match="no word of apology"):
        office.take(number, send_apology, stage="intake", text="Sudah beres.", method="email")


def test_a_reason_beside_a_courteous_text_is_not_kept(office: Office):
    number = office.receive()
    office.take(number, send_apology, stage="intake", text="Maaf, Bu Siti.", anyway="Begitu adanya")
    (record,) = office.rows(StepRecord, number)
    assert record.detail == {"stage": "intake"}


def test_thanks_thank(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.4")
    for text, wrong in (
        ("Baik, Bu Siti.", "no word of thanks"),
        ("Terima kasih sudah berhenti rewel, Bu.", "“rewel” sounds"),
    ):
        with pytest.raises(Invalid, match=wrong):
            office.take(number, thank_customer, text=text)
    office.take(number, thank_customer, text="Terima kasih, Bu Siti.")
    assert office.states(number)["020-3.6"] == "proven"


def test_the_words_of_thanks_fit_what_was_accepted(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Kurang")
    office.take(number, offer_solution, remedy="PERBAIKAN", description="Kabel diganti baru")
    office.take(number, take_answer, answer="accepted")
    office.take(number, thank_customer)
    said = office.rows(StepRecord, number)[-1].words
    assert said == (
        "Terima kasih, Bu Siti Aminah, atas kesediaan Ibu menerima alternatif solusi dari kami."
    )


def test_nobody_is_thanked_for_accepting_what_was_not_accepted(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Kurang")
    case = office.open(number)
    assert accepted(case) == ""
    assert "menerima" not in script_words(case, SCRIPTS[""])
    office.session.commit()
