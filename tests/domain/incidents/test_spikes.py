"""When a count is more than chance: held against its own weeks, and never a small one."""

from __future__ import annotations

import csv
import os
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.incidents.spikes import (
    LEAST,
    QUIET,
    WEEKS,
    WINDOW,
    Usual,
    is_spike,
    tail_of,
    usual_of,
    windows_before,
)

#: A year of calls to the service line of Boston in 2015: a folder of CSV files with OPEN_DT, TYPE
#: and neighborhood.
CALLS = os.environ.get("TANGGAP_YEAR_OF_CALLS", "")
STEP = timedelta(minutes=15)
BEGIN = datetime(2015, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "before", "spike"),
    [
        (12, [0, 1, 0, 2, 1, 0, 1, 0], True),
        (5, [0] * 8, True),
        (4, [0] * 8, False),
        (6, [1, 2, 1, 3, 2, 1, 2, 1], False),
        (40, [20, 22, 19, 25, 18, 21, 23, 20], False),
        (60, [20, 22, 19, 25, 18, 21, 23, 20], True),
        # A place where every other week brings many.
        (60, [5, 50, 4, 61, 6, 48, 5, 55], False),
        (12, [], False),
    ],
)
def test_what_is_a_spike(count: int, before: list[int], spike: bool):
    assert is_spike(count, before) is spike


def test_the_tail_is_that_of_the_negative_binomial_distribution():
    # As scipy.stats.nbinom.sf(9, 4.5, 4.5 / 6.5) has it.
    assert tail_of(10, Usual(2.0, 4.5)) == pytest.approx(0.00132717, rel=1e-4)
    assert tail_of(0, Usual(2.0, 4.5)) == 1.0
    assert tail_of(1, Usual(0.0625, 0.5)) == pytest.approx(1 - (0.5 / 0.5625) ** 0.5)


@given(
    count=st.integers(0, 400),
    before=st.lists(st.integers(0, 200), min_size=1, max_size=8),
)
def test_more_is_never_more_probable(count: int, before: list[int]):
    usual = usual_of(before)
    # Two sums, each right to nine places: near certainty the last digits are chance.
    assert 0 <= tail_of(count + 1, usual) <= tail_of(count, usual) + 1e-9
    assert tail_of(count, usual) <= 1


def test_a_summer_time_or_a_month_does_not_move_the_weekday():
    until = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)
    windows = windows_before(until)
    assert len(windows) == WEEKS
    assert {each[1].weekday() for each in windows} == {until.weekday()}
    assert {end - since for since, end in windows} == {WINDOW}


@pytest.mark.skipif(not CALLS, reason="TANGGAP_YEAR_OF_CALLS names no folder with a year of calls")
def test_a_year_of_calls_brings_few_alarms_and_hardly_a_false_one():
    """False is whatever is raised in the year with its weeks shuffled: there no week stands out."""
    shuffle = random.Random(7)
    real = false = 0
    for times in _calls().values():
        real += _alarms(times)
        begin = min(times)
        weeks = [(each - begin).days // 7 for each in times]
        mixed = [
            each + timedelta(weeks=shuffle.randrange(52) - week)
            for each, week in zip(times, weeks, strict=True)
        ]
        false += _alarms(mixed)
    assert 10 <= real <= 52
    assert false <= 2


def _calls() -> dict[tuple[str, str | None], list[datetime]]:
    found = defaultdict(list)
    for path in sorted(Path(CALLS).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                at = datetime.strptime(row["OPEN_DT"] + "Z", "%m/%d/%Y %I:%M:%S %p%z")
                for place in (row["neighborhood"], None):
                    found[(row["TYPE"], place)].append(at)
    assert found
    return found


def _alarms(times: Sequence[datetime]) -> int:
    """How many alarms a sweep every quarter of an hour raises."""
    times = sorted(times)
    first, last, alarms = times[0] + timedelta(weeks=WEEKS), None, 0

    def counted(since: datetime, until: datetime) -> int:
        return bisect_left(times, until) - bisect_left(times, since)

    for now in dict.fromkeys(each + (BEGIN - each) % STEP for each in times):
        count = counted(now - WINDOW, now)
        if now < first or count < LEAST:
            continue
        if is_spike(count, [counted(*window) for window in windows_before(now)]):
            alarms += last is None or now - last > QUIET
            last = now
    return alarms
