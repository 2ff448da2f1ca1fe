"""The letter of a complaint that goes on from one that ended too long ago: its whole text."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from complaints.domain.permissions import CUSTOMER
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from tests.letters.test_letters import written
from tests.office import Office

HERE = Path(__file__).parent


@pytest.fixture
def new(office: Office) -> str:
    number = office.receive()
    office.walk(number, to="closed")
    office.at += timedelta(days=40)
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    came = write_message(case, text="Mati lagi sejak pagi")
    office.session.commit()
    return came.case.number


@pytest.mark.parametrize("lang", ["id", "en"])
def test_it_names_both_numbers_and_leads_to_the_page(office: Office, new: str, lang: str):
    letter = written(office, "continued", new, lang)
    pinned = (HERE / f"continued.{lang}.txt").read_text(encoding="utf-8")
    assert f"{letter.subject}\n\n{letter.text}" == pinned


def test_no_word_that_the_customer_wrote_stands_in_it(office: Office, new: str):
    letter = written(office, "continued", new, "id")
    assert "Mati lagi" not in letter.text + letter.html
