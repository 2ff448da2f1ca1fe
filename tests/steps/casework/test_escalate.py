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
from complaints.queries.complaint.seals.history import verify_history
from complaints.rules.load import load_rules
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.register import register_complaint
from tests.conftest import NOW
from tests.office import Office

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
#: The receipt is due thirty working minutes after a complaint at the counter.
DUE = NOW + 30 * MINUTE
CALLED = DUE + 15 * MINUTE


def fire(office: Office, at: datetime) -> Fired:
    fired = fire_due(office.session, office.rules, at=at)
    office.session.commit()
    return fired


def called(office: Office) -> str:
    """A complaint whose receipt is late and stands before the supervisor."""
    number = office.receive()
    others = select(Deadline.id).where(Deadline.kind != "ack")
    office.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    office.session.commit()
    fire(office, DUE + SECOND)
    fire(office, CALLED)
    return number


def calendar(office: Office) -> WorkCalendar:
    found = office.rules.calendar_of(office.people["csr"].branch_id or 0).value
    office.session.commit()
    return found


def levels(office: Office, number: str) -> list[int]:
    return [row.level for row in office.rows(Escalation, number)]


def timer(office: Office, number: str) -> Timer:
    (row,) = office.timers(number)
    return row


# Acknowledgement


def test_an_acknowledgement_holds_the_ladder_until_it_expires(office: Office):
    number = called(office)
    taken = CALLED + 5 * MINUTE
    office.take(number, acknowledge_escalation, by="supervisor", at=taken)
    (row,) = office.rows(Escalation, number)
    expires = calendar(office).add(taken, 4 * 3600)
    assert (row.acknowledged_at, row.ack_expires_at) == (taken, expires)

    # The manager's rung would be four working hours after the due time.
    manager_at = calendar(office).add(DUE, 4 * 3600)
    assert manager_at < expires
    assert fire(office, manager_at).counts == {}
    assert timer(office, number).fire_at == expires
    assert fire(office, expires - SECOND).handled == 0
    fired = fire(office, expires)
    assert fired.counts == {"escalate": 1, "expire": 1}
    # The manager's step is taken, and whoever acknowledged has it on the board again.
    assert levels(office, number) == [1, 2, 1]
    # What was held back is not late.
    assert fired.oldest_lag_seconds == 0


def test_a_ladder_nobody_acknowledges_goes_on_at_its_own_time(office: Office):
    number = called(office)
    fire(office, calendar(office).add(DUE, 4 * 3600))
    assert levels(office, number) == [1, 2]


def test_once_the_deadline_is_met_the_ladder_is_over_whatever_expires(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.4")
    fire(office, CALLED)
    office.take(number, acknowledge_escalation, by="supervisor", at=CALLED + MINUTE)
    office.take(number, register_complaint, at=CALLED + 2 * MINUTE)
    late = office.clocks(number)["ack"].id
    fire(office, CALLED + 3 * DAY)
    assert [row.level for row in office.rows(Escalation, number) if row.deadline_id == late] == [1]


def test_the_acknowledgement_of_one_deadline_holds_no_other(office: Office):
    number = called(office)
    office.take(number, acknowledge_escalation, by="supervisor", at=CALLED + MINUTE)
    other = office.receive(at=NOW + MINUTE)
    fire(office, CALLED + 2 * MINUTE)
    assert levels(office, other) == [1]


def test_somebody_else_may_not_take_note(office: Office):
    number = called(office)
    with pytest.raises(Forbidden):
        office.take(number, acknowledge_escalation, by="officer")
    office.take(number, acknowledge_escalation, by="supervisor")
    with pytest.raises(Refused, match="There is no open escalation"):
        office.take(number, acknowledge_escalation, by="supervisor")


# By hand


def test_escalating_by_hand_takes_the_force_of_earlier_acknowledgements(office: Office):
    number = called(office)
    office.take(number, acknowledge_escalation, by="supervisor", at=CALLED + MINUTE)
    manager_at = calendar(office).add(DUE, 4 * 3600)
    fire(office, manager_at)
    assert levels(office, number) == [1]
    again = manager_at + MINUTE
    office.take(number, escalate_by_hand, at=again, reason="Pelanggan menelepon lagi")
    first, by_hand = office.rows(Escalation, number)
    assert first.ack_expires_at == again
    assert (by_hand.level, by_hand.to_id) == (2, office.id_of("manager"))
    assert fire(office, again).counts == {"escalate": 1}
    assert levels(office, number) == [1, 2, 2]


def test_by_hand_it_climbs_to_whoever_has_not_been_called_in_this_round(office: Office):
    number = office.receive()
    for _ in range(3):
        office.take(number, escalate_by_hand, reason="Pelanggan menunggu")
    rows = office.rows(Escalation, number)
    supervisor, manager = office.id_of("supervisor"), office.id_of("manager")
    # Above the manager stands nobody, so the manager hears again.
    assert [(row.to_id, row.level) for row in rows] == [
        (supervisor, 1),
        (manager, 2),
        (manager, 2),
    ]
    assert office.complaint(number).escalation_level == 2
    office.take(number, return_escalation, by="manager", instruction="Telepon dulu")
    office.take(number, escalate_by_hand, reason="Pelanggan menelepon lagi")
    last = office.rows(Escalation, number)[-1]
    assert (last.to_id, last.level) == (supervisor, 1)


def test_a_supervisor_escalates_to_the_manager_on_the_managers_level(office: Office):
    number = office.receive()
    office.take(number, escalate_by_hand, by="supervisor", reason="Di luar wewenang saya")
    (row,) = office.rows(Escalation, number)
    assert (row.to_id, row.level) == (office.id_of("manager"), 2)


def test_a_timer_that_is_not_held_is_left_alone(office: Office):
    number = called(office)
    before = timer(office, number).fire_at
    office.take(number, escalate_by_hand, at=CALLED + MINUTE, reason="Pelanggan menunggu")
    assert timer(office, number).fire_at == before


# Handing back


def test_a_superior_hands_the_complaint_back_with_an_instruction(office: Office):
    number = called(office)
    at = CALLED + 10 * MINUTE
    told = "Hubungi pelanggan sebelum pukul 12.00"
    office.take(number, return_escalation, by="supervisor", at=at, instruction=told)
    (row,) = office.rows(Escalation, number)
    assert (row.acknowledged_by_id, row.instruction) == (office.id_of("supervisor"), told)
    assert row.ack_expires_at == calendar(office).add(at, 4 * 3600)
    complaint: Complaint = office.complaint(number)
    assert complaint.escalation_level == 0
    entry = office.history(number)[-1]
    assert (entry.what, entry.detail["instruction"]) == ("return_escalation", told)
    assert entry.detail["from_level"] == 1
    notice = office.rows(Notice, number)[-1]
    assert (notice.kind, notice.user_id) == ("escalation_returned", office.id_of("csr"))
    assert notice.facts["instruction"] == told
    # Those that the set-up took away.
    assert {each["table"] for each in verify_history(office.session)["bad"]} == {"timers"}


def test_a_complaint_handed_back_climbs_on_when_nothing_comes_of_it(office: Office):
    number = called(office)
    office.take(
        number, return_escalation, by="supervisor", at=CALLED + MINUTE, instruction="Telepon dulu"
    )
    expires = office.rows(Escalation, number)[0].ack_expires_at
    fire(office, expires)
    assert levels(office, number) == [1, 2]
    assert office.complaint(number).escalation_level == 2


def test_one_who_has_taken_note_may_still_hand_it_back_but_only_once(office: Office):
    number = called(office)
    office.take(number, acknowledge_escalation, by="supervisor")
    office.take(number, return_escalation, by="supervisor", instruction="Telepon dulu")
    with pytest.raises(Refused, match="There is no open escalation"):
        office.take(number, return_escalation, by="supervisor", instruction="Telepon dulu")


def test_handing_back_needs_words_and_the_right_person(office: Office):
    number = called(office)
    with pytest.raises(Invalid):
        office.take(number, return_escalation, by="supervisor", instruction=" ")
    with pytest.raises(Forbidden):
        office.take(number, return_escalation, by="officer", instruction="Telepon dulu")
    office.take(number, return_escalation, by="manager", instruction="Telepon dulu")
    assert office.complaint(number).escalation_level == 0


# The ladder of the start


def test_a_running_clock_keeps_the_ladder_it_started_with(office: Office):
    number = office.receive()
    newest: dict[str, dict[str, Any]] = {}
    for row in office.session.scalars(select(RuleVersion).order_by(RuleVersion.id)):
        newest.setdefault(row.kind, {})[row.code] = row.body
    top = {"key": "top", "after": 1, "target": "head_office", "level": 1}
    newest["ladder"]["default"] = {"id": "default", "rung": [top]}
    load_rules(office.session, newest, by="tests", at=NOW)
    office.session.commit()
    later = office.receive()
    fire(office, DUE + 2 * MINUTE)
    assert levels(office, number) == []
    assert [row.key.split(":")[2] for row in office.rows(Escalation, later)] == ["top"]
