"""Who leads a unit: one of its members, by one act that both histories tell of."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.domain.errors import Forbidden, Refused
from complaints.models import AccountEntry, Team, User
from complaints.people.staff import Staff
from complaints.people.succession import Successors
from complaints.people.unit_leads import end_lead, make_lead
from complaints.queries.people.account_history import check_accounts
from complaints.steps.casework.hand_over import close_with_work
from tests.office import Office


def lead(office: Office, code: str = "TEKNIK") -> int | None:
    office.session.expire_all()
    found = office.session.scalar(select(Team.lead_id).where(Team.code == code))
    office.session.rollback()
    return found


def act(office: Office, step: object, name: str, by: str = "admin") -> None:
    user_id, actor = office.id_of(name), office.actor(by)
    step(office.session, user_id, by=actor, at=office.at)  # type: ignore[operator]
    office.session.commit()


def entries(office: Office, name: str) -> list[tuple[str, object]]:
    query = select(AccountEntry).where(AccountEntry.user_id == office.id_of(name))
    found = office.session.scalars(query.order_by(AccountEntry.seq)).all()
    return [(each.what, each.detail.get("unit")) for each in found]


def second_of_the_unit(office: Office) -> None:
    """Billing joins the technicians."""
    technicians = office.session.scalars(select(Team.id).where(Team.code == "TEKNIK")).one()
    office.session.get_one(User, office.id_of("billing")).team_id = technicians
    office.session.commit()


def test_one_leads_at_a_time_and_everybody_it_concerns_has_an_entry(office: Office):
    second_of_the_unit(office)
    for _ in range(2):
        act(office, make_lead, "officer")
    assert lead(office) == office.id_of("officer")
    act(office, make_lead, "billing")
    assert lead(office) == office.id_of("billing")
    assert entries(office, "officer") == [("leads", "TEKNIK"), ("leads_no_more", "TEKNIK")]
    assert entries(office, "billing") == [("leads", "TEKNIK")]
    for _ in range(2):
        act(office, end_lead, "billing")
    assert lead(office) is None
    assert entries(office, "billing") == [("leads", "TEKNIK"), ("leads_no_more", "TEKNIK")]
    assert check_accounts(office.session, 0)["bad"] == []


def test_who_reaches_people_knows_the_new_lead_at_once(office: Office):
    act(office, make_lead, "officer")
    staff = Staff.read(office.session, office.at)
    team = office.session.scalars(select(Team.id).where(Team.code == "TEKNIK")).one()
    assert staff.leads[team] == office.id_of("officer")


@pytest.mark.parametrize(("name", "why"), [("csr", "belongs to no unit"), ("closed", "inactive")])
def test_nobody_leads_a_unit_they_are_no_part_of(office: Office, name: str, why: str):
    if name == "closed":
        name = "officer"
        office.session.get_one(User, office.id_of(name)).is_active = False
        office.session.commit()
    with pytest.raises(Refused, match=why):
        act(office, make_lead, name)
    office.session.rollback()
    assert lead(office) is None


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_nobody_leads_a_unit_whose_role_sees_to_no_complaints(office: Office, role: str):
    office.session.get_one(User, office.id_of("officer")).role = role
    office.session.commit()
    with pytest.raises(Refused, match="handles no complaints"):
        act(office, make_lead, "officer")
    office.session.rollback()
    assert lead(office) is None


def test_who_takes_the_place_of_a_lead_who_leaves_has_an_entry_and_so_has_the_other(office: Office):
    second_of_the_unit(office)
    act(office, make_lead, "officer")
    successors = Successors(lead="billing@tanggap.example")
    leaving, by = office.id_of("officer"), office.actor("admin")
    close_with_work(
        office.session, office.rules, leaving, successors=successors, by=by, at=office.at
    )
    office.session.commit()
    assert lead(office) == office.id_of("billing")
    assert entries(office, "billing") == [("leads", "TEKNIK")]
    assert entries(office, "officer")[:2] == [("leads", "TEKNIK"), ("leads_no_more", "TEKNIK")]
    assert check_accounts(office.session, 0)["bad"] == []


@pytest.mark.parametrize("by", ["manager", "supervisor", "officer"])
def test_only_an_administrator_says_who_leads(office: Office, by: str):
    for step in (make_lead, end_lead):
        with pytest.raises(Forbidden):
            act(office, step, "officer", by)
        office.session.rollback()
