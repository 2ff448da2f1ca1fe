"""Who stands on a rung, with the people of a small branch and head office behind it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints.people.staff import Assignment, Person, Staff

BRANCH, OTHER = 1, 2
TEAM = 7


def person(
    number: int,
    name: str,
    role: str,
    branch: int | None = BRANCH,
    above: int | None = None,
    team: int | None = None,
) -> Person:
    email = f"{name.lower()}@tanggap.example"
    return Person(number, name, email, role, branch, team, above, "id", True)


SARI = person(1, "Sari", "csr", above=3)
DEWI = person(2, "Dewi", "csr")
BUDI = person(3, "Budi", "supervisor", above=5)
RANI = person(4, "Rani", "supervisor", branch=OTHER)
MAYA = person(5, "Maya", "manager")
HENDRA = person(6, "Hendra", "manager", branch=None)
EKO = person(7, "Eko", "officer", team=TEAM)
FAJAR = person(8, "Fajar", "officer", team=TEAM)
ALIA = person(9, "Alia", "auditor", branch=None)
EVERYBODY = (SARI, DEWI, BUDI, RANI, MAYA, HENDRA, EKO, FAJAR, ALIA)

PLACE = Assignment(branch_id=BRANCH, team_id=TEAM, handler_id=SARI.id, received_by_id=DEWI.id)


def names(
    target: str, place: Assignment = PLACE, *, gone: tuple[Person, ...] = (), **lead: int
) -> str:
    """Who is reached, in a office that some people have left."""
    people = {p.id: replace(p, is_active=p not in gone) for p in EVERYBODY}
    staff = Staff(people, {TEAM: lead.get("lead")})
    found = staff.last_resort(place) if target == "last_resort" else staff.recipients(target, place)
    return ", ".join(each.name for each in found)


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        ("handler", "Sari"),
        ("supervisor", "Budi"),
        ("manager", "Maya"),
        ("team_lead", "Eko, Fajar"),
        ("head_office", "Hendra"),
        ("role:csr", "Sari, Dewi"),
        ("role:auditor", "Alia"),
        ("last_resort", "Hendra"),
    ],
)
def test_each_target_reaches_its_people(target: str, reached: str):
    assert names(target) == reached


def test_a_team_has_a_lead():
    assert names("team_lead", lead=FAJAR.id) == "Fajar"
    assert names("team_lead", lead=FAJAR.id, gone=(FAJAR,)) == "Eko"
    assert names("team_lead", PLACE._replace(team_id=None)) == ""


def test_without_a_handler_whoever_received_the_complaint_is_reached():
    assert names("handler", PLACE._replace(handler_id=None)) == "Dewi"
    assert names("handler", gone=(SARI,)) == "Dewi"


def test_a_complaint_in_nobodys_hands_is_the_branch_supervisors_to_give_away():
    assert names("handler", PLACE._replace(handler_id=None, received_by_id=None)) == "Budi"
    assert names("handler", gone=(SARI, DEWI)) == "Budi"
    assert names("handler", gone=(SARI, DEWI, BUDI)) == ""


def test_without_a_superior_of_ones_own_the_branch_has_one():
    assert names("supervisor", PLACE._replace(handler_id=DEWI.id)) == "Budi"
    assert names("supervisor", gone=(BUDI,)) == ""


def test_a_handler_who_has_left_still_has_a_superior():
    assert names("supervisor", gone=(SARI,)) == "Budi"


def test_a_supervisor_who_handles_a_complaint_is_not_her_own_superior():
    own = PLACE._replace(handler_id=RANI.id, branch_id=OTHER)
    assert names("supervisor", own) == ""


def test_without_a_superior_of_the_supervisor_managers_are_reached():
    assert names("manager", gone=(BUDI,)) == "Maya"
    assert names("manager", gone=(BUDI, MAYA)) == "Hendra"
    assert names("manager", PLACE._replace(branch_id=OTHER, handler_id=RANI.id)) == "Hendra"


def test_the_last_resort_goes_on_until_somebody_is_found():
    assert names("last_resort", gone=(HENDRA,)) == "Maya"
    assert names("last_resort", gone=(HENDRA, MAYA)) == "Budi"
    assert names("last_resort", gone=(HENDRA, MAYA, BUDI)) == ""
