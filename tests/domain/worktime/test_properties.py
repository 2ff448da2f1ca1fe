"""What holds for every calendar: random hours, zones and instants against the same time by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.worktime import WorkCalendar

ZONES = (
    "UTC",
    "Asia/Jakarta",
    "Asia/Jayapura",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Havana",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST = datetime(2014, 1, 1, tzinfo=UTC)

minutes = st.integers(0, 29 * 60)
dates = st.dates(date(2014, 1, 1), date(2019, 12, 31))
instants = st.integers(0, 6 * 365 * 86400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
turns_of_the_year = st.builds(
    lambda year, seconds: datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds),
    st.integers(2014, 2020),
    st.integers(-2 * 86400, 2 * 86400),
)
amounts = st.one_of(st.integers(0, 90_000), st.integers(0, 5_000_000))


def wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def hours(draw: st.DrawFn) -> list[list[str]]:
    pairs = draw(st.lists(st.tuples(minutes, minutes), max_size=3))
    return [[wall(min(pair)), wall(max(pair))] for pair in pairs if pair[0] != pair[1]]


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "tz": draw(st.sampled_from(ZONES)),
        "at_closing": draw(st.sampled_from(("keep", "roll"))),
        "week": {
            **{day: draw(hours()) for day in draw(st.sets(st.sampled_from(WEEKDAYS)))},
            # Every calendar opens again within days, so that there is something to count.
            "tue": [["08:00", "17:00"], *draw(hours())],
        },
        "holidays": [day.isoformat() for day in draw(st.lists(dates, max_size=5))],
        "holidays_annual_mmdd": draw(st.sampled_from(([], ["01-01", "12-25", "02-29"]))),
        "shifts": {day.isoformat(): draw(hours()) for day in draw(st.sets(dates, max_size=3))},
        "breaks": {day.isoformat(): draw(hours()) for day in draw(st.sets(dates, max_size=3))},
    }


calendars = specs().map(WorkCalendar.from_dict)


def is_open_by_hand(spec: dict[str, Any], at: datetime) -> bool:
    """Whether the form holds `at`, read word by word; only for zones without clock changes."""
    local = at.astimezone(ZoneInfo(spec["tz"])).replace(tzinfo=None)

    def within(intervals: list[list[str]], day: date) -> bool:
        midnight = datetime.combine(day, datetime.min.time())
        for opens, closes in intervals:
            begin, end = (
                midnight + timedelta(hours=int(text[:2]), minutes=int(text[3:]))
                for text in (opens, closes)
            )
            if begin <= local < end:
                return True
        return False

    days = [local.date() - timedelta(days=1), local.date()]
    if any(within(spec["breaks"].get(day.isoformat(), []), day) for day in days):
        return False
    for day in days:
        if day.isoformat() in spec["holidays"]:
            continue
        if day.strftime("%m-%d") in spec["holidays_annual_mmdd"]:
            continue
        weekly = spec["week"].get(WEEKDAYS[day.weekday()], [])
        if within(spec["shifts"].get(day.isoformat(), weekly), day):
            return True
    return False


@given(calendars, instants, amounts)
def test_the_seconds_between_start_and_due_are_the_seconds_added(
    calendar: WorkCalendar, start: datetime, seconds: int
) -> None:
    assert calendar.between(start, calendar.add(start, seconds)) == seconds
    assert calendar.between(calendar.add(start, -seconds), start) == seconds


@given(calendars, turns_of_the_year, st.integers(-40_000_000, 40_000_000), st.booleans())
def test_a_count_over_the_turn_of_the_year_is_the_same_from_any_clock(
    calendar: WorkCalendar, start: datetime, seconds: int, is_elsewhere: bool
) -> None:
    local = start.astimezone(ZoneInfo("America/New_York")) if is_elsewhere else start
    due = calendar.add(local, seconds)
    assert calendar.between(*sorted((local, due))) == abs(seconds)
    assert due == calendar.add(start, seconds)


@given(calendars, instants, amounts, amounts)
def test_more_time_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, less: int, more: int
) -> None:
    less, more = sorted((less, more))
    assert calendar.add(start, less) <= calendar.add(start, more)
    assert calendar.add(start, -more) <= calendar.add(start, -less)


@given(calendars, instants, instants, amounts)
def test_a_later_start_is_never_due_earlier(
    calendar: WorkCalendar, one: datetime, other: datetime, seconds: int
) -> None:
    earlier, later = sorted((one, other))
    assert calendar.add(earlier, seconds) <= calendar.add(later, seconds)


@given(calendars, instants, amounts, amounts)
def test_time_added_in_two_parts_is_due_at_the_same_instant(
    calendar: WorkCalendar, start: datetime, first: int, second: int
) -> None:
    whole = calendar.add(start, first + second)
    assert calendar.add(calendar.add(start, first), second) == whole


@given(calendars, instants, st.integers(1, 5_000_000))
def test_what_is_added_can_be_taken_back(
    calendar: WorkCalendar, start: datetime, seconds: int
) -> None:
    back = calendar.add(calendar.add(start, seconds), -seconds)
    # A start in closed time comes back to an edge of it: no working time lies between the two.
    assert calendar.between(min(back, start), max(back, start)) == 0


@given(calendars, instants, instants, instants)
def test_time_between_adds_up(
    calendar: WorkCalendar, one: datetime, two: datetime, three: datetime
) -> None:
    one, two, three = sorted((one, two, three))
    whole = calendar.between(one, three)
    assert calendar.between(one, two) + calendar.between(two, three) == whole
    assert whole <= (three - one).total_seconds()


@given(calendars, instants)
def test_the_next_opening_is_the_first_open_moment(calendar: WorkCalendar, at: datetime) -> None:
    opening = calendar.next_opening(at)
    assert opening >= at
    assert calendar.is_open(opening)
    assert calendar.between(at, opening) == 0
    assert calendar.opens_on(calendar.date_of(opening))


@given(calendars, instants, st.integers(1, 100_000))
def test_rolled_results_are_open_and_kept_results_are_the_end_of_open_time(
    calendar: WorkCalendar, start: datetime, seconds: int
) -> None:
    due = calendar.add(start, seconds)
    if calendar.at_closing == "roll":
        assert calendar.is_open(due)
    else:
        assert calendar.is_open(due - timedelta(seconds=1))


@given(calendars, dates, st.integers(-60, 60))
def test_working_days_are_counted_one_by_one(calendar: WorkCalendar, day: date, count: int) -> None:
    step, left, expected = (1 if count >= 0 else -1), abs(count), day
    while left or not calendar.opens_on(expected):
        expected += timedelta(days=step)
        left -= calendar.opens_on(expected) and left > 0
    assert calendar.add_days(day, count) == expected


@given(calendars, instants, st.integers(-200_000, 200_000))
def test_the_explanation_accounts_for_every_second(
    calendar: WorkCalendar, start: datetime, seconds: int
) -> None:
    due = calendar.add(start, seconds)
    lines = calendar.explain(start, seconds)
    counted = [line for line in lines if line.opened_at and line.closed_at]
    assert sum(line.seconds for line in lines) == abs(seconds)
    for line in counted:
        assert line.opened_at is not None
        assert line.closed_at is not None
        assert min(start, due) <= line.opened_at < line.closed_at <= max(start, due)
        assert (line.closed_at - line.opened_at).total_seconds() == line.seconds
    assert all(line.reason for line in lines if not line.seconds)


@given(specs(), st.lists(instants, min_size=1, max_size=20))
def test_open_is_what_the_form_says(spec: dict[str, Any], moments: list[datetime]) -> None:
    fixed = {**spec, "tz": "Asia/Jayapura"}
    calendar = WorkCalendar.from_dict(fixed)
    for at in moments:
        assert calendar.is_open(at) == is_open_by_hand(fixed, at)


@given(calendars, dates)
def test_the_hours_of_a_date_are_open_and_its_closing_is_not_earlier(
    calendar: WorkCalendar, day: date
) -> None:
    hours = calendar.hours_on(day)
    assert bool(hours) == calendar.opens_on(day)
    for opens, closes in hours:
        assert opens < closes
        assert calendar.is_open(opens)
        assert calendar.is_open(closes - timedelta(seconds=1))
        assert calendar.between(opens, closes) == (closes - opens).total_seconds()
    assert (calendar.opening_of(day), calendar.closing_of(day)) == (
        (hours[0][0], hours[-1][1]) if hours else (None, None)
    )
