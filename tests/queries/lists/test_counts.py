"""What the frame of a page counts: up to a hundred of each kind, and exactly below."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints.models import Escalation, Notice
from complaints.queries.lists.decisions import MOST_WAITING
from complaints.queries.lists.notifications import Counts
from complaints.queries.people.session_user import find_session_user
from complaints.web.frame.layout import Layout
from tests.conftest import NOW
from tests.office import Office

LAYOUT = Layout("Kantor", "Sari", "supervisor", "", False, frozenset(), Counts(0, 0), "/")


@pytest.mark.parametrize(("count", "unread", "decisions"), [(0, "0", ""), (99, "99", "99")])
def test_what_waits_is_said_as_it_is(count, unread, decisions):
    layout = replace(LAYOUT, counts=Counts(count, count))
    assert (layout.unread, layout.decisions) == (unread, decisions)


def test_beyond_ninety_nine_the_frame_says_that_there_are_more():
    layout = replace(LAYOUT, counts=Counts(MOST_WAITING, MOST_WAITING + 7))
    assert (layout.unread, layout.decisions) == ("99+", "99+")


def test_unread_notices_are_counted_up_to_a_hundred(office: Office):
    me = office.id_of("csr")
    office.session.add_all(
        Notice(key=f"k{n}", user_id=me, kind="breach", facts={}, at=NOW) for n in range(120)
    )
    office.session.flush()
    found = find_session_user(office.session, me)
    assert found is not None
    assert found.counts.unread == MOST_WAITING
    office.session.rollback()


def test_a_complaint_escalated_twice_waits_once(office: Office):
    complaint, me = office.complaint(office.receive()), office.id_of("supervisor")
    office.session.add_all(
        Escalation(key=f"k{n}", complaint_id=complaint.id, level=1, raised_at=NOW, to_id=me)
        for n in range(2)
    )
    office.session.flush()
    found = find_session_user(office.session, me)
    assert found is not None
    assert found.counts.decisions == 1
    office.session.rollback()
