"""One shape of a clock, one store and one append: what goes in comes out, at a fixed price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from complaints.clocks.store import ClockChanges, store_changes
from complaints.domain.clock_state import ClockState
from complaints.domain.history import HistoryHead
from complaints.domain.ladder_position import NextTimer
from complaints.domain.ledger import Entry, EntryKind
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import SYSTEM
from complaints.engine.fire import fire_due
from complaints.history import append, head_columns, store_history
from complaints.models import Complaint, Deadline, LedgerEntry
from complaints.models.shapes import CLOCK, Facts, ReadAs
from complaints.queries.complaint.seals.history import verify_history
from complaints.rows import update_rows
from complaints.rulebook import read_entry, terms_entry
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import withdraw_complaint
from tests.conftest import NOW
from tests.office import Office

pytestmark = pytest.mark.both_databases

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TABLES = ("deadlines", "deadline_entries", "timers", "history")


def stored(office: Office, number: str) -> list[ClockState]:
    """The clocks of a complaint, read in the shape that everybody works with."""
    complaint = office.complaint(number)
    query = select(CLOCK).where(Deadline.complaint_id == complaint.id).order_by(Deadline.id)
    return list(office.session.scalars(query))


def values(clock: ClockState) -> dict[str, Any]:
    return {each.name: getattr(clock, each.name) for each in fields(clock)}


def test_a_clock_in_memory_says_what_its_row_says_and_no_more():
    assert {each.name for each in fields(ClockState)} == set(Deadline.__table__.columns.keys())


def test_a_shape_whose_fields_have_no_columns_is_refused():
    with pytest.raises(KeyError, match="branch_id"):
        ReadAs(Facts, category=Complaint.category)


def test_a_clock_comes_back_from_the_store_as_it_went_in(office: Office):
    number = office.receive()
    rules = office.rules
    like = stored(office, number)[-1]
    new = replace(
        like,
        id=0,
        kind="legal",
        started_at=NOW + HOUR,
        due_at=NOW + DAY,
        told_at=NOW + 2 * DAY,
        state="breached",
        breached_at=NOW + DAY,
        ended_at=NOW + 3 * DAY,
        fired=4,
    )
    entries = [
        terms_entry(rules, EntryKind.START, new, NOW + HOUR, by_id=None, reason="why not"),
        Entry(
            EntryKind.EXTEND,
            NOW + 2 * HOUR,
            until=NOW + 2 * DAY,
            reason="suku cadang",
            by_id=office.actor("csr").id,
            detail={"condition": {"label_en": "study"}},
        ),
    ]
    ahead = NextTimer(NOW + 5 * DAY, "escalate")
    changes = ClockChanges(new=[new], entries=[(new, each) for each in entries])
    changes.timers.append((new, ahead))
    store_changes(office.session, changes)
    office.session.commit()
    assert values(stored(office, number)[-1]) == values(new)
    rows = [each for each in office.rows(LedgerEntry, number) if each.deadline_id == new.id]
    # An entry leaves the due time that its clock has in the end.
    expected = [replace(each, due_at=new.due_at) for each in entries]
    assert [read_entry(rules, row) for row in rows] == expected
    timer = next(each for each in office.timers(number) if each.deadline_id == new.id)
    assert (timer.fire_at, timer.firing, timer.attempts, timer.last_error) == (*ahead, 0, "")


def test_a_changed_clock_keeps_what_never_changes_and_loses_its_timer_when_it_ends(office: Office):
    number = office.receive()
    clock = stored(office, number)[0]
    clock.state, clock.ended_at, clock.fired = "met", NOW + HOUR, 1
    clock.told_at, clock.breached_at = NOW + DAY, None
    store_changes(office.session, ClockChanges(changed=[replace(clock, cycle=9)]))
    office.session.commit()
    assert values(stored(office, number)[0]) == values(clock)
    assert clock.id not in {each.deadline_id for each in office.timers(number)}


# What an act and a sweep cost


@contextmanager
def writes(engine: Engine) -> Iterator[Counter[str]]:
    """How many statements wrote to each table meanwhile; one for many rows counts once."""
    seen: Counter[str] = Counter()

    def note(*given: Any) -> None:
        for statement in given[2].split(" AS ("):
            words = [word for word in statement.split() if word not in ("WITH", "INTO", "FROM")]
            if len(words) > 1 and words[0] in ("INSERT", "UPDATE", "DELETE"):
                seen[f"{words[0]} {words[1]}"] += 1

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (pause_clocks, {"reason": "menunggu foto", "until": NOW + 2 * DAY}),
        (withdraw_complaint, {"reason": "sudah normal"}),
    ],
)
def test_an_act_writes_each_table_of_its_clocks_once_however_many_run(
    office: Office, engine: Engine, step: Callable[..., None], words: dict[str, Any]
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    assert len(office.clocks(number)) > 1
    with writes(engine) as seen:
        office.take(number, step, **words)
    assert {
        what: count for what, count in seen.items() if what.endswith(TABLES) and count > 1
    } == {}


def test_a_breach_found_by_an_act_costs_one_statement_of_each_kind(office: Office, engine: Engine):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, pause_clocks, by="supervisor", reason="menunggu foto", until=NOW + 2 * DAY)
    with writes(engine) as seen:
        office.take(number, resume_clocks, at=NOW + DAY)
    assert seen["UPDATE deadlines"] == seen["DELETE timers"] == 1


def test_a_sweep_writes_each_table_once_whatever_came_due(office: Office, engine: Engine):
    for _ in range(5):
        office.receive()
    office.take(office.receive(), withdraw_complaint, reason="sudah normal")
    # Breaches, several levels and ladders that end here, all in one batch.
    with writes(engine) as seen:
        fired = fire_due(office.session, office.rules, at=NOW + 40 * DAY)
        office.session.commit()
    assert fired.counts["breach"] > 5
    assert fired.counts["escalate"] > 10
    assert len(seen) > 5
    # Behind everything stands the seal of it, and the complaints' histories end there.
    assert seen.pop("UPDATE complaints") == 2
    assert max(seen.values()) == 1


# The history


def test_an_entry_hangs_on_the_one_before_it_and_says_nothing_of_what_is_empty():
    head = HistoryHead()
    at = NOW.replace(microsecond=5)
    detail = {"reason": "", "to": None, "teams": [], "level": 0}
    first, head = append(head, 7, Action.ESCALATE, by=SYSTEM, at=at, detail=detail)
    second, head = append(head, 7, Action.CLOSE, by=SYSTEM, at=at, detail={})
    assert (first["seq"], second["seq"], head.seq) == (1, 2, 2)
    assert second["prev_hash"] == first["hash"]
    assert head.hash == second["hash"] != first["hash"]
    assert first["detail"] == {"level": 0}
    # A second is the precision of an instant; what is hashed is what is stored.
    assert first["at"] == NOW.replace(microsecond=0)


def test_one_statement_stores_many_entries_and_the_chains_hold(office: Office, engine: Engine):
    heads: dict[int, HistoryHead] = {}
    rows = []
    for _ in range(3):
        complaint = office.complaint(office.receive())
        head = HistoryHead(complaint.history_seq, complaint.history_hash)
        for action in (Action.NOTE, Action.ESCALATE):
            row, head = append(
                head, complaint.id, action, by=SYSTEM, at=NOW + HOUR, detail={"level": 1}
            )
            rows.append(row)
        heads[complaint.id] = head
    with writes(engine) as seen:
        store_history(office.session, rows)
        update_rows(
            office.session,
            Complaint,
            [{"id": key, **head_columns(head)} for key, head in heads.items()],
        )
        office.session.commit()
    assert verify_history(office.session) == {"checked": 9, "old": 0, "bad": []}
    assert seen["INSERT history"] == 1
