"""How fast working time is added, against pandas' CustomBusinessHour in the same run.

Run it as ``python tests/bench/bench_worktime.py``; pandas is needed for this bench only. Both sides
add the same lengths to the same instants one by one, as a system must when a complaint comes in;
pandas gets its stamps and offsets ready-made. It needs longer for longer additions and we do not,
so that the short ones are the fair question; they are asked first.

Then all additions at once, as numpy can: ours one by one still, numpy's in arrays that lie ready.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from complaints.domain.worktime import WorkCalendar

ADDITIONS = 10_000
PASSES = 7
GOAL = 50
#: Opening and closing, in seconds since midnight.
OPENS, CLOSES = 8 * 3600, 16 * 3600
HOLIDAYS = ["2025-12-25", "2025-12-26", "2026-01-01", "2026-05-01", "2026-08-17", "2026-12-25"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
#: What is added, from so many hours to so many, and the zone of calendar and starts.
CASES = ((1, 8, UTC), (1, 80, UTC), (1, 8, ZoneInfo("Asia/Jakarta")))


def seconds_of(act: Callable[[], object]) -> float:
    """Wall seconds of one run of `act`."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def new_calendar(zone: tzinfo) -> WorkCalendar:
    """The calendar, never used before, so that laying out its years is part of our time."""
    return WorkCalendar.from_dict(
        {
            "tz": str(zone),
            "at_closing": "roll",
            "week": {day: [["08:00", "16:00"]] for day in WEEKDAYS},
            "holidays": HOLIDAYS,
            "note": f"bench {time.perf_counter_ns()}",
        }
    )


def add_in_arrays(starts: Any, hours: Any) -> Any:
    """The same additions by numpy: seconds since 1970 and hours to seconds, in UTC."""
    import numpy

    days, within = starts // 86_400, starts % 86_400
    dates = days.astype("datetime64[D]")
    holidays = numpy.array(HOLIDAYS, dtype="datetime64[D]")
    is_working = numpy.is_busday(dates, holidays=holidays)
    done = numpy.where(is_working, numpy.clip(within - OPENS, 0, CLOSES - OPENS), 0)
    # What falls on a free day, or after closing, begins with the next working day.
    first = numpy.busday_offset(dates, 0, roll="forward", holidays=holidays)
    seconds = done + hours * 3600
    whole, rest = seconds // (CLOSES - OPENS), seconds % (CLOSES - OPENS)
    ends = numpy.busday_offset(first, whole, holidays=holidays)
    return ends.astype("int64") * 86_400 + OPENS + rest


def beside_numpy() -> None:
    """Print what an addition costs either side when ten thousand of them come together."""
    import numpy

    for least, most in ((1, 8), (1, 80)):
        dice = random.Random(7)
        starts = [
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(365 * 1440))
            for _ in range(ADDITIONS)
        ]
        hours = [dice.randint(least, most) for _ in range(ADDITIONS)]
        stamps = numpy.array([int(at.timestamp()) for at in starts])
        lengths = numpy.array(hours)
        times = []
        for _ in range(PASSES):
            calendar = new_calendar(UTC)
            began = time.perf_counter()
            ours = [calendar.add(at, n * 3600) for at, n in zip(starts, hours, strict=True)]
            between = time.perf_counter()
            theirs = add_in_arrays(stamps, lengths)
            times.append((between - began, time.perf_counter() - between))
        ratios = sorted(theirs_took / ours_took for ours_took, theirs_took in times)
        our_seconds, their_seconds = map(min, zip(*times, strict=True))
        same = sum(int(a.timestamp()) == b for a, b in zip(ours, theirs, strict=True))
        print(
            f"{least}-{most} h, UTC, all at once: ours {our_seconds / ADDITIONS * 1e6:.2f} us, "
            f"numpy {their_seconds / ADDITIONS * 1e6:.2f} us, ratio {median(ratios):.2f} "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f}), same results {same} of {ADDITIONS}"
        )


def main() -> int:
    """Print the microseconds of both, their ratio, and how many results are the same."""
    try:
        import pandas
    except ImportError:
        print("bench_worktime needs pandas: pip install -e '.[bench]' (nothing else does)")
        return 0
    for least, most, zone in CASES:
        dice = random.Random(7)
        starts = [
            datetime(2026, 1, 1, tzinfo=zone) + timedelta(minutes=dice.randrange(365 * 1440))
            for _ in range(ADDITIONS)
        ]
        hours = [dice.randint(least, most) for _ in range(ADDITIONS)]
        offsets = {
            n: pandas.offsets.CustomBusinessHour(n, start="08:00", end="16:00", holidays=HOLIDAYS)
            for n in set(hours)
        }
        stamps = [pandas.Timestamp(start) for start in starts]

        ours: list[datetime] = []
        theirs: list[datetime] = []

        def add_ours(
            found: list[datetime] = ours,
            starts: list[datetime] = starts,
            hours: list[int] = hours,
            zone: tzinfo = zone,
        ) -> None:
            calendar = new_calendar(zone)
            found[:] = [calendar.add(at, n * 3600) for at, n in zip(starts, hours, strict=True)]

        def add_theirs(
            found: list[datetime] = theirs,
            stamps: list[datetime] = stamps,
            hours: list[int] = hours,
            offsets: dict[int, timedelta] = offsets,
        ) -> None:
            found[:] = [at + offsets[n] for at, n in zip(stamps, hours, strict=True)]

        # They take turns, so that both meet the same machine.
        times = [(seconds_of(add_ours), seconds_of(add_theirs)) for _ in range(PASSES)]
        our_seconds, their_seconds = map(min, zip(*times, strict=True))
        same = sum(a == b for a, b in zip(ours, theirs, strict=True))
        print(
            f"{least}-{most} h, {zone}: ours {our_seconds / ADDITIONS * 1e6:.2f} us, "
            f"pandas {their_seconds / ADDITIONS * 1e6:.1f} us, "
            f"ratio {their_seconds / our_seconds:.0f} (goal: at least {GOAL}), "
            f"same results {same} of {ADDITIONS}"
        )
    beside_numpy()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
