"""Opening hours laid out on the time line: the open intervals of a date, year by year on demand.

A holiday closes its date, also where a shift is written for it; otherwise a shift replaces the
week's hours of its date; breaks cut out what they cover. Hours past midnight belong to the date
they start on, so a holiday does not close the night that began the evening before.
"""

from calendar import isleap
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import islice
from operator import lt
from threading import Lock

from complaints.domain.worktime.calendar_form import (
    AtClosing,
    CalendarError,
    CalendarForm,
    Hours,
    merged,
)
from complaints.domain.worktime.walltime import DAY_SECONDS, midnights_of, wall_epoch
from complaints.domain.worktime.year_index import YearIndex

#: A sheet needs the day before its year and the midnight after it.
FIRST_YEAR, LAST_YEAR = 2, 9998
#: Opening hours that come back weekly are never away for longer than this (the 29th of February
#: on one weekday, around a year like 2100, takes forty years).
_EMPTY_YEARS = 60
_KEPT_SHEETS = 40
_KEPT_DATES = 5000


class Reason(StrEnum):
    """Why a date is not worked, or not worked as in a plain week."""

    HOLIDAY = "holiday"
    WEEKLY = "weekly"
    SHIFT = "shift"
    BREAK = "break"
    CLOCK_CHANGE = "clock_change"
    OUTSIDE_HOURS = "outside_hours"


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
            midnights = midnights_of(self.form.zone, ordinal, ordinal + 3)
            spans = self._spans(ordinal, *midnights)
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
        midnights = midnights_of(self.form.zone, first - 1, last + 2)
        begin, end = midnights[1], midnights[last - first + 1]
        opens: list[int] = []
        closes: list[int] = []
        days: list[int] = []
        week, special = self.form.week, self._special_dates(year)
        dates = zip(range(first - 1, last), midnights, midnights[1:], midnights[2:], strict=False)
        for ordinal, midnight, next_midnight, third in dates:
            if ordinal in special or third - midnight != 2 * DAY_SECONDS:
                hours = self._spans(ordinal, midnight, next_midnight, third)
                offset = -begin
            else:
                hours, offset = week[(ordinal - 1) % 7], midnight - begin
            if hours:
                days.append(ordinal)
                for start, stop in hours:
                    opens.append(start + offset)
                    closes.append(stop + offset)
        if days and days[0] < first:
            del days[0]
        if not all(map(lt, closes, islice(opens, 1, None))):
            # A night runs into the next day's hours, or up to them.
            opens, closes = map(list, zip(*merged(zip(opens, closes, strict=True)), strict=True))
        _clip(opens, closes, end - begin)
        keeps = self.form.at_closing is AtClosing.KEEP
        return YearIndex.of(year, begin, end, opens, closes, days, keeps=keeps)

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


def _clip(opens: list[int], closes: list[int], end: int) -> None:
    """Leave of these intervals, which follow each other, what lies between 0 and `end`."""
    while closes and closes[0] <= 0:
        del opens[0], closes[0]
    while opens and opens[-1] >= end:
        del opens[-1], closes[-1]
    if opens:
        opens[0], closes[-1] = max(opens[0], 0), min(closes[-1], end)


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
