"""How times, durations, money and shares are said, in both languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.formatting import (
    say_clock,
    say_date,
    say_date_short,
    say_duration,
    say_duration_left,
    say_instant,
    say_instant_short,
    say_money,
    say_month,
    say_number,
    say_percent,
    say_span,
    weekday_names,
)
from tests.money import RINGGIT, RUPIAH

AT = datetime(2026, 11, 19, 7, 30, tzinfo=UTC)
JAKARTA, MAKASSAR, JAYAPURA = (
    ZoneInfo("Asia/Jakarta"),
    ZoneInfo("Asia/Makassar"),
    ZoneInfo("Asia/Jayapura"),
)


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (30, "kurang dari 1 menit kerja", "less than 1 working minute"),
        (4800, "1 jam 20 menit kerja", "1 h 20 min of working time"),
        (12_240, "3,4 jam kerja", "3.4 working hours"),
        (7200, "2 jam kerja", "2 working hours"),
        (int(16.8 * 28_800), "16,8 hari kerja", "16.8 working days"),
    ],
)
def test_spans_are_said_to_one_decimal(seconds: int, indonesian: str, english: str):
    assert (say_span(seconds), say_span(seconds, "en")) == (indonesian, english)


@pytest.mark.parametrize(
    ("zone", "lang", "said"),
    [
        (JAKARTA, "id", "Kamis, 19 November 2026, pukul 14.30 WIB"),
        (JAKARTA, "en", "Thursday, 19 November 2026, 14:30 WIB"),
        (MAKASSAR, "id", "Kamis, 19 November 2026, pukul 15.30 WITA"),
        (JAYAPURA, "id", "Kamis, 19 November 2026, pukul 16.30 WIT"),
        (ZoneInfo("America/New_York"), "en", "Thursday, 19 November 2026, 02:30 EST"),
        (ZoneInfo("Asia/Dubai"), "en", "Thursday, 19 November 2026, 11:30 UTC+04"),
    ],
)
def test_an_instant_is_said_with_its_zone(zone, lang, said):
    assert say_instant(AT, zone, lang) == said


def test_every_day_and_month_has_its_name_in_both_languages():
    days = [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]
    assert [say_date(day).split(",")[0] for day in days] == [
        *("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
    ]
    assert [say_date(day, "en").split(",")[0] for day in days] == [
        day.strftime("%A") for day in days
    ]
    months = [date(2026, month, 1) for month in range(1, 13)]
    assert [say_month(day, "en") for day in months] == [f"{day:%B} 2026" for day in months]
    assert [say_month(day) for day in months[:8:7]] == ["Januari 2026", "Agustus 2026"]


def test_a_week_begins_on_monday():
    assert weekday_names()[::6] == ["Senin", "Minggu"]
    assert weekday_names("en")[::6] == ["Monday", "Sunday"]


def test_tables_get_the_short_forms():
    assert say_instant_short(AT, JAKARTA) == "Kamis, 19 Nov, 14.30 WIB"
    assert say_instant_short(AT, JAKARTA, "en") == "Thursday, 19 Nov, 14:30 WIB"
    assert say_date_short(date(2026, 8, 3)) == "3 Agu 2026"
    assert say_date_short(date(2026, 8, 3), "en") == "3 Aug 2026"
    assert say_clock(AT, JAKARTA) == "14.30 WIB"


def test_the_local_date_counts_not_the_utc_one():
    late = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert say_instant(late, JAKARTA) == "Jumat, 1 Januari 2027, pukul 00.00 WIB"


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (3 * 3600, "3 jam kerja lagi", "3 working hours left"),
        (-2 * 3600, "terlambat 2 jam kerja", "2 working hours late"),
        (3600, "1 jam kerja lagi", "1 working hour left"),
        (4800, "1 jam 20 menit kerja lagi", "1 h 20 min of working time left"),
        (7199, "1 jam 59 menit kerja lagi", "1 h 59 min of working time left"),
        (60, "1 menit kerja lagi", "1 working minute left"),
        (59, "kurang dari 1 menit kerja lagi", "less than 1 working minute left"),
        (-1, "terlambat kurang dari 1 menit kerja", "less than 1 working minute late"),
        (0, "jatuh tempo sekarang", "due now"),
        (57_599, "15 jam kerja lagi", "15 working hours left"),
        (57_600, "2 hari kerja lagi", "2 working days left"),
    ],
)
def test_time_left_and_time_late(seconds, indonesian, english):
    assert say_duration_left(seconds) == indonesian
    assert say_duration_left(seconds, "en") == english


def test_clock_time_is_said_without_the_word_working():
    assert say_duration(3 * 3600, is_worktime=False) == "3 jam"
    assert say_duration(100_000, "en", is_worktime=False) == "27 hours"
    assert say_duration(172_800, is_worktime=False) == "2 hari"
    assert say_duration(30, "en", is_worktime=False) == "less than 1 minute"


def test_money_numbers_and_shares():
    assert say_money(1_250_000, RUPIAH) == "Rp1.250.000"
    assert say_money(1_250_000, RUPIAH, "en") == "Rp1,250,000"
    assert say_money(1_250_000, RINGGIT) == "RM1.250.000"
    assert say_money(-500, RUPIAH) == "-Rp500"
    assert say_number(1234567) == "1.234.567"
    assert say_percent(0.975) == "97,5%"
    assert say_percent(0.975, "en") == "97.5%"
    assert say_percent(1) == "100,0%"
    assert say_percent(None) == "–"
