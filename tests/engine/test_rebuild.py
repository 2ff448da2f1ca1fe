"""Before it acts, the engine rebuilds each clock from its ledger and believes the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select, update
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
    Timer,
)
from complaints.queries.complaint.history import verify_history
from complaints.rulebook import current_rules
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.register import register_complaint
from tests.at_once import at_once
from tests.conftest import NOW
from tests.house import House

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
#: A complaint told at the counter gets its receipt within thirty working minutes.
DUE = NOW + 30 * MINUTE
LATER = NOW + 40 * DAY


def fire(house: House, at) -> Fired:
    """One sweep: batch after batch, until nothing is due."""
    total = Fired()
    while True:
        fired = fire_due(house.session, house.rules, at=at)
        house.session.commit()
        total.add(fired)
        if not fired.handled:
            return total


def receive(house: House) -> str:
    """A complaint of which only the receipt has a timer."""
    number = house.receive()
    others = select(Deadline.id).where(Deadline.kind != "ack")
    house.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    house.session.commit()
    return number


def store(house: House, number: str, kind: str = "ack", **values: Any) -> None:
    """Write into a clock's row what its ledger does not say, and let its timer ring now."""
    clock = house.clocks(number)[kind]
    timer = {"fire_at": values.pop("rings_at", NOW)}
    house.session.execute(update(Deadline).where(Deadline.id == clock.id).values(**values))
    house.session.execute(update(Timer).where(Timer.deadline_id == clock.id).values(**timer))
    house.session.commit()


def told(house: House, number: str) -> list[dict[str, Any]]:
    """What the history tells of corrections."""
    return [entry.detail for entry in house.history(number) if entry.what == "recount"]


def ack(house: House, number: str) -> Deadline:
    return house.clocks(number)["ack"]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile; one for many rows counts once."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


# A due time that is stored wrong


def test_where_row_and_ledger_agree_nothing_is_corrected(house: House):
    number = receive(house)
    fired = fire(house, LATER)
    assert fired.counts == {"breach": 1, "escalate": 3}
    assert fired.corrected == []
    assert told(house, number) == []


def test_a_due_time_stored_too_early_fires_nothing_too_early(house: House):
    number = receive(house)
    early = NOW + 5 * MINUTE
    store(house, number, due_at=early, fired=2, rings_at=early + SECOND)
    fired = fire(house, early + SECOND)
    assert fired.counts == {}
    clock = ack(house, number)
    assert (clock.state, clock.due_at, clock.breached_at) == ("running", DUE, None)
    assert house.rows(Notice, number) == house.letters(number) == []
    (timer,) = house.timers(number)
    assert (timer.firing, timer.fire_at) == ("warn", NOW + 15 * MINUTE)


def test_once_corrected_it_warns_and_breaches_at_the_right_time(house: House):
    number = receive(house)
    store(house, number, due_at=NOW, fired=2)
    fire(house, NOW + SECOND)
    counts = [fire(house, at).counts for at in (NOW + 15 * MINUTE, DUE, DUE + SECOND)]
    assert counts == [{"warn": 1}, {"warn": 1}, {"breach": 1}]
    assert ack(house, number).breached_at == DUE
    assert [row.what for row in house.rows(LedgerEntry, number)].count("breach") == 1


def test_a_due_time_stored_too_late_breaches_with_the_ledgers_time(house: House):
    number = receive(house)
    store(house, number, due_at=DUE + 2 * DAY)
    noticed = DUE + HOUR
    fired = fire(house, noticed)
    assert fired.counts == {"breach": 1, "escalate": 1}
    clock = ack(house, number)
    assert (clock.state, clock.due_at, clock.breached_at) == ("breached", DUE, DUE)
    line = next(row for row in house.rows(LedgerEntry, number) if row.what == "breach")
    assert (line.at, line.due_at) == (DUE, DUE)
    # How late it was is not hidden.
    assert fired.oldest_lag_seconds == int((noticed - NOW - 15 * MINUTE).total_seconds())


def test_the_history_tells_what_had_been_stored(house: House):
    number = receive(house)
    store(house, number, due_at=DUE - MINUTE)
    fired = fire(house, NOW)
    clock = ack(house, number)
    assert told(house, number) == [
        {
            "deadline": clock.id,
            "kind": "ack",
            "is_correction": True,
            "due_at": DUE.isoformat(),
            "stored": (DUE - MINUTE).isoformat(),
        }
    ]
    entry = house.history(number)[-1]
    assert (entry.by_id, entry.by_name, entry.at) == (None, "Tanggap", NOW)
    assert verify_history(house.session)["bad"] == []
    (said,) = fired.corrected
    assert said.startswith(f"deadline {clock.id} was stored as running, due 2026-11-19T02:44:00")


def test_lists_are_sorted_by_the_corrected_time_again(house: House):
    number = receive(house)
    complaint = house.complaint(number)
    before = (complaint.next_due_at, complaint.next_due_kind)
    assert before == (DUE, "ack")
    version = complaint.version
    house.session.execute(update(Complaint).values(next_due_at=LATER, next_due_kind="plan"))
    store(house, number, due_at=LATER)
    fire(house, NOW)
    complaint = house.complaint(number)
    assert (complaint.next_due_at, complaint.next_due_kind) == before
    # The form that somebody is filling in does not become stale.
    assert complaint.version == version


def test_a_second_sweep_corrects_nothing(house: House):
    number = receive(house)
    store(house, number, due_at=DUE - MINUTE)
    assert len(fire(house, NOW).corrected) == 1
    house.session.execute(update(Timer).values(fire_at=NOW))
    house.session.commit()
    assert fire(house, NOW).corrected == []
    assert len(told(house, number)) == 1


# A state that is stored wrong


def test_a_breach_the_ledger_does_not_know_is_taken_back(house: House):
    number = receive(house)
    store(house, number, state="breached", breached_at=NOW, fired=3)
    assert fire(house, NOW + MINUTE).counts == {}
    clock = ack(house, number)
    assert (clock.state, clock.breached_at) == ("running", None)
    assert [(each["stored_state"], each["state"]) for each in told(house, number)] == [
        ("breached", "running")
    ]
    assert fire(house, DUE + SECOND).counts == {"breach": 1}


def test_a_breach_that_stands_in_the_ledger_is_not_stamped_twice(house: House):
    number = receive(house)
    fire(house, DUE + SECOND)
    store(house, number, state="running", breached_at=None, fired=2)
    fire(house, DUE + MINUTE)
    clock = ack(house, number)
    assert (clock.state, clock.breached_at) == ("breached", DUE)
    assert [row.what for row in house.rows(LedgerEntry, number)].count("breach") == 1
    assert len(house.rows(Notice, number)) == 1
    fired = fire(house, LATER)
    assert fired.mishaps == []
    assert fired.counts == {"escalate": 3}


def test_what_was_met_by_its_ledger_fires_nothing_any_more(house: House):
    number = receive(house)
    house.walk(number, to="020-1.4")
    house.take(number, register_complaint, at=DUE)
    clock = ack(house, number)
    values = {"state": "running", "ended_at": None}
    house.session.execute(update(Deadline).where(Deadline.id == clock.id).values(**values))
    house.session.execute(delete(Timer))
    rings = Timer(
        deadline_id=clock.id, complaint_id=clock.complaint_id, fire_at=DUE, firing="breach"
    )
    house.session.add(rings)
    house.session.commit()
    assert fire(house, DUE + SECOND).counts == {}
    clock = ack(house, number)
    assert (clock.state, clock.ended_at, clock.breached_at) == ("met", DUE, None)
    assert house.timers(number) == []


def test_a_clock_paused_by_its_ledger_stands_still_until_the_pause_ends(house: House):
    until = NOW + 2 * DAY
    number = house.receive()
    house.walk(number, to="020-1.6")
    house.take(number, pause_clocks, reason="Menunggu foto modem", until=until)
    house.session.execute(delete(Timer).where(Timer.firing != "resume"))
    store(house, number, "resolve", state="running", due_at=NOW + HOUR, rings_at=NOW + HOUR)
    assert fire(house, NOW + 2 * HOUR).counts == {}
    clock = house.clocks(number)["resolve"]
    assert clock.state == "paused"
    assert clock.due_at > NOW + HOUR
    timer = next(each for each in house.timers(number) if each.deadline_id == clock.id)
    assert (timer.firing, timer.fire_at) == ("resume", until)
    assert fire(house, until).counts["resume"] == 1


# Others in the same batch


def test_what_is_sound_fires_as_if_nothing_were_wrong(house: House):
    wrong, sound = receive(house), receive(house)
    store(house, wrong, due_at=NOW)
    fired = fire(house, DUE + SECOND)
    assert fired.counts == {"breach": 2}
    assert len(fired.corrected) == 1
    assert [ack(house, number).breached_at for number in (wrong, sound)] == [DUE, DUE]


def test_several_clocks_of_one_complaint_stay_in_one_chain(house: House):
    number = house.receive()
    for kind in ("ack", "plan"):
        store(house, number, kind, due_at=NOW + MINUTE)
    fired = fire(house, LATER)
    assert len(fired.corrected) == len(told(house, number)) == 2
    clocks = house.clocks(number).values()
    assert {clock.state for clock in clocks} == {"breached"}
    assert len(house.rows(Escalation, number)) == 3 * len(clocks)
    assert verify_history(house.session)["bad"] == []


@pytest.mark.parametrize("broken", ["nothing", "no start", "unknown policy"])
def test_a_ledger_that_cannot_be_read_is_put_aside_and_fires_nothing(house: House, broken: str):
    poisoned, healthy = receive(house), receive(house)
    lines = LedgerEntry.deadline_id == ack(house, poisoned).id
    if broken == "nothing":
        house.session.execute(delete(LedgerEntry).where(lines))
    elif broken == "no start":
        house.session.execute(update(LedgerEntry).where(lines).values(what="pause"))
    else:
        detail = {"policy_version": 0, "clause": "x", "calendar_version": 0}
        house.session.execute(update(LedgerEntry).where(lines).values(detail=detail))
    house.session.commit()
    at = DUE + SECOND
    fired = fire(house, at)
    assert fired.counts == {"breach": 1}
    assert len(fired.mishaps) == 1
    assert ack(house, healthy).state == "breached"
    assert ack(house, poisoned).state == "running"
    (timer,) = house.timers(poisoned)
    assert (timer.fire_at, timer.attempts) == (at + HOUR, 1)


def test_a_correction_that_cannot_be_stored_is_put_aside_and_the_others_go_on(house: House):
    poisoned, healthy = receive(house), receive(house)
    complaint = house.complaint(poisoned)
    taken = HistoryEntry(
        complaint_id=complaint.id,
        seq=complaint.history_seq + 1,
        what="note",
        at=NOW,
        by_name="x",
        prev_hash="",
        hash="",
    )
    house.session.add(taken)
    store(house, poisoned, due_at=NOW)
    fired = fire(house, DUE + SECOND)
    assert fired.counts == {"breach": 1}
    assert (len(fired.mishaps), fired.corrected) == (1, [])
    assert ack(house, healthy).state == "breached"
    assert house.rows(Notice, poisoned) == []
    assert house.timers(poisoned)[0].attempts == 1


# What it costs


def test_a_batch_of_many_asks_no_more_often_than_a_batch_of_few(house: House, engine: Engine):
    asked = []
    for count in (2, 12):
        for _ in range(count):
            receive(house)
        for at in (NOW + 15 * MINUTE, DUE + SECOND):
            house.session.execute(update(Timer).values(fire_at=at))
            house.session.commit()
            with statements(engine) as seen:
                fired = fire_due(house.session, house.rules, at=at)
                house.session.commit()
            asked.append((fired.handled, len(seen)))
        house.session.execute(delete(Timer))
        house.session.commit()
    assert [handled for handled, _ in asked] == [2, 2, 12, 12]
    assert asked[0][1] == asked[2][1]
    assert asked[1][1] == asked[3][1]


def test_many_corrections_ask_no_more_often_than_few(house: House, engine: Engine):
    asked = []
    for count in (2, 12):
        for _ in range(count):
            store(house, receive(house), due_at=NOW)
        with statements(engine) as seen:
            fired = fire_due(house.session, house.rules, at=NOW)
            house.session.commit()
        assert len(fired.corrected) == count
        asked.append(len(seen))
        house.session.execute(delete(Timer))
        house.session.commit()
    assert asked[0] == asked[1]


def test_two_workers_correct_each_clock_once(house: House, engine: Engine):
    numbers = [receive(house) for _ in range(20)]
    for number in numbers:
        store(house, number, due_at=NOW)

    def work() -> None:
        idle = 0
        while idle < 3:
            with Session(engine) as session, session.begin():
                fired = fire_due(session, current_rules(session), at=LATER, limit=7)
            idle = 0 if fired.handled else idle + 1

    at_once(2, work)
    fire(house, LATER)
    assert house.overdue(LATER) == 0
    for number in numbers:
        assert len(told(house, number)) == 1
        assert ack(house, number).breached_at == DUE
        assert len(house.rows(Escalation, number)) == len(house.rows(Notice, number)) == 3
    assert house.count(OutboxMessage) == 0
    assert verify_history(house.session)["bad"] == []
