"""Working time: when an organisation is open, and counting in the seconds it is open.

`WorkCalendar` is the one place that adds and measures business time; "worktime" never means
anything else. Instants go in aware and come out in UTC with second precision. Policies, units and
deadlines live elsewhere.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from complaints.domain.calendar_form import AtClosing, CalendarError, canonical_text, read_form
from complaints.domain.explanation import Span, explain_lines
from complaints.domain.opening import FIRST_YEAR, LAST_YEAR, NO_SHEET, Opening, Reason, YearSheet
from complaints.domain.walltime import DAY_SECONDS, EPOCH, at_epoch, epoch_of, naive

#: Farther than any promise; beyond it a count is a mistake and would only cost time.
_FARTHEST_YEARS = 1000

_instant = datetime.fromtimestamp

__all__ = ["CalendarError", "Reason", "Span", "WorkCalendar"]


class WorkCalendar:
    """A calendar of working time; immutable, hashable and safe to share between threads.

    Make one with `from_dict`; equal forms give the same object, so laid-out years are shared.
    """

    __slots__ = ("_keeps", "_latest", "_locate", "_opening", "_text")

    def __init__(self, text: str) -> None:
        """Take the canonical text of a form; `from_dict` is the door for everybody else."""
        form = read_form(json.loads(text))
        self._text = text
        self._opening = Opening(form)
        self._keeps = form.at_closing is AtClosing.KEEP
        # A count that ends between two intervals ends at one's closing or the next one's opening.
        self._locate: Callable[[list[int], int], int] = bisect_left if self._keeps else bisect_right
        # The sheet used last: a sweep and a replay ask about the same year again and again.
        self._latest = NO_SHEET

    @classmethod
    def from_dict(cls, spec: Mapping[str, Any]) -> "WorkCalendar":
        """Read the calendar form; CalendarError (a ValueError) names the field that is wrong.

        Fields: tz, week, holidays, holidays_annual_mmdd, shifts, breaks, at_closing ("keep" or
        "roll"). A holiday closes its date even where a shift is written for it. Other fields, such
        as a name, are kept in `spec` and mean nothing here.
        """
        return _calendar_of(canonical_text(spec))

    @property
    def spec(self) -> dict[str, Any]:
        """The form this calendar was read from, as plain values; a new copy each time."""
        spec: dict[str, Any] = json.loads(self._text)
        return spec

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose wall clock the hours are written in."""
        return self._opening.form.zone

    @property
    def at_closing(self) -> AtClosing:
        """Where a due time goes that falls exactly on closing."""
        return self._opening.form.at_closing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkCalendar) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[object, ...]:
        return WorkCalendar.from_dict, (self.spec,)

    def __repr__(self) -> str:
        return f"WorkCalendar.from_dict({self.spec!r})"

    # Counting seconds

    def add(self, start: datetime, seconds: int) -> datetime:
        """Return the instant, in UTC, by which `seconds` of working time have passed since `start`.

        Negative seconds count backwards. A result on the edge of the open time stays there under
        "keep" (closing forwards, opening backwards) and crosses to the other side under "roll".
        Zero seconds from a closed moment is the next opening. Raises ValueError for a naive start
        and when the calendar has no open time that far.
        """
        # The usual case, an addition that ends in the year it began in, is written out here: it is
        # `_forward` without its calls, which would double the time of a replay.
        try:
            since = start - EPOCH
        except TypeError:
            raise naive(start) from None
        moment = since.days * DAY_SECONDS + since.seconds
        sheet = self._latest
        if not sheet.begin <= moment < sheet.end:
            sheet = self._latest = self._sheet_at(moment, start.year)
        if seconds.__class__ is int and seconds > 0:
            closed, before = sheet.closed, sheet.before
            index = bisect_right(sheet.starts, moment)
            worked = moment - closed[index - 1]
            if worked > before[index]:
                worked = before[index]
            worked += seconds
            if worked < sheet.total:
                return _instant(worked + closed[self._locate(before, worked) - 1], UTC)
        return at_epoch(self._count(sheet, moment, _whole(seconds, "seconds")))

    def between(self, since: datetime, until: datetime) -> int:
        """Working seconds from `since` to `until`; 0 when `until` is not later."""
        first, last = epoch_of(since), epoch_of(until)
        if last <= first:
            return 0
        begin, end = self._sheet_at(first, since.year), self._sheet_at(last, until.year)
        if begin is end:
            return end.worked_at(last) - begin.worked_at(first)
        years = sum(self._opening.total(year) for year in range(begin.year, end.year))
        return years + end.worked_at(last) - begin.worked_at(first)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in working time: from opening on, up to but not at closing."""
        moment = epoch_of(at)
        sheet = self._sheet_at(moment, at.year)
        index = bisect_right(sheet.starts, moment) - 1
        return index >= 0 and moment < sheet.ends[index]

    def next_opening(self, at: datetime) -> datetime:
        """The first open moment at or after `at`, in UTC; `at` itself when open."""
        return at_epoch(self._opening_from(epoch_of(at)))

    # Counting dates

    def opens_on(self, on: date) -> bool:
        """Whether the date has working time of its own."""
        return bool(self._opening.spans_on(_ordinal(on)))

    def hours_on(self, on: date) -> list[tuple[datetime, datetime]]:
        """The open intervals that begin on the local date, in UTC; [] when it stays closed."""
        spans = self._opening.spans_on(_ordinal(on))
        return [(at_epoch(opens), at_epoch(closes)) for opens, closes in spans]

    def opening_of(self, on: date) -> datetime | None:
        """The first opening of the local date in UTC, None when it stays closed."""
        hours = self.hours_on(on)
        return hours[0][0] if hours else None

    def closing_of(self, on: date) -> datetime | None:
        """The last closing of the local date in UTC, None when it stays closed.

        It lies on the next date where hours run past midnight.
        """
        hours = self.hours_on(on)
        return hours[-1][1] if hours else None

    def date_of(self, at: datetime) -> date:
        """The date whose hours hold `at` or close at it; else simply the local date."""
        moment = epoch_of(at)
        today = at.astimezone(self.tz).toordinal()
        closing_day = today
        for ordinal in (today - 1, today):
            for opens, closes in self._opening.spans_on(ordinal):
                if opens <= moment < closes:
                    return date.fromordinal(ordinal)
                if closes == moment:
                    closing_day = min(closing_day, ordinal)
        return date.fromordinal(closing_day)

    def add_days(self, on: date, n: int, rule: str = "working_days") -> date:
        """Return the date `n` days after `on` (before, for a negative `n`).

        "working_days" counts only dates that open and not `on` itself; zero days from a closed
        date is the next one that opens. "calendar_days_roll_forward" counts every date and moves a
        closed result to the next date that opens.
        """
        ordinal, days = _ordinal(on), _whole(n, "days")
        if rule == "calendar_days_roll_forward":
            return self._nth_day(ordinal + days - 1, 1)
        if rule != "working_days":
            raise ValueError(f"{rule!r} is neither 'working_days' nor 'calendar_days_roll_forward'")
        if days == 0:
            return self._nth_day(ordinal - 1, 1)
        return self._nth_day(ordinal, days)

    def years_without_holidays(self, first: int, last: int) -> list[int]:
        """Years of a range for which no dated holiday is written; counting there may be wrong.

        Empty for a calendar without any dated holiday: it does not promise to know them.
        """
        known = {date.fromordinal(each).year for each in self._opening.form.holidays}
        return [year for year in range(first, last + 1) if known and year not in known]

    # Explaining

    def explain(self, start: datetime, seconds: int) -> list[Span]:
        """The lines between `start` and `add(start, seconds)`, earliest first.

        The counted seconds sum up to `seconds`. Negative seconds explain the way back, from the
        earlier instant to `start`.
        """
        first, last = sorted((epoch_of(start), epoch_of(self.add(start, seconds))))
        return explain_lines(self._opening, first, last)

    # On the time line

    def _sheet_at(self, moment: int, year: int | None = None) -> YearSheet:
        """The sheet that holds `moment`; `year` is a first guess, from any clock."""
        if year is None:
            year = at_epoch(moment).year
        sheet = self._opening.sheet(min(max(year, FIRST_YEAR), LAST_YEAR))
        while moment < sheet.begin:
            sheet = self._opening.sheet(sheet.year - 1)
        while moment >= sheet.end:
            sheet = self._opening.sheet(sheet.year + 1)
        return sheet

    def _count(self, sheet: YearSheet, moment: int, seconds: int) -> int:
        if seconds > 0:
            return self._forward(sheet, moment, seconds)
        if seconds < 0:
            return self._backward(sheet, moment, -seconds)
        if self._keeps and self._closes_at(moment):
            return moment
        return self._opening_from(moment)

    def _forward(self, home: YearSheet, moment: int, seconds: int) -> int:
        sheet, worked = home, home.worked_at(moment) + seconds
        if self._keeps:
            while worked > sheet.total:
                worked -= sheet.total
                sheet = self._beyond(sheet, 1, home)
            return sheet.early_moment(worked)
        while worked >= sheet.total:
            worked -= sheet.total
            sheet = self._beyond(sheet, 1, home)
        return sheet.late_moment(worked)

    def _backward(self, home: YearSheet, moment: int, seconds: int) -> int:
        sheet, worked = home, home.worked_at(moment) - seconds
        if self._keeps:
            while worked < 0:
                sheet = self._beyond(sheet, -1, home)
                worked += sheet.total
            return sheet.late_moment(worked)
        while worked <= 0:
            sheet = self._beyond(sheet, -1, home)
            worked += sheet.total
        return sheet.early_moment(worked)

    def _beyond(self, sheet: YearSheet, step: int, home: YearSheet) -> YearSheet:
        if abs(sheet.year - home.year) > _FARTHEST_YEARS:
            raise ValueError(f"the result is more than {_FARTHEST_YEARS} years away")
        return self._opening.neighbour(sheet.year, step)

    def _opening_from(self, moment: int) -> int:
        sheet = self._sheet_at(moment)
        index = bisect_right(sheet.ends, moment)
        if index < len(sheet.ends):
            return max(moment, sheet.starts[index])
        return self._opening.neighbour(sheet.year, 1).starts[1]

    def _closes_at(self, moment: int) -> bool:
        sheet = self._sheet_at(moment)
        if moment == sheet.begin and sheet.year > FIRST_YEAR:
            sheet = self._opening.sheet(sheet.year - 1)
        index = bisect_left(sheet.ends, moment)
        return index < len(sheet.ends) and sheet.ends[index] == moment

    def _nth_day(self, ordinal: int, n: int) -> date:
        """The n-th date that opens after `ordinal`, or before it for a negative `n`."""
        try:
            home = sheet = self._opening.sheet(date.fromordinal(ordinal).year)
        except (OverflowError, ValueError):
            raise ValueError("the date is too far away") from None
        days, step = sheet.days, 1 if n > 0 else -1
        index = bisect_right(days, ordinal) + n - 1 if n > 0 else bisect_left(days, ordinal) + n
        while not 0 <= index < len(days):
            if step > 0:
                index -= len(days)
            sheet = self._beyond(sheet, step, home)
            days = sheet.days
            if step < 0:
                index += len(days)
        return date.fromordinal(days[index])


@lru_cache(maxsize=256)
def _calendar_of(text: str) -> WorkCalendar:
    return WorkCalendar(text)


def _whole(value: object, what: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    # JSON and TOML may write 3600.0, which is a whole number too.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError(f"{what}: {value!r} is not a whole number")


def _ordinal(on: date) -> int:
    if isinstance(on, datetime):
        raise ValueError(f"{on!r} is an instant; give a date")
    return on.toordinal()
