"""A year sheet laid out for adding: the same intervals, as lengths of time and found by the day.

Adding instants and lengths of time is several times quicker than turning them into numbers and
back. A ruler covers the whole days of UTC inside its year; a count that starts or ends elsewhere
belongs to the `TimeLine`, which gives the same results.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import repeat

from complaints.domain.worktime.opening import NO_SHEET, YearIndex
from complaints.domain.worktime.walltime import DAY_SECONDS

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Ruler:
    """The intervals of one year; lengths count from 1970, days of UTC are numbered from there.

    `next_of_day[n]` is the first interval that ends after day `first_day + n` has begun. The i-th
    interval ends at `ends[i]`, and `before[i]` is worked before it; the last one never ends and
    has no time in it. `closed[i]` is what to subtract from a moment in it to get the time worked.
    A count stays in it as long as less than `reach[i]` is worked, which is where the calendar's
    convention on closing stands.
    """

    first_day: int
    days: int
    next_of_day: list[int]
    ends: list[timedelta]
    before: list[timedelta]
    closed: list[timedelta]
    reach: list[timedelta]
    last_reach: timedelta

    @classmethod
    def of(cls, sheet: YearIndex, *, keeps: bool) -> "Ruler":
        """Lay out a sheet; `keeps` says that a count which ends on closing stays there."""
        first_day, end_day = -(-sheet.begin // DAY_SECONDS), sheet.end // DAY_SECONDS
        # The sheet begins with an empty interval, which is of no use here.
        ends, before = _lengths(sheet.ends[1:]), _lengths(sheet.before[1:])
        edge = _INSTANT if keeps else timedelta(0)
        reach = [worked + edge for worked in before[1:]]
        return cls(
            first_day=first_day,
            days=max(end_day - first_day, 0),
            next_of_day=[
                bisect_right(sheet.ends, day * DAY_SECONDS, 1) - 1
                for day in range(first_day, end_day)
            ],
            ends=[*ends, timedelta.max],
            before=before,
            closed=[*_lengths(sheet.closed[1:]), timedelta.max],
            reach=[*reach, timedelta.max],
            last_reach=reach[-1] if reach else timedelta(0),
        )


@lru_cache(maxsize=4096)
def length_of(seconds: int) -> timedelta:
    """So many seconds as a length of time; the same few are asked for again and again."""
    return timedelta(seconds=seconds)


def _lengths(seconds: list[int]) -> list[timedelta]:
    return list(map(timedelta, repeat(0), seconds))


#: Covers no day at all.
NO_RULER = Ruler.of(NO_SHEET, keeps=True)
