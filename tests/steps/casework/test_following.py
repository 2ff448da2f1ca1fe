"""Following a complaint: whoever may read it hears how it goes on, and nobody else does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.models import Follower
from complaints.people.notice_choices import choose_notices
from complaints.queries.lists.notifications import list_notices
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.colleagues.follow import follow_complaint, unfollow_complaint
from tests.office import Office


def kinds(office: Office, name: str) -> list[str]:
    found = [each.kind for each in office.notices(name)]
    return [kind for kind in found if kind.startswith("followed")]


@pytest.mark.both_databases
def test_a_follower_hears_of_each_new_status_and_of_answers(office: Office):
    number = office.receive()
    office.take(number, follow_complaint, by="auditor")
    office.take(number, follow_complaint, by="auditor")
    office.walk(number)
    assert kinds(office, "auditor") == [
        "followed_moved",
        "followed_moved",
        "followed_offered",
        "followed_accepted",
        "followed_ended",
    ]
    assert kinds(office, "admin") == []


@pytest.mark.both_databases
def test_messages_are_heard_of_and_notes_are_not_until_it_is_ended(office: Office):
    number = office.receive()
    office.take(number, follow_complaint, by="auditor")
    office.take(number, write_note, text="Sudah ditelepon")
    office.take(number, record_message, text="Belum ada kabar", direction="in", method="phone")
    assert kinds(office, "auditor") == ["followed_message"]
    office.take(number, unfollow_complaint, by="auditor")
    office.take(number, record_message, text="Halo?", direction="in", method="phone")
    assert kinds(office, "auditor") == ["followed_message"]


@pytest.mark.both_databases
def test_lost_rights_end_it_and_empty_what_was_told(office: Office):
    number = office.receive()
    office.take(number, follow_complaint, by="supervisor")
    office.take(number, record_message, text="Halo", direction="in", method="phone")
    person = office.people["supervisor"]
    person.branch_id = office.people["csr2"].branch_id
    office.session.commit()
    office.take(number, record_message, text="Halo?", direction="in", method="phone")
    assert kinds(office, "supervisor") == ["followed_message"]
    shown = list_notices(office.session, person.actor).items
    assert all(each.number is None for each in shown if each.kind.startswith("followed"))
    assert office.session.scalars(select(Follower)).all() == []


def test_it_comes_as_chosen_and_leaves_no_trace_in_the_history(office: Office):
    number = office.receive()
    before = len(office.history(number))
    choose_notices(office.session, {"followed": "page"}, by=office.actor("manager"))
    office.take(number, follow_complaint, by="manager")
    assert len(office.history(number)) == before
    office.take(number, record_message, text="Halo", direction="in", method="phone")
    assert kinds(office, "manager") == ["followed_message"]
    assert "manager@tanggap.example" not in [each.to_address for each in office.letters(number)]
