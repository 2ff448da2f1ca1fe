"""Superiors at work on a missed deadline: taking note, handing back, escalating anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.worktime import WorkCalendar
from complaints.engine.fire import Fired, fire_due
from complaints.models import Complaint, Deadline, Escalation, Notice, RuleVersion, Timer
from complaints.queries.complaint.history import verify_history
from complaints.rules.load import load_rules
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.register import register_complaint
from tests.conftest import NOW
from tests.house import House

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
#: The receipt is due thirty working minutes after a complaint at the counter.
DUE = NOW + 30 * MINUTE
CALLED = DUE + 15 * MINUTE


def fire(house: House, at: datetime) -> Fired:
    fired = fire_due(house.session, house.rules, at=at)
    house.session.commit()
    return fired


def called(house: House) -> str:
    """A complaint whose receipt is late and stands before the supervisor."""
    number = house.receive()
    others = select(Deadline.id).where(Deadline.kind != "ack")
    house.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    house.session.commit()
    fire(house, DUE + SECOND)
    fire(house, CALLED)
    return number


def calendar(house: House) -> WorkCalendar:
    found = house.rules.calendar_of(house.people["csr"].branch_id or 0).value
    house.session.commit()
    return found


def levels(house: House, number: str) -> list[int]:
    return [row.level for row in house.rows(Escalation, number)]


def timer(house: House, number: str) -> Timer:
    (row,) = house.timers(number)
    return row


# Acknowledgement


def test_an_acknowledgement_holds_the_ladder_until_it_expires(house: House):
    number = called(house)
    taken = CALLED + 5 * MINUTE
    house.take(number, acknowledge_escalation, by="supervisor", at=taken)
    (row,) = house.rows(Escalation, number)
    expires = calendar(house).add(taken, 4 * 3600)
    assert (row.acknowledged_at, row.ack_expires_at) == (taken, expires)

    # The manager's rung would be four working hours after the due time.
    manager_at = calendar(house).add(DUE, 4 * 3600)
    assert manager_at < expires
    assert fire(house, manager_at).counts == {}
    assert timer(house, number).fire_at == expires
    assert fire(house, expires - SECOND).handled == 0
    fired = fire(house, expires)
    assert fired.counts == {"escalate": 1}
    assert levels(house, number) == [1, 2]
    # What was held back is not late.
    assert fired.oldest_lag_seconds == 0


def test_a_ladder_nobody_acknowledges_goes_on_at_its_own_time(house: House):
    number = called(house)
    fire(house, calendar(house).add(DUE, 4 * 3600))
    assert levels(house, number) == [1, 2]


def test_once_the_deadline_is_met_the_ladder_is_over_whatever_expires(house: House):
    number = house.receive()
    house.walk(number, to="020-1.4")
    fire(house, CALLED)
    house.take(number, acknowledge_escalation, by="supervisor", at=CALLED + MINUTE)
    house.take(number, register_complaint, at=CALLED + 2 * MINUTE)
    late = house.clocks(number)["ack"].id
    fire(house, CALLED + 3 * DAY)
    assert [row.level for row in house.rows(Escalation, number) if row.deadline_id == late] == [1]


def test_the_acknowledgement_of_one_deadline_holds_no_other(house: House):
    number = called(house)
    house.take(number, acknowledge_escalation, by="supervisor", at=CALLED + MINUTE)
    other = house.receive(at=NOW + MINUTE)
    fire(house, CALLED + 2 * MINUTE)
    assert levels(house, other) == [1]


def test_somebody_else_may_not_take_note(house: House):
    number = called(house)
    with pytest.raises(Forbidden):
        house.take(number, acknowledge_escalation, by="officer")
    house.take(number, acknowledge_escalation, by="supervisor")
    with pytest.raises(Refused, match="There is no open escalation"):
        house.take(number, acknowledge_escalation, by="supervisor")


# By hand


def test_escalating_by_hand_takes_the_force_of_earlier_acknowledgements(house: House):
    number = called(house)
    house.take(number, acknowledge_escalation, by="supervisor", at=CALLED + MINUTE)
    manager_at = calendar(house).add(DUE, 4 * 3600)
    fire(house, manager_at)
    assert levels(house, number) == [1]
    again = manager_at + MINUTE
    house.take(number, escalate_by_hand, at=again, reason="Pelanggan menelepon lagi")
    first, by_hand = house.rows(Escalation, number)
    assert first.ack_expires_at == again
    assert (by_hand.level, by_hand.to_id) == (2, house.id_of("manager"))
    assert fire(house, again).counts == {"escalate": 1}
    assert levels(house, number) == [1, 2, 2]


def test_by_hand_it_climbs_to_whoever_has_not_been_called_in_this_round(house: House):
    number = house.receive()
    for _ in range(3):
        house.take(number, escalate_by_hand, reason="Pelanggan menunggu")
    rows = house.rows(Escalation, number)
    supervisor, manager = house.id_of("supervisor"), house.id_of("manager")
    # Above the manager stands nobody, so the manager hears again.
    assert [(row.to_id, row.level) for row in rows] == [
        (supervisor, 1),
        (manager, 2),
        (manager, 2),
    ]
    assert house.complaint(number).escalation_level == 2
    house.take(number, return_escalation, by="manager", instruction="Telepon dulu")
    house.take(number, escalate_by_hand, reason="Pelanggan menelepon lagi")
    last = house.rows(Escalation, number)[-1]
    assert (last.to_id, last.level) == (supervisor, 1)


def test_a_supervisor_escalates_to_the_manager_on_the_managers_level(house: House):
    number = house.receive()
    house.take(number, escalate_by_hand, by="supervisor", reason="Di luar wewenang saya")
    (row,) = house.rows(Escalation, number)
    assert (row.to_id, row.level) == (house.id_of("manager"), 2)


def test_a_timer_that_is_not_held_is_left_alone(house: House):
    number = called(house)
    before = timer(house, number).fire_at
    house.take(number, escalate_by_hand, at=CALLED + MINUTE, reason="Pelanggan menunggu")
    assert timer(house, number).fire_at == before


# Handing back


def test_a_superior_hands_the_complaint_back_with_an_instruction(house: House):
    number = called(house)
    at = CALLED + 10 * MINUTE
    told = "Hubungi pelanggan sebelum pukul 12.00"
    house.take(number, return_escalation, by="supervisor", at=at, instruction=told)
    (row,) = house.rows(Escalation, number)
    assert (row.acknowledged_by_id, row.instruction) == (house.id_of("supervisor"), told)
    assert row.ack_expires_at == calendar(house).add(at, 4 * 3600)
    complaint: Complaint = house.complaint(number)
    assert complaint.escalation_level == 0
    entry = house.history(number)[-1]
    assert (entry.what, entry.detail["instruction"]) == ("return_escalation", told)
    assert entry.detail["from_level"] == 1
    notice = house.rows(Notice, number)[-1]
    assert (notice.kind, notice.user_id) == ("escalation_returned", house.id_of("csr"))
    assert notice.facts["instruction"] == told
    assert not verify_history(house.session)["bad"]


def test_a_complaint_handed_back_climbs_on_when_nothing_comes_of_it(house: House):
    number = called(house)
    house.take(
        number, return_escalation, by="supervisor", at=CALLED + MINUTE, instruction="Telepon dulu"
    )
    expires = house.rows(Escalation, number)[0].ack_expires_at
    fire(house, expires)
    assert levels(house, number) == [1, 2]
    assert house.complaint(number).escalation_level == 2


def test_one_who_has_taken_note_may_still_hand_it_back_but_only_once(house: House):
    number = called(house)
    house.take(number, acknowledge_escalation, by="supervisor")
    house.take(number, return_escalation, by="supervisor", instruction="Telepon dulu")
    with pytest.raises(Refused, match="There is no open escalation"):
        house.take(number, return_escalation, by="supervisor", instruction="Telepon dulu")


def test_handing_back_needs_words_and_the_right_person(house: House):
    number = called(house)
    with pytest.raises(Invalid):
        house.take(number, return_escalation, by="supervisor", instruction=" ")
    with pytest.raises(Forbidden):
        house.take(number, return_escalation, by="officer", instruction="Telepon dulu")
    house.take(number, return_escalation, by="manager", instruction="Telepon dulu")
    assert house.complaint(number).escalation_level == 0


# The ladder of the start


def test_a_running_clock_keeps_the_ladder_it_started_with(house: House):
    number = house.receive()
    newest: dict[str, dict[str, Any]] = {}
    for row in house.session.scalars(select(RuleVersion).order_by(RuleVersion.id)):
        newest.setdefault(row.kind, {})[row.code] = row.body
    top = {"key": "top", "after": 1, "target": "head_office", "level": 1}
    newest["ladder"]["default"] = {"id": "default", "rung": [top]}
    load_rules(house.session, newest, by="tests", at=NOW)
    house.session.commit()
    later = house.receive()
    fire(house, DUE + 2 * MINUTE)
    assert levels(house, number) == []
    assert [row.key.split(":")[2] for row in house.rows(Escalation, later)] == ["top"]
