"""When a report leaves by email, and which days it covers: whole days, weeks and months.

What was missed is made up for by one report over all the days that are missing.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from complaints.domain.errors import N_, Invalid

#: A report is there when its reader begins to work.
HOUR = time(7)
#: So far ahead a working day is looked for; where there is none, every day counts as one.
_FARTHEST = 366


class Rhythm(StrEnum):
    """How often a report comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rhythm and its day: of the week from 0 for Monday, of the month from 1; else 0.

    A month that is shorter sends on its last day.
    """

    rhythm: Rhythm
    day: int = 0

    @classmethod
    def of(cls, rhythm: str, day: int | None) -> "Schedule":
        """Raises Invalid for what there is not."""
        if rhythm not in set(Rhythm):
            raise Invalid(N_("Choose one of the ways."), field="rhythm")
        known = {Rhythm.DAILY: range(1), Rhythm.WEEKLY: range(7), Rhythm.MONTHLY: range(1, 32)}
        days = known[Rhythm(rhythm)]
        if day is None:
            day = days[0]
        if day not in days:
            raise Invalid(N_("Choose one of the days."), field="day")
        return cls(Rhythm(rhythm), day)

    def sends_on(self, on: date, is_open: Callable[[date], bool]) -> bool:
        """Whether a report leaves on this day."""
        if self.rhythm is Rhythm.DAILY:
            return is_open(on)
        if self.rhythm is Rhythm.WEEKLY:
            return on.weekday() == self.day
        return on.day == min(self.day, monthrange(on.year, on.month)[1])

    def next_after(self, on: date, is_open: Callable[[date], bool]) -> date:
        """The next day on which a report leaves."""
        days = (on + timedelta(days=ahead) for ahead in range(1, _FARTHEST))
        return next((day for day in days if self.sends_on(day, is_open)), on + timedelta(days=1))

    def covers_to(self, on: date) -> date:
        """The last day that a report leaving on this day covers: the end of a whole stretch."""
        if self.rhythm is Rhythm.DAILY:
            return on - timedelta(days=1)
        if self.rhythm is Rhythm.WEEKLY:
            return on - timedelta(days=on.weekday() + 1)
        return on.replace(day=1) - timedelta(days=1)

    def before_first(self, on: date, first: date) -> date:
        """The day before what the first report covers, chosen on `on` and leaving on `first`."""
        end = self.covers_to(first)
        if self.rhythm is Rhythm.DAILY:
            return on - timedelta(days=1)
        if self.rhythm is Rhythm.WEEKLY:
            return end - timedelta(days=7)
        return end.replace(day=1) - timedelta(days=1)


def leaves_at(on: date, tz: tzinfo, covers_to: date, zones: Iterable[tzinfo]) -> datetime:
    """When a report leaves: in the reader's morning, and nowhere before its last day is over."""
    ends = [_wall(covers_to + timedelta(days=1), time(), zone) for zone in zones]
    return max([_wall(on, HOUR, tz), *ends])


def _wall(on: date, at: time, tz: tzinfo) -> datetime:
    return datetime.combine(on, at, tz).astimezone(UTC)
