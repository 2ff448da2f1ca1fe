"""The ladder as data: when each rung fires, in which order, and which ladders are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.domain.escalation import Firing, Ladder
from complaints.domain.worktime import WorkCalendar

JAKARTA = ZoneInfo("Asia/Jakarta")
CALENDAR = WorkCalendar.from_dict(
    {
        "tz": "Asia/Jakarta",
        "week": {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    }
)


def at(text: str) -> datetime:
    """A wall time in Jakarta of November 2026; the 19th is a Thursday."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=JAKARTA).astimezone(UTC)


def ladder(*rungs: dict[str, object]) -> Ladder:
    return Ladder.from_dict({"id": "house", "rung": list(rungs)}, 3)


TOP = {"key": "top", "after": 15, "target": "supervisor", "level": 1}


def schedule(*rungs: dict[str, object], kind: str = "resolve", due: str = "20 16:00"):
    steps = ladder(*rungs).schedule(kind, at("19 08:00"), at(due), CALENDAR)
    return [
        (step.firing.value, step.rung.key if step.rung else "-", step.fire_at) for step in steps
    ]


def test_warnings_come_by_share_of_the_working_time():
    half = {"key": "half", "before_percent": 50, "target": "handler"}
    assert schedule(half, TOP) == [
        ("warn", "half", at("19 16:00")),
        ("breach", "-", at("20 16:00")),
        ("escalate", "top", at("23 08:15")),
    ]


def test_warnings_come_by_time_before_the_due_time():
    hour = {"key": "hour", "before": 1, "unit": "working_hour", "target": "handler"}
    clock = {"key": "clock", "before": 30, "unit": "minute", "target": "handler"}
    assert [step[2] for step in schedule(hour, clock, TOP)][:2] == [at("20 15:00"), at("20 15:30")]


def test_a_clock_outside_working_hours_warns_by_clock_time():
    half = {"key": "half", "before_percent": 50, "target": "handler"}
    steps = ladder(half, TOP).schedule("resolve", at("21 08:00"), at("21 12:00"), CALENDAR)
    assert steps[0].fire_at == at("21 10:00")


def test_no_warning_lies_before_the_start_or_after_the_due_time():
    early = {"key": "early", "before": 50, "unit": "working_hour", "target": "handler"}
    late = {"key": "late", "before_percent": 100, "target": "handler"}
    times = [when for firing, _, when in schedule(early, late, TOP) if firing == "warn"]
    assert times == [at("19 08:00"), at("20 16:00")]


def test_a_ladder_climbs_one_rung_at_a_time():
    rungs = (
        {"key": "second", "after": 60, "unit": "minute", "target": "manager", "level": 2},
        {"key": "third", "after": 1, "unit": "minute", "target": "head_office", "level": 3},
    )
    fired = schedule(TOP, *rungs)
    assert [key for _, key, _ in fired] == ["-", "top", "second", "third"]
    times = [when for _, _, when in fired]
    assert times == sorted(times)


def test_a_rung_serves_its_kinds_only():
    unit = {
        "key": "unit",
        "before_percent": 80,
        "target": "team_lead",
        "kinds": ["internal_accept"],
    }
    assert [key for _, key, _ in schedule(unit, TOP)] == ["-", "top"]
    assert schedule(unit, TOP, kind="internal_accept")[0][1] == "unit"


def test_a_rung_after_the_due_time_without_a_level_is_a_reminder():
    notice = {"key": "notice", "after": 0, "target": "handler", "level": 0}
    assert schedule(notice, TOP)[1] == ("warn", "notice", at("20 16:00"))


def test_the_due_second_itself_is_in_time():
    steps = ladder(TOP).schedule("resolve", at("19 08:00"), at("20 16:00"), CALENDAR)
    breach, climb = steps
    assert breach.firing is Firing.BREACH
    assert breach.ripe_at == at("20 16:00") + timedelta(seconds=1)
    assert climb.ripe_at == climb.fire_at


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"target": "somebody"}, "target must be one of"),
        ({"before": 3}, "exactly one of"),
        ({"after": -1}, "not negative"),
        ({"after": "15"}, "whole number"),
    ],
)
def test_a_broken_rung_is_named(broken, sentence: str):
    with pytest.raises(ValueError, match="ladder house, rung 1") as refusal:
        ladder({**TOP, **broken})
    assert sentence in str(refusal.value)


def test_percent_and_units_have_bounds():
    warn = {"key": "w", "target": "handler"}
    with pytest.raises(ValueError, match="before_percent"):
        ladder({**warn, "before_percent": 101}, TOP)
    with pytest.raises(ValueError, match="minutes or hours"):
        ladder({**warn, "before": 1, "unit": "working_day"}, TOP)


def test_a_ladder_that_never_escalates_is_refused():
    with pytest.raises(ValueError, match="must escalate"):
        ladder({**TOP, "level": 0})
    with pytest.raises(ValueError, match="at least one"):
        Ladder.from_dict({"id": "house", "rung": []})


def test_a_role_may_stand_on_a_rung():
    assert ladder({**TOP, "target": "role:manager"}).rungs[0].target == "role:manager"
