"""How many steps of its ladder lie behind a clock, before and after its dates move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.escalation import Firing, Ladder, Step
from complaints.domain.ladder_position import position_after, steps_behind
from complaints.domain.worktime import WorkCalendar

ALWAYS = WorkCalendar.from_dict(
    {
        "tz": "UTC",
        "week": {
            day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        },
    }
)
START = datetime(2026, 11, 19, 9, tzinfo=UTC)
DUE = START + timedelta(hours=8)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def schedule(due: datetime, *after: int) -> tuple[Step, ...]:
    """A warning at half time, the breach, and levels so many minutes after the due time."""
    rungs: list[dict[str, Any]] = [{"key": "half", "before_percent": 50, "target": "handler"}]
    rungs += [
        {"key": f"level-{level}", "after": minutes, "unit": "minute", "target": "manager"}
        | {"level": level}
        for level, minutes in enumerate(after, 1)
    ]
    ladder = Ladder.from_dict({"id": "ladder", "rung": rungs})
    return ladder.schedule("resolve", START, due, ALWAYS)


def test_a_rung_at_the_due_second_does_not_hide_the_breach_ahead_of_it():
    steps = schedule(DUE, 0, 60)
    assert [step.firing for step in steps[:3]] == [Firing.WARN, Firing.BREACH, Firing.ESCALATE]
    # The level is ripe in the due second, the breach only in the one after.
    assert steps_behind(steps, DUE) == 1
    assert steps_behind(steps, DUE + SECOND) == 3


def test_a_step_that_lies_ahead_again_will_fire_again():
    warned = DUE - HOUR
    assert position_after(schedule(DUE, 5), 1, warned) == 1
    assert position_after(schedule(DUE + 24 * HOUR, 5), 1, warned) == 0


def test_a_step_that_lies_behind_and_was_not_taken_will_be():
    assert position_after(schedule(DUE - 3 * HOUR, 5), 0, DUE - HOUR) == 0


def test_a_breach_the_row_forgot_stays_behind_with_what_was_ripe_with_it():
    steps = schedule(DUE, 0, 60)
    late = DUE + 2 * HOUR
    assert position_after(steps, 1, late) == 1
    assert position_after(steps, 1, late, unnoted_breach=DUE) == 3


@given(
    st.integers(0, 5),
    st.integers(-600, 600),
    st.integers(1, 2000),
    st.lists(st.integers(0, 120), min_size=1, max_size=3),
)
def test_a_moved_date_skips_no_step_and_takes_none_twice(
    fired: int, minutes: int, length: int, after: list[int]
):
    steps = schedule(START + timedelta(minutes=length), *sorted(after))
    fired = min(fired, len(steps))
    at = START + timedelta(minutes=length + minutes)
    position = position_after(steps, fired, at)
    # What has not fired is not skipped, and what counts as taken lies behind.
    assert position <= fired
    assert all(step.ripe_at <= at for step in steps[:position])
    # Nothing that has fired and lies behind fires a second time.
    assert position == fired or steps[position].ripe_at > at
    assert position_after(steps, position, at) == position
