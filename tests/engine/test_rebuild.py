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
from complaints.queries.complaint.seals.history import verify_history
from complaints.rulebook import current_rules
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
LATER = NOW + 40 * DAY


def fire(office: Office, at) -> Fired:
    """One sweep: batch after batch, until nothing is due."""
    total = Fired()
    while True:
        fired = fire_due(office.session, office.rules, at=at)
        office.session.commit()
        total.add(fired)
        if not fired.handled:
            return total


def receive(office: Office) -> str:
    """A complaint of which only the receipt has a timer."""
    number = office.receive()
    others = select(Deadline.id).where(Deadline.kind != "ack")
    office.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    office.session.commit()
    return number


def store(office: Office, number: str, kind: str = "ack", **values: Any) -> None:
    """Write into a clock's row what its ledger does not say, and let its timer ring now."""
    clock = office.clocks(number)[kind]
    timer = {"fire_at": values.pop("rings_at", NOW)}
    office.session.execute(update(Deadline).where(Deadline.id == clock.id).values(**values))
    office.session.execute(update(Timer).where(Timer.deadline_id == clock.id).values(**timer))
    office.session.commit()


def told(office: Office, number: str) -> list[dict[str, Any]]:
    """What the history tells of corrections."""
    return [entry.detail for entry in office.history(number) if entry.what == "recalculation"]


def ack(office: Office, number: str) -> Deadline:
    return office.clocks(number)["ack"]


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


def test_where_row_and_ledger_agree_nothing_is_corrected(office: Office):
    number = receive(office)
    fired = fire(office, LATER)
    assert fired.counts == {"breach": 1, "escalate": 3}
    assert fired.corrected == []
    assert told(office, number) == []


def test_a_due_time_stored_too_early_fires_nothing_too_early(office: Office):
    number = receive(office)
    early = NOW + 5 * MINUTE
    store(office, number, due_at=early, fired=2, rings_at=early + SECOND)
    fired = fire(office, early + SECOND)
    assert fired.counts == {}
    clock = ack(office, number)
    assert (clock.state, clock.due_at, clock.breached_at) == ("running", DUE, None)
    assert office.rows(Notice, number) == office.letters(number) == []
    (timer,) = office.timers(number)
    assert (timer.firing, timer.fire_at) == ("warn", NOW + 15 * MINUTE)


def test_once_corrected_it_warns_and_breaches_at_the_right_time(office: Office):
    number = receive(office)
    store(office, number, due_at=NOW, fired=2)
    fire(office, NOW + SECOND)
    counts = [fire(office, at).counts for at in (NOW + 15 * MINUTE, DUE, DUE + SECOND)]
    assert counts == [{"warn": 1}, {"warn": 1}, {"breach": 1}]
    assert ack(office, number).breached_at == DUE
    assert [row.what for row in office.rows(LedgerEntry, number)].count("breach") == 1


def test_a_due_time_stored_too_late_breaches_with_the_ledgers_time(office: Office):
    number = receive(office)
    store(office, number, due_at=DUE + 2 * DAY)
    noticed = DUE + HOUR
    fired = fire(office, noticed)
    assert fired.counts == {"breach": 1, "escalate": 1}
    clock = ack(office, number)
    assert (clock.state, clock.due_at, clock.breached_at) == ("breached", DUE, DUE)
    line = next(row for row in office.rows(LedgerEntry, number) if row.what == "breach")
    assert (line.at, line.due_at) == (DUE, DUE)
    # How late it was is not hidden.
    assert fired.oldest_lag_seconds == int((noticed - NOW - 15 * MINUTE).total_seconds())


def test_the_history_tells_what_had_been_stored(office: Office):
    number = receive(office)
    store(office, number, due_at=DUE - MINUTE)
    fired = fire(office, NOW)
    clock = ack(office, number)
    assert told(office, number) == [
        {
            "deadline": clock.id,
            "kind": "ack",
            "is_correction": True,
            "due_at": DUE.isoformat(),
            "stored": (DUE - MINUTE).isoformat(),
        }
    ]
    entry = office.history(number)[-1]
    assert (entry.by_id, entry.by_name, entry.at) == (None, "Tanggap", NOW)
    # Those that the set-up took away.
    assert {each["table"] for each in verify_history(office.session)["bad"]} == {"timers"}
    (said,) = fired.corrected
    assert said.startswith(f"deadline {clock.id} was stored as running, due 2026-11-19T02:44:00")


def test_lists_are_sorted_by_the_corrected_time_again(office: Office):
    number = receive(office)
    complaint = office.complaint(number)
    before = (complaint.next_due_at, complaint.next_due_kind)
    assert before == (DUE, "ack")
    version = complaint.version
    office.session.execute(update(Complaint).values(next_due_at=LATER, next_due_kind="plan"))
    store(office, number, due_at=LATER)
    fire(office, NOW)
    complaint = office.complaint(number)
    assert (complaint.next_due_at, complaint.next_due_kind) == before
    # The form that somebody is filling in does not become stale.
    assert complaint.version == version


def test_a_second_sweep_corrects_nothing(office: Office):
    number = receive(office)
    store(office, number, due_at=DUE - MINUTE)
    assert len(fire(office, NOW).corrected) == 1
    office.session.execute(update(Timer).values(fire_at=NOW))
    office.session.commit()
    assert fire(office, NOW).corrected == []
    assert len(told(office, number)) == 1


# A state that is stored wrong


def test_a_breach_the_ledger_does_not_know_is_taken_back(office: Office):
    number = receive(office)
    store(office, number, state="breached", breached_at=NOW, fired=3)
    assert fire(office, NOW + MINUTE).counts == {}
    clock = ack(office, number)
    assert (clock.state, clock.breached_at) == ("running", None)
    assert [(each["stored_state"], each["state"]) for each in told(office, number)] == [
        ("breached", "running")
    ]
    assert fire(office, DUE + SECOND).counts == {"breach": 1}


def test_a_breach_that_stands_in_the_ledger_is_not_stamped_twice(office: Office):
    number = receive(office)
    fire(office, DUE + SECOND)
    store(office, number, state="running", breached_at=None, fired=2)
    fire(office, DUE + MINUTE)
    clock = ack(office, number)
    assert (clock.state, clock.breached_at) == ("breached", DUE)
    assert [row.what for row in office.rows(LedgerEntry, number)].count("breach") == 1
    assert len(office.rows(Notice, number)) == 1
    fired = fire(office, LATER)
    assert fired.mishaps == []
    assert fired.counts == {"escalate": 3}


def test_what_was_met_by_its_ledger_fires_nothing_any_more(office: Office):
    number = receive(office)
    office.walk(number, to="020-1.4")
    office.take(number, register_complaint, at=DUE)
    clock = ack(office, number)
    values = {"state": "running", "ended_at": None}
    office.session.execute(update(Deadline).where(Deadline.id == clock.id).values(**values))
    office.session.execute(delete(Timer))
    rings = Timer(
        deadline_id=clock.id, complaint_id=clock.complaint_id, fire_at=DUE, firing="breach"
    )
    office.session.add(rings)
    office.session.commit()
    assert fire(office, DUE + SECOND).counts == {}
    clock = ack(office, number)
    assert (clock.state, clock.ended_at, clock.breached_at) == ("met", DUE, None)
    assert office.timers(number) == []


def test_a_clock_paused_by_its_ledger_stands_still_until_the_pause_ends(office: Office):
    until = NOW + 2 * DAY
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, pause_clocks, by="supervisor", reason="Menunggu foto modem", until=until)
    office.session.execute(delete(Timer).where(Timer.firing != "resume"))
    store(office, number, "resolve", state="running", due_at=NOW + HOUR, rings_at=NOW + HOUR)
    assert fire(office, NOW + 2 * HOUR).counts == {}
    clock = office.clocks(number)["resolve"]
    assert clock.state == "paused"
    assert clock.due_at > NOW + HOUR
    timer = next(each for each in office.timers(number) if each.deadline_id == clock.id)
    assert (timer.firing, timer.fire_at) == ("resume", until)
    assert fire(office, until).counts["resume"] == 1


# Others in the same batch


def test_what_is_sound_fires_as_if_nothing_were_wrong(office: Office):
    wrong, sound = receive(office), receive(office)
    store(office, wrong, due_at=NOW)
    fired = fire(office, DUE + SECOND)
    assert fired.counts == {"breach": 2}
    assert len(fired.corrected) == 1
    assert [ack(office, number).breached_at for number in (wrong, sound)] == [DUE, DUE]


def test_several_clocks_of_one_complaint_stay_in_one_chain(office: Office):
    number = office.receive()
    for kind in ("ack", "plan"):
        store(office, number, kind, due_at=NOW + MINUTE)
    fired = fire(office, LATER)
    assert len(fired.corrected) == len(told(office, number)) == 2
    clocks = office.clocks(number).values()
    assert {clock.state for clock in clocks} == {"breached"}
    assert len(office.rows(Escalation, number)) == 3 * len(clocks)
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize("broken", ["nothing", "no start", "unknown policy"])
def test_a_ledger_that_cannot_be_read_is_postponed_and_fires_nothing(office: Office, broken: str):
    poisoned, healthy = receive(office), receive(office)
    lines = LedgerEntry.deadline_id == ack(office, poisoned).id
    if broken == "nothing":
        office.session.execute(delete(LedgerEntry).where(lines))
    elif broken == "no start":
        office.session.execute(update(LedgerEntry).where(lines).values(what="pause"))
    else:
        detail = {"policy_version": 0, "clause": "x", "calendar_version": 0}
        office.session.execute(update(LedgerEntry).where(lines).values(detail=detail))
    office.session.commit()
    at = DUE + SECOND
    fired = fire(office, at)
    assert fired.counts == {"breach": 1}
    assert len(fired.mishaps) == 1
    assert ack(office, healthy).state == "breached"
    assert ack(office, poisoned).state == "running"
    (timer,) = office.timers(poisoned)
    assert (timer.fire_at, timer.attempts) == (at + HOUR, 1)


def test_a_correction_that_cannot_be_stored_is_postponed_and_the_others_go_on(office: Office):
    poisoned, healthy = receive(office), receive(office)
    complaint = office.complaint(poisoned)
    taken = HistoryEntry(
        complaint_id=complaint.id,
        seq=complaint.history_seq + 1,
        what="note",
        at=NOW,
        by_name="x",
        prev_hash="",
        hash="",
    )
    office.session.add(taken)
    store(office, poisoned, due_at=NOW)
    fired = fire(office, DUE + SECOND)
    assert fired.counts == {"breach": 1}
    assert (len(fired.mishaps), fired.corrected) == (1, [])
    assert ack(office, healthy).state == "breached"
    assert office.rows(Notice, poisoned) == []
    assert office.timers(poisoned)[0].attempts == 1


# What it costs


def test_a_batch_of_many_asks_no_more_often_than_a_batch_of_few(office: Office, engine: Engine):
    asked = []
    for count in (2, 12):
        for _ in range(count):
            receive(office)
        for at in (NOW + 15 * MINUTE, DUE + SECOND):
            office.session.execute(update(Timer).values(fire_at=at))
            office.session.commit()
            with statements(engine) as seen:
                fired = fire_due(office.session, office.rules, at=at)
                office.session.commit()
            asked.append((fired.handled, len(seen)))
        office.session.execute(delete(Timer))
        office.session.commit()
    assert [handled for handled, _ in asked] == [2, 2, 12, 12]
    assert asked[0][1] == asked[2][1]
    assert asked[1][1] == asked[3][1]


def test_many_corrections_ask_no_more_often_than_few(office: Office, engine: Engine):
    asked = []
    for count in (2, 12):
        for _ in range(count):
            store(office, receive(office), due_at=NOW)
        with statements(engine) as seen:
            fired = fire_due(office.session, office.rules, at=NOW)
            office.session.commit()
        assert len(fired.corrected) == count
        asked.append(len(seen))
        office.session.execute(delete(Timer))
        office.session.commit()
    assert asked[0] == asked[1]


def test_two_workers_correct_each_clock_once(office: Office, engine: Engine):
    numbers = [receive(office) for _ in range(20)]
    for number in numbers:
        store(office, number, due_at=NOW)

    def work() -> None:
        idle = 0
        while idle < 3:
            with Session(engine) as session, session.begin():
                fired = fire_due(session, current_rules(session), at=LATER, limit=7)
            idle = 0 if fired.handled else idle + 1

    at_once(2, work)
    fire(office, LATER)
    assert office.overdue(LATER) == 0
    for number in numbers:
        assert len(told(office, number)) == 1
        assert ack(office, number).breached_at == DUE
        assert len(office.rows(Escalation, number)) == len(office.rows(Notice, number)) == 3
    assert office.count(OutboxMessage) == 0
    # Those that the set-up took away.
    assert {each["table"] for each in verify_history(office.session)["bad"]} == {"timers"}
