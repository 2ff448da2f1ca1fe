"""Counting on the time line of epoch seconds: open time and open days, forwards and backwards.

Integers in and out: moments are epoch seconds, days are ordinals. Instants, dates and checks of
what people hand in belong to `worktime`.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime

from complaints.domain.worktime.calendar_form import AtClosing
from complaints.domain.worktime.opening import FIRST_YEAR, LAST_YEAR, Opening
from complaints.domain.worktime.walltime import DAY_SECONDS, wall_epoch
from complaints.domain.worktime.year_index import NO_YEAR, YearIndex

#: Farther than any promise; beyond it a count is a mistake and would only cost time.
_FARTHEST_YEARS = 1000
#: Of a year on the average, leap years counted.
_YEAR_SECONDS = 31_556_952


class TimeLine:
    """The open time of one calendar as a line on which seconds and days are counted.

    `keeps` says that a count which ends on an edge of the open time stays there.
    """

    __slots__ = ("_latest", "_opening", "keeps")

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.keeps = opening.form.at_closing is AtClosing.KEEP
        # The sheet used last: a sweep and a replay ask about the same year again and again.
        self._latest = NO_YEAR

    def sheet_at(self, moment: int) -> YearIndex:
        """The sheet that holds `moment`."""
        sheet = self._latest
        if sheet.begin <= moment < sheet.end:
            return sheet
        # A guess, at most a year off.
        year = 1970 + moment // _YEAR_SECONDS
        sheet = self._opening.year_index(min(max(year, FIRST_YEAR), LAST_YEAR))
        while moment < sheet.begin:
            sheet = self._opening.year_index(sheet.year - 1)
        while moment >= sheet.end:
            sheet = self._opening.year_index(sheet.year + 1)
        self._latest = sheet
        return sheet

    def add(self, day: int, second: int, seconds: int) -> int:
        """The moment `seconds` of open time after (before, if negative) a second of a day of UTC.

        Days are numbered from 1970. Every due time there is goes through here; that is why what
        `worked_at` says is written out once more.
        """
        if seconds <= 0:
            return self._not_after(day * DAY_SECONDS + second, seconds)
        sheet = self._latest
        try:
            index, midnight = sheet.by_day[day]
        except KeyError:
            # The day in which a year begins, or another year.
            sheet = self.sheet_at(day * DAY_SECONDS + second)
            midnight = day * DAY_SECONDS - sheet.begin
            index = bisect_right(sheet.starts, midnight + second)
        starts, closed, reach = sheet.starts, sheet.closed, sheet.reach
        moment = midnight + second
        while moment >= starts[index]:
            index += 1
        worked, most = moment - closed[index - 1], sheet.before[index]
        if worked > most:
            worked = most
        worked += seconds
        if worked >= sheet.total:
            return self._forward(sheet, worked)
        # Nearly every count ends in the year it began in, and not before the interval it began in.
        if worked >= reach[index]:
            index += 1
            if worked >= reach[index]:
                index = bisect_right(reach, worked, index)
        return sheet.begin + worked + closed[index - 1]

    def between(self, first: int, last: int) -> int:
        """Open seconds from `first` to `last`; 0 when `last` is not later."""
        if last <= first:
            return 0
        begin = self.sheet_at(first)
        if last < begin.end:
            return begin.worked_at(last) - begin.worked_at(first)
        end = self.sheet_at(last)
        whole_years = sum(self._opening.total(year) for year in range(begin.year, end.year))
        return whole_years + end.worked_at(last) - begin.worked_at(first)

    def opening_from(self, moment: int) -> int:
        """The first open moment at or after `moment`."""
        sheet = self.sheet_at(moment)
        opened = sheet.opening_from(moment)
        return self._first_opening_after(sheet) if opened is None else opened

    def day_of(self, moment: int, today: int) -> int:
        """The day whose hours hold the moment or close at it, else `today`, its local date."""
        closing_day = today
        for day in (today - 1, today):
            for opens, closes in self._opening.spans_on(day):
                if opens <= moment < closes:
                    return day
                if closes == moment:
                    closing_day = min(closing_day, day)
        return closing_day

    def nth_day(self, day: int, n: int) -> int:
        """The n-th day that opens after `day`, or before it for a negative `n`; not for zero."""
        try:
            home = sheet = self._opening.year_index(date.fromordinal(day).year)
        except (OverflowError, ValueError):
            raise ValueError("the date is too far away") from None
        days = sheet.days
        index = bisect_right(days, day) + n - 1 if n > 0 else bisect_left(days, day) + n
        while index >= len(days):
            index -= len(days)
            sheet = self._beyond(sheet, 1, home)
            days = sheet.days
        while index < 0:
            sheet = self._beyond(sheet, -1, home)
            days = sheet.days
            index += len(days)
        return days[index]

    def same_wall_time(self, opened: int, n: int) -> int:
        """The wall time of the open moment `opened`, `n` open days on, within that day's hours."""
        zone = self._opening.form.zone
        local = datetime.fromtimestamp(opened, zone)
        today = local.toordinal()
        day = self.day_of(opened, today)
        wall = local.hour * 3600 + local.minute * 60 + local.second + (today - day) * DAY_SECONDS
        target = self.nth_day(day, n)
        moment = wall_epoch(zone, target, wall)
        spans = self._opening.spans_on(target)
        for opens, closes in spans:
            if moment < closes:
                return max(moment, opens)
            if moment == closes:
                break
        else:
            moment = spans[-1][1]
        return moment if self.keeps else self.opening_from(moment)

    def _not_after(self, moment: int, seconds: int) -> int:
        """So many seconds back, or for none the first open moment from this one on."""
        home = self.sheet_at(moment)
        if seconds:
            return self._backward(home, home.worked_at(moment) + seconds)
        if self.keeps and self._closes_at(home, moment):
            return moment
        return self.opening_from(moment)

    def _forward(self, home: YearIndex, worked: int) -> int:
        sheet = home
        if self.keeps:
            while worked > sheet.total:
                worked -= sheet.total
                sheet = self._beyond(sheet, 1, home)
            return sheet.early_moment(worked)
        while worked >= sheet.total:
            worked -= sheet.total
            sheet = self._beyond(sheet, 1, home)
        return sheet.late_moment(worked)

    def _backward(self, home: YearIndex, worked: int) -> int:
        sheet = home
        if self.keeps:
            while worked < 0:
                sheet = self._beyond(sheet, -1, home)
                worked += sheet.total
            return sheet.late_moment(worked)
        while worked <= 0:
            sheet = self._beyond(sheet, -1, home)
            worked += sheet.total
        return sheet.early_moment(worked)

    def _beyond(self, sheet: YearIndex, step: int, home: YearIndex) -> YearIndex:
        if abs(sheet.year - home.year) > _FARTHEST_YEARS:
            raise ValueError(f"the result is more than {_FARTHEST_YEARS} years away")
        return self._opening.neighbour(sheet.year, step)

    def _first_opening_after(self, sheet: YearIndex) -> int:
        following = self._opening.neighbour(sheet.year, 1)
        return following.begin + following.starts[1]

    def _closes_at(self, sheet: YearIndex, moment: int) -> bool:
        if moment == sheet.begin and sheet.year > FIRST_YEAR:
            # A closing at the turn of the year stands on the sheet of the year it ends.
            sheet = self._opening.year_index(sheet.year - 1)
        return sheet.closes_at(moment)
