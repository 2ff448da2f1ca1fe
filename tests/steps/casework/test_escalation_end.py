"""Whoever was called hears that the complaint ended under them, and how, once."""

from __future__ import annotations

from complaints.models import Notice
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import withdraw_complaint
from tests.office import Office

WHY = "Sudah menyala lagi sendiri"


def told(office: Office, number: str) -> list[tuple[str, int]]:
    """Kind and person of the notices on an end."""
    rows = office.rows(Notice, number)
    return [(each.kind, each.user_id) for each in rows if each.kind.startswith("escalated_")]


def test_the_supervisor_hears_that_an_escalated_complaint_was_withdrawn(office: Office):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan marah sekali")
    office.take(number, withdraw_complaint, reason=WHY)
    assert told(office, number) == [("escalated_withdrawn", office.id_of("supervisor"))]
    (notice,) = (each for each in office.rows(Notice, number) if each.kind == "escalated_withdrawn")
    assert (notice.facts["reason"], notice.facts["by"]) == (WHY, "Csr")


def test_so_does_who_is_seeing_to_it_and_each_once(office: Office):
    number = office.receive()
    for reason in ("Pelanggan marah sekali", "Pelanggan datang lagi"):
        office.take(number, escalate_by_hand, reason=reason)
    office.take(number, acknowledge_escalation, by="supervisor")
    office.take(number, withdraw_complaint, reason=WHY)
    people = [office.id_of("supervisor"), office.id_of("manager")]
    assert sorted(told(office, number)) == sorted(("escalated_withdrawn", each) for each in people)


def test_a_duplicate_names_the_complaint_that_goes_on(office: Office):
    number, other = office.receive(), office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan marah sekali")
    office.take(number, merge_complaint, into=other)
    assert told(office, number) == [("escalated_merged", office.id_of("supervisor"))]
    (notice,) = (each for each in office.rows(Notice, number) if each.kind == "escalated_merged")
    assert notice.facts["into"] == other


def test_nobody_hears_of_what_was_never_before_them_or_what_they_ended_themselves(office: Office):
    calm, own = office.receive(), office.receive()
    office.take(calm, withdraw_complaint, reason=WHY)
    office.take(own, escalate_by_hand, reason="Pelanggan marah sekali")
    office.take(own, withdraw_complaint, by="supervisor", reason=WHY)
    assert told(office, calm) == told(office, own) == []


def test_what_was_handed_back_is_no_longer_before_them_once_it_lapsed(office: Office):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan marah sekali")
    office.take(number, return_escalation, by="supervisor", instruction="Hubungi pelanggan dulu")
    office.take(number, withdraw_complaint, at=office.at.replace(day=29), reason=WHY)
    assert told(office, number) == []
