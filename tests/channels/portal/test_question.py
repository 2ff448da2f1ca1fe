"""A question of ours stands on the customer's page with its own answer box, until they write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.models import Note, Notice
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.letters.about import About
from tests.channels.portal.test_pages import at_place, link_to
from tests.office import Office

QUESTION = "Modem merek apa yang terpasang?"


@pytest.fixture
def number(office: Office) -> str:
    number = at_place(office, "020-1.6")
    ask = {"text": QUESTION, "direction": "out", "method": "email"}
    office.take(number, record_message, about=About.QUESTION, **ask)
    return number


def test_what_was_asked_stands_with_its_answer_box_once_it_has_left(visitor, office, number, wall):
    wall.at = office.at
    link = link_to(office, number)
    assert QUESTION not in visitor.get(link).main
    office.post(number)
    page = visitor.get(link)
    assert "Mohon jawab pertanyaan kami" in page.main
    assert page.one(".card .words").get_text() == QUESTION
    assert page.one(".card label[for=text]").get_text() == "Jawaban Anda"
    wall.at = office.at + timedelta(hours=1)
    page = visitor.follow(visitor.post(f"{link}/message", {"text": "Merek Huawei"}, 303))
    assert QUESTION not in page.main
    (note,) = [row for row in office.rows(Note, number) if row.direction == "in"]
    assert note.text == "Merek Huawei"
    assert "customer_wrote" in [row.kind for row in office.rows(Notice, number)]


def test_the_answer_ends_a_pause_that_waits_for_it(visitor, office, number, wall):
    office.post(number)
    until = office.at + timedelta(days=1)
    office.take(number, pause_clocks, reason="Mohon kirim foto modem", until=until)
    wall.at = office.at + timedelta(hours=1)
    link = link_to(office, number)
    page = visitor.get(link)
    assert page.words(".card .words") == [QUESTION, "Mohon kirim foto modem"]
    visitor.post(f"{link}/message", {"text": "Merek Huawei, foto menyusul"}, 303)
    assert not office.complaint(number).waiting_customer
    office.session.commit()
    assert QUESTION not in visitor.get(link).main


def test_another_complaints_question_is_not_shown(visitor, office, number, wall):
    office.post(number)
    other = at_place(office, "020-1.6")
    wall.at = office.at
    assert QUESTION not in visitor.get(link_to(office, other)).main
