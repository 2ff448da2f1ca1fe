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
    return Ladder.from_dict({"id": "office", "rung": list(rungs)}, 3)


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


def loud(*rungs: dict[str, object]) -> Ladder:
    """A ladder whose warnings come at any hour."""
    return Ladder.from_dict({"id": "office", "rung": list(rungs), "quiet_warnings": False})


def test_a_clock_outside_working_hours_warns_by_clock_time():
    half = {"key": "half", "before_percent": 50, "target": "handler"}
    steps = loud(half, TOP).schedule("resolve", at("21 08:00"), at("21 12:00"), CALENDAR)
    assert steps[0].fire_at == at("21 10:00")


# Quiet hours


def test_a_warning_in_closed_time_waits_for_the_next_opening():
    hours = {"key": "hours", "before": 12, "unit": "hour", "target": "handler"}
    due = at("20 12:00")
    assert loud(hours, TOP).schedule("resolve", at("19 08:00"), due, CALENDAR)[0].fire_at == at(
        "20 00:00"
    )
    assert schedule(hours, TOP, due="20 12:00")[0] == ("warn", "hours", at("20 08:00"))


def test_a_warning_at_closing_is_still_given():
    hours = {"key": "hours", "before": 16, "unit": "hour", "target": "handler"}
    assert schedule(hours, TOP, due="20 08:00")[0] == ("warn", "hours", at("19 16:00"))


def test_a_warning_that_would_wait_beyond_the_due_time_is_overtaken_by_the_breach():
    half = {"key": "half", "before_percent": 50, "target": "handler"}
    warning, breach, climb = ladder(half, TOP).schedule(
        "resolve", at("21 08:00"), at("21 12:00"), CALENDAR
    )
    assert (warning.firing, breach.firing) == (Firing.WARN, Firing.BREACH)
    assert warning.ripe_at == breach.ripe_at == at("21 12:00") + timedelta(seconds=1)
    assert climb.fire_at == at("23 08:15")


def test_breach_and_levels_are_not_held_back_by_the_night():
    night = {"key": "night", "after": 1, "unit": "hour", "target": "head_office", "level": 1}
    assert schedule(night, due="19 22:00") == [
        ("breach", "-", at("19 22:00")),
        ("escalate", "night", at("19 23:00")),
    ]


# Acknowledgement


def test_an_acknowledgement_holds_as_long_as_the_ladder_says():
    office = {"id": "office", "rung": [TOP]}
    own = Ladder.from_dict(
        {**office, "acknowledgement": {"expires_after": 90, "unit": "working_minute"}}
    )
    assert own.acknowledgement.until(at("19 15:30"), CALENDAR) == at("20 09:00")
    default = Ladder.from_dict(office)
    assert default.acknowledgement.until(at("19 15:00"), CALENDAR) == at("20 11:00")


@pytest.mark.parametrize(
    "broken", [{"expires_after": 0}, {"expires_after": "4"}, {"unit": "moon"}, 4]
)
def test_a_broken_acknowledgement_is_refused(broken: object):
    with pytest.raises(ValueError, match="acknowledgement"):
        Ladder.from_dict({"id": "office", "rung": [TOP], "acknowledgement": broken})


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


def test_one_step_is_that_of_the_schedule_and_behind_its_end_a_reminder_of_the_top():
    half = {"key": "half", "before_percent": 50, "target": "handler"}
    again = {**TOP, "repeat_every": 1, "repeat_max": 2}
    whole = ladder(half, again).schedule("resolve", at("19 08:00"), at("20 16:00"), CALENDAR)
    single = [
        ladder(half, again).step(index, "resolve", at("19 08:00"), at("20 16:00"), CALENDAR)
        for index in range(len(whole) + 1)
    ]
    assert single[:-1] == list(whole)
    assert single[-1].is_reminder
    assert single[-1].rung.key == "top"


def test_the_top_is_reminded_at_every_opening_without_end():
    steps = ladder(TOP).schedule("resolve", at("19 08:00"), at("19 12:00"), CALENDAR)
    whole = ladder(TOP).with_reminders("resolve", steps, 2, at("24 09:00"), CALENDAR)
    assert [step.fire_at for step in whole if step.is_reminder] == [
        # Told together with the last level, unless that was called ahead of its time.
        at("19 12:15"),
        at("20 08:00"),
        at("23 08:00"),
        at("24 08:00"),
        at("25 08:00"),
    ]
    assert {step.rung.key for step in whole[1:] if step.rung} == {"top"}


def test_how_many_reminders_lie_behind_one_late_since_long():
    steps = ladder(TOP).schedule("resolve", at("19 08:00"), at("19 12:00"), CALENDAR)
    for now, behind in (("19 12:14", 0), ("20 07:59", 1), ("20 08:00", 2), ("24 09:00", 4)):
        found = ladder(TOP).reminders_behind("resolve", steps, at(now), CALENDAR)
        assert found == behind
        whole = ladder(TOP).with_reminders("resolve", steps, 2 + behind, at(now), CALENDAR)
        # The places of those given are kept, and the next lies ahead.
        assert len(whole) == 2 + behind + 1
        assert whole[-1].ripe_at > at(now)


@pytest.mark.parametrize("unit", ["working_day", "working_hour", "hour"])
@pytest.mark.parametrize("every", [1, 3])
def test_reminders_that_lie_behind_are_as_many_as_are_counted_one_by_one(every, unit):
    top = {"every": every, "unit": unit}
    own = Ladder.from_dict({"id": "office", "rung": [TOP], "top_reminder": top})
    steps = own.schedule("resolve", at("19 08:00"), at("19 12:00"), CALENDAR)
    last = steps[-1].ripe_at
    given = [own.top_reminder.at(number, last, CALENDAR) for number in range(1, 1200)]
    for days in (0, 1, 2, 3, 9, 30):
        now = last + timedelta(days=days, minutes=-1)
        counted = sum(each <= now for each in given)
        assert own.reminders_behind("resolve", steps, now, CALENDAR) == counted


def test_how_often_the_top_is_reminded_is_data():
    own = Ladder.from_dict(
        {"id": "office", "rung": [TOP], "top_reminder": {"every": 2, "unit": "working_hour"}}
    )
    steps = own.schedule("resolve", at("19 08:00"), at("19 12:00"), CALENDAR)
    whole = own.with_reminders("resolve", steps, 2, at("19 12:15"), CALENDAR)
    assert whole[-1].fire_at == at("19 14:15")


@pytest.mark.parametrize("broken", [{"every": 0}, {"every": "1"}, {"unit": "moon"}, 4])
def test_a_broken_reminder_of_the_top_is_refused(broken: object):
    with pytest.raises(ValueError, match="top_reminder"):
        Ladder.from_dict({"id": "office", "rung": [TOP], "top_reminder": broken})


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
    with pytest.raises(ValueError, match="ladder office, rung 1") as refusal:
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
        Ladder.from_dict({"id": "office", "rung": []})


def test_a_role_may_stand_on_a_rung():
    assert ladder({**TOP, "target": "role:manager"}).rungs[0].target == "role:manager"
