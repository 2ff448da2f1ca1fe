"""Wherever a promised date is shown, the first one told stands beside it with the reason."""

from __future__ import annotations

import pytest

from complaints.outbox.mail.letters import LetterContext, write_letter
from complaints.steps.casework.extend import ask_extension, decide_extension
from tests.channels.portal.test_pages import link_to
from tests.clocks.test_first_told import DAY, WHY
from tests.conftest import NOW
from tests.office import Office
from tests.web.page import Page

FIRST = {
    "id": "Selasa, 24 November 2026, pukul 09.15 WIB",
    "en": "Tuesday, 24 November 2026, 09:15 WIB",
}
LATER = {
    "id": "Jumat, 27 November 2026, pukul 09.15 WIB",
    "en": "Friday, 27 November 2026, 09:15 WIB",
}


@pytest.fixture
def moved(office: Office, wall) -> str:
    """The number of a complaint whose date was moved once, with a reason."""
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, ask_extension, until=NOW + 8 * DAY, reason=WHY)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    office.session.commit()
    wall.at = office.at
    return number


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_complaint_shows_both_dates_and_why(at_desk, moved: str, language: str):
    promise = at_desk("csr", language).get(f"/complaints/{moved}").words("#promise")[0]
    for words in (FIRST[language], LATER[language], WHY, "Csr"):
        assert words in promise
    assert promise.index(LATER[language]) < promise.index(FIRST[language])


def test_the_receipt_printed_again_shows_both_dates_and_why(at_desk, moved: str):
    sheet = at_desk("csr").get(f"/complaints/{moved}/receipt").words(".receipt")[0]
    for words in (FIRST["id"], LATER["id"], WHY):
        assert words in sheet


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_customers_page_shows_both_dates_and_why_and_no_name(
    visitor, office: Office, moved: str, language: str
):
    told = visitor.get(f"{link_to(office, moved)}?lang={language}").words(".told")[0]
    for words in (FIRST[language], LATER[language], WHY):
        assert words in told
    assert "Csr" not in told


def test_a_date_that_was_never_moved_has_no_story(at_desk, visitor, office: Office, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    wall.at = office.at
    for page in (
        at_desk("csr").get(f"/complaints/{number}"),
        at_desk("csr").get(f"/complaints/{number}/receipt"),
        visitor.get(link_to(office, number)),
    ):
        assert isinstance(page, Page)
        assert not page.all(".told")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_letter_of_a_second_extension_names_the_first_date_too(
    office: Office, moved: str, language: str
):
    until = office.clocks(moved)["resolve"].due_at + DAY
    office.take(moved, ask_extension, until=until, reason="Teknisi sakit")
    office.take(moved, decide_extension, by="supervisor", answer="approved")
    facts = [each for each in office.letters(moved) if each.kind == "extended"][-1].facts
    context = LetterContext(office.rules, "https://keluhan.example")
    letter = write_letter("extended", facts, language, context, follow_link="")
    for text in (letter.text, letter.html):
        assert FIRST[language] in text
        assert LATER[language] in text
