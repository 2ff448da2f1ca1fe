"""Opening hours laid out on the time line: the open intervals of a date, year by year on demand.

A holiday closes its date, also where a shift is written for it; otherwise a shift replaces the
week's hours of its date; breaks cut out what they cover. Hours past midnight belong to the date
they start on, so a holiday does not close the night that began the evening before.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from operator import sub
from threading import Lock
from zoneinfo import ZoneInfo

from complaints.domain.worktime.calendar_form import CalendarError, CalendarForm, Hours, merged
from complaints.domain.worktime.walltime import DAY_SECONDS, wall_epoch

#: A sheet needs the day before its year and the midnight after it.
FIRST_YEAR, LAST_YEAR = 2, 9998
#: Opening hours that come back weekly are never away for longer than this (the 29th of February
#: on one weekday, around a year like 2100, takes forty years).
_EMPTY_YEARS = 60
_KEPT_SHEETS = 40
_KEPT_DATES = 5000
_ONE_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why a date is not worked, or not worked as in a plain week."""

    HOLIDAY = "holiday"
    WEEKLY = "weekly"
    SHIFT = "shift"
    BREAK = "break"
    CLOCK_CHANGE = "clock_change"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True, slots=True)
class YearIndex:
    """The open intervals of one local year in epoch seconds; `before[i]` is worked before the i-th.

    `closed[i]` is what to subtract from a moment of the i-th interval to get the seconds worked,
    that is `starts[i] - before[i]`. Sheets tile the time line: an interval over New Year is cut at
    `begin` of the later year. The 0-th interval is empty and lies at `begin`, so that every moment
    has one at or before it. `days` are the ordinals of the dates that open.
    """

    year: int
    begin: int
    end: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    closed: list[int]
    total: int
    days: list[int]

    def worked_at(self, moment: int) -> int:
        """Working seconds of this year before `moment`."""
        index = bisect_right(self.starts, moment) - 1
        worked, most = moment - self.closed[index], self.before[index + 1]
        return worked if worked < most else most

    def early_moment(self, worked: int) -> int:
        """The first moment by which `worked` (1..total) seconds are worked; closing stays."""
        return worked + self.closed[bisect_left(self.before, worked) - 1]

    def late_moment(self, worked: int) -> int:
        """The last moment by which `worked` (0..total-1) are worked; closing becomes opening."""
        return worked + self.closed[bisect_right(self.before, worked) - 1]


#: Holds no moment at all.
NO_SHEET = YearIndex(0, 0, 0, [0], [0], [0], [0], 0, [])


class Opening:
    """Lays out a calendar form; sheets are made when first needed and safe to share by threads."""

    def __init__(self, form: CalendarForm) -> None:
        self.form = form
        self._sheets: dict[int, YearIndex] = {}
        self._totals: dict[int, int] = {}
        self._by_date: dict[int, Hours] = {}
        self._lock = Lock()
        self._dated_years: list[int] = []
        if not form.is_weekly:
            self._dated_years = self._years_of_shifts()
            if not self._dated_years:
                raise CalendarError("week: the calendar has no open interval at all")

    def _years_of_shifts(self) -> list[int]:
        years = {
            date.fromordinal(ordinal + after).year
            for ordinal in self.form.shifts
            for after in (0, 1)
        }
        return sorted(
            year for year in years if FIRST_YEAR <= year <= LAST_YEAR and self.total(year)
        )

    def hours_on(self, ordinal: int) -> Hours:
        """The date's hours in seconds after its midnight, before breaks."""
        form = self.form
        if ordinal in form.holidays or (form.annual and _month_day(ordinal) in form.annual):
            return ()
        shift = form.shifts.get(ordinal)
        return form.week[(ordinal - 1) % 7] if shift is None else shift

    def spans_on(self, ordinal: int) -> Hours:
        """The date's open intervals in epoch seconds, breaks cut out; () when it stays closed."""
        spans = self._by_date.get(ordinal)
        if spans is None:
            zone = self.form.zone
            spans = self._spans(ordinal, *(wall_epoch(zone, ordinal + n, 0) for n in range(3)))
            if len(self._by_date) >= _KEPT_DATES:
                # Starting again is cheaper than keeping count of which date was asked for when.
                self._by_date.clear()
            self._by_date[ordinal] = spans
        return spans

    def _spans(self, ordinal: int, midnight: int, next_midnight: int, third: int) -> Hours:
        hours = self.hours_on(ordinal)
        if not hours:
            return ()
        zone = self.form.zone
        if third - midnight == 2 * DAY_SECONDS and next_midnight - midnight == DAY_SECONDS:
            # No clock changes near: the wall time is as far from midnight as it says.
            spans = tuple((midnight + opens, midnight + closes) for opens, closes in hours)
        elif next_midnight <= midnight:
            # A zone that crosses the date line leaves out a date, and with it its hours.
            return ()
        else:
            spans = merged(
                (wall_epoch(zone, ordinal, opens), wall_epoch(zone, ordinal, closes))
                for opens, closes in hours
            )
        if self.form.breaks:
            for near in (ordinal - 1, ordinal, ordinal + 1):
                closed = self.form.breaks.get(near, ())
                spans = cut(
                    spans,
                    [
                        (wall_epoch(zone, near, begin), wall_epoch(zone, near, end))
                        for begin, end in closed
                    ],
                )
        return spans

    def reason_on(self, ordinal: int) -> tuple[Reason | None, str]:
        """Why the date differs from a plain working day, with the holiday's name if it has one."""
        form = self.form
        if ordinal in form.holidays:
            return Reason.HOLIDAY, form.holidays[ordinal]
        if form.annual and (name := form.annual.get(_month_day(ordinal))) is not None:
            return Reason.HOLIDAY, name
        if ordinal in form.breaks and self.hours_on(ordinal):
            return Reason.BREAK, ""
        if ordinal in form.shifts:
            return Reason.SHIFT, ""
        if not form.week[(ordinal - 1) % 7]:
            return Reason.WEEKLY, ""
        return (None, "") if self.spans_on(ordinal) else (Reason.CLOCK_CHANGE, "")

    def year_index(self, year: int) -> YearIndex:
        """The sheet of a local year; ValueError outside the years a calendar can count."""
        sheet = self._sheets.get(year)
        if sheet is not None:
            return sheet
        with self._lock:
            sheet = self._sheets.get(year)
            if sheet is None:
                sheet = self._lay_out(year)
                if len(self._sheets) >= _KEPT_SHEETS:
                    del self._sheets[next(iter(self._sheets))]
                self._sheets[year] = sheet
                self._totals[year] = sheet.total
            return sheet

    def _lay_out(self, year: int) -> YearIndex:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"the calendar counts the years {FIRST_YEAR} to {LAST_YEAR} only")
        first, last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        # The evening before the year may run into it.
        midnights = _midnights(self.form.zone, first - 1, last + 2)
        begin, end = midnights[1], midnights[last - first + 1]
        spans: list[tuple[int, int]] = []
        days: list[int] = []
        special = self._special_dates(year)
        for n, ordinal in enumerate(range(first - 1, last)):
            of_date: Sequence[tuple[int, int]]
            midnight, next_midnight, third = midnights[n : n + 3]
            if ordinal in special or third - midnight != 2 * DAY_SECONDS:
                of_date = self._spans(ordinal, midnight, next_midnight, third)
            else:
                hours = self.form.week[(ordinal - 1) % 7]
                of_date = [(midnight + opens, midnight + closes) for opens, closes in hours]
            if of_date:
                spans.extend(of_date)
                days.append(ordinal)
                self._by_date[ordinal] = tuple(of_date)
        if days and days[0] < first:
            del days[0]
        tiled = [
            (max(start, begin), min(stop, end))
            for start, stop in merged(spans)
            if stop > begin and start < end
        ]
        starts = [begin, *(start for start, _ in tiled)]
        ends = [begin, *(stop for _, stop in tiled)]
        before = [0, *accumulate(map(sub, ends, starts))]
        closed = list(map(sub, starts, before))
        return YearIndex(year, begin, end, starts, ends, before, closed, before[-1], days)

    def _special_dates(self, year: int) -> set[int]:
        """Dates around `year` that are not like their weekday."""
        form = self.form
        special = {*form.holidays, *form.shifts}
        for ordinal in form.breaks:
            special.update((ordinal - 1, ordinal, ordinal + 1))
        for month, day in form.annual:
            if (month, day) != (2, 29) or isleap(year):
                special.add(date(year, month, day).toordinal())
        # The last day of the year before stands on the sheet too.
        special.add(date(year, 1, 1).toordinal() - 1)
        return special

    def total(self, year: int) -> int:
        """Working seconds of a local year."""
        total = self._totals.get(year)
        return self.year_index(year).total if total is None else total

    def neighbour(self, year: int, step: int) -> YearIndex:
        """The nearest year with open time after (`step` 1) or before (-1) `year`, or ValueError."""
        if self._dated_years:
            beyond = [each for each in self._dated_years if (each - year) * step > 0]
            if beyond:
                return self.year_index(min(beyond) if step > 0 else max(beyond))
        else:
            for away in range(1, _EMPTY_YEARS + 1):
                sheet = self.year_index(year + away * step)
                if sheet.total:
                    return sheet
        raise ValueError(
            f"the calendar has no open interval {'after' if step > 0 else 'before'} {year}"
        )


def _midnights(zone: ZoneInfo, first: int, last: int) -> list[int]:
    """Epoch seconds of the midnights of the dates `first` up to, not including, `last`."""
    midnight = datetime.combine(date.fromordinal(first), time.min, zone)
    midnights = []
    for _ in range(first, last):
        midnights.append(int(midnight.timestamp()))
        # Adding a day to a zoned datetime moves its wall clock, not its instant.
        midnight += _ONE_DAY
    return midnights


def _month_day(ordinal: int) -> tuple[int, int]:
    on = date.fromordinal(ordinal)
    return on.month, on.day


def cut(spans: Hours, closed: Iterable[tuple[int, int]]) -> Hours:
    """What is left of `spans` outside the `closed` intervals."""
    for begin, end in closed:
        if begin < end:
            # Inside a daylight-saving gap an interval can turn round, and then covers nothing.
            pieces = [(start, min(stop, begin)) for start, stop in spans]
            pieces += [(max(start, end), stop) for start, stop in spans]
            spans = tuple(sorted((start, stop) for start, stop in pieces if start < stop))
    return spans
