"""When reports leave by email and what they cover: month ends, clocks that change, standstills."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.notices.report_mail import Rhythm, Schedule, leaves_at

JAKARTA = ZoneInfo("Asia/Jakarta")


def always(_: date) -> bool:
    return True


def on_weekdays(on: date) -> bool:
    return on.weekday() < 5


@pytest.mark.parametrize(
    ("day", "after", "leaves", "covers_to"),
    [
        # T76: the 31st is the last day of a month that has none.
        (31, "2026-01-31", "2026-02-28", "2026-01-31"),
        (31, "2026-02-28", "2026-03-31", "2026-02-28"),
        (30, "2026-01-30", "2026-02-28", "2026-01-31"),
        (29, "2027-12-29", "2028-01-29", "2027-12-31"),
        (29, "2028-01-29", "2028-02-29", "2028-01-31"),
        (31, "2026-03-31", "2026-04-30", "2026-03-31"),
        (1, "2026-12-01", "2027-01-01", "2026-12-31"),
    ],
)
def test_a_monthly_report_covers_the_month_before(day, after, leaves, covers_to):
    schedule = Schedule.of("monthly", day)
    found = schedule.next_after(date.fromisoformat(after), always)
    assert found == date.fromisoformat(leaves)
    assert schedule.covers_to(found) == date.fromisoformat(covers_to)


@pytest.mark.parametrize(
    ("day", "after", "leaves", "covers_to"),
    [
        (0, "2026-11-23", "2026-11-30", "2026-11-29"),
        (4, "2026-11-23", "2026-11-27", "2026-11-22"),
        (6, "2026-11-28", "2026-11-29", "2026-11-22"),
        (0, "2026-12-28", "2027-01-04", "2027-01-03"),
    ],
)
def test_a_weekly_report_covers_the_week_before_from_monday_to_sunday(
    day, after, leaves, covers_to
):
    schedule = Schedule.of("weekly", day)
    found = schedule.next_after(date.fromisoformat(after), always)
    assert found == date.fromisoformat(leaves)
    assert schedule.covers_to(found) == date.fromisoformat(covers_to)


def test_a_daily_report_leaves_when_the_office_opens_again():
    schedule = Schedule.of("daily", None)
    friday = date(2026, 11, 27)
    assert schedule.next_after(friday, on_weekdays) == date(2026, 11, 30)
    assert schedule.covers_to(date(2026, 11, 30)) == date(2026, 11, 29)


def test_where_no_day_is_ever_open_it_leaves_the_next_day():
    nobody = Schedule.of("daily", None).next_after(date(2026, 11, 27), lambda on: False)
    assert nobody == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("rhythm", "day", "chosen", "first", "from_on"),
    [
        # Of what is first sent the whole stretch is in it, however late in it somebody chose.
        ("daily", 0, "2026-11-26", "2026-11-27", "2026-11-26"),
        ("weekly", 4, "2026-11-24", "2026-11-27", "2026-11-16"),
        ("weekly", 0, "2026-11-24", "2026-11-30", "2026-11-23"),
        ("monthly", 1, "2026-11-24", "2026-12-01", "2026-11-01"),
        ("monthly", 28, "2026-11-24", "2026-11-28", "2026-10-01"),
    ],
)
def test_the_first_report_covers_a_whole_stretch(rhythm, day, chosen, first, from_on):
    schedule, on = Schedule.of(rhythm, day), date.fromisoformat(chosen)
    found = schedule.next_after(on, on_weekdays if rhythm == "daily" else always)
    assert found == date.fromisoformat(first)
    assert schedule.before_first(on, found) + timedelta(days=1) == date.fromisoformat(from_on)


@pytest.mark.parametrize(
    ("zone", "on", "utc"),
    [
        ("Asia/Jakarta", "2026-10-25", "2026-10-25T00:00"),
        # The last Sunday of October has 25 hours, that of March 23.
        ("Europe/London", "2026-10-24", "2026-10-24T06:00"),
        ("Europe/London", "2026-10-25", "2026-10-25T07:00"),
        ("Europe/London", "2026-03-29", "2026-03-29T06:00"),
        # In October 2018 the day itself began at one o'clock.
        ("America/Sao_Paulo", "2018-11-03", "2018-11-03T10:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T09:00"),
        ("America/Sao_Paulo", "2026-10-18", "2026-10-18T10:00"),
    ],
)
def test_it_leaves_at_seven_by_the_readers_wall_clock(zone, on, utc):
    day, tz = date.fromisoformat(on), ZoneInfo(zone)
    at = leaves_at(day, tz, day - timedelta(days=1), [tz])
    assert at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert at.astimezone(tz).hour == 7


def test_it_waits_until_its_last_day_is_over_in_every_branch():
    """At seven in Jakarta it is nine in the evening of the day before in São Paulo."""
    day, west = date(2026, 11, 2), ZoneInfo("America/Sao_Paulo")
    at = leaves_at(day, JAKARTA, date(2026, 11, 1), [JAKARTA, west])
    assert at == datetime(2026, 11, 2, 0, tzinfo=west)


@pytest.mark.parametrize(
    ("rhythm", "day"),
    [("hourly", None), ("weekly", 7), ("monthly", 0), ("monthly", 32), ("daily", 3)],
)
def test_what_there_is_not_is_refused(rhythm, day):
    with pytest.raises(Invalid):
        Schedule.of(rhythm, day)


def test_every_rhythm_has_a_first_day():
    assert [Schedule.of(each, None).day for each in Rhythm] == [0, 0, 1]
