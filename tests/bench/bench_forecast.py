"""Whether the forecast of missed promises is true: on another organisation's cases, later in time.

`PYTHONPATH=. python tests/bench/bench_forecast.py FOLDER` reads the CSV files of Boston's 311
(opened, target, closed, type, queue). On each working day of the later months the curves are
estimated anew from what was known that morning, as the worker does; those open whose target lies
within the next five working days are asked about; and each forecast is held against what became of
the case. A case that waits for days is asked about on each of them. Printed are tenths of the
forecasts, from the lowest to the highest.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from complaints.domain.reporting.forecast import Seen, curve_keys, looked_at, risk_of
from complaints.domain.worktime import WorkCalendar
from complaints.learning.survival import estimate_all

ZONE = ZoneInfo("America/New_York")
FREE = (
    "2015-01-01 2015-01-19 2015-02-16 2015-04-20 2015-05-25 2015-09-07 2015-10-12 2015-11-11 "
    "2015-11-26 2015-12-25 2016-01-01 2016-01-18"
)
WEEK = {day: [["08:30", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = WorkCalendar.from_dict({"tz": ZONE.key, "week": WEEK, "holidays": FREE.split()})
#: Later than half of the year: what came before is only learned from.
FIRST, LAST = date(2015, 8, 3), date(2015, 12, 30)
AHEAD, MOST_APART = 5, 0.03


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the file."""

    opened: datetime
    due: datetime
    closed: datetime | None
    kind: str
    queue: str


def read_cases(folder: Path) -> list[Case]:
    """All cases with a target; what was closed before it was opened is left out."""

    def at(text: str) -> datetime | None:
        form = "%m/%d/%Y %I:%M:%S %p"
        return datetime.strptime(text, form).replace(tzinfo=ZONE) if text else None

    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                opened, due, closed = (
                    at(row[f"{each}_DT"]) for each in ("OPEN", "TARGET", "CLOSED")
                )
                if opened is None or due is None or due <= opened or (closed and closed < opened):
                    continue
                found.append(Case(opened, due, closed, row["TYPE"], row["QUEUE"]))
    return found


def asked(cases: Sequence[Case]) -> Iterator[tuple[float | None, bool]]:
    """Each forecast, None where nothing is known, and whether the target was missed."""
    day = FIRST
    while day <= LAST:
        now = datetime.combine(day, time(9), ZONE)
        day += timedelta(days=1)
        if not CALENDAR.is_open(now):
            continue
        until = datetime.combine(CALENDAR.add_days(now.date(), AHEAD), time(23, 59), ZONE)
        groups: dict[str, list[Seen]] = defaultdict(list)
        for case in cases:
            if case.opened < now:
                is_settled = case.closed is not None and case.closed <= now
                lasted = CALENDAR.between(case.opened, case.closed if is_settled else now)
                for key in curve_keys("open", case.kind, case.queue):
                    groups[key].append(Seen(case.opened, lasted, is_settled))
        curves = estimate_all({key: looked_at(seen, now) for key, seen in groups.items()})
        for case in cases:
            if case.opened < now < case.due <= until and not (case.closed and case.closed <= now):
                stayed, left = (
                    CALENDAR.between(case.opened, now),
                    CALENDAR.between(now, case.due),
                )
                risk = risk_of(curves, curve_keys("open", case.kind, case.queue), stayed, left)
                is_missed = case.closed is None or case.closed > case.due
                yield (risk.share if risk else None), is_missed


def tenths(found: Sequence[tuple[float, bool]]) -> list[tuple[int, float, float]]:
    """How many, the mean forecast and the share observed, in each tenth by the forecast."""
    ordered = sorted(found, key=lambda each: each[0])
    cuts = [round(len(ordered) * place / 10) for place in range(11)]
    parts = [ordered[begin:end] for begin, end in pairwise(cuts)]
    return [
        (
            len(part),
            sum(share for share, _ in part) / len(part),
            sum(is_missed for _, is_missed in part) / len(part),
        )
        for part in parts
        if part
    ]


def main() -> None:
    """Print the tenths; status 1 where one is further apart than it may be."""
    answers = list(asked(read_cases(Path(sys.argv[1]))))
    found = [(share, is_missed) for share, is_missed in answers if share is not None]
    print(f"forecasts: {len(found)}, not shown (too few settled): {len(answers) - len(found)}")
    print(f"{'tenth':>5} {'n':>6} {'forecast':>9} {'observed':>9} {'points':>7}")
    worst = 0.0
    for place, (count, share, observed) in enumerate(tenths(found), 1):
        worst = max(worst, abs(share - observed))
        points = (share - observed) * 100
        print(f"{place:>5} {count:>6} {share:>9.1%} {observed:>9.1%} {points:>+7.1f}")
    print(f"furthest apart: {worst * 100:.1f} points (at most {MOST_APART * 100:.0f})")
    sys.exit(worst > MOST_APART)


if __name__ == "__main__":
    main()
