"""Which steps of a schedule are due, and which of them still have to be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.domain.escalation import Ladder
from complaints.domain.firing import what_is_due
from complaints.domain.worktime import WorkCalendar

ALWAYS = WorkCalendar.from_dict(
    {
        "tz": "Asia/Jakarta",
        "week": {
            day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        },
    }
)
START = datetime(2026, 11, 19, 2, tzinfo=UTC)
DUE = START + timedelta(hours=10)
LADDER = Ladder.from_dict(
    {
        "id": "office",
        "rung": [
            {"key": "half", "before_percent": 50, "target": "handler"},
            {"key": "near", "before_percent": 80, "target": "handler"},
            {"key": "notice", "after": 0, "target": "handler"},
            {
                "key": "first",
                "after": 15,
                "target": "supervisor",
                "level": 1,
                "repeat_every": 1,
                "repeat_unit": "hour",
                "repeat_max": 2,
            },
            {"key": "second", "after": 90, "target": "manager", "level": 2},
        ],
    }
)
SCHEDULE = LADDER.schedule("resolve", START, DUE, ALWAYS)


def due(fired: int, hours: float) -> tuple[int, list[str], bool, list[str], list[str]]:
    found = what_is_due(SCHEDULE, fired, START + timedelta(hours=hours))

    def keys(steps):
        return [f"{step.rung.key}{step.repeat or ''}" for step in steps]

    return (
        found.taken,
        keys(found.warnings),
        found.has_breached,
        keys(found.reminders),
        keys(found.escalations),
    )


def test_a_rung_that_calls_again_does_so_among_the_others_in_the_order_of_time():
    after = [(step.rung.key, step.repeat, step.fire_at - DUE) for step in SCHEDULE[3:]]
    assert after == [
        ("notice", 0, timedelta()),
        ("first", 0, timedelta(minutes=15)),
        ("first", 1, timedelta(minutes=75)),
        ("second", 0, timedelta(minutes=90)),
        ("first", 2, timedelta(minutes=135)),
    ]


@pytest.mark.parametrize(
    ("fired", "hours", "found"),
    [
        (0, 4.99, (0, [], False, [], [])),
        (0, 5, (1, ["half"], False, [], [])),
        (0, 8, (2, ["half", "near"], False, [], [])),
        (1, 8, (2, ["near"], False, [], [])),
        # At the due second a reminder for the breach waits until the breach itself is ripe.
        (2, 10, (2, [], False, [], [])),
        (2, 10 + 1 / 3600, (4, [], True, ["notice"], [])),
        (0, 10.25, (5, [], True, ["notice"], ["first"])),
        (4, 10.25, (5, [], False, [], ["first"])),
        (0, 100, (8, [], True, ["notice"], ["first", "first1", "second", "first2"])),
        (8, 100, (8, [], False, [], [])),
    ],
)
def test_what_is_due(fired, hours, found):
    assert due(fired, hours) == found


def test_the_oldest_step_tells_how_late_we_are():
    found = what_is_due(SCHEDULE, 2, DUE + timedelta(hours=3))
    assert found.oldest is SCHEDULE[2]
    assert what_is_due(SCHEDULE, 2, DUE).oldest is None
