"""One local year of a calendar as sorted numbers, in which moments and worked time are looked up.

A year is asked for far more often than it is laid out, so what a look-up needs stands ready.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate, repeat
from operator import sub

from complaints.domain.worktime.walltime import DAY_SECONDS


@dataclass(frozen=True, slots=True)
class YearIndex:
    """The open intervals of one local year; years tile the time line from `begin` to `end`.

    These two are epoch seconds. All other seconds are counted from `begin`, because small numbers
    are quicker. An interval over New Year is cut in two there. The 0-th interval is empty and lies
    at `begin`, so that every moment has one at or before it; `starts` ends with the end of the
    year, so that one begins after it.

    `before[i]` is worked before the i-th interval, and `closed[i]` is what to subtract from a
    moment in it to get the seconds worked. A count forwards ends in it as long as less than
    `reach[i + 1]` is worked, which is where the calendar's convention on closing stands. `by_day`
    tells of each whole day of UTC, numbered from 1970, which interval begins first after its
    midnight, and that midnight. `days` are the ordinals of the dates that open.
    """

    year: int
    begin: int
    end: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    closed: list[int]
    reach: list[int]
    total: int
    by_day: dict[int, tuple[int, int]]
    days: list[int]

    @classmethod
    def of(
        cls,
        year: int,
        begin: int,
        end: int,
        opens: list[int],
        closes: list[int],
        days: list[int],
        *,
        keeps: bool,
    ) -> "YearIndex":
        """Index intervals in seconds after `begin`, which follow each other without touching.

        `keeps` says that a count which ends on closing stays there.
        """
        starts, ends = [0, *opens, end - begin], [0, *closes]
        before = [0, *accumulate(map(sub, ends, starts))]
        whole_days = range(-(-begin // DAY_SECONDS), end // DAY_SECONDS)
        midnights = [day * DAY_SECONDS - begin for day in whole_days]
        following = map(bisect_right, repeat(starts), midnights)
        return cls(
            year,
            begin,
            end,
            starts,
            ends,
            before,
            closed=list(map(sub, starts, before)),
            reach=[worked + 1 for worked in before] if keeps else before,
            total=before[-1],
            by_day=dict(zip(whole_days, zip(following, midnights, strict=True), strict=True)),
            days=days,
        )

    def worked_at(self, moment: int) -> int:
        """Working seconds of this year before `moment`."""
        moment -= self.begin
        index = bisect_right(self.starts, moment) - 1
        worked, most = moment - self.closed[index], self.before[index + 1]
        return worked if worked < most else most

    def early_moment(self, worked: int) -> int:
        """The first moment by which `worked` (1..total) seconds are worked; closing stays."""
        return self.begin + worked + self.closed[bisect_left(self.before, worked) - 1]

    def late_moment(self, worked: int) -> int:
        """The last moment by which `worked` (0..total-1) are worked; closing becomes opening."""
        return self.begin + worked + self.closed[bisect_right(self.before, worked) - 1]

    def is_open(self, moment: int) -> bool:
        """Whether a moment of this year lies in an interval, its closing excepted."""
        moment -= self.begin
        return moment < self.ends[bisect_right(self.starts, moment) - 1]

    def opening_from(self, moment: int) -> int | None:
        """The first open moment of this year at or after `moment`, None when there is none."""
        moment -= self.begin
        index = bisect_right(self.ends, moment)
        return self.begin + max(moment, self.starts[index]) if index < len(self.ends) else None

    def closes_at(self, moment: int) -> bool:
        """Whether an interval ends at this very moment."""
        moment -= self.begin
        index = bisect_left(self.ends, moment)
        return index < len(self.ends) and self.ends[index] == moment


#: Holds no moment at all.
NO_YEAR = YearIndex(0, 0, 0, [0], [0], [0], [0], [0], 0, {}, [])
