"""Firing: what is told, written and moved when a deadline's steps come due, and what is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from complaints.engine.fire import Fired, fire_due
from complaints.models import (
    Complaint,
    Deadline,
    Escalation,
    HistoryEntry,
    LedgerEntry,
    Notice,
    OutboxMessage,
    RuleVersion,
    Timer,
    User,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.rulebook import current_rules
from complaints.rules.load import load_rules
from complaints.steps.casework.escalate import acknowledge_escalation
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.register import register_complaint
from tests.at_once import at_once
from tests.conftest import NOW
from tests.office import Office

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
#: A complaint told at the counter gets its receipt within thirty working minutes.
DUE = NOW + 30 * MINUTE
#: Long after every rung of every clock.
LATER = NOW + 40 * DAY


def fire(office: Office, at: datetime, limit: int = 500) -> Fired:
    fired = fire_due(office.session, office.rules, at=at, limit=limit)
    office.session.commit()
    # No step has left a row that differs from its ledger.
    assert fired.corrected == []
    return fired


def receive(office: Office, only: str = "ack", **more: Any) -> str:
    """A complaint of which only one clock matters to the test."""
    number = office.receive(**more)
    others = select(Deadline.id).where(Deadline.kind != only)
    office.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    office.session.commit()
    return number


def heard(office: Office, number: str) -> list[tuple[str, str, int]]:
    """Who heard what, and of which level, in the order of the notices."""
    known = {user.id: name for name, user in office.people.items()}
    return [(known[n.user_id], n.kind, n.facts["level"]) for n in office.rows(Notice, number)]


def everything(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """All rows that a sweep may touch."""
    tables = (
        Complaint,
        Deadline,
        LedgerEntry,
        Timer,
        HistoryEntry,
        Escalation,
        Notice,
        OutboxMessage,
    )
    found = {
        table.__tablename__: [
            tuple(row) for row in office.session.execute(select(table.__table__).order_by("id"))
        ]
        for table in tables
    }
    office.session.commit()
    return found


def change(office: Office, table: Any, **values: Any) -> None:
    office.session.execute(update(table).values(**values))
    office.session.commit()


# Warnings


def test_nothing_fires_before_its_time(office: Office):
    receive(office)
    before = everything(office)
    assert fire(office, NOW + 15 * MINUTE - SECOND).handled == 0
    assert everything(office) == before


def test_the_handler_is_warned_when_half_the_time_is_used(office: Office):
    number = receive(office)
    fired = fire(office, NOW + 15 * MINUTE)
    assert fired.counts == {"warn": 1}
    assert heard(office, number) == [("csr", "warn", 0)]
    entry = office.history(number)[-1]
    assert (entry.what, entry.detail["rung"], entry.by_name) == ("warn", "half_used", "Tanggap")
    (timer,) = office.timers(number)
    assert (timer.firing, timer.fire_at) == ("warn", NOW + 24 * MINUTE)


def test_a_notice_stands_in_the_tray_and_in_the_outbox_under_the_same_key(office: Office):
    number = receive(office)
    fire(office, NOW + 15 * MINUTE)
    (notice,) = office.rows(Notice, number)
    (letter,) = office.letters(number)
    assert notice.key == letter.key
    assert (letter.kind, letter.to_address) == ("notice", "csr@tanggap.example")
    about = {
        "who": "Bu Siti",
        "what": {"id": "Internet mati total", "en": "No internet at all"},
    }
    assert letter.facts == {"notice": "warn", "name": "Csr", **notice.facts, **about}
    # A full name stands on no lock screen, nor among the notifications for ever.
    assert "Siti" not in str(notice.facts)
    assert "Aminah" not in str(letter.facts)
    assert notice.facts["left"] == [15 * 60, True]
    assert notice.facts["due_at"] == DUE.isoformat()
    assert notice.facts["zone"] == "Asia/Jakarta"


def test_of_two_warnings_missed_the_later_one_is_told(office: Office):
    number = receive(office)
    fire(office, NOW + 25 * MINUTE)
    (notice,) = office.rows(Notice, number)
    assert ":nearing:" in notice.key


def test_a_warning_that_the_breach_has_overtaken_is_not_told(office: Office):
    number = receive(office)
    fire(office, DUE + SECOND)
    assert heard(office, number) == [("csr", "breach", 0)]
    assert [entry.what for entry in office.history(number)] == ["receive", "breach"]


# The breach


def test_the_due_second_is_still_in_time(office: Office):
    number = receive(office)
    fire(office, DUE)
    assert office.clocks(number)["ack"].state == "running"
    fire(office, DUE + SECOND)
    assert office.clocks(number)["ack"].state == "breached"


def test_what_is_done_in_the_due_second_after_a_sweep_is_met(office: Office):
    number = receive(office)
    office.walk(number, to="020-1.4")
    fire(office, DUE)
    office.take(number, register_complaint, at=DUE)
    clock = office.clocks(number)["ack"]
    assert (clock.state, clock.breached_at) == ("met", None)


def test_after_an_outage_the_breach_bears_its_own_time(office: Office):
    number = receive(office)
    noticed = DUE + 3 * DAY
    fired = fire(office, noticed)
    assert fired.oldest_lag_seconds == int((noticed - NOW - 15 * MINUTE).total_seconds())
    clock = office.clocks(number)["ack"]
    assert (clock.state, clock.breached_at, clock.ended_at) == ("breached", DUE, None)
    line = [row for row in office.rows(LedgerEntry, number) if row.what == "breach"]
    assert [(row.at, row.due_at) for row in line] == [(DUE, DUE)]
    assert line[0].detail == {"noticed_at": noticed.isoformat()}
    entry = next(entry for entry in office.history(number) if entry.what == "breach")
    assert entry.at == DUE


def test_a_late_deadline_is_met_late_and_stays_breached(office: Office):
    number = receive(office)
    office.walk(number, to="020-1.4")
    fire(office, DUE + SECOND)
    office.take(number, register_complaint, at=DUE + 5 * MINUTE)
    clock = office.clocks(number)["ack"]
    assert (clock.state, clock.breached_at, clock.ended_at) == ("breached", DUE, DUE + 5 * MINUTE)
    assert clock.id not in {timer.deadline_id for timer in office.timers(number)}


# The ladder


def test_nobody_hears_of_a_clock_that_was_met_in_time(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    fire(office, LATER)
    clock = office.clocks(number)["ack"]
    assert (clock.state, clock.breached_at) == ("met", None)
    # The complaint is open and its other clocks are heard of, so the sweep did look at it.
    assert {row.deadline_id for row in office.rows(Escalation, number)} - {clock.id}
    assert clock.id not in {row.deadline_id for row in office.rows(Escalation, number)}
    assert "ack" not in {notice.facts.get("clock") for notice in office.rows(Notice, number)}


def test_each_level_is_called_at_its_time(office: Office):
    number = receive(office)
    seen = []
    for at in (DUE + SECOND, DUE + 15 * MINUTE, DUE + 4 * HOUR, DUE + DAY):
        fire(office, at)
        seen.append((heard(office, number)[-1], office.complaint(number).escalation_level))
    assert seen == [
        (("csr", "breach", 0), 0),
        (("supervisor", "escalation", 1), 1),
        (("manager", "escalation", 2), 2),
        (("manager", "escalation", 3), 3),
    ]
    (timer,) = office.timers(number)
    assert timer.firing == "escalate"
    assert timer.fire_at > DUE + DAY


def test_no_level_is_called_a_second_too_early(office: Office):
    number = receive(office)
    fire(office, DUE + SECOND)
    before = everything(office)
    fire(office, DUE + 15 * MINUTE - SECOND)
    assert everything(office) == before
    assert office.timers(number)[0].fire_at == DUE + 15 * MINUTE


def test_after_an_outage_every_level_is_recorded_and_each_person_hears_once(office: Office):
    number = receive(office)
    fired = fire(office, LATER)
    assert fired.counts == {"breach": 1, "escalate": 3}
    # The manager stands on the second and the third rung and hears of the higher one.
    assert heard(office, number) == [
        ("csr", "breach", 0),
        ("supervisor", "escalation", 1),
        ("manager", "escalation", 3),
    ]
    rows = office.rows(Escalation, number)
    deadline = office.clocks(number)["ack"].id
    supervisor, manager = office.id_of("supervisor"), office.id_of("manager")
    assert [(row.key, row.level, row.raised_at) for row in rows] == [
        (f"deadline:{deadline}:supervisor:1:{supervisor}", 1, LATER),
        (f"deadline:{deadline}:manager:1:{manager}", 2, LATER),
        (f"deadline:{deadline}:head_office:1:{manager}", 3, LATER),
    ]
    assert [entry.what for entry in office.history(number)[1:]] == [
        "breach",
        "escalate",
        "escalate",
        "escalate",
    ]


def test_an_empty_rung_hands_on_at_once_and_says_so(office: Office):
    number = receive(office)
    change(office, User, supervisor_id=None)
    office.session.execute(update(User).where(User.role == "supervisor").values(is_active=False))
    fire(office, DUE + 15 * MINUTE)
    assert heard(office, number) == [("csr", "breach", 0), ("manager", "escalation", 2)]
    called = [e.detail for e in office.history(number) if e.what == "escalate"]
    assert [(d["rung"], d.get("nobody", False)) for d in called] == [
        ("supervisor", True),
        ("manager", False),
    ]
    # The level that was called ahead of its time is not called again when its time comes.
    assert fire(office, DUE + 4 * HOUR).handled == 0


def test_the_top_of_the_ladder_is_never_silently_empty(office: Office):
    number = receive(office)
    change(office, User, supervisor_id=None)
    office.session.execute(update(User).where(User.role == "manager").values(is_active=False))
    fire(office, LATER)
    # Nobody of head office is left, so the supervisor of the branch hears again.
    assert heard(office, number)[-1] == ("supervisor", "escalation", 3)
    assert office.history(number)[-1].detail["last_resort"] is True


def test_when_nobody_is_left_at_all_the_board_still_shows_it(office: Office):
    number = receive(office)
    change(office, User, is_active=False)
    fire(office, LATER)
    assert heard(office, number) == []
    (row,) = office.rows(Escalation, number)
    assert (row.level, row.to_id) == (3, None)
    assert office.complaint(number).escalation_level == 3


def test_a_rung_may_call_again_until_it_is_acknowledged(office: Office):
    rules = {
        kind: {
            row.code: row.body
            for row in office.session.scalars(select(RuleVersion))
            if row.kind == kind
        }
        for kind in office.session.scalars(select(RuleVersion.kind).distinct())
    }
    calling = {
        "key": "supervisor",
        "target": "supervisor",
        "level": 1,
        "after": 15,
        "repeat_every": 1,
        "repeat_unit": "hour",
        "repeat_max": 3,
    }
    rules["ladder"] = {"default": {"id": "default", "rung": [calling]}}
    load_rules(office.session, rules, by="tests", at=NOW)
    office.session.commit()
    number = receive(office)
    fire(office, DUE + 15 * MINUTE)
    fire(office, DUE + 75 * MINUTE)
    assert [who for who, kind, _ in heard(office, number) if kind == "escalation"] == [
        "supervisor",
        "supervisor",
    ]
    assert len(office.rows(Escalation, number)) == 1
    office.take(number, acknowledge_escalation, by="supervisor", at=DUE + 80 * MINUTE)
    fire(office, LATER)
    kinds = [kind for _, kind, _ in heard(office, number)]
    assert kinds == ["breach", "escalation", "escalation", "reminder"]


# What a sweep must not do


@pytest.mark.parametrize("at", [NOW + 15 * MINUTE, DUE + SECOND, DUE + 15 * MINUTE, LATER])
def test_a_second_sweep_changes_nothing(office: Office, at: datetime):
    for _ in range(3):
        office.receive()
    fire(office, at)
    after = everything(office)
    assert fire(office, at).handled == 0
    assert everything(office) == after


def test_a_form_somebody_is_filling_in_does_not_become_stale(office: Office):
    number = receive(office)
    version = office.complaint(number).version
    fire(office, LATER)
    assert office.complaint(number).version == version


def test_the_history_stays_one_chain(office: Office):
    for _ in range(3):
        office.walk(office.receive(at=office.at), to="020-1.3")
    for at in (NOW + 2 * HOUR, NOW + DAY, LATER):
        fire(office, at)
    found = verify_history(office.session)
    assert found["bad"] == []
    assert found["checked"] == office.count(HistoryEntry) > 30


def test_a_timer_ahead_of_its_deadline_only_moves(office: Office):
    number = receive(office)
    change(office, Timer, fire_at=NOW + MINUTE)
    assert fire(office, NOW + 2 * MINUTE).counts == {}
    (timer,) = office.timers(number)
    assert timer.fire_at == NOW + 15 * MINUTE
    assert office.rows(Notice, number) == []


def test_a_timer_of_an_ended_deadline_is_dropped(office: Office):
    number = receive(office)
    change(office, Deadline, state="met", ended_at=NOW + MINUTE)
    assert fire(office, LATER).counts == {}
    assert office.timers(number) == []
    assert office.rows(Notice, number) == []


def test_a_batch_takes_the_oldest_and_no_more_than_its_limit(office: Office):
    numbers = [receive(office, at=NOW + n * MINUTE) for n in (2, 0, 1)]
    fired = fire(office, NOW + 20 * MINUTE, limit=2)
    assert fired.handled == 2
    assert [bool(heard(office, number)) for number in numbers] == [False, True, True]


# Pauses


def pause(office: Office, until: datetime) -> str:
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, pause_clocks, by="supervisor", reason="Menunggu foto modem", until=until)
    return number


def test_a_pause_ends_by_itself_at_its_own_time(office: Office):
    until = NOW + 2 * DAY
    number = pause(office, until)
    before = office.clocks(number)["resolve"].due_at
    version = office.complaint(number).version
    fired = fire(office, until + 3 * HOUR)
    assert fired.counts["resume"] == 1
    complaint = office.complaint(number)
    assert not complaint.waiting_customer
    assert complaint.version == version
    clock = office.clocks(number)["resolve"]
    assert clock.state == "running"
    assert clock.due_at > before
    resumed = [row for row in office.rows(LedgerEntry, number) if row.what == "resume"]
    assert {row.at for row in resumed} == {until}
    entry = next(entry for entry in office.history(number) if entry.what == "resume")
    assert (entry.at, entry.by_name) == (until, "Tanggap")
    assert [n.kind for n in office.rows(Notice, number)].count("pause_ended") == 1
    assert not verify_history(office.session)["bad"]


def test_a_pause_lasts_to_its_last_second(office: Office):
    until = NOW + 2 * DAY
    number = pause(office, until)
    fire(office, until - SECOND)
    assert office.complaint(number).waiting_customer
    fire(office, until)
    assert not office.complaint(number).waiting_customer


def test_a_paused_clock_whose_timer_is_wrong_is_mended(office: Office):
    until = NOW + 2 * DAY
    number = pause(office, until)
    change(office, Timer, fire_at=NOW + HOUR, firing="breach")
    assert fire(office, NOW + 2 * HOUR).counts == {}
    assert {(timer.firing, timer.fire_at) for timer in office.timers(number)} == {("resume", until)}
    assert office.clocks(number)["resolve"].state == "paused"


# Mishaps


def test_a_row_that_cannot_be_fired_is_postponed_and_the_others_go_on(office: Office):
    poisoned, healthy = receive(office), receive(office)
    clock = office.clocks(poisoned)["ack"]
    ladder = clock.ladder_version_id
    by_id = update(Deadline).where(Deadline.id == clock.id)
    office.session.execute(by_id.values(ladder_version_id=clock.calendar_version_id))
    office.session.commit()
    at = DUE + SECOND
    fired = fire(office, at)
    assert fired.counts == {"breach": 1}
    assert office.clocks(healthy)["ack"].state == "breached"
    (timer,) = office.timers(poisoned)
    assert (timer.fire_at, timer.attempts) == (at + HOUR, 1)
    assert timer.last_error.startswith("KeyError in fire.py:")
    assert len(fired.mishaps) == 1

    office.session.execute(by_id.values(ladder_version_id=ladder))
    office.session.commit()
    fire(office, at + HOUR)
    assert office.clocks(poisoned)["ack"].breached_at == DUE
    (timer,) = office.timers(poisoned)
    assert (timer.attempts, timer.last_error) == (0, "")


def test_a_row_that_cannot_be_stored_is_postponed_alone(office: Office):
    poisoned, healthy = receive(office), receive(office)
    clock, user = office.clocks(poisoned)["ack"], office.id_of("csr")
    key = f"deadline:{clock.id}:breach:{int(DUE.timestamp())}:{user}"
    office.session.add(Notice(key=key, user_id=user, kind="breach", facts={}, at=NOW))
    office.session.commit()
    fired = fire(office, DUE + SECOND)
    assert fired.counts == {"breach": 1}
    assert office.clocks(healthy)["ack"].state == "breached"
    assert office.clocks(poisoned)["ack"].state == "running"
    (timer,) = office.timers(poisoned)
    assert timer.attempts == 1
    assert key not in timer.last_error
    assert [entry.what for entry in office.history(poisoned)] == ["receive"]
    # Neither has the end of a history that was taken back; `receive` leaves one timer alone.
    assert {each["table"] for each in verify_history(office.session)["bad"]} == {"timers"}


def test_a_deadline_moved_after_its_breach_calls_without_doubling(office: Office):
    number = receive(office)
    fire(office, DUE + 15 * MINUTE)
    clock, moved = office.clocks(number)["ack"], DUE + 2 * HOUR
    own = {"deadline_id": clock.id, "complaint_id": clock.complaint_id}
    line = LedgerEntry(**own, what="extend", at=DUE + 20 * MINUTE, until=moved, due_at=moved)
    office.session.add(line)
    change(office, Deadline, due_at=moved, fired=0)
    change(office, Timer, fire_at=NOW)
    fire(office, DUE + 3 * HOUR)
    clock = office.clocks(number)["ack"]
    assert (clock.state, clock.breached_at) == ("breached", DUE)
    assert [row.what for row in office.rows(LedgerEntry, number)].count("breach") == 1
    assert len({row.key for row in office.rows(Escalation, number)}) == 1
    # Whoever missed the moved date hears of it.
    assert heard(office, number).count(("supervisor", "escalation", 1)) == 2


# Several workers


def test_two_workers_at_once_double_nothing_and_lose_nothing(office: Office, engine: Engine):
    numbers = [office.receive() for _ in range(30)]

    def work() -> None:
        idle = 0
        while idle < 3:
            with Session(engine) as session, session.begin():
                fired = fire_due(session, current_rules(session), at=LATER, limit=7)
            idle = 0 if fired.handled else idle + 1

    at_once(3, work)
    fire(office, LATER)
    for number in numbers:
        assert all(timer.fire_at > LATER for timer in office.timers(number))
        clocks = office.clocks(number).values()
        assert {clock.state for clock in clocks} == {"breached"}
        whats = [row.what for row in office.rows(LedgerEntry, number)]
        assert whats.count("breach") == len(clocks)
        assert len(office.rows(Escalation, number)) == 3 * len(clocks)
        # Whoever hears of several clocks in one sweep hears once.
        assert len(office.rows(Notice, number)) == 3
    assert not verify_history(office.session)["bad"]


@pytest.mark.postgresql
def test_a_complaint_somebody_works_on_is_left_to_the_next_sweep(office: Office, engine: Engine):
    held, free = receive(office), receive(office)
    with Session(engine) as other, other.begin():
        held_id = int(held.rpartition("-")[2])
        other.scalars(select(Complaint).where(Complaint.id == held_id).with_for_update()).one()
        fired = fire(office, DUE + SECOND)
    assert fired.handled == 1
    assert office.clocks(free)["ack"].state == "breached"
    assert office.clocks(held)["ack"].state == "running"
    fire(office, DUE + 2 * SECOND)
    assert office.clocks(held)["ack"].breached_at == DUE
