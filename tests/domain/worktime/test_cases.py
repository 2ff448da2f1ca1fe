"""Working time as other systems' users know it: the gathered cases, in both closing conventions."""

from collections import Counter
from typing import Any

import pytest

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import due_at
from complaints.domain.worktime.walltime import wall_time
from tests.cases.gathered import Case, asking, cases, days_of, others, seconds_of

CONVENTIONS = ("keep", "roll")


def test_every_case_is_asked_once() -> None:
    counts = Counter(case.kind for case in cases())
    assert counts == {"add": 113, "between": 50, "days": 27, "open": 13, "due": 6}
    assert max(Counter(case["id"] for case in cases()).values()) == 1
    # Where a source decides otherwise, the test holds ours: a case says both, and they differ.
    other = [case for case in cases() if "source_says" in case.facts]
    assert [case["id"] for case in other] == ["mb-56", "wh-72", "wh-40", "wh-52", "wh-54"]
    for case in other:
        ours = next(case[word] for word in ("worktime", "open", "due") if word in case.facts)
        assert ours != case["source_says"]


@pytest.mark.parametrize("at_closing", CONVENTIONS)
@pytest.mark.parametrize("case", asking("add"))
def test_time_is_added_as_in_the_case(case: Case, at_closing: str) -> None:
    calendar, seconds = case.in_calendar(at_closing), seconds_of(case["worktime"])
    assert calendar.add(case["start"], seconds) == case.due(at_closing)
    explained = calendar.explain(case["start"], seconds)
    assert sum(line.seconds for line in explained) == abs(seconds)


@pytest.mark.parametrize("at_closing", CONVENTIONS)
@pytest.mark.parametrize("case", asking("between"))
def test_time_between_is_as_in_the_case(case: Case, at_closing: str) -> None:
    worked = case.in_calendar(at_closing).between(case["since"], case["until"])
    assert worked == seconds_of(case["worktime"])


@pytest.mark.parametrize("case", asking("days"))
def test_days_are_counted_as_in_the_case(case: Case) -> None:
    rule = case.facts.get("rule", "working_days")
    assert case.in_calendar().add_days(case["day"], case["days"], rule) == case["due"]


@pytest.mark.parametrize("at_closing", CONVENTIONS)
@pytest.mark.parametrize("case", asking("open"))
def test_it_is_open_as_in_the_case(case: Case, at_closing: str) -> None:
    assert case.in_calendar(at_closing).is_open(case["at"]) is case["open"]


@pytest.mark.parametrize("at_closing", CONVENTIONS)
@pytest.mark.parametrize("case", asking("due"))
def test_a_duration_is_over_as_in_the_case(case: Case, at_closing: str) -> None:
    calendar = case.in_calendar(at_closing)
    assert due_at(calendar, case["start"], case["duration"], case["unit"]) == case["due"]


@pytest.mark.parametrize("case", others("wall_time"))
def test_wall_times_stand_for_the_instant_of_the_case(case: dict[str, Any]) -> None:
    assert wall_time(case["tz"], case["day"], case["wall"]) == case["at"]


@pytest.mark.parametrize("case", others("window"))
def test_windows_hold_the_instants_of_the_case(case: dict[str, Any]) -> None:
    opens, closes = case["hours"].split("-")
    if closes <= opens:
        # Past midnight it is still the window of the day on which it began.
        closes = f"{int(closes[:2]) + 24}{closes[2:]}"
    week = {day: [[opens, closes]] for day in days_of(case["days"])}
    calendar = WorkCalendar.from_dict({"tz": "UTC", "week": week})
    assert calendar.is_open(case["at"]) is case["holds"]
