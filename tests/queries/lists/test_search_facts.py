"""The same two hundred searches find the same on both databases, and what people mean by them."""

from __future__ import annotations

import pytest

from complaints.queries.lists import near
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.worklist import list_complaints
from tests.conftest import NOW
from tests.queries.lists.search_facts import COMPLAINTS, FOUND


@pytest.fixture
def numbers(office):
    """Key → number of the complaint."""
    return {
        key: office.receive(story=story, who={"email": "", **who})
        for key, (story, who) in COMPLAINTS.items()
    }


def test_what_people_type_finds_what_they_mean(office, numbers):
    assert len(FOUND) >= 200
    keys = {number: key for key, number in numbers.items()}
    wrong = {}
    for typed, wanted in FOUND.items():
        page = list_complaints(office.session, office.actor("csr"), ListFilters(q=typed), now=NOW)
        found = [keys[row.number] for row in page.items]
        if sorted(found) != sorted(wanted.split()):
            wrong[typed[:60]] = (sorted(found), sorted(wanted.split()))
    office.session.commit()
    assert wrong == {}


def test_what_is_a_slip_away_is_shown_as_such(office, numbers):
    def searched(typed, name="csr"):
        filters = ListFilters(q=typed)
        page = list_complaints(office.session, office.actor(name), filters, now=NOW)
        office.session.commit()
        return page.is_near, [row.number for row in page.items]

    assert searched("intrnet lambat") == (True, [numbers["slow"]])
    assert searched("internet lambat") == (False, [numbers["slow"]])
    # What is known is not taken for another word, and nothing is shown of what lies elsewhere.
    assert searched("tagihan roboh") == (False, [])
    assert searched("intrnet lambat", "csr2") == (False, [])


def test_a_slip_in_a_word_that_only_a_story_has_is_mended(office, numbers):
    def searched(typed, name="csr"):
        filters = ListFilters(q=typed)
        page = list_complaints(office.session, office.actor(name), filters, now=NOW)
        office.session.commit()
        return page.is_near, [row.number for row in page.items]

    assert searched("firmwaer") == (True, [numbers["router"]])
    assert searched("menarra robo") == (True, [numbers["tower"]])
    assert searched("roamign viet") == (True, [numbers["viet"]])
    # Nothing is guessed where the letters begin otherwise, and nothing shown of another branch.
    assert searched("gimware") == (False, [])
    assert searched("firmwaer", "csr2") == (False, [])


def test_a_slip_costs_as_many_looks_however_many_stories_there_are(office, monkeypatch):
    monkeypatch.setattr(near, "MOST_STORIES", 3)
    first = office.receive(story="Trotoar digali, kabel putus", who={"email": ""})
    for nth in range(4):
        office.receive(story=f"Trotinet teknisi parkir sembarangan {nth}", who={"email": ""})
    filters = ListFilters(q="trotaor")
    page = list_complaints(office.session, office.actor("csr"), filters, now=NOW)
    # Its story is not among the newest that begin alike.
    assert page.items == ()
    monkeypatch.setattr(near, "MOST_STORIES", 5)
    page = list_complaints(office.session, office.actor("csr"), filters, now=NOW)
    assert [row.number for row in page.items] == [first]
