"""Working time: when an organisation is open, and counting in the seconds it is open.

`WorkCalendar` is the one place that adds and measures business time; "worktime" never means
anything else. Instants go in aware and come out in UTC with second precision. Policies, units and
deadlines live elsewhere.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from complaints.domain.worktime.calendar_form import (
    AtClosing,
    CalendarError,
    canonical_text,
    read_form,
)
from complaints.domain.worktime.explanation import Span, explain_lines
from complaints.domain.worktime.opening import Opening, Reason
from complaints.domain.worktime.timeline import TimeLine
from complaints.domain.worktime.walltime import EPOCH, at_epoch, epoch_of, naive

__all__ = ["CalendarError", "Reason", "Span", "WorkCalendar"]

#: What `epoch_of` and `at_epoch` do is written out where it is done most often.
_from_epoch = datetime.fromtimestamp


class WorkCalendar:
    """A calendar of working time; immutable, hashable and safe to share between threads.

    Make one with `from_dict`; equal forms give the same object, so laid-out years are shared.
    """

    __slots__ = ("_known_years", "_line", "_opening", "_text")

    def __init__(self, text: str) -> None:
        """Take the canonical text of a form; `from_dict` is for everybody else."""
        self._text = text
        self._opening = Opening(read_form(json.loads(text)))
        self._line = TimeLine(self._opening)
        self._known_years = {date.fromordinal(day).year for day in self._opening.form.holidays}

    @classmethod
    def from_dict(cls, spec: Mapping[str, Any]) -> "WorkCalendar":
        """Read the calendar form; CalendarError (a ValueError) names the field that is wrong.

        Fields: tz, week, holidays, holidays_annual_mmdd, shifts, breaks, at_closing ("keep" or
        "roll"). A holiday closes its date even where a shift is written for it. `label_id` and
        `label_en` name it; other fields are kept in `spec` and mean nothing here.
        """
        return _calendar_of(canonical_text(spec))

    @property
    def spec(self) -> dict[str, Any]:
        """The form this calendar was read from, as plain values; a new copy each time."""
        spec: dict[str, Any] = json.loads(self._text)
        return spec

    @property
    def label_id(self) -> str:
        """What the calendar is called in Indonesian; empty where it has no name."""
        return self._opening.form.label_id

    @property
    def label_en(self) -> str:
        """What the calendar is called in English; empty where it has no name."""
        return self._opening.form.label_en

    @property
    def holidays(self) -> dict[date, str]:
        """The dated holidays with their names, which may be empty, in order."""
        dated = sorted(self._opening.form.holidays.items())
        return {date.fromordinal(day): name for day, name in dated}

    @property
    def annual_holidays(self) -> dict[str, str]:
        """The holidays of every year as `MM-DD` with their names, in order."""
        annual = sorted(self._opening.form.annual.items())
        return {f"{month:02}-{day:02}": name for (month, day), name in annual}

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose wall clock the hours are written in."""
        return self._opening.form.zone

    @property
    def at_closing(self) -> AtClosing:
        """Where a due time goes that falls exactly on closing."""
        return self._opening.form.at_closing

    @property
    def line(self) -> TimeLine:
        """The same calendar in epoch seconds, for those who count very many times."""
        return self._line

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
        try:
            since = start - EPOCH
        except TypeError:
            raise naive(start) from None
        if type(seconds) is not int:
            seconds = _whole(seconds, "seconds")
        return _from_epoch(self._line.add(since.days, since.seconds, seconds), UTC)

    def between(self, since: datetime, until: datetime) -> int:
        """Working seconds from `since` to `until`; 0 when `until` is not later."""
        return self._line.between(epoch_of(since), epoch_of(until))

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in working time: from opening on, up to but not at closing."""
        moment = epoch_of(at)
        return self._line.sheet_at(moment).is_open(moment)

    def next_opening(self, at: datetime) -> datetime:
        """The first open moment at or after `at`, in UTC; `at` itself when open."""
        return at_epoch(self._line.opening_from(epoch_of(at)))

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
        today = at.astimezone(self.tz).toordinal()
        return date.fromordinal(self._line.day_of(epoch_of(at), today))

    def add_working_days(self, start: datetime, n: int) -> datetime:
        """The wall time of the first open moment at or after `start`, `n` working days on, in UTC.

        Where that date is not open at that time of day, it is the date's next opening or its last
        closing; a result on closing stays or goes on to the next opening as `at_closing` says.
        Night hours after midnight count as the late hours of the date they began on.
        """
        opened = self._line.opening_from(epoch_of(start))
        days = _whole(n, "days")
        return at_epoch(self._line.same_wall_time(opened, days) if days else opened)

    def add_days(self, on: date, n: int, rule: str = "working_days") -> date:
        """Return the date `n` days after `on` (before, for a negative `n`).

        "working_days" counts only dates that open and not `on` itself; zero days from a closed
        date is the next one that opens. "calendar_days_roll_forward" counts every date and moves a
        closed result to the next date that opens.
        """
        ordinal, days = _ordinal(on), _whole(n, "days")
        if rule == "calendar_days_roll_forward":
            ordinal, days = ordinal + days, 0
        elif rule != "working_days":
            raise ValueError(f"{rule!r} is neither 'working_days' nor 'calendar_days_roll_forward'")
        if days == 0:
            # The first day that opens after the day before is this one, if it opens.
            ordinal, days = ordinal - 1, 1
        return date.fromordinal(self._line.nth_day(ordinal, days))

    def years_without_holidays(self, first: int, last: int) -> list[int]:
        """Years of a range for which no dated holiday is written; counting there may be wrong.

        Empty for a calendar without any dated holiday: it does not promise to know them.
        """
        known = self._known_years
        return [year for year in range(first, last + 1) if known and year not in known]

    # Explaining

    def reason_on(self, on: date) -> tuple[Reason | None, str]:
        """Why a date differs from a plain working day, with the holiday's name if it has one."""
        return self._opening.reason_on(_ordinal(on))

    def explain(self, start: datetime, seconds: int) -> list[Span]:
        """The lines between `start` and `add(start, seconds)`, earliest first.

        The counted seconds sum up to `seconds`. Negative seconds explain the way back, from the
        earlier instant to `start`.
        """
        first, last = sorted((epoch_of(start), epoch_of(self.add(start, seconds))))
        return explain_lines(self._opening, first, last)


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
