"""A complaint keeps the policies it was handled under, whatever is switched on later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from complaints.domain.policies.whatif import RuleKind
from complaints.models import Deadline
from complaints.recalculation.recalculate import change_in_force, recalculate
from complaints.rules.edit import Proposal, change_of, rule_in_force, save_rule
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.converse import record_message
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.prioritise import override_priority
from tests.conftest import ROOT
from tests.office import Office

FRONT_DESK = "id-default-front-desk"
#: Fixed networks: limits by law for every complaint, a shorter one for faults.
LAW = "id-telco-jartaplok-perdirjen7-2024"
#: Personal data: limits by law for complaints about them alone.
PRIVACY = "id-pdp-27-2022"

NEWS: dict[str, Any] = {"text": "Masih dikerjakan", "direction": "out", "method": "phone"}


def for_all(office: Office, *codes: str) -> None:
    """Let exactly these policies hold, for complaints that are open as well."""
    row = rule_in_force(office.session, RuleKind.SWITCHES, "organisation")
    proposal = Proposal(RuleKind.SWITCHES, row.code, {**row.body, "policies": list(codes)}, row.id)
    change = change_of(office.session, office.rules, proposal)
    save_rule(office.session, office.rules, proposal, by=office.actor("admin"), at=office.at)
    office.session.commit()
    change = change_in_force(office.rules, change)
    words: dict[str, Any] = {"reason": "untuk semua", "by": office.actor("admin"), "at": office.at}
    recalculate(office.session, office.rules, change, **words)
    office.session.commit()


def policies(office: Office, number: str) -> set[str]:
    """The policies of the clocks there are; a commitment's clock belongs to none."""
    return {clock.policy for clock in office.rows(Deadline, number)} - {"commitments"}


def to_privacy(office: Office, number: str) -> None:
    office.take(number, amend_record, change=Amendment(category="DAT_HAK"))


def test_a_policy_for_new_complaints_starts_nothing_on_an_old_one(office: Office):
    old = office.receive()
    office.switch_on(LAW, PRIVACY)
    new = office.receive()
    for number in (old, new):
        to_privacy(office, number)
        office.walk(number, to="020-2.4")
        words = {"priority": "P1", "reason": "Pelanggan sakit"}
        office.take(number, override_priority, by="supervisor", **words)
        office.take(number, record_message, **NEWS)
    assert policies(office, old) == {FRONT_DESK}
    assert policies(office, new) == {FRONT_DESK, LAW, PRIVACY}


def test_a_policy_for_all_holds_for_an_old_complaint_from_then_on(office: Office):
    old = office.receive()
    for_all(office, FRONT_DESK, PRIVACY)
    assert policies(office, old) == {FRONT_DESK}
    to_privacy(office, old)
    assert policies(office, old) == {FRONT_DESK, PRIVACY}


def test_what_is_switched_on_for_all_brings_nothing_else_along(office: Office):
    old = office.receive()
    office.switch_on(LAW)
    for_all(office, FRONT_DESK, LAW, PRIVACY)
    to_privacy(office, old)
    assert policies(office, old) == {FRONT_DESK, PRIVACY}
    assert office.complaint(old).policy_codes == [FRONT_DESK, PRIVACY]


def test_a_policy_switched_off_for_new_complaints_goes_on_for_an_old_one(office: Office):
    old = office.receive()
    office.switch_on(LAW)
    office.switch_off(FRONT_DESK)
    office.take(old, record_message, **NEWS)
    assert office.clocks(old)["progress"].started_at == office.at
    assert policies(office, office.receive()) == {LAW}


def test_a_policy_switched_off_for_all_starts_no_clock_any_more(office: Office):
    for_all(office, FRONT_DESK, PRIVACY)
    old = office.receive()
    for_all(office, FRONT_DESK)
    to_privacy(office, old)
    assert policies(office, old) == {FRONT_DESK}


def test_a_reopened_complaint_is_handled_under_what_is_switched_on_by_then(office: Office):
    old = office.receive()
    office.take(old, withdraw_complaint, reason="Sudah beres")
    office.switch_on(LAW)
    # So late that nothing goes on which ran before the withdrawal.
    later = office.at + timedelta(days=office.rules.authority.withdrawal.take_back_days + 1)
    office.take(old, reopen_complaint, at=later, reason="Mati lagi")
    law = office.clocks(old)["legal"]
    assert (law.policy, law.cycle, law.started_at) == (LAW, 2, office.at)


def test_a_clock_added_to_a_policy_for_new_complaints_starts_on_no_old_one(office: Office):
    old = office.receive()
    clocks = rule_in_force(office.session, RuleKind.POLICY, FRONT_DESK).body["clock"]
    own = {"id": "data", "kind": "legal", "duration": 2, "unit": "working_day"}
    own |= {"category": "DAT_HAK"}
    office.edit(RuleKind.POLICY, FRONT_DESK, clock=[*clocks, own])
    new = office.receive()
    for number in (old, new):
        to_privacy(office, number)
    assert "legal" not in office.clocks(old)
    assert office.clocks(new)["legal"].clause == "data"


def test_a_category_found_to_be_right_after_all_has_its_clock_again(office: Office):
    office.switch_on(PRIVACY)
    number = office.receive(category="DAT_HAK")
    for category in ("GGN_MATI", "DAT_HAK"):
        office.take(number, amend_record, change=Amendment(category=category))
    clocks = [clock for clock in office.rows(Deadline, number) if clock.policy == PRIVACY]
    assert [clock.state for clock in clocks] == ["cancelled", "running"]
    assert {clock.started_at for clock in clocks} == {office.complaint(number).received_at}
    assert len({clock.due_at for clock in clocks}) == 1


@pytest.mark.parametrize(("place", "has_limit"), [("020-3.3", True), ("020-3.4", False)])
def test_what_is_settled_is_not_owed_again(office: Office, place, has_limit):
    office.switch_on(PRIVACY)
    number = office.receive()
    office.walk(number, to=place)
    to_privacy(office, number)
    assert (PRIVACY in policies(office, number)) is has_limit


def test_a_complaint_of_which_nobody_kept_the_policies_follows_what_is_switched_on(office: Office):
    number = office.receive()
    office.complaint(number).policy_codes = None
    office.session.commit()
    office.switch_on(PRIVACY)
    to_privacy(office, number)
    assert policies(office, number) == {FRONT_DESK, PRIVACY}


def test_an_update_keeps_for_open_complaints_the_policies_of_that_day(office: Office):
    is_open, ended = office.receive(), office.receive()
    office.take(ended, withdraw_complaint, reason="Sudah beres")
    office.switch_on(PRIVACY)
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    with office.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0011")
        connection.commit()
        command.upgrade(settings, "head")
        connection.commit()
    office.session.expire_all()
    assert office.complaint(is_open).policy_codes == [FRONT_DESK, PRIVACY]
    assert office.complaint(ended).policy_codes is None
