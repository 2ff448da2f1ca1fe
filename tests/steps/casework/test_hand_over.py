"""Closing an account asks what becomes of its work; what lies with nobody is given away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from complaints.domain.errors import Invalid, Refused
from complaints.domain.permissions import CUSTOMER
from complaints.models import Commitment, Escalation, Notice, Offer, Team, User
from complaints.people.succession import Successors
from complaints.queries.lists.worklist import ListFilters, list_complaints
from complaints.queries.people.open_work import (
    WorkKind,
    count_orphans,
    list_orphans,
    open_actions,
    work_of,
)
from complaints.rules.authority import authority_in_force, save_authority
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.escalate import acknowledge_escalation, escalate_by_hand
from complaints.steps.casework.hand_over import TRAY, close_with_work, give_orphaned_work
from complaints.steps.inform import inform_parties
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.steps.improvement import test_corrective_actions as improvement

NEW = "baru@tanggap.example"


def hire(office: Office, name: str, like: str) -> None:
    model = office.people[like]
    user = User(
        email=f"{name}@tanggap.example",
        name=name.title(),
        role=model.role,
        branch_id=model.branch_id,
        team_id=model.team_id,
        supervisor_id=model.supervisor_id,
    )
    office.session.add(user)
    office.session.commit()
    office.people[name] = user


def close(office: Office, name: str, to: str = "", by: str = "admin", **more: Any) -> None:
    try:
        close_with_work(
            office.session,
            office.rules,
            office.id_of(name),
            to=to,
            by=office.actor(by),
            at=office.at,
            **more,
        )
    except Exception:
        office.session.rollback()
        raise
    office.session.commit()


def work(office: Office, name: str) -> list[dict[WorkKind, int]]:
    found = work_of(office.session, office.id_of(name))
    office.session.commit()
    return list(found.values())


def give(office: Office, number: str, to: str, by: str = "supervisor") -> None:
    office.take(number, give_orphaned_work, by=by, to=to)


def assignments(office: Office, number: str) -> list[dict[str, object]]:
    return [row.detail for row in office.history(number) if row.what == "assign"]


@pytest.fixture
def planned(office: Office) -> str:
    """A complaint with a plan: its steps are the handler's and a unit's."""
    number = office.receive()
    office.walk(number, to="020-2.5")
    return number


def owners(office: Office, number: str) -> set[str]:
    names = {user.id: name for name, user in office.people.items()}
    rows = office.rows(Commitment, number)
    return {names[each.owner_id] for each in rows if each.owner_id and each.done_at is None}


@pytest.mark.parametrize(
    ("to", "hearer"), [("officer@tanggap.example", "officer"), (TRAY, "supervisor")]
)
def test_corrective_actions_are_handed_on_with_the_rest(office: Office, to: str, hearer: str):
    number = improvement.raised(office)
    assert open_actions(office.session, office.id_of("csr")) == 1
    with pytest.raises(Invalid) as refused:
        close(office, "csr")
    assert refused.value.field == "to"
    close(office, "csr", to=to)
    assert improvement.action(office, number).owner_id == office.id_of(hearer)
    assert hearer in improvement.heard(office, "action_given")


def test_what_somebody_has_open_is_counted_by_complaint(office: Office, planned: str):
    office.take(planned, escalate_by_hand, reason="Pelanggan sangat marah")
    assert work(office, "csr") == [{WorkKind.COMPLAINT: 1, WorkKind.COMMITMENT: 1}]
    assert work(office, "supervisor") == [{WorkKind.ESCALATION: 1}]
    assert work(office, "csr2") == []


def test_without_an_answer_an_account_with_open_work_is_not_closed(office: Office, planned: str):
    with pytest.raises(Invalid, match=r"open work on one complaint") as refused:
        close(office, "csr")
    assert refused.value.field == "to"
    assert office.session.get_one(User, office.id_of("csr")).is_active
    assert office.complaint(planned).handler_id == office.id_of("csr")


def test_an_account_without_open_work_is_closed_without_a_question(office: Office, planned: str):
    close(office, "csr2")
    assert not office.session.get_one(User, office.id_of("csr2")).is_active


def test_complaint_and_commitments_go_to_whoever_takes_over_with_an_entry(office, planned: str):
    hire(office, "baru", like="csr")
    close(office, "csr", NEW)
    assert office.complaint(planned).handler_id == office.id_of("baru")
    assert "csr" not in owners(office, planned)
    assert "baru" in owners(office, planned)
    [said] = assignments(office, planned)
    assert (said["handler"], said["from"]) == (NEW, ["Csr"])
    assert "Csr" in str(said["reason"])
    assert work(office, "csr") == []
    [notice] = [each for each in office.notices("baru") if each.kind == "work_handed_over"]
    assert notice.facts["count"] == 1
    assert count_orphans(office.session) == 0


def test_in_the_tray_it_is_nobodys_and_who_gives_it_out_hears_once(office: Office, planned: str):
    second = office.receive()
    close(office, "csr", TRAY)
    for number in (planned, second):
        assert office.complaint(number).handler_id is None
    assert "csr" not in owners(office, planned)
    [notice] = [each for each in office.notices("supervisor") if each.kind == "work_to_give_out"]
    assert notice.facts["count"] == 2
    nobodys = list_complaints(
        office.session,
        office.actor("supervisor"),
        ListFilters(handler="none"),
        now=office.at,
    )
    assert {row.number for row in nobodys.items} == {planned, second}


def test_who_may_not_handle_it_does_not_get_it_and_nothing_has_happened(office: Office, planned):
    for to, why in (
        ("csr2@tanggap.example", "may not handle"),
        ("manager@tanggap.example", "may not handle"),
        ("auditor@tanggap.example", "no user with this email"),
        ("csr@tanggap.example", "no user with this email"),
    ):
        with pytest.raises(Invalid, match=why):
            close(office, "csr", to)
    assert office.session.get_one(User, office.id_of("csr")).is_active
    assert assignments(office, planned) == []


def test_an_escalation_goes_to_who_may_acknowledge_it(office: Office, planned: str):
    office.take(planned, escalate_by_hand, reason="Pelanggan sangat marah")
    hire(office, "baru", like="supervisor")
    close(office, "supervisor", NEW)
    [called] = office.rows(Escalation, planned)
    assert called.to_id == office.id_of("baru")
    office.take(planned, acknowledge_escalation, by="baru")


def test_who_takes_over_two_escalations_of_one_complaint_hears_once(office: Office, planned: str):
    office.take(planned, escalate_by_hand, reason="Pelanggan sangat marah")
    [called] = office.rows(Escalation, planned)
    again = {each.key: getattr(called, each.key) for each in Escalation.__table__.columns}
    del again["id"]
    office.session.add(Escalation(**{**again, "key": "deadline:1", "level": 2, "reason": "Lewat"}))
    office.session.commit()
    hire(office, "baru", like="supervisor")
    close(office, "supervisor", NEW)
    assert {each.to_id for each in office.rows(Escalation, planned)} == {office.id_of("baru")}
    [told] = [each for each in office.notices("baru") if each.kind == "escalation"]
    assert (told.facts["level"], told.facts["reason"]) == (2, "Lewat")


def test_in_the_tray_an_escalation_climbs_to_the_next_above(office: Office, planned: str):
    office.take(planned, escalate_by_hand, reason="Pelanggan sangat marah")
    close(office, "supervisor", TRAY)
    [called] = office.rows(Escalation, planned)
    assert called.to_id == office.id_of("manager")
    assert [each.kind for each in office.notices("manager")][-2:].count("escalation") == 1


def test_what_was_acknowledged_by_who_leaves_holds_nobody_back_any_more(office: Office, planned):
    office.take(planned, escalate_by_hand, reason="Pelanggan sangat marah")
    office.take(planned, acknowledge_escalation, by="supervisor")
    office.take(planned, assign_complaint, by="supervisor", handler="supervisor@tanggap.example")
    close(office, "supervisor", TRAY)
    [called] = office.rows(Escalation, planned)
    assert called.ack_expires_at is not None
    assert called.ack_expires_at <= office.at


def test_an_approval_is_asked_of_whoever_may_decide_now(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, remedy="REFUND", description="Uang kembali", amount=300_000)
    [offer] = office.rows(Offer, number)
    assert offer.approver_id == office.id_of("supervisor")
    close(office, "supervisor", TRAY)
    [offer] = office.rows(Offer, number)
    assert offer.approver_id == office.id_of("manager")
    assert [each.kind for each in office.notices("manager")].count("offer_approval") == 1


def test_whoever_gets_nothing_of_the_work_is_not_told_that_they_have_it(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, remedy="REFUND", description="Uang kembali", amount=300_000)
    office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    hire(office, "baru", like="csr")
    who = {"by": office.actor("admin"), "at": office.at}
    supervisor = office.id_of("supervisor")
    closed = close_with_work(office.session, office.rules, supervisor, to=NEW, **who)
    office.session.commit()
    assert closed.complaints == 0
    assert office.notices("baru") == []
    kinds = [each.kind for each in office.notices("manager")]
    assert {"offer_approval", "escalation"} <= set(kinds)


# --------------------------------------------------------------------- what nobody is there for


def left(office: Office, *names: str) -> None:
    """Accounts closed by a version that did not ask."""
    for name in names:
        office.session.get_one(User, office.id_of(name)).is_active = False
    office.session.commit()


def orphans(office: Office, name: str = "supervisor") -> list[tuple[dict[WorkKind, int], str]]:
    found = list_orphans(office.session, office.actor(name))
    office.session.commit()
    return [(each.kinds, ", ".join(each.people)) for each in found]


def test_what_lies_with_who_has_left_is_listed_and_given_to_a_colleague(office, planned: str):
    office.take(planned, escalate_by_hand, reason="Pelanggan sangat marah")
    assert orphans(office) == []
    left(office, "csr", "supervisor")
    hire(office, "baru", like="supervisor")
    [(kinds, people)] = orphans(office, "baru")
    assert kinds == {WorkKind.COMPLAINT: 1, WorkKind.COMMITMENT: 1, WorkKind.ESCALATION: 1}
    assert people == "Csr, Supervisor"
    assert orphans(office, "csr2") == []
    give(office, planned, NEW, by="baru")
    assert orphans(office, "baru") == []
    assert office.complaint(planned).handler_id == office.id_of("baru")
    [called] = office.rows(Escalation, planned)
    assert called.to_id == office.id_of("baru")
    with pytest.raises(Refused, match="Nothing was changed"):
        give(office, planned, NEW, by="baru")


def test_a_complaint_that_only_somebody_gone_has_received_is_nobodys(office: Office):
    number = office.receive()
    office.complaint(number).handler_id = None
    office.session.commit()
    assert orphans(office) == []
    left(office, "csr")
    assert orphans(office) == [({WorkKind.COMPLAINT: 1}, "Csr")]
    give(office, number, "supervisor@tanggap.example")
    assert orphans(office) == []


def test_a_unit_without_people_is_listed_until_it_is_answered_for(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, inform_parties, teams=["TEKNIK"])
    assert orphans(office) == []
    left(office, "officer")
    [(kinds, _)] = orphans(office)
    assert kinds[WorkKind.UNIT] == 1


def test_the_customers_word_after_the_handover_reaches_whoever_took_over(office, planned: str):
    hire(office, "baru", like="csr")
    close(office, "csr", NEW)
    office.at += timedelta(minutes=5)
    case = open_case(office.session, planned, by=CUSTOMER, at=office.at)
    write_message(case, text="Kapan teknisi datang?")
    office.session.commit()
    query = select(Notice.user_id).where(Notice.kind == "customer_wrote")
    assert office.session.scalars(query).all() == [office.id_of("baru")]


# ------------------------------------------------------------ who takes the places


def line_of(office: Office, name: str) -> list[int | None]:
    """Whom somebody answers to, and whom that one does."""
    first = office.session.get_one(User, office.id_of(name), populate_existing=True)
    second = office.session.get(User, first.supervisor_id or 0)
    return [first.supervisor_id, second.supervisor_id if second else None]


@pytest.mark.parametrize("through", ["supervisor", "csr"])
def test_whoever_answered_to_the_one_who_leaves_takes_their_place(office: Office, through: str):
    """One of their people, or somebody further down, whom they all answer to from then on."""
    hire(office, "baru", like="supervisor")
    office.people["baru"].supervisor_id = office.id_of(through)
    office.session.commit()
    close(office, "supervisor", successors=Successors(superior=NEW))
    new, manager = office.id_of("baru"), office.id_of("manager")
    assert line_of(office, "baru") == [manager, None]
    assert line_of(office, "csr") == [new, manager]


# ------------------------------------------------------------ what nobody may answer any more


def test_whoever_stands_above_hears_of_a_unit_that_the_last_one_leaves(office: Office):
    number = office.receive()
    office.walk(number, to="asked")
    other = office.receive()
    office.walk(other, to="020-2.1")
    close(office, "officer", "csr@tanggap.example")
    told = [each for each in office.notices("supervisor") if each.kind == "party_asked_nobody"]
    assert [each.facts["number"] for each in told] == [number]
    assert told[0].facts["team"] == "TEKNIK"


def test_so_they_do_of_a_unit_that_only_its_lead_was_left_in(office: Office):
    number = office.receive()
    office.walk(number, to="asked")
    team = office.session.scalars(select(Team).where(Team.code == "TEKNIK")).one()
    team.lead_id = office.id_of("csr2")
    office.session.get_one(User, office.id_of("officer")).team_id = None
    office.session.commit()
    close(office, "csr2", successors=Successors(lead="none"))
    told = [each for each in office.notices("supervisor") if each.kind == "party_asked_nobody"]
    assert [each.facts["number"] for each in told] == [number]


def test_a_unit_that_somebody_is_left_in_is_asked_no_second_time(office: Office):
    number = office.receive()
    office.walk(number, to="asked")
    hire(office, "baru", like="officer")
    close(office, "officer", "csr@tanggap.example")
    assert "party_asked_nobody" not in [each.kind for each in office.notices("supervisor")]
    assert number


def test_the_last_resort_hears_of_an_approval_that_nobody_may_give(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.2")
    big = {"remedy": "REFUND", "description": "Uang kembali", "amount": 20_000_000}
    office.take(number, offer_solution, **big)
    hire(office, "kepala", like="manager")
    row = authority_in_force(office.session)
    lower = {"csr": 1, "officer": 1, "supervisor": 1, "manager": 1}
    by = office.actor("admin")
    save_authority(office.session, {**row.body, "limits": lower}, row.id, by=by, at=office.at)
    office.session.commit()
    close(office, "manager", TRAY)
    for name in ("kepala", "csr"):
        heard = [each for each in office.notices(name) if each.kind == "offer_approval_nobody"]
        assert [each.facts["amount"] for each in heard] == [20_000_000]
