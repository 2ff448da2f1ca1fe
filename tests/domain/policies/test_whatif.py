"""What a changed rule would do to a running clock, and how it climbs another ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.domain.clauses import Policy
from complaints.domain.clock_state import ClockState
from complaints.domain.escalation import Ladder
from complaints.domain.ladder_position import level_reached, steps_done
from complaints.domain.ledger import Entry, EntryKind
from complaints.domain.policies.whatif import (
    Change,
    RuleKind,
    Versions,
    clauses_owed,
    due_after,
    kept_for,
    levels_ringing,
    terms_after,
)
from complaints.domain.worktime import WorkCalendar

WEEK = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = WorkCalendar.from_dict({"tz": "UTC", "week": WEEK})
CLOSED_FRIDAY = WorkCalendar.from_dict({"tz": "UTC", "week": WEEK, "holidays": ["2026-11-20"]})
THURSDAY = datetime(2026, 11, 19, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def policy(code: str = "ours", days: int = 1, version: int = 1, **selectors: Any) -> Policy:
    clock = {"id": "main", "kind": "resolve", "duration": days, "unit": "working_day"}
    return Policy.from_dict({"id": code, "clock": [{**clock, **selectors}]}, version)


def ladder(*after: int, version: int = 1) -> Ladder:
    """Levels 1, 2, … so many working hours after the due time, and a warning at half time."""
    rungs: list[dict[str, Any]] = [{"key": "half", "before_percent": 50, "target": "handler"}]
    for level, hours in enumerate(after, 1):
        rung = {"key": f"level-{level}", "after": hours, "unit": "working_hour"}
        rungs.append({**rung, "target": "manager", "level": level})
    return Ladder.from_dict({"id": "ladder", "rung": rungs}, version)


VERSIONS = Versions(
    {1: policy(), 2: policy(days=2, version=2)},
    {1: OFFICE, 2: CLOSED_FRIDAY},
    {1: ladder(1, 4), 2: ladder(1, 2, version=2)},
)


def clock(**changes: Any) -> ClockState:
    given: dict[str, Any] = {
        "id": 1,
        "complaint_id": 1,
        "cycle": 1,
        "kind": "resolve",
        "policy": "ours",
        "clause": "main",
        "policy_version_id": 1,
        "calendar_version_id": 1,
        "ladder_version_id": 1,
        "started_at": THURSDAY,
        "due_at": THURSDAY + DAY,
        "state": "running",
    }
    return ClockState(**{**given, **changes})


def after(change: Change, running: ClockState, kept: Sequence[Entry] = ()) -> datetime | None:
    terms = terms_after(change, VERSIONS, running, {"priority": "P3"})
    return due_after(running, kept, terms) if terms else None


def test_a_calendar_counts_by_the_policy_the_clock_has():
    change = Change(RuleKind.CALENDAR, "office", calendar=CLOSED_FRIDAY)
    assert after(change, clock()) == THURSDAY + 4 * DAY
    assert after(change, clock(policy_version_id=2)) == THURSDAY + 5 * DAY


def test_a_policy_counts_by_the_calendar_the_clock_has():
    change = Change(RuleKind.POLICY, "ours", policy=VERSIONS.policies[2])
    assert after(change, clock()) == THURSDAY + 4 * DAY
    assert after(change, clock(calendar_version_id=2)) == THURSDAY + 5 * DAY


def test_a_clock_no_clause_asks_for_any_more_ends():
    assert after(Change(RuleKind.POLICY, "ours", policy=policy(priority="P1")), clock()) is None
    off = Change(RuleKind.SWITCHES, "organisation", switched_off=frozenset({"ours"}))
    assert after(off, clock()) is None
    assert after(off, clock(policy="theirs")) == THURSDAY + DAY


def test_pauses_and_what_was_told_are_kept():
    kept = [
        Entry(EntryKind.TELL, THURSDAY, until=THURSDAY + 5 * DAY),
        Entry(EntryKind.PAUSE, THURSDAY, until=THURSDAY + DAY),
        Entry(EntryKind.RESUME, THURSDAY + timedelta(hours=2)),
    ]
    change = Change(RuleKind.POLICY, "ours", policy=VERSIONS.policies[2])
    assert after(change, clock(), kept) == THURSDAY + 4 * DAY + timedelta(hours=2)


@pytest.mark.parametrize(
    ("state", "at", "missed"),
    [
        ("running", THURSDAY + DAY, False),
        ("running", THURSDAY + DAY + timedelta(seconds=1), True),
        ("paused", THURSDAY + 9 * DAY, False),
        ("breached", THURSDAY, True),
    ],
)
def test_the_due_second_itself_is_in_time_and_a_breach_stays(state, at, missed):
    assert clock(state=state).is_missed(at) is missed


@pytest.mark.parametrize(
    ("status", "kind", "is_owed"),
    [
        ("received", "ack", True),
        ("registered", "ack", False),
        ("registered", "plan", True),
        ("in_handling", "plan", False),
        ("offered", "legal", True),
        ("accepted", "legal", False),
        ("received", "progress", False),
    ],
)
def test_a_policy_switched_on_late_starts_what_is_still_owed(status, kind, is_owed):
    change = Change(RuleKind.SWITCHES, "organisation", switched_on=(policy(kind=kind),))
    assert bool(clauses_owed(change, status, {})) is is_owed


def test_the_receipt_never_stands_still():
    pause = Entry(EntryKind.PAUSE, THURSDAY, until=THURSDAY + DAY)
    told = Entry(EntryKind.TELL, THURSDAY, until=THURSDAY + DAY)
    ack, resolve = policy(kind="ack").clauses[0], policy().clauses[0]
    assert kept_for(ack, [told, pause]) == []
    assert kept_for(resolve, [told, pause]) == [pause]


DUE = THURSDAY + DAY


def schedule(each: Ladder):
    return each.schedule("resolve", THURSDAY, DUE, OFFICE)


def test_a_clock_in_time_has_only_its_past_warnings_behind_it():
    assert steps_done(schedule(ladder(1, 4)), 0, False, THURSDAY) == 0
    assert steps_done(schedule(ladder(1, 4)), 0, False, DUE) == 1
    assert level_reached(schedule(ladder(1, 4)), 1) == 0


def test_no_level_is_called_twice_and_none_is_left_out():
    late = DUE + timedelta(hours=3)
    # Called once under the old ladder; the new one has its second level an hour ago.
    assert level_reached(schedule(ladder(1, 4)), 3) == 1
    done = steps_done(schedule(ladder(1, 2)), 1, True, late)
    assert [step.rung.level for step in schedule(ladder(1, 2))[done:] if step.rung] == [2]
    # A level that the new ladder calls later than the old one did is not called again.
    assert steps_done(schedule(ladder(6, 7)), 1, True, late) == 3


def test_a_ladder_rings_only_for_what_the_old_one_would_not_have_rung():
    change = Change(RuleKind.LADDER, "ladder", ladder=VERSIONS.ladders[2])
    late = clock(state="breached", fired=3)
    assert levels_ringing(VERSIONS, change, late, DUE + timedelta(hours=3)) == {2}
    assert levels_ringing(VERSIONS, change, late, DUE + timedelta(hours=1)) == set()
    # Four hours late both ladders call the second level.
    assert levels_ringing(VERSIONS, change, late, DUE + timedelta(hours=4)) == set()
