"""How fast working time is added and measured, against pandas' CustomBusinessHour in the same run.

Run it as ``python tests/bench/bench_worktime.py``; pandas is needed for this bench only.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from complaints.domain.worktime import WorkCalendar

ADDITIONS = 10_000
HOLIDAYS = ["2025-12-25", "2025-12-26", "2026-01-01", "2026-05-01", "2026-08-17", "2026-12-25"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def seconds_of(act: Callable[[], object]) -> float:
    """Wall seconds of one run of `act`."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> int:
    """Print the seconds of both, their ratio, and how many results are the same."""
    try:
        import pandas
    except ImportError:
        print("bench_worktime needs pandas: pip install -e '.[bench]' (nothing else does)")
        return 0
    dice = random.Random(7)
    starts = [
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(365 * 1440))
        for _ in range(ADDITIONS)
    ]
    hours = [dice.randint(1, 80) for _ in range(ADDITIONS)]

    # Made new for the measured run, so that laying out the years is part of our time.
    calendar = WorkCalendar.from_dict(
        {
            "tz": "UTC",
            "at_closing": "roll",
            "week": {day: [["08:00", "16:00"]] for day in WEEKDAYS},
            "holidays": HOLIDAYS,
            "note": f"bench {time.perf_counter_ns()}",
        }
    )
    # pandas gets its stamps and offsets ready-made; only the additions are measured.
    offsets = {
        n: pandas.offsets.CustomBusinessHour(n, start="08:00", end="16:00", holidays=HOLIDAYS)
        for n in set(hours)
    }
    stamps = [pandas.Timestamp(start) for start in starts]

    ours: list[datetime] = []
    theirs: list[datetime] = []
    our_seconds = seconds_of(
        lambda: ours.extend(
            calendar.add(start, n * 3600) for start, n in zip(starts, hours, strict=True)
        )
    )
    their_seconds = seconds_of(
        lambda: theirs.extend(stamp + offsets[n] for stamp, n in zip(stamps, hours, strict=True))
    )
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    print(f"{ADDITIONS} additions: ours {our_seconds:.4f} s, pandas {their_seconds:.4f} s")
    print(f"ratio pandas / ours: {their_seconds / our_seconds:.0f} (goal: at least 50)")
    print(f"same results: {same} of {ADDITIONS}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
