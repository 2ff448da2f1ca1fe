"""The same two hundred searches find the same on both databases, and what people mean by them."""

from __future__ import annotations

import pytest

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
