"""Every notice reaches somebody: deputies, who stands above, and the last resort in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.permissions import CUSTOMER, Permission
from complaints.models import Notice, User
from complaints.outbox.mail.notices import notice_sentence
from complaints.people.absences import note_absence
from complaints.people.reaching import present_above, reach
from complaints.people.staff import Assignment, Person, Staff
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension
from complaints.steps.inform import inform_parties
from tests.conftest import NOW
from tests.money import RUPIAH
from tests.office import Office
from tests.people.test_staff import DEWI, EVERYBODY, MAYA, PLACE, SARI, TEAM

BUDI = next(each for each in EVERYBODY if each.name == "Budi")
EKO = next(each for each in EVERYBODY if each.name == "Eko")
ADA = Person(10, "Ada", "ada@tanggap.example", "admin", None, None, None, "id", True)


def office_of(
    *gone: Person, away: dict[int, int | None] | None = None, only: tuple[Person, ...] | None = None
) -> Staff:
    people = {
        each.id: replace(each, is_active=each not in gone)
        for each in ((*EVERYBODY, ADA) if only is None else only)
    }
    return Staff(people, {TEAM: None}, away or {})


def heard(staff: Staff, *ids: int | None, place: Assignment = PLACE) -> str:
    found = reach(staff, ids, place)
    names = (
        each.name + (f" for {found.instead_of[each.id]}" if each.id in found.instead_of else "")
        for each in found.people.values()
    )
    return ", ".join(names) + (" (nobody's)" if found.is_unowned else "")


NOBODYS = Assignment(branch_id=1, team_id=None, handler_id=None, received_by_id=None)


@pytest.mark.parametrize(
    ("staff", "ids", "place", "who"),
    [
        (office_of(), [SARI.id], PLACE, "Sari"),
        (office_of(away={SARI.id: DEWI.id}), [SARI.id], PLACE, "Sari, Dewi for Sari"),
        (office_of(away={SARI.id: None}), [SARI.id], PLACE, "Sari, Dewi for Sari"),
        (office_of(DEWI, away={SARI.id: None}), [SARI.id], PLACE, "Sari, Budi for Sari"),
        (office_of(SARI), [SARI.id], PLACE, "Dewi for Sari"),
        (office_of(SARI, DEWI), [SARI.id], PLACE, "Budi for Sari"),
        (office_of(EKO), [EKO.id], PLACE, "Budi for Eko"),
        (office_of(BUDI), [BUDI.id], PLACE, "Maya for Budi"),
        (office_of(BUDI, MAYA), [BUDI.id], PLACE, "Hendra for Budi"),
        (office_of(SARI), [SARI.id, BUDI.id], PLACE, "Dewi for Sari, Budi"),
        (office_of(SARI, DEWI), [SARI.id, BUDI.id], PLACE, "Budi"),
        (office_of(), [None], NOBODYS, "Budi (nobody's)"),
        (office_of(BUDI, MAYA), [None], NOBODYS, "Hendra (nobody's)"),
        (office_of(only=(SARI, ADA)), [None], NOBODYS, "Ada (nobody's)"),
        (office_of(), [None], NOBODYS._replace(team_id=TEAM), "Budi (nobody's)"),
    ],
)
def test_a_notice_reaches_whoever_can_see_to_it(
    staff: Staff, ids: list[int | None], place: Assignment, who: str
):
    assert heard(staff, *ids, place=place) == who


def test_superiors_in_a_circle_end_with_the_last_resort():
    one = replace(BUDI, supervisor_id=MAYA.id)
    other = replace(MAYA, supervisor_id=BUDI.id)
    staff = office_of(only=(SARI, one, other, ADA))
    both = {one.id: None, other.id: None}
    assert [each.name for each in present_above(staff, SARI.id, PLACE)] == ["Budi"]
    away = Staff(staff.by_id, staff.leads, {**both})
    # With all of the circle away they are told nevertheless: nobody else could decide.
    found = present_above(away, SARI.id, PLACE, Permission.APPROVE)
    assert [each.name for each in found] == ["Budi"]


def test_who_may_not_decide_is_passed_over_for_who_may():
    staff = office_of(away={BUDI.id: SARI.id})
    found = present_above(staff, DEWI.id, PLACE, Permission.APPROVE)
    assert [each.name for each in found] == ["Maya"]


# ------------------------------------------------------------------------ in the office itself


def gone(office: Office, *names: str) -> None:
    for name in names:
        office.session.get_one(User, office.id_of(name)).is_active = False
    office.session.commit()


def away(office: Office, name: str, deputy: str = "") -> None:
    note_absence(
        office.session,
        deputy=f"{deputy}@tanggap.example" if deputy else "",
        from_at=NOW,
        until_at=NOW + timedelta(days=9),
        by=office.actor(name),
        at=NOW,
    )
    office.session.commit()


def told(office: Office, number: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
    names = {user.id: name for name, user in office.people.items()}
    rows = office.rows(Notice, number)
    return [(names[row.user_id], row.facts) for row in rows if row.kind == kind]


def customer_writes(office: Office, number: str) -> None:
    office.at += timedelta(minutes=5)
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    write_message(case, text="Kapan teknisi datang ke rumah saya?")
    office.session.commit()


def test_the_customers_word_to_a_closed_account_reaches_the_supervisor_who_hears_why(office):
    number = office.receive()
    gone(office, "csr")
    customer_writes(office, number)
    [(who, facts)] = told(office, number, "customer_wrote")
    assert (who, facts["instead_of"]) == ("supervisor", "Csr")
    said = notice_sentence("customer_wrote", facts, RUPIAH, "en", lambda words: words)
    assert "in place of Csr, who is away or has left" in said


def test_the_customers_word_reaches_the_handlers_deputy_as_well(office: Office):
    number = office.receive()
    away(office, "csr", "officer")
    customer_writes(office, number)
    assert [who for who, _ in told(office, number, "customer_wrote")] == ["csr", "officer"]


def ask_for_time(office: Office, number: str) -> None:
    until = NOW + timedelta(days=30)
    office.take(number, ask_extension, until=until, reason="Menunggu suku cadang dari pabrik")


@pytest.mark.parametrize(
    ("deputy", "hear"), [("", ["manager"]), ("manager", ["manager"]), ("officer", ["manager"])]
)
def test_more_time_is_asked_of_somebody_who_is_there_and_may_decide(office, deputy, hear):
    number = office.receive()
    away(office, "supervisor", deputy)
    ask_for_time(office, number)
    assert [who for who, _ in told(office, number, "extension_asked")] == hear


@pytest.mark.parametrize("act", [ask_for_time, customer_writes])
def test_with_nobody_left_above_the_administrator_hears(
    office: Office, act: Callable[[Office, str], None]
):
    number = office.receive()
    gone(office, "supervisor", "manager", *(["csr"] if act is customer_writes else []))
    act(office, number)
    kind = "customer_wrote" if act is customer_writes else "extension_asked"
    assert [who for who, _ in told(office, number, kind)] == ["admin"]


def test_what_is_escalated_with_nobody_above_goes_to_the_last_resort(office: Office):
    number = office.receive(by="csr2", branch="MKS")
    gone(office, "supervisor", "manager")
    office.take(number, escalate_by_hand, by="csr2", reason="Pelanggan sangat marah")
    assert [who for who, _ in told(office, number, "escalation")] == ["admin"]


def test_a_complaint_sent_to_a_unit_without_people_is_said_to_be_so(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    gone(office, "officer")
    office.take(number, inform_parties, teams=["TEKNIK"])
    [(who, facts)] = told(office, number, "party_asked_nobody")
    assert who == "supervisor"
    said = notice_sentence("party_asked_nobody", facts, RUPIAH, "en", lambda words: words)
    assert "unit TEKNIK, where nobody has an active account" in said
