"""Working time by hand: every rule of the calendar with a date that people can look up."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints.domain.worktime.calendar import CalendarError, WorkCalendar
from complaints.domain.worktime.opening import Reason

DAYS = ("mon", "tue", "wed", "thu", "fri")
WIB = timezone(timedelta(hours=7))


def office(**changes: Any) -> WorkCalendar:
    """Jakarta, Monday to Friday 08.00-16.00, Christmas and New Year closed."""
    spec: dict[str, Any] = {
        "tz": "Asia/Jakarta",
        "week": {day: [["08:00", "16:00"]] for day in DAYS},
        "holidays": {"2026-12-25": "Hari Raya Natal", "2027-01-01": "Tahun Baru Masehi"},
    }
    return WorkCalendar.from_dict({**spec, **changes})


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


ADDITIONS = [
    # A Thursday, hours to add, due under "keep", due under "roll".
    ("2026-11-19T09:15", 1, "2026-11-19T10:15", "2026-11-19T10:15"),
    ("2026-11-19T15:00", 1, "2026-11-19T16:00", "2026-11-20T08:00"),
    ("2026-11-19T15:30", 1, "2026-11-20T08:30", "2026-11-20T08:30"),
    ("2026-11-19T16:00", 1, "2026-11-20T09:00", "2026-11-20T09:00"),
    ("2026-11-20T15:30", 9, "2026-11-24T08:30", "2026-11-24T08:30"),
    ("2026-11-21T12:00", 8, "2026-11-23T16:00", "2026-11-24T08:00"),
    ("2026-12-24T12:00", 8, "2026-12-28T12:00", "2026-12-28T12:00"),
    ("2026-12-31T12:00", 8, "2027-01-04T12:00", "2027-01-04T12:00"),
    # Backwards the edge is the opening.
    ("2026-11-20T09:00", -1, "2026-11-20T08:00", "2026-11-19T16:00"),
    ("2026-11-20T08:00", -1, "2026-11-19T15:00", "2026-11-19T15:00"),
    ("2027-01-04T09:00", -2, "2026-12-31T15:00", "2026-12-31T15:00"),
    # Nothing to add: the next opening, except on closing, which "keep" keeps.
    ("2026-11-19T09:15", 0, "2026-11-19T09:15", "2026-11-19T09:15"),
    ("2026-11-19T16:00", 0, "2026-11-19T16:00", "2026-11-20T08:00"),
    ("2026-11-19T16:01", 0, "2026-11-20T08:00", "2026-11-20T08:00"),
    ("2026-11-21T12:00", 0, "2026-11-23T08:00", "2026-11-23T08:00"),
]


@pytest.mark.parametrize(("start", "hours", "keep", "roll"), ADDITIONS)
def test_hours_are_added_in_both_closing_conventions(
    start: str, hours: int, keep: str, roll: str
) -> None:
    assert office().add(wib(start), hours * 3600) == wib(keep)
    assert office(at_closing="roll").add(wib(start), hours * 3600) == wib(roll)


def test_one_second_decides_between_today_and_tomorrow() -> None:
    start = wib("2026-11-19T15:00:00")
    assert office().add(start, 3600) == wib("2026-11-19T16:00:00")
    assert office().add(start, 3601) == wib("2026-11-20T08:00:01")


def test_results_are_utc_with_whole_seconds() -> None:
    due = office().add(wib("2026-11-19T09:15:30.750000"), 60)
    assert due.tzinfo is UTC
    assert due == wib("2026-11-19T09:16:30")


def test_only_open_time_lies_between() -> None:
    between = office().between
    assert between(wib("2026-11-19T15:00"), wib("2026-11-20T09:00")) == 2 * 3600
    assert between(wib("2026-11-20T18:00"), wib("2026-11-23T07:00")) == 0
    assert between(wib("2026-12-30T00:00"), wib("2027-01-05T00:00")) == 3 * 8 * 3600
    assert between(wib("2026-11-20T09:00"), wib("2026-11-19T15:00")) == 0


def test_opening_is_open_and_closing_is_closed() -> None:
    is_open = office().is_open
    assert is_open(wib("2026-11-19T08:00:00"))
    assert is_open(wib("2026-11-19T15:59:59"))
    assert not is_open(wib("2026-11-19T16:00:00"))
    assert not is_open(wib("2026-11-19T07:59:59"))
    assert not is_open(wib("2026-12-25T10:00:00"))


def test_openings_and_closings_of_dates() -> None:
    calendar = office()
    assert calendar.tz == ZoneInfo("Asia/Jakarta")
    assert calendar.next_opening(wib("2026-12-24T16:00")) == wib("2026-12-28T08:00")
    assert calendar.next_opening(wib("2026-12-24T15:59")) == wib("2026-12-24T15:59")
    assert calendar.next_opening(wib("2026-12-31T16:00")) == wib("2027-01-04T08:00")
    assert calendar.opening_of(date(2026, 12, 24)) == wib("2026-12-24T08:00")
    assert calendar.closing_of(date(2026, 12, 24)) == wib("2026-12-24T16:00")
    assert calendar.closing_of(date(2026, 12, 25)) is None
    assert calendar.opening_of(date(2026, 12, 26)) is None
    assert calendar.opens_on(date(2026, 12, 28))
    assert not calendar.opens_on(date(2026, 12, 25))


def test_working_days_skip_closed_dates_in_both_directions() -> None:
    add_days = office().add_days
    assert add_days(date(2026, 12, 22), 3) == date(2026, 12, 28)
    assert add_days(date(2026, 12, 22), 10) == date(2027, 1, 7)
    assert add_days(date(2026, 11, 21), 1) == date(2026, 11, 23)
    assert add_days(date(2026, 12, 28), -1) == date(2026, 12, 24)
    assert add_days(date(2027, 1, 4), -3) == date(2026, 12, 29)
    assert add_days(date(2026, 11, 19), 0) == date(2026, 11, 19)
    assert add_days(date(2026, 11, 21), 0) == date(2026, 11, 23)
    # 200 weeks on is Thursday 19 September 2030; two Fridays in between were holidays.
    assert add_days(date(2026, 11, 19), 1000) == date(2030, 9, 23)


def test_calendar_days_roll_forward_from_a_closed_date() -> None:
    rule = "calendar_days_roll_forward"
    assert office().add_days(date(2026, 11, 25), 30, rule) == date(2026, 12, 28)
    assert office().add_days(date(2026, 11, 24), 30, rule) == date(2026, 12, 24)
    assert office().add_days(date(2026, 12, 30), -5, rule) == date(2026, 12, 28)
    with pytest.raises(ValueError, match="calendar_days_roll_forward"):
        office().add_days(date(2026, 11, 24), 30, "bankers_days")


def test_a_date_where_an_instant_belongs_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        office().add(datetime(2026, 11, 19, 9), 60)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        office().between(wib("2026-11-19T09:00"), datetime(2026, 11, 19, 9))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        office().is_open(datetime(2026, 11, 19, 9))  # noqa: DTZ001
    with pytest.raises(ValueError, match="give a date"):
        office().add_days(wib("2026-11-19T09:00"), 1)


@pytest.mark.parametrize("seconds", [1.5, True, "60", None, float("nan")])
def test_seconds_are_whole_numbers(seconds: Any) -> None:
    with pytest.raises(ValueError, match="whole number"):
        office().add(wib("2026-11-19T09:00"), seconds)
    assert office().add(wib("2026-11-19T09:00"), 60.0) == wib("2026-11-19T09:01")  # type: ignore[arg-type]


# Breaks, shifts, holidays


def test_lunch_is_not_worked() -> None:
    calendar = office(week={"thu": [["08:00", "12:00"], ["13:00", "17:00"]]})
    assert calendar.add(wib("2026-11-19T11:00"), 7200) == wib("2026-11-19T14:00")
    assert calendar.add(wib("2026-11-19T12:30"), 3600) == wib("2026-11-19T14:00")
    assert calendar.add(wib("2026-11-19T11:00"), 3600) == wib("2026-11-19T12:00")


def test_a_shift_replaces_the_hours_of_its_date() -> None:
    calendar = office(
        shifts={"2026-11-19": [["12:00", "14:00"]], "2026-11-21": [["09:00", "10:00"]]}
    )
    assert calendar.between(wib("2026-11-19T00:00"), wib("2026-11-20T00:00")) == 2 * 3600
    assert calendar.add_days(date(2026, 11, 20), 1) == date(2026, 11, 21)
    closed = office(shifts={"2026-11-19": []})
    assert not closed.opens_on(date(2026, 11, 19))


def test_a_holiday_wins_over_a_shift_on_the_same_date() -> None:
    calendar = office(shifts={"2026-12-25": [["09:00", "12:00"]]})
    assert not calendar.opens_on(date(2026, 12, 25))


def test_a_break_closes_part_of_one_date() -> None:
    calendar = office(breaks={"2026-11-19": [["10:00", "11:00"], ["15:30", "18:00"]]})
    assert calendar.between(wib("2026-11-19T00:00"), wib("2026-11-20T00:00")) == 6.5 * 3600
    assert calendar.closing_of(date(2026, 11, 19)) == wib("2026-11-19T15:30")
    whole_day = office(breaks={"2026-11-19": [["00:00", "24:00"]]})
    assert whole_day.add_days(date(2026, 11, 18), 1) == date(2026, 11, 20)


def test_annual_holidays_come_back_every_year_and_on_leap_days() -> None:
    calendar = office(holidays_annual_mmdd=["08-17", "02-29"])
    assert not calendar.opens_on(date(2026, 8, 17))
    assert not calendar.opens_on(date(2099, 8, 17))
    assert not calendar.opens_on(date(2028, 2, 29))
    assert calendar.opens_on(date(2028, 2, 28))


def test_overlapping_hours_count_once() -> None:
    calendar = office(week={"mon": [["08:00", "12:00"], ["10:00", "16:00"], ["16:00", "17:00"]]})
    assert calendar.between(wib("2026-11-23T00:00"), wib("2026-11-24T00:00")) == 9 * 3600
    assert calendar.hours_on(date(2026, 11, 23)) == [
        (wib("2026-11-23T08:00"), wib("2026-11-23T17:00"))
    ]


# Past midnight


def test_a_night_belongs_to_the_date_it_began_on() -> None:
    night = office(week={"fri": [["22:00", "30:00"]]}, holidays=["2026-11-28"])
    # Saturday is a holiday, and still Friday's night runs into it until 06:00.
    assert night.add(wib("2026-11-27T23:00"), 2 * 3600) == wib("2026-11-28T01:00")
    assert night.closing_of(date(2026, 11, 27)) == wib("2026-11-28T06:00")
    assert night.closing_of(date(2026, 11, 28)) is None
    assert night.date_of(wib("2026-11-28T01:00")) == date(2026, 11, 27)
    assert night.date_of(wib("2026-11-28T06:00")) == date(2026, 11, 27)
    assert night.date_of(wib("2026-11-28T07:00")) == date(2026, 11, 28)
    assert night.add_days(date(2026, 11, 27), 1) == date(2026, 12, 4)


def test_a_night_and_the_next_morning_may_overlap() -> None:
    calendar = office(week={"mon": [["20:00", "32:00"]], "tue": [["06:00", "10:00"]]}, holidays=[])
    assert calendar.between(wib("2026-11-23T00:00"), wib("2026-11-25T00:00")) == 14 * 3600
    lines = calendar.explain(wib("2026-11-23T19:00"), 14 * 3600)
    assert [(line.on.day, line.seconds) for line in lines] == [(23, 12 * 3600), (24, 2 * 3600)]


def test_a_late_piece_of_a_night_does_not_swallow_the_morning_before_it() -> None:
    calendar = office(week={"mon": [["25:00", "26:00"]], "tue": [["00:00", "01:00"]]}, holidays=[])
    lines = calendar.explain(wib("2026-11-24T00:00"), 2 * 3600)
    assert [(line.on.day, line.seconds) for line in lines] == [(23, 3600), (24, 3600)]


def test_round_the_clock_has_no_midnight() -> None:
    calendar = office(
        week={day: [["00:00", "24:00"]] for day in (*DAYS, "sat", "sun")}, holidays=[]
    )
    start = wib("2026-12-31T12:00")
    for at_closing in ("keep", "roll"):
        always = WorkCalendar.from_dict({**calendar.spec, "at_closing": at_closing})
        assert always.add(start, 86400) == start + timedelta(days=1)
        assert always.add(start, 12 * 3600) == wib("2027-01-01T00:00")
        assert always.add(start, -86400 * 400) == start - timedelta(days=400)
        assert always.between(start, start + timedelta(days=400)) == 400 * 86400


def test_closing_at_the_turn_of_the_year_is_a_closing() -> None:
    # The edge of a laid-out year must not look like an edge of the working time, nor hide one.
    utc = {"tz": "UTC", "week": {"wed": [["20:00", "24:00"]]}, "holidays": []}
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    keep = WorkCalendar.from_dict(utc)
    roll = WorkCalendar.from_dict({**utc, "at_closing": "roll"})
    assert keep.add(new_year - timedelta(hours=1), 3600) == new_year
    assert keep.add(new_year, 0) == new_year
    assert roll.add(new_year - timedelta(hours=1), 3600) == datetime(2026, 1, 7, 20, tzinfo=UTC)
    assert roll.add(new_year, 0) == datetime(2026, 1, 7, 20, tzinfo=UTC)
    over = WorkCalendar.from_dict(
        {**utc, "week": {"wed": [["20:00", "28:00"]]}, "at_closing": "roll"}
    )
    assert over.add(new_year - timedelta(hours=1), 3600) == new_year
    assert over.add(new_year + timedelta(hours=1), -3600) == new_year
    assert over.between(new_year - timedelta(days=1), new_year + timedelta(days=1)) == 8 * 3600


# Clock changes


def test_the_night_of_the_spring_change_is_an_hour_shorter() -> None:
    berlin = WorkCalendar.from_dict(
        {"tz": "Europe/Berlin", "week": {"sat": [["22:00", "30:00"]]}, "holidays": []}
    )
    start, end = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (28, 29))
    assert berlin.between(start, end) == 7 * 3600
    start, end = (datetime(2026, 10, day, 12, tzinfo=UTC) for day in (24, 25))
    assert berlin.between(start, end) == 9 * 3600


def test_hours_inside_a_gap_move_on_by_the_gap() -> None:
    los_angeles = {"tz": "America/Los_Angeles", "holidays": []}
    inside = WorkCalendar.from_dict({**los_angeles, "week": {"sun": [["02:15", "02:45"]]}})
    assert inside.opening_of(date(2026, 3, 8)) == datetime(2026, 3, 8, 10, 15, tzinfo=UTC)
    collapsed = WorkCalendar.from_dict({**los_angeles, "week": {"sun": [["02:30", "03:15"]]}})
    assert not collapsed.opens_on(date(2026, 3, 8))
    assert collapsed.opens_on(date(2026, 3, 15))
    assert collapsed.add_days(date(2026, 3, 1), 1) == date(2026, 3, 15)
    lines = collapsed.explain(datetime(2026, 3, 7, tzinfo=UTC), 60)
    assert Reason.CLOCK_CHANGE in {line.reason for line in lines}


def test_an_ambiguous_hour_takes_its_first_occurrence() -> None:
    calendar = WorkCalendar.from_dict(
        {"tz": "America/New_York", "week": {"sun": [["01:30", "03:00"]]}, "holidays": []}
    )
    assert calendar.opening_of(date(2026, 11, 1)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert calendar.closing_of(date(2026, 11, 1)) == datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def test_a_date_that_a_zone_left_out_is_no_working_day() -> None:
    # Samoa crossed the date line: after Thursday 29 December 2011 came Saturday the 31st.
    apia = WorkCalendar.from_dict(
        {"tz": "Pacific/Apia", "week": {day: [["09:00", "17:00"]] for day in DAYS}, "holidays": []}
    )
    assert not apia.opens_on(date(2011, 12, 30))
    assert apia.add_days(date(2011, 12, 29), 1) == date(2012, 1, 2)
    since, until = datetime(2011, 12, 29, tzinfo=UTC), datetime(2012, 1, 3, tzinfo=UTC)
    # The rest of Wednesday, Thursday, Monday and the first five hours of Tuesday.
    assert apia.between(since, until) == (3 + 8 + 8 + 5) * 3600


# Far away


def test_far_years_can_be_counted() -> None:
    calendar = office(holidays=[])
    # Jakarta's clocks stood seven minutes off the later zone then.
    jakarta = ZoneInfo("Asia/Jakarta")
    nine = datetime(1900, 1, 1, 9, tzinfo=jakarta)
    assert calendar.add(nine, 3600) == datetime(1900, 1, 1, 10, tzinfo=jakarta)
    assert calendar.add(nine, 8 * 3600) == datetime(1900, 1, 2, 9, tzinfo=jakarta)
    assert calendar.add_days(date(2199, 12, 31), 1) == date(2200, 1, 1)
    worked = calendar.between(wib("2100-01-01T00:00"), wib("2200-01-01T00:00"))
    assert worked == 26088 * 8 * 3600
    assert calendar.add(wib("2100-01-01T00:00"), worked) == wib("2199-12-31T16:00")
    assert calendar.add(wib("2200-01-01T00:00"), -worked) == wib("2100-01-01T08:00")


def test_a_count_that_leads_nowhere_is_refused() -> None:
    one_day = office(week={}, shifts={"2026-11-19": [["08:00", "16:00"]]})
    assert one_day.add(wib("2020-01-01T00:00"), 3600) == wib("2026-11-19T09:00")
    assert one_day.add(wib("2090-01-01T00:00"), -3600) == wib("2026-11-19T15:00")
    with pytest.raises(ValueError, match="no open interval after 2026"):
        one_day.add(wib("2026-11-19T15:00"), 2 * 3600)
    with pytest.raises(ValueError, match="no open interval before 2026"):
        one_day.add(wib("2026-11-19T09:00"), -2 * 3600)
    with pytest.raises(ValueError, match="no open interval after"):
        one_day.next_opening(wib("2026-11-19T16:00"))
    with pytest.raises(ValueError, match="no open interval after"):
        one_day.add_days(date(2026, 11, 19), 1)
    with pytest.raises(ValueError, match="1000 years"):
        office().add(wib("2026-11-19T09:00"), 10**15)
    with pytest.raises(ValueError, match="years 2 to 9998"):
        office().add(datetime(9998, 12, 31, 9, tzinfo=UTC), 86400 * 30)
    with pytest.raises(ValueError, match="years 2 to 9998"):
        office().is_open(datetime(1, 6, 1, tzinfo=UTC))


def test_a_rare_opening_is_found_across_decades() -> None:
    # Open on Mondays that are a 29th of February: 2088, and then not before 2128.
    every_day = [
        (date(2024, 1, 1) + timedelta(days=n)).strftime("%m-%d")
        for n in range(366)
        if n != date(2024, 2, 29).timetuple().tm_yday - 1
    ]
    calendar = office(week={"sun": [["08:00", "16:00"]]}, holidays_annual_mmdd=every_day)
    assert calendar.next_opening(wib("2088-03-01T00:00")) == wib("2128-02-29T08:00")


# The form


BROKEN = [
    ({"tz": None}, "tz"),
    ({"tz": "Asia/Bandung"}, "tz"),
    ({"tz": "Asia"}, "tz"),
    ({"tz": "../etc"}, "tz"),
    ({"tz": 7}, "tz"),
    ({"week": {}, "holidays": []}, "no open interval"),
    ({"week": {"mon": []}}, "no open interval"),
    ({"week": {"monday": [["08:00", "16:00"]]}}, "week.monday"),
    ({"week": {"mon": ["08:00", "16:00"]}}, "week.mon"),
    ({"week": {"mon": "08:00-16:00"}}, "week.mon"),
    ({"week": {"mon": [["08:00"]]}}, "week.mon"),
    ({"week": {"mon": [["8", "16:00"]]}}, "week.mon"),
    ({"week": {"mon": [["08:00", "16:60"]]}}, "week.mon"),
    ({"week": {"mon": [["08:00", "48:01"]]}}, "week.mon"),
    ({"week": {"mon": [["16:00", "08:00"]]}}, "week.mon"),
    ({"week": {"mon": [["08:00", "08:00"]]}}, "week.mon"),
    ({"week": {"mon": [[480, 960]]}}, "week.mon"),
    ({"week": [["08:00", "16:00"]]}, "week"),
    ({"holidays": ["25-12-2026"]}, "holidays"),
    ({"holidays": ["2026-02-30"]}, "holidays"),
    ({"holidays": ["2026-W01-1"]}, "holidays"),
    ({"holidays": "2026-12-25"}, "holidays"),
    ({"holidays": [20261225]}, "holidays"),
    ({"holidays": {"2026-12-25": 1}}, "holidays.2026-12-25"),
    ({"holidays_annual_mmdd": ["13-01"]}, "holidays_annual_mmdd"),
    ({"holidays_annual_mmdd": ["2026-12-25"]}, "holidays_annual_mmdd"),
    ({"shifts": {"tomorrow": [["08:00", "16:00"]]}}, "shifts"),
    ({"shifts": {"2026-11-19": [["16:00", "08:00"]]}}, "shifts.2026-11-19"),
    ({"breaks": {"2026-11-19": "12:00"}}, "breaks.2026-11-19"),
    ({"breaks": []}, "breaks"),
    ({"at_closing": "stay"}, "at_closing"),
    ({"at_closing": ["keep"]}, "at_closing"),
    ({"holiday": ["2026-12-25"]}, "holiday: unknown field, did you mean holidays"),
    ({"shift": {}}, "did you mean shifts"),
    ({"week": {"mon": {1, 2}}}, "calendar"),
]


@pytest.mark.parametrize(("change", "named"), BROKEN)
def test_a_wrong_form_names_its_field_in_one_sentence(change: dict[str, Any], named: str) -> None:
    with pytest.raises(CalendarError) as refused:
        office(**change)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_calendar_whose_every_date_is_taken_is_refused() -> None:
    only_then = {"2026-12-25": [["08:00", "16:00"]]}
    with pytest.raises(ValueError, match="no open interval"):
        office(week={}, shifts=only_then)
    with pytest.raises(ValueError, match="no open interval"):
        office(week={}, holidays=[], shifts=only_then, breaks={"2026-12-25": [["07:00", "17:00"]]})
    every_day = [(date(2024, 1, 1) + timedelta(days=n)).strftime("%m-%d") for n in range(366)]
    with pytest.raises(ValueError, match="no open interval"):
        office(holidays_annual_mmdd=every_day)
    with pytest.raises(ValueError, match="a table"):
        WorkCalendar.from_dict(["mon"])  # type: ignore[arg-type]


def test_dates_and_times_may_come_ready_made_from_toml() -> None:
    calendar = office(
        week={"thu": [[time(8), time(16)]]},
        holidays=[date(2026, 11, 26)],
        shifts={date(2026, 11, 20): [[time(8), "09:00"]]},
    )
    assert calendar.add_days(date(2026, 11, 19), 2) == date(2026, 12, 3)
    assert calendar.closing_of(date(2026, 11, 20)) == wib("2026-11-20T09:00")


def test_holidays_may_be_tables_with_a_name() -> None:
    calendar = office(holidays=[{"date": "2026-11-20", "name": "Hari Pelanggan"}])
    assert calendar.explain(wib("2026-11-20T09:00"), 60)[0].name == "Hari Pelanggan"


def test_equal_forms_are_one_calendar() -> None:
    first, second = office(), office()
    assert first is second
    assert first == second
    assert {first: "once"} == {second: "once"}
    assert first != office(at_closing="roll")
    assert first != "calendar"
    assert first.spec["tz"] == "Asia/Jakarta"
    first.spec["tz"] = "UTC"
    assert first.spec["tz"] == "Asia/Jakarta"
    assert pickle.loads(pickle.dumps(first)) == first
    assert copy.deepcopy(first) == first
    assert "Asia/Jakarta" in repr(first)
    with pytest.raises(AttributeError):
        first.at_closing = "roll"  # type: ignore[misc, assignment]


def test_years_without_a_table_of_holidays_are_told() -> None:
    assert office().years_without_holidays(2026, 2028) == [2028]
    assert office(holidays=[]).years_without_holidays(2026, 2028) == []


def test_threads_may_share_a_calendar() -> None:
    calendar = office(note="for threads")
    starts = [wib("1950-01-02T09:00") + timedelta(days=97 * n) for n in range(400)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda start: calendar.add(start, 90_000), starts))
    alone = office(note="for one thread")
    assert together == [alone.add(start, 90_000) for start in starts]


# How this deadline was calculated


def test_the_explanation_says_what_counted_and_what_was_skipped() -> None:
    lines = office().explain(wib("2026-12-24T14:00"), 5 * 3600)
    assert [(line.on.day, line.seconds, line.reason, line.name) for line in lines] == [
        (24, 7200, None, ""),
        (25, 0, Reason.HOLIDAY, "Hari Raya Natal"),
        (26, 0, Reason.WEEKLY, ""),
        (27, 0, Reason.WEEKLY, ""),
        (28, 10800, None, ""),
    ]
    assert lines[0].opened_at == wib("2026-12-24T14:00")
    assert lines[0].closed_at == wib("2026-12-24T16:00")
    assert lines[1].opened_at is None
    assert lines[-1].closed_at == wib("2026-12-28T11:00")


def test_the_explanation_names_shifts_breaks_and_late_arrivals() -> None:
    calendar = office(
        shifts={"2026-11-20": [["08:00", "10:00"]], "2026-11-23": []},
        breaks={"2026-11-24": [["09:00", "10:00"]], "2026-11-25": [["08:00", "16:00"]]},
    )
    lines = calendar.explain(wib("2026-11-19T17:00"), 10 * 3600)
    assert [(line.on.day, line.seconds, line.reason) for line in lines] == [
        (19, 0, Reason.OUTSIDE_HOURS),
        (20, 7200, Reason.SHIFT),
        (21, 0, Reason.WEEKLY),
        (22, 0, Reason.WEEKLY),
        (23, 0, Reason.SHIFT),
        (24, 3600, Reason.BREAK),
        (24, 6 * 3600, Reason.BREAK),
        (25, 0, Reason.BREAK),
        (26, 3600, None),
    ]


def test_the_way_back_is_explained_from_the_earlier_instant() -> None:
    lines = office().explain(wib("2026-11-20T09:00"), -2 * 3600)
    assert [(line.on.day, line.seconds) for line in lines] == [(19, 3600), (20, 3600)]


def test_an_evening_that_still_runs_is_part_of_the_explanation() -> None:
    night = office(week={day: [["22:00", "30:00"]] for day in DAYS}, holidays=[])
    lines = night.explain(wib("2026-11-20T01:00"), 3600)
    assert [(line.on.day, line.seconds) for line in lines] == [(19, 3600)]
