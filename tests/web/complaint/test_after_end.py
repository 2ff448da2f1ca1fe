"""What customers said after the end, as staff read it: on the page and in the history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.permissions import CUSTOMER
from complaints.steps.by_customer.follow_up import answer_follow_up
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from tests.channels.portal.test_after_end import close_again, newest
from tests.office import Office

SCORES = {"listening": 5, "courtesy": 4, "cause": 3, "overall": 2}


def by_customer(office: Office, number: str, step, later: timedelta = timedelta(), **words) -> None:
    office.at += timedelta(minutes=5) + later
    step(open_case(office.session, number, by=CUSTOMER, at=office.at), **words)
    office.session.commit()


def speak_twice(office: Office) -> str:
    """Closed and rated, not settled, closed again, and rated again."""
    number = office.receive()
    office.walk(number, to="closed")
    by_customer(office, number, rate, given=RatingGiven({"overall": 2}, "Lama sekali"))
    by_customer(office, number, answer_follow_up, answer="no", text="Masih mati")
    close_again(office, number)
    given = RatingGiven(SCORES, "Ramah", "Lebih cepat", has_consent=True)
    by_customer(office, number, rate, given=given)
    return number


@pytest.fixture
def spoken_of(office: Office) -> str:
    return speak_twice(office)


def test_both_closings_stand_on_the_page_each_with_its_rating(at_desk, office, spoken_of):
    page = at_desk("csr").get(f"/complaints/{spoken_of}")
    said = page.one("#feedback").get_text(" ", strip=True)
    assert "2 penutupan" in said
    for words in ("Belum beres", "Masih mati", "Lama sekali", "Ramah", "Saran: Lebih cepat"):
        assert words in said
    assert said.count("Dinilai 2 dari 5") == 2
    assert "Mendengarkan 5" in said
    assert "boleh dimuat tanpa nama" in said
    # Nobody here can change what the customer said.
    assert not page.all("#feedback form")


def test_the_history_says_it_in_words(at_desk, office, spoken_of):
    page = at_desk("csr").get(f"/complaints/{spoken_of}?view=history")
    text = page.main
    for words in ("menyatakan apakah sudah beres", "belum beres · Masih mati", "2 dari 5"):
        assert words in text


def test_an_open_complaint_shows_none_of_it(at_desk, office):
    number = office.receive()
    assert not at_desk("csr").get(f"/complaints/{number}").all("#feedback")


def test_what_goes_on_leads_to_what_it_goes_on_from(at_desk, office):
    number = office.receive()
    office.walk(number, to="closed")
    by_customer(office, number, write_message, timedelta(days=40), text="Mati lagi")
    new = newest(office)
    csr = at_desk("csr")
    assert csr.get(f"/complaints/{number}").link(new) == f"/complaints/{new}"
    assert csr.get(f"/complaints/{new}").link(number) == f"/complaints/{number}"
