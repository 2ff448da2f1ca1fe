"""From a start and a duration to the due time: the clock rules a policy may be written in.

Working units count the calendar's working time, calendar days, weeks and months step in local wall
time, hours and shorter run on in UTC. Pauses, states and rungs belong to the ledger, not here.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.walltime import DAY_SECONDS, at_epoch, epoch_of, wall_epoch


class Unit(StrEnum):
    """What a duration counts. "3 x 24 jam" is hours; "3 hari kerja" is working days."""

    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    WORKING_MINUTE = "working_minute"
    CALENDAR_DAY = "calendar_day"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def is_worktime(self) -> bool:
        """Whether the unit counts only time in which the calendar is open."""
        return self.value.startswith("working")

    @property
    def is_clock_time(self) -> bool:
        """Whether the unit is a length of time, which may be a fraction, not a count of dates."""
        return self in _SECONDS

    def in_office_hours(self) -> "Unit":
        """The unit a policy means whose hours and minutes count in office hours only."""
        return _OFFICE_HOURS.get(self, self)


class Counting(StrEnum):
    """Whether a count of days takes in the day of receipt.

    From the first open moment, working days keep that moment's wall time n days on. By the day
    after receipt, day 1 is the first day after the day of receipt, whatever the hour, and the
    count ends with the last day's closing: so laws count.
    """

    FROM_FIRST_OPEN_MOMENT = "from_first_open_moment"
    DAY_AFTER_RECEIPT = "day_after_receipt"


_OFFICE_HOURS = {
    Unit.HOUR: Unit.WORKING_HOUR,
    Unit.MINUTE: Unit.WORKING_MINUTE,
}
_SECONDS = {
    Unit.WORKING_HOUR: 3600,
    Unit.WORKING_MINUTE: 60,
    Unit.HOUR: 3600,
    Unit.MINUTE: 60,
    Unit.SECOND: 1,
}
_LAST_SECOND = DAY_SECONDS - 1
#: No promise to a customer is longer than ten years; what is, is a slip.
_LONGEST_YEARS = 10
_UNITS_A_YEAR = {
    Unit.WORKING_DAY: 366,
    Unit.CALENDAR_DAY: 366,
    Unit.WEEK: 53,
    Unit.MONTH: 12,
    Unit.WORKING_HOUR: 366 * 24,
    Unit.HOUR: 366 * 24,
    Unit.WORKING_MINUTE: 366 * 24 * 60,
    Unit.MINUTE: 366 * 24 * 60,
    Unit.SECOND: 366 * DAY_SECONDS,
}


def due_at(
    calendar: WorkCalendar,
    start: datetime,
    duration: int | float,
    unit: str,
    *,
    end_of_day: bool = False,
    counting: str = Counting.FROM_FIRST_OPEN_MOMENT,
) -> datetime:
    """Return the instant, in UTC, at which `duration` `unit`s from `start` are over.

    Working days keep the wall time of the first open moment at or after the start, n working days
    on. Where that date has no such open moment, the due time is the date's next opening, or its
    last closing, which `at_closing` then keeps or rolls on. Calendar days, weeks and months keep
    the local wall time, also on a closed date (as Boston's 311 does); a month that is too short
    ends on its last day. `end_of_day` moves the due time to the last closing of the date it falls
    on, whatever `at_closing` says, and to the last second of a date that stays closed.

    With `counting` by the day after receipt the local date of `start` is day 0, open or closed,
    and the due time is always the end of the last day.

    Hours and shorter may have fractions (3.6 hours). Raises ValueError for an unknown unit or
    counting, hours counted by the day after receipt, a negative or fractional duration and a naive
    start.
    """
    kind = unit if isinstance(unit, Unit) else _unit(unit)
    moment = epoch_of(start)
    if check_counting(counting, kind) is Counting.DAY_AFTER_RECEIPT:
        end_of_day = True
    if kind in _SECONDS:
        seconds = seconds_in(duration, kind)
        due = calendar.add(start, seconds) if kind.is_worktime else at_epoch(moment + seconds)
        return end_of_day_at(calendar, due) if end_of_day else due
    count = _count(duration)
    if kind is Unit.WORKING_DAY:
        if not end_of_day:
            return calendar.add_working_days(start, count)
        if counting == Counting.DAY_AFTER_RECEIPT:
            day = start.astimezone(calendar.tz).date()
        else:
            day = calendar.date_of(calendar.next_opening(start))
        return _end_of_day(calendar, calendar.add_days(day, count))
    return _calendar_step(calendar, start, count, kind, end_of_day=end_of_day)


def seconds_in(duration: int | float, unit: Unit) -> int:
    """The whole seconds of a length of time in hours, minutes or seconds."""
    if isinstance(duration, bool) or not 0 <= duration < float("inf"):
        raise ValueError(f"duration: {duration!r} is not a number, 0 or more")
    if isinstance(duration, int):
        return duration * _SECONDS[unit]
    # By its decimal text, 3.6 is exactly 18/5; as a binary float it is not.
    return round(Fraction(str(duration)) * _SECONDS[unit])


def check_length(duration: int | float, unit: Unit) -> None:
    """Raise ValueError for a rule of more than ten years; how many units that is, it says."""
    most = _LONGEST_YEARS * _UNITS_A_YEAR[unit]
    if duration > most:
        raise ValueError(f"duration: a rule grants at most ten years, which is {most} {unit}s")


def check_counting(name: str, unit: Unit) -> Counting:
    """The counting of this name; ValueError where it is unknown or the unit counts no days."""
    try:
        counting = Counting(name)
    except ValueError:
        raise ValueError(f"counting: {name!r} is not one of {', '.join(Counting)}") from None
    if counting is Counting.DAY_AFTER_RECEIPT and unit.is_clock_time:
        raise ValueError(f"counting: {name} counts days, and {unit} is a length of time")
    return counting


def end_of_day_at(calendar: WorkCalendar, due: datetime) -> datetime:
    """The last closing of the date that `due` falls on, or that date's last second if closed."""
    return _end_of_day(calendar, calendar.date_of(due))


def _unit(name: str) -> Unit:
    try:
        return Unit(name)
    except ValueError:
        raise ValueError(f"unit: {name!r} is not one of {', '.join(Unit)}") from None


def _count(duration: int | float) -> int:
    if isinstance(duration, float) and duration.is_integer():
        duration = int(duration)
    if not isinstance(duration, int) or isinstance(duration, bool) or duration < 0:
        raise ValueError(f"duration: {duration!r} is not a whole number, 0 or more")
    return duration


def _wall_of(local: datetime) -> int:
    """Seconds the wall clock shows after midnight."""
    return local.hour * 3600 + local.minute * 60 + local.second


def _calendar_step(
    calendar: WorkCalendar, start: datetime, count: int, unit: Unit, *, end_of_day: bool
) -> datetime:
    local = start.astimezone(calendar.tz)
    try:
        if unit is Unit.MONTH:
            target = _months_on(local.date(), count)
        else:
            target = local.date() + timedelta(days=count * (7 if unit is Unit.WEEK else 1))
    except (OverflowError, ValueError):
        raise ValueError(f"duration: {count} {unit}s is too far away") from None
    if end_of_day:
        return _end_of_day(calendar, target)
    if count == 0:
        return at_epoch(epoch_of(start))
    return at_epoch(wall_epoch(calendar.tz, target.toordinal(), _wall_of(local)))


def _months_on(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _end_of_day(calendar: WorkCalendar, day: date) -> datetime:
    closing = calendar.closing_of(day)
    if closing is not None:
        return closing
    return at_epoch(wall_epoch(calendar.tz, day.toordinal(), _LAST_SECOND))
