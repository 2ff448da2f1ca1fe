"""Another role, branch or unit: what somebody has open goes on with them or with somebody else."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.models import AccountEntry, HistoryEntry, User
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.hand_over import KEEP, TRAY, Edited, edit_with_work
from tests.office import Office


def edit(office: Office, to: str, whose: str = "csr", **changes: str) -> Edited:
    who = {"by": office.actor("admin"), "at": office.at}
    done = edit_with_work(office.session, office.rules, office.id_of(whose), changes, to=to, **who)
    office.session.commit()
    return done


@pytest.fixture
def number(office: Office) -> str:
    number = office.receive()
    office.walk(number, to="020-1.6")
    return number


@pytest.mark.parametrize(
    "changes", [{"role": "officer"}, {"branch": "MKS"}, {"team": "TAGIHAN"}, {"role": "auditor"}]
)
def test_without_an_answer_nothing_changes_while_work_is_open(office: Office, number, changes):
    with pytest.raises(Invalid, match="still has open work on one complaint") as refused:
        edit(office, "", **changes)
    assert refused.value.field == "to"
    office.session.rollback()
    office.session.expire_all()
    csr = office.session.get_one(User, office.id_of("csr"))
    assert (csr.role, csr.team_id) == ("csr", None)
    assert office.count(AccountEntry) == 0


@pytest.mark.parametrize("changes", [{"name": "Rina"}, {"supervisor": ""}, {"email": "r@x.co.id"}])
def test_what_moves_nobody_asks_nothing(office: Office, number: str, changes):
    assert edit(office, "", **changes).complaints == 0
    assert office.complaint(number).handler_id == office.id_of("csr")


def test_who_may_go_on_keeps_the_work(office: Office, number: str):
    assert edit(office, KEEP, role="officer", branch="MKS").changed == {"role", "branch"}
    assert office.complaint(number).handler_id == office.id_of("csr")


@pytest.mark.parametrize("role", ["auditor", "admin", "manager"])
def test_who_may_not_go_on_cannot_keep_it(office: Office, number: str, role: str):
    with pytest.raises(Invalid, match="cannot go on"):
        edit(office, KEEP, role=role)


def test_who_may_not_acknowledge_any_more_cannot_keep_an_escalation(office: Office, number: str):
    office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    # A line manager of nobody, else the lines are asked for first.
    for user in office.people.values():
        if user.supervisor_id == office.id_of("supervisor"):
            user.supervisor_id = office.id_of("manager")
    with pytest.raises(Invalid, match="cannot go on"):
        edit(office, KEEP, "supervisor", role="csr")


def test_who_does_not_see_the_complaint_any_more_cannot_keep_an_escalation(office: Office, number):
    office.take(number, escalate_by_hand, reason="Pelanggan sangat marah")
    with pytest.raises(Invalid, match="role, branch and unit Supervisor cannot go on"):
        edit(office, KEEP, "supervisor", branch="MKS")


@pytest.mark.parametrize(("to", "handler"), [("officer@tanggap.example", "officer"), (TRAY, None)])
def test_the_work_goes_to_whoever_was_chosen(office: Office, number: str, to: str, handler):
    done = edit(office, to, role="auditor", branch="")
    assert done.complaints == 1
    expected = office.id_of(handler) if handler else None
    assert office.complaint(number).handler_id == expected
    entry = office.rows(HistoryEntry, number)[-1]
    assert "pekerjaannya diserahkan" in entry.detail["reason"]
    assert "dinonaktifkan" not in entry.detail["reason"]
