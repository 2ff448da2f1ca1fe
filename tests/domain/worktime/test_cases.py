"""Working time as other systems' users know it: the gathered cases, in both closing conventions."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.walltime import Window, wall_time

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "worktime_and_escalation.json"
if not CASES.exists():
    pytest.skip(f"the gathered cases are not beside the project: {CASES}", allow_module_level=True)

DATA: dict[str, Any] = json.loads(CASES.read_text(encoding="utf-8"))
CONVENTIONS = {"keep": "period_end", "roll": "next_start"}


def calendar_of(case: Mapping[str, Any], at_closing: str = "keep") -> WorkCalendar:
    return WorkCalendar.from_dict({**DATA["calendars"][case["calendar"]], "at_closing": at_closing})


def named(kind: str) -> list[Any]:
    return [
        pytest.param(case, id=case.get("id", f"{kind}-{number}"))
        for number, case in enumerate(DATA[kind])
    ]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("at_closing", CONVENTIONS)
@pytest.mark.parametrize("case", named("business_add"))
def test_time_is_added_as_in_the_case(case: dict[str, Any], at_closing: str) -> None:
    convention = CONVENTIONS[at_closing]
    expected = case["expected"]
    if case["boundary"] not in ("any", convention):
        expected = case[f"expected_under_{convention}"]
    seconds = case["work_seconds"] if case["op"] == "add" else -case["work_seconds"]
    calendar = calendar_of(case, at_closing)
    assert calendar.add(instant(case["start"]), seconds) == instant(expected)
    explained = calendar.explain(instant(case["start"]), seconds)
    assert sum(line.seconds for line in explained) == case["work_seconds"]


@pytest.mark.parametrize("at_closing", CONVENTIONS)
@pytest.mark.parametrize("case", named("business_between"))
def test_time_between_is_as_in_the_case(case: dict[str, Any], at_closing: str) -> None:
    worked = calendar_of(case, at_closing).between(instant(case["from"]), instant(case["to"]))
    assert worked == case["expected_work_seconds"]


@pytest.mark.parametrize("case", named("business_days"))
def test_days_are_counted_as_in_the_case(case: dict[str, Any]) -> None:
    day = calendar_of(case).add_days(
        date.fromisoformat(case["start_date"]), case["days"], case["mode"]
    )
    assert day.isoformat() == case["expected_date"]


@pytest.mark.parametrize("case", named("wall_clock"))
def test_wall_times_stand_for_the_instant_of_the_case(case: dict[str, Any]) -> None:
    at = wall_time(case["tz"], date.fromisoformat(case["date"]), case["wall"])
    if not case.get("contradicts_our_decision"):
        assert at == instant(case["expected"])
        return
    # The peer takes the first instant that exists (03:00 for 02:30 in a gap from 02:00 to 03:00);
    # ours moves on by the length of the gap, so that 02:30 becomes 03:30.
    local = at.astimezone(instant(case["expected"]).tzinfo)
    asked = datetime.fromisoformat(f"{case['date']}T{case['wall']}")
    gap = {"America/Chicago": 60, "Australia/Lord_Howe": 30}[case["tz"]]
    assert (local.replace(tzinfo=None) - asked).total_seconds() == gap * 60
    assert at > instant(case["expected"])


@pytest.mark.parametrize("case", named("in_window"))
def test_windows_hold_the_instants_of_the_case(case: dict[str, Any]) -> None:
    window = case["window"]
    held = Window.of(window["days"], window["from"], window["to"], window.get("tz", "UTC")).holds(
        instant(case["at"])
    )
    assert held is case["expected_active"]
