"""One duration counted from very many starts: `due_at` in epoch seconds, remembered day by day.

What one moment of a day is due at, most others of the day are due at as much later as they are
later themselves. Where that is not so, because clocks change or hours differ, `due_at` is asked.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime

from complaints.domain.durations import Unit, due_at, seconds_in
from complaints.domain.memo import Memo
from complaints.domain.walltime import (
    DAY_SECONDS,
    EPOCH_ORDINAL,
    at_epoch,
    epoch_of,
    steady_midnight,
    steady_offset,
)
from complaints.domain.worktime import WorkCalendar

#: From the start to the due time, both in epoch seconds; ValueError where no date can be given.
Stride = Callable[[int], int]

_LATEST = epoch_of(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


def stride_of(
    calendar: WorkCalendar, duration: int | float, unit: Unit, *, end_of_day: bool = False
) -> Stride:
    """The same count as `due_at` with these terms."""

    def plainly(start: int) -> int:
        try:
            return epoch_of(
                due_at(calendar, at_epoch(start), duration, unit, end_of_day=end_of_day)
            )
        except OverflowError as error:
            raise ValueError(str(error)) from None

    if unit is Unit.WORKING_DAY:
        return _working_days(calendar, plainly, end_of_day=end_of_day)
    if not unit.is_clock_time:
        return _calendar_days(calendar, plainly, end_of_day=end_of_day)
    if end_of_day:
        return plainly
    seconds = seconds_in(duration, unit)
    return _working_time(calendar, seconds) if unit.is_worktime else _clock_time(seconds)


def _clock_time(seconds: int) -> Stride:
    def due(start: int) -> int:
        if start + seconds > _LATEST:
            raise ValueError("the due time is too far away")
        return start + seconds

    return due


def _working_time(calendar: WorkCalendar, seconds: int) -> Stride:
    line = calendar.line

    def due(start: int) -> int:
        return line.count(line.sheet_at(start), start, seconds)

    return due


def _working_days(calendar: WorkCalendar, plainly: Stride, *, end_of_day: bool) -> Stride:
    """Counted piece by piece: a piece is an open interval, or what of it lies in one day of UTC."""
    line, zone = calendar.line, calendar.tz

    def learn(piece: int) -> int | None:
        """How far on a piece is due (with `end_of_day`, when), None if its moments differ."""
        sheet = line.sheet_at(piece)
        midnight = piece - piece % DAY_SECONDS + DAY_SECONDS
        last = min(sheet.ends[bisect_right(sheet.ends, piece)], midnight) - 1
        due, last_due = plainly(piece), plainly(last)
        if end_of_day:
            is_one_date = calendar.date_of(at_epoch(piece)) == calendar.date_of(at_epoch(last))
            return due if is_one_date and due == last_due else None
        is_even = (
            last_due - due == last - piece == line.between(due, last_due)
            and steady_offset(zone, piece, last + 1) is not None
            and steady_offset(zone, due, last_due + 1) is not None
        )
        return due - piece if is_even else None

    pieces = Memo(learn)

    def due(start: int) -> int:
        sheet = line.sheet_at(start)
        index = bisect_right(sheet.ends, start)
        if index == len(sheet.ends):
            return plainly(start)
        opens = sheet.starts[index]
        opened = start if start > opens else opens
        midnight = opened - opened % DAY_SECONDS
        known = pieces[opens if opens > midnight else midnight]
        if known is None:
            return plainly(start)
        return known if end_of_day else opened + known

    return due


def _calendar_days(calendar: WorkCalendar, plainly: Stride, *, end_of_day: bool) -> Stride:
    """Counted by the local day: its moments are due at their own wall time of the same date."""
    zone = calendar.tz

    def learn_offset(day: int) -> int | None:
        return steady_offset(zone, day * DAY_SECONDS, (day + 1) * DAY_SECONDS)

    def learn(day: int) -> int | None:
        """How far on a local day is due (with `end_of_day`, when), None where a clock changes."""
        midnight = steady_midnight(zone, day)
        if midnight is None:
            return None
        due = plainly(midnight)
        if end_of_day:
            return due
        due_day = at_epoch(due).astimezone(zone).toordinal() - EPOCH_ORDINAL
        return due - midnight if steady_midnight(zone, due_day) == due else None

    offsets, days = Memo(learn_offset), Memo(learn)

    def due(start: int) -> int:
        offset = offsets[start // DAY_SECONDS]
        known = None if offset is None else days[(start + offset) // DAY_SECONDS]
        if known is None:
            return plainly(start)
        return known if end_of_day else start + known

    return due
