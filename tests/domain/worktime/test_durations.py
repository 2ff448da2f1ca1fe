"""Durations as policies write them: due dates that can be checked with a wall calendar."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import Unit, due_at
from tests.cases.gathered import calendar_of, read

DAYS = ("mon", "tue", "wed", "thu", "fri")
WIB = timezone(timedelta(hours=7))


def office(**changes: Any) -> WorkCalendar:
    spec: dict[str, Any] = {
        "tz": "Asia/Jakarta",
        "week": {day: [["08:00", "16:00"]] for day in DAYS},
        "holidays": ["2026-12-25", "2027-01-01"],
    }
    return WorkCalendar.from_dict({**spec, **changes})


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


STUDIED = [
    # Day one is the first working day after the day of receipt, Thursday 19 November 2026.
    ("2026-11-19", 3, "working_day", "2026-11-24"),
    ("2026-11-19", 5, "working_day", "2026-11-26"),
    ("2026-11-19", 10, "working_day", "2026-12-03"),
    ("2026-11-19", 14, "working_day", "2026-12-09"),
    ("2026-11-19", 15, "working_day", "2026-12-10"),
    ("2026-11-19", 20, "working_day", "2026-12-17"),
    ("2026-11-19", 8, "week", "2027-01-14"),
    ("2026-11-19", 30, "calendar_day", "2026-12-19"),
    ("2026-11-19", 45, "calendar_day", "2027-01-03"),
    # Over Christmas and New Year.
    ("2026-12-22", 3, "working_day", "2026-12-28"),
    ("2026-12-22", 5, "working_day", "2026-12-30"),
    ("2026-12-22", 10, "working_day", "2027-01-07"),
]


@pytest.mark.parametrize(("start", "duration", "unit", "due"), STUDIED)
def test_days_and_weeks_keep_the_hour_of_the_start(
    start: str, duration: int, unit: str, due: str
) -> None:
    assert due_at(office(), wib(f"{start}T09:15:30"), duration, unit) == wib(f"{due}T09:15:30")


WORKING_DAYS = [
    # Received, working days, due; and due at the end of the day.
    ("2026-11-19T07:00", 1, "2026-11-20T08:00", "2026-11-20T16:00"),
    ("2026-11-19T16:00", 1, "2026-11-23T08:00", "2026-11-23T16:00"),
    ("2026-11-21T12:00", 3, "2026-11-26T08:00", "2026-11-26T16:00"),
    ("2026-12-25T12:00", 1, "2026-12-29T08:00", "2026-12-29T16:00"),
    ("2026-11-19T10:00", 0, "2026-11-19T10:00", "2026-11-19T16:00"),
    ("2026-11-21T12:00", 0, "2026-11-23T08:00", "2026-11-23T16:00"),
]


@pytest.mark.parametrize(("start", "days", "due", "evening"), WORKING_DAYS)
def test_a_receipt_in_closed_time_counts_from_the_next_opening(
    start: str, days: int, due: str, evening: str
) -> None:
    assert due_at(office(), wib(start), days, "working_day") == wib(due)
    assert due_at(office(), wib(start), days, "working_day", end_of_day=True) == wib(evening)


def test_a_day_with_other_hours_takes_the_due_time_in() -> None:
    calendar = office(
        week={
            "thu": [["08:00", "17:00"]],
            "fri": [["10:00", "11:30"], ["13:00", "15:00"]],
            "mon": [["08:00", "16:00"]],
        },
        holidays=[],
    )
    rolling = WorkCalendar.from_dict({**calendar.spec, "at_closing": "roll"})

    def due(start: str, of: WorkCalendar = calendar) -> datetime:
        return due_at(of, wib(start), 1, "working_day")

    assert due("2026-11-19T08:30") == wib("2026-11-20T10:00")
    assert due("2026-11-19T11:00") == wib("2026-11-20T11:00")
    assert due("2026-11-19T12:00") == wib("2026-11-20T13:00")
    assert due("2026-11-19T16:30") == wib("2026-11-20T15:00")
    assert due("2026-11-19T15:00") == wib("2026-11-20T15:00")
    # A due time on a closing, of the day or before lunch, obeys the calendar's convention.
    assert due("2026-11-19T11:30") == wib("2026-11-20T11:30")
    assert due("2026-11-19T11:30", rolling) == wib("2026-11-20T13:00")
    assert due("2026-11-19T15:00", rolling) == wib("2026-11-23T08:00")
    assert due("2026-11-19T16:30", rolling) == wib("2026-11-23T08:00")
    evening = due_at(rolling, wib("2026-11-19T16:30"), 1, "working_day", end_of_day=True)
    assert evening == wib("2026-11-20T15:00")


def test_night_hours_after_midnight_count_for_the_evening_they_began() -> None:
    night = office(week={day: [["19:00", "29:00"]] for day in DAYS}, holidays=[])
    # 02:00 on Saturday is Friday's night; one working day on is Monday's, at 02:00 on Tuesday.
    due = due_at(night, wib("2026-11-21T02:00"), 1, "working_day")
    assert due == wib("2026-11-24T02:00")
    evening = due_at(night, wib("2026-11-21T02:00"), 1, "working_day", end_of_day=True)
    assert evening == wib("2026-11-24T05:00")


def test_three_times_24_hours_includes_the_weekend() -> None:
    friday = wib("2026-11-20T15:00")
    assert due_at(office(), friday, 72, "hour") == wib("2026-11-23T15:00")
    assert due_at(office(), friday, 3, "working_day") == wib("2026-11-25T15:00")
    assert due_at(office(), friday, 3, "working_hour") == wib("2026-11-23T10:00")
    assert due_at(office(), friday, 90, "working_minute") == wib("2026-11-23T08:30")
    assert due_at(office(), friday, 90, "minute") == wib("2026-11-20T16:30")
    assert due_at(office(), friday, 90, "second") == wib("2026-11-20T15:01:30")
    assert due_at(office(), friday, 3.6, "hour") == wib("2026-11-20T18:36")


def test_office_hours_turn_hours_into_working_hours() -> None:
    assert Unit.HOUR.in_office_hours() is Unit.WORKING_HOUR
    assert Unit.MINUTE.in_office_hours() is Unit.WORKING_MINUTE
    assert Unit.WORKING_DAY.in_office_hours() is Unit.WORKING_DAY
    assert [unit for unit in Unit if unit.is_worktime] == [
        "working_day",
        "working_hour",
        "working_minute",
    ]


def test_calendar_days_stay_on_a_closed_date() -> None:
    assert due_at(office(), wib("2026-11-20T10:00"), 1, "calendar_day") == wib("2026-11-21T10:00")
    assert due_at(office(), wib("2026-11-20T20:00"), 7, "calendar_day") == wib("2026-11-27T20:00")


def test_the_end_of_a_calendar_day_is_closing_or_the_last_second() -> None:
    def evening(start: str, duration: int, unit: str) -> datetime:
        return due_at(office(), wib(start), duration, unit, end_of_day=True)

    assert evening("2026-11-20T10:00", 3, "calendar_day") == wib("2026-11-23T16:00")
    assert evening("2026-11-20T20:00", 3, "calendar_day") == wib("2026-11-23T16:00")
    assert evening("2026-11-20T10:00", 1, "calendar_day") == wib("2026-11-21T23:59:59")
    assert evening("2026-11-20T10:00", 1, "hour") == wib("2026-11-20T16:00")
    assert evening("2026-11-20T15:30", 1, "working_hour") == wib("2026-11-23T16:00")
    assert evening("2026-11-20T15:00", 1, "working_hour") == wib("2026-11-20T16:00")


MONTHS = [
    ("2027-01-31T10:00", 1, "2027-02-28T10:00"),
    ("2028-01-31T10:00", 1, "2028-02-29T10:00"),
    ("2027-01-31T10:00", 2, "2027-03-31T10:00"),
    ("2026-11-19T10:00", 6, "2027-05-19T10:00"),
    ("2026-12-31T23:30", 14, "2028-02-29T23:30"),
    ("2026-11-19T10:00", 0, "2026-11-19T10:00"),
]


@pytest.mark.parametrize(("start", "months", "due"), MONTHS)
def test_a_month_that_is_too_short_ends_on_its_last_day(start: str, months: int, due: str) -> None:
    assert due_at(office(), wib(start), months, "month") == wib(due)


def test_days_keep_the_wall_time_over_clock_changes_and_hours_do_not() -> None:
    berlin = office(tz="Europe/Berlin", holidays=[])
    zone = ZoneInfo("Europe/Berlin")
    friday = datetime(2026, 3, 27, 10, tzinfo=zone)
    assert due_at(berlin, friday, 3, "calendar_day") == datetime(2026, 3, 30, 10, tzinfo=zone)
    assert due_at(berlin, friday, 1, "working_day") == datetime(2026, 3, 30, 10, tzinfo=zone)
    assert due_at(berlin, friday, 72, "hour") == datetime(2026, 3, 30, 11, tzinfo=zone)
    # 02:30 does not exist on the 29th: it moves on by the missing hour.
    night = datetime(2026, 3, 28, 2, 30, tzinfo=zone)
    assert due_at(berlin, night, 1, "calendar_day") == datetime(2026, 3, 29, 3, 30, tzinfo=zone)
    # 02:30 happens twice on 25 October: the first is meant, but no time at all is no change.
    autumn = datetime(2026, 10, 24, 2, 30, tzinfo=zone)
    assert due_at(berlin, autumn, 1, "calendar_day") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert due_at(berlin, second, 0, "week") == second


REFUSED: list[tuple[Any, str, str]] = [
    (3, "fortnight", "unit"),
    (-1, "working_day", "duration"),
    (-1, "hour", "duration"),
    (1.5, "working_day", "duration"),
    (True, "hour", "duration"),
    (True, "week", "duration"),
    (10**7, "month", "too far"),
    (10**9, "calendar_day", "too far"),
    (10**9, "working_day", "years"),
]


@pytest.mark.parametrize(("duration", "unit", "named"), REFUSED)
def test_what_is_no_duration_is_refused(duration: Any, unit: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        due_at(office(), wib("2026-11-19T09:00"), duration, unit)


@pytest.mark.parametrize("unit", Unit)
def test_a_start_without_zone_is_refused(unit: Unit) -> None:
    with pytest.raises(ValueError, match="time zone"):
        due_at(office(), datetime(2026, 11, 19, 9), 1, unit)  # noqa: DTZ001


starts = st.integers(0, 2 * 365 * 86400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(starts, st.integers(0, 60), st.sampled_from(list(Unit)), st.booleans())
def test_a_longer_duration_is_never_due_earlier(
    start: datetime, duration: int, unit: Unit, end_of_day: bool
) -> None:
    less = due_at(office(), start, duration, unit, end_of_day=end_of_day)
    more = due_at(office(), start, duration + 1, unit, end_of_day=end_of_day)
    assert less <= more
    assert end_of_day or start <= less


@given(starts, st.integers(0, 40))
def test_working_days_of_even_length_are_their_working_hours(start: datetime, days: int) -> None:
    calendar = office(at_closing="roll")
    by_day = due_at(calendar, start, days, "working_day")
    assert by_day == due_at(calendar, start, 8 * days, "working_hour")


# Against a city's own due times

JANUARY = read("boston_2022")


@pytest.mark.parametrize("number", JANUARY["requests"])
def test_the_targets_of_boston_in_january_2022_are_met_to_the_minute(number: str) -> None:
    request = JANUARY["requests"][number]
    calendar = WorkCalendar.from_dict(calendar_of(JANUARY["calendar"]))
    opened, target = (request[name].replace(tzinfo=calendar.tz) for name in ("opened", "due"))
    duration, unit = JANUARY["duration"][request["category"]].split()
    due = due_at(calendar, opened, int(duration), unit)
    assert abs((due - target).total_seconds()) <= 61


BOSTON = Path(__file__).resolve().parents[4] / "shared" / "data" / "boston311"
# Month and day of the city's closed days; 3 July 2015 was worked.
CLOSED = {
    2015: "01-01 01-19 02-16 04-20 05-25 09-07 10-12 11-11 11-26 12-25",
    2016: "01-01 01-18 02-15 04-18 05-30 07-04 09-05 10-10 11-11 11-24 12-26",
}


def city_hall() -> WorkCalendar:
    return office(
        tz="America/New_York",
        week={day: [["08:30", "17:00"]] for day in DAYS},
        holidays=[f"{year}-{day}" for year, days in CLOSED.items() for day in days.split()],
        at_closing="roll",
    )


@pytest.mark.skipif(not BOSTON.exists(), reason=f"Boston's 311 data is not at {BOSTON}")
@pytest.mark.parametrize(
    ("name", "duration", "unit"),
    [
        ("Building Inspection Request", 3, "working_day"),
        ("Utility Call-In", 2, "working_day"),
        ("Rodent Activity", 30, "calendar_day"),
        ("Heat - Excessive  Insufficient", 30, "calendar_day"),
    ],
)
def test_the_targets_of_boston_are_reproduced(name: str, duration: int, unit: str) -> None:
    calendar = city_hall()
    zone = calendar.tz
    read: Callable[[str], datetime] = lambda text: datetime.strptime(  # noqa: E731
        text, "%m/%d/%Y %I:%M:%S %p"
    ).replace(tzinfo=zone)
    with (BOSTON / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["OPEN_DT"], row["TARGET_DT"]) for row in csv.DictReader(file)]
    same = sum(
        abs((due_at(calendar, read(opened), duration, unit) - read(target)).total_seconds()) <= 61
        for opened, target in rows
    )
    assert same >= 0.99 * len(rows)


# The day after receipt

DAY_AFTER = [
    # Received, working days, due at closing. The 21st is a Saturday, 25 December a holiday.
    ("2026-11-21T10:00:00", 5, "2026-11-27T16:00:00"),
    ("2026-11-19T20:00:00", 5, "2026-11-26T16:00:00"),
    ("2026-11-19T09:00:00", 5, "2026-11-26T16:00:00"),
    ("2026-11-20T18:00:00", 2, "2026-11-24T16:00:00"),
    ("2026-11-21T10:00:00", 2, "2026-11-24T16:00:00"),
    ("2026-11-19T00:00:00", 1, "2026-11-20T16:00:00"),
    ("2026-11-19T23:59:59", 1, "2026-11-20T16:00:00"),
    ("2026-12-24T12:00:00", 1, "2026-12-28T16:00:00"),
    ("2026-12-25T12:00:00", 1, "2026-12-28T16:00:00"),
    # Nothing but the day of receipt itself, or the next one that opens.
    ("2026-11-19T09:00:00", 0, "2026-11-19T16:00:00"),
    ("2026-11-21T09:00:00", 0, "2026-11-23T16:00:00"),
]


@pytest.mark.parametrize(("received", "days", "due"), DAY_AFTER)
def test_laws_count_from_the_day_after_receipt_whatever_the_hour(
    received: str, days: int, due: str
) -> None:
    counted = due_at(office(), wib(received), days, "working_day", counting="day_after_receipt")
    assert counted == wib(due)


def test_the_day_after_receipt_is_never_later_than_what_the_hour_of_receipt_can_reach() -> None:
    """At night and on closed days the other count gives the law's last day and some hours more."""
    for received in ("2026-11-21T10:00:00", "2026-11-20T18:00:00", "2026-11-19T20:00:00"):
        for days in range(1, 12):
            law = due_at(office(), wib(received), days, "working_day", counting="day_after_receipt")
            assert law < due_at(office(), wib(received), days, "working_day")


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        ("calendar_day", "2026-11-24T16:00:00"),
        ("week", "2026-12-24T16:00:00"),
        ("month", "2027-04-19T16:00:00"),
    ],
)
def test_dates_of_the_calendar_end_with_their_day_as_well(unit: str, due: str) -> None:
    counted = due_at(office(), wib("2026-11-19T09:15:30"), 5, unit, counting="day_after_receipt")
    assert counted == wib(due)


@pytest.mark.parametrize("unit", ["hour", "minute", "second", "working_hour", "working_minute"])
def test_hours_have_no_day_of_receipt(unit: str) -> None:
    with pytest.raises(ValueError, match="counts days"):
        due_at(office(), wib("2026-11-19T09:15:30"), 5, unit, counting="day_after_receipt")


def test_an_unknown_counting_is_refused() -> None:
    with pytest.raises(ValueError, match="counting: 'tomorrow' is not one of"):
        due_at(office(), wib("2026-11-19T09:15:30"), 5, "working_day", counting="tomorrow")
