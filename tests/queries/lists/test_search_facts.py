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
