"""A duration counted from very many starts gives what `due_at` gives for each of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.bulk_due import bulk_due_for
from complaints.domain.worktime.durations import Counting, Unit, due_at
from complaints.domain.worktime.walltime import at_epoch, epoch_of
from tests.domain.worktime.test_properties import calendars

FIRST = datetime(2014, 1, 1, tzinfo=UTC)
starts = st.integers(0, 6 * 365 * 86400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
OFFICE = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu")}
ROUND_THE_CLOCK = {
    day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
}
NIGHT = {day: [["20:00", "29:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
#: Lord Howe moves its clocks by half an hour, Sao Paulo at midnight; Jakarta never.
ZONES = (
    "Asia/Jakarta",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
)


def due_or_not(count: Any, *given: Any, **more: Any) -> int | None:
    """What a count gives in epoch seconds, None where it refuses."""
    try:
        due = count(*given, **more)
    except (ValueError, OverflowError):
        return None
    return epoch_of(due) if isinstance(due, datetime) else due


@given(
    calendars,
    st.sampled_from(Unit),
    st.integers(0, 60),
    st.sampled_from([{}, {"end_of_day": True}, {"counting": Counting.DAY_AFTER_RECEIPT}]),
    st.lists(starts, min_size=1, max_size=8),
)
def test_every_start_is_due_when_due_at_says(
    calendar: WorkCalendar,
    unit: Unit,
    duration: int,
    terms: dict[str, Any],
    starts: list[datetime],
) -> None:
    due = bulk_due_for(calendar, duration, unit, **terms)
    # The same day again at other times, so that what was remembered is used.
    for start in [at + timedelta(hours=hour) for at in starts for hour in range(0, 30, 5)]:
        plain = due_or_not(due_at, calendar, start, duration, unit, **terms)
        assert due_or_not(due, epoch_of(start)) == plain, start


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at_closing", ["keep", "roll"])
@pytest.mark.parametrize("week", [OFFICE, ROUND_THE_CLOCK, NIGHT])
@pytest.mark.parametrize("unit", [Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY])
@pytest.mark.parametrize(
    "terms", [{}, {"end_of_day": True}, {"counting": "day_after_receipt"}], ids=str
)
def test_no_moment_around_a_clock_change_is_due_at_another_time(
    zone: str, at_closing: str, week: dict[str, Any], unit: Unit, terms: dict[str, Any]
) -> None:
    calendar = WorkCalendar.from_dict(
        {
            "tz": zone,
            "at_closing": at_closing,
            "week": week,
            "holidays": ["2011-11-07"],
            "shifts": {"2011-10-20": [["09:30", "11:00"]]},
        }
    )
    if "counting" in terms and unit.is_clock_time:
        return
    bulk = bulk_due_for(calendar, 3, unit, **terms)
    # Clocks changed in these weeks of 2011, and Apia left out the 30th of December.
    for begin in (datetime(2011, 10, 1, tzinfo=UTC), datetime(2011, 12, 24, tzinfo=UTC)):
        for step in range(0, 45 * 24 * 60, 97):
            start = begin + timedelta(minutes=step, seconds=step % 60)
            due = due_at(calendar, start, 3, unit, **terms)
            assert at_epoch(bulk(epoch_of(start))) == due, start


def test_what_cannot_be_dated_is_refused() -> None:
    calendar = WorkCalendar.from_dict({"tz": "UTC", "week": ROUND_THE_CLOCK})
    late = epoch_of(datetime(9999, 12, 31, 23, tzinfo=UTC))
    for unit in Unit:
        with pytest.raises(ValueError, match=r"."):
            bulk_due_for(calendar, 3_000_000, unit)(late)
