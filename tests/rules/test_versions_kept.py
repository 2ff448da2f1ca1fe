"""A complaint keeps the packs it was handled under, whatever is switched on for new ones later."""

from __future__ import annotations

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
from tests.house import House

FRONT_DESK = "id-default-front-desk"
#: Fixed networks: limits by law for every complaint, a shorter one for faults.
LAW = "id-telco-jartaplok-perdirjen7-2024"
#: Personal data: limits by law for complaints about them alone.
PRIVACY = "id-pdp-27-2022"

NEWS: dict[str, Any] = {"text": "Masih dikerjakan", "direction": "out", "method": "phone"}


def for_all(house: House, *codes: str) -> None:
    """Let exactly these packs hold, for complaints that are open as well."""
    row = rule_in_force(house.session, RuleKind.SWITCHES, "organisation")
    proposal = Proposal(RuleKind.SWITCHES, row.code, {**row.body, "policies": list(codes)}, row.id)
    change = change_of(house.session, house.rules, proposal)
    save_rule(house.session, house.rules, proposal, by=house.actor("admin"), at=house.at)
    house.session.commit()
    change = change_in_force(house.rules, change)
    words: dict[str, Any] = {"reason": "untuk semua", "by": house.actor("admin"), "at": house.at}
    recalculate(house.session, house.rules, change, **words)
    house.session.commit()


def packs(house: House, number: str) -> set[str]:
    """The packs of the clocks there are."""
    return {clock.policy for clock in house.rows(Deadline, number)}


def to_privacy(house: House, number: str) -> None:
    house.take(number, amend_record, change=Amendment(category="DAT_HAK"))


def test_a_pack_for_new_complaints_starts_nothing_on_an_old_one(house: House):
    old = house.receive()
    house.switch_on(LAW, PRIVACY)
    new = house.receive()
    for number in (old, new):
        to_privacy(house, number)
        house.walk(number, to="020-2.4")
        words = {"priority": "P1", "reason": "Pelanggan sakit"}
        house.take(number, override_priority, by="supervisor", **words)
        house.take(number, record_message, **NEWS)
    assert packs(house, old) == {FRONT_DESK}
    assert packs(house, new) == {FRONT_DESK, LAW, PRIVACY}


def test_a_pack_for_all_holds_for_an_old_complaint_from_then_on(house: House):
    old = house.receive()
    for_all(house, FRONT_DESK, PRIVACY)
    assert packs(house, old) == {FRONT_DESK}
    to_privacy(house, old)
    assert packs(house, old) == {FRONT_DESK, PRIVACY}


def test_what_is_switched_on_for_all_brings_nothing_else_along(house: House):
    old = house.receive()
    house.switch_on(LAW)
    for_all(house, FRONT_DESK, LAW, PRIVACY)
    to_privacy(house, old)
    assert packs(house, old) == {FRONT_DESK, PRIVACY}
    assert house.complaint(old).packs == [FRONT_DESK, PRIVACY]


def test_a_pack_switched_off_for_new_complaints_goes_on_for_an_old_one(house: House):
    old = house.receive()
    house.switch_on(LAW)
    house.switch_off(FRONT_DESK)
    house.take(old, record_message, **NEWS)
    assert house.clocks(old)["progress"].started_at == house.at
    assert packs(house, house.receive()) == {LAW}


def test_a_pack_switched_off_for_all_starts_no_clock_any_more(house: House):
    for_all(house, FRONT_DESK, PRIVACY)
    old = house.receive()
    for_all(house, FRONT_DESK)
    to_privacy(house, old)
    assert packs(house, old) == {FRONT_DESK}


def test_a_reopened_complaint_is_handled_under_what_is_switched_on_by_then(house: House):
    old = house.receive()
    house.take(old, withdraw_complaint, reason="Sudah beres")
    house.switch_on(LAW)
    house.take(old, reopen_complaint, reason="Mati lagi")
    law = house.clocks(old)["legal"]
    assert (law.policy, law.cycle, law.started_at) == (LAW, 2, house.at)


def test_a_clock_added_to_a_pack_for_new_complaints_starts_on_no_old_one(house: House):
    old = house.receive()
    clocks = rule_in_force(house.session, RuleKind.POLICY, FRONT_DESK).body["clock"]
    own = {"id": "data", "kind": "legal", "duration": 2, "unit": "working_day"}
    own |= {"category": "DAT_HAK"}
    house.edit(RuleKind.POLICY, FRONT_DESK, clock=[*clocks, own])
    new = house.receive()
    for number in (old, new):
        to_privacy(house, number)
    assert "legal" not in house.clocks(old)
    assert house.clocks(new)["legal"].clause == "data"


def test_a_category_found_to_be_right_after_all_has_its_clock_again(house: House):
    house.switch_on(PRIVACY)
    number = house.receive(category="DAT_HAK")
    for category in ("GGN_MATI", "DAT_HAK"):
        house.take(number, amend_record, change=Amendment(category=category))
    clocks = [clock for clock in house.rows(Deadline, number) if clock.policy == PRIVACY]
    assert [clock.state for clock in clocks] == ["cancelled", "running"]
    assert {clock.started_at for clock in clocks} == {house.complaint(number).received_at}
    assert len({clock.due_at for clock in clocks}) == 1


@pytest.mark.parametrize(("place", "has_limit"), [("020-3.3", True), ("020-3.4", False)])
def test_what_is_settled_is_not_owed_again(house: House, place, has_limit):
    house.switch_on(PRIVACY)
    number = house.receive()
    house.walk(number, to=place)
    to_privacy(house, number)
    assert (PRIVACY in packs(house, number)) is has_limit


def test_a_complaint_of_which_nobody_kept_the_packs_follows_what_is_switched_on(house: House):
    number = house.receive()
    house.complaint(number).packs = None
    house.session.commit()
    house.switch_on(PRIVACY)
    to_privacy(house, number)
    assert packs(house, number) == {FRONT_DESK, PRIVACY}


def test_an_update_keeps_for_open_complaints_the_packs_of_that_day(house: House):
    is_open, ended = house.receive(), house.receive()
    house.take(ended, withdraw_complaint, reason="Sudah beres")
    house.switch_on(PRIVACY)
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    with house.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0011")
        connection.commit()
        command.upgrade(settings, "head")
        connection.commit()
    house.session.expire_all()
    assert house.complaint(is_open).packs == [FRONT_DESK, PRIVACY]
    assert house.complaint(ended).packs is None
