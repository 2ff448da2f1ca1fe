"""One duration counted from very many starts: `due_at` in epoch seconds, remembered day by day.

What one moment of a day is due at, most others of the day are due at as much later as they are
later themselves. Where that is not so, because clocks change or hours differ, `due_at` is asked.

What is remembered is a number or two for each day that starts fall on, for as long as the count is
in use; keeping account of which was asked for last would cost more than the answer.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import Counting, Unit, due_at, seconds_in
from complaints.domain.worktime.walltime import (
    BLOCK_BITS,
    DAY_SECONDS,
    at_epoch,
    epoch_of,
    steady_offset,
)

#: From the start to the due time, both in epoch seconds; ValueError where no date can be given.
BulkDue = Callable[[int], int]

_LATEST = epoch_of(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


def bulk_due_for(
    calendar: WorkCalendar,
    duration: int | float,
    unit: Unit,
    *,
    end_of_day: bool = False,
    counting: str = Counting.FROM_FIRST_OPEN_MOMENT,
) -> BulkDue:
    """The same count as `due_at` with these terms."""

    def plainly(start: int) -> int:
        try:
            at = at_epoch(start)
            return epoch_of(
                due_at(calendar, at, duration, unit, end_of_day=end_of_day, counting=counting)
            )
        except OverflowError as error:
            raise ValueError(str(error)) from None

    if counting == Counting.DAY_AFTER_RECEIPT:
        return _calendar_days(calendar, plainly, end_of_day=True)
    if unit is Unit.WORKING_DAY:
        return _working_days(calendar, int(duration), plainly, end_of_day=end_of_day)
    if not unit.is_clock_time:
        return _calendar_days(calendar, plainly, end_of_day=end_of_day)
    if end_of_day:
        return plainly
    seconds = seconds_in(duration, unit)
    return _working_time(calendar, seconds) if unit.is_worktime else _clock_time(seconds)


def _clock_time(seconds: int) -> BulkDue:
    def due(start: int) -> int:
        if start + seconds > _LATEST:
            raise ValueError("the due time is too far away")
        return start + seconds

    return due


def _working_time(calendar: WorkCalendar, seconds: int) -> BulkDue:
    line = calendar.line

    def due(start: int) -> int:
        return line.add(*divmod(start, DAY_SECONDS), seconds)

    return due


def _working_days(
    calendar: WorkCalendar, days: int, plainly: BulkDue, *, end_of_day: bool
) -> BulkDue:
    """Counted piece by piece: a piece is an open interval, or what of it lies in one day of UTC."""
    line = calendar.line
    offset_of = cache(partial(steady_offset, calendar.tz))

    @cache
    def ahead_of(piece: int) -> int | None:
        """How far on a piece is due (with `end_of_day`, when), None if its moments differ."""
        sheet = line.sheet_at(piece)
        midnight = piece - piece % DAY_SECONDS + DAY_SECONDS
        closes = sheet.ends[bisect_right(sheet.ends, piece - sheet.begin)] + sheet.begin
        last = min(closes, midnight) - 1
        if end_of_day:
            due, last_due = plainly(piece), plainly(last)
            is_one_date = calendar.date_of(at_epoch(piece)) == calendar.date_of(at_epoch(last))
            return due if is_one_date and due == last_due else None
        if not days:
            return 0
        due, last_due = line.same_wall_time(piece, days), line.same_wall_time(last, days)
        is_even = (
            last_due - due == last - piece == line.between(due, last_due)
            and offset_of(piece >> BLOCK_BITS) is not None
            and offset_of(due >> BLOCK_BITS) is not None
        )
        return due - piece if is_even else None

    #: The year used last: where it begins, how long it is, and its intervals.
    latest: tuple[int, int, list[int], list[int]] = (0, 0, [], [])

    def due(start: int) -> int:
        nonlocal latest
        begin, length, starts, ends = latest
        if not 0 <= start - begin < length:
            year = line.sheet_at(start)
            begin, length, starts, ends = latest = (
                year.begin,
                year.end - year.begin,
                year.starts,
                year.ends,
            )
        index = bisect_right(ends, start - begin)
        if index == len(ends):
            return plainly(start)
        opens = begin + starts[index]
        opened = start if start > opens else opens
        midnight = opened - opened % DAY_SECONDS
        known = ahead_of(opens if opens > midnight else midnight)
        if known is None:
            return plainly(start)
        return known if end_of_day else opened + known

    return due


def _calendar_days(calendar: WorkCalendar, plainly: BulkDue, *, end_of_day: bool) -> BulkDue:
    """Counted by the local day: its moments are due at their own wall time of the same date."""
    offset_of = cache(partial(steady_offset, calendar.tz))

    @cache
    def ahead_of(day: int) -> int | None:
        """How far on a local day is due (with `end_of_day`, when), None where clocks change."""
        offset = offset_of(day * DAY_SECONDS >> BLOCK_BITS)
        if offset is None:
            return None
        midnight = day * DAY_SECONDS - offset
        due = plainly(midnight)
        if end_of_day:
            return due
        is_even = all(
            offset_of(each >> BLOCK_BITS) is not None for each in (due, due + DAY_SECONDS)
        )
        return due - midnight if is_even else None

    def due(start: int) -> int:
        offset = offset_of(start >> BLOCK_BITS)
        if offset is None:
            return plainly(start)
        known = ahead_of((start + offset) // DAY_SECONDS)
        if known is None:
            return plainly(start)
        return known if end_of_day else start + known

    return due
