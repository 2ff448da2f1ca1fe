"""The blocks of days that sums are kept for: days, thirds of a month, months and years.

Any period is put together from few of them: three years from some twenty. A block is one number, so
that a table can be asked for several at once: its level and its first day, as in 2_20261101 for
November 2026.
"""

from collections.abc import Iterator
from datetime import date, timedelta

DAY, THIRD, MONTH, YEAR = range(4)
_LEVEL = 100_000_000
_ONE_DAY = timedelta(days=1)


def blocks_of(day: date) -> tuple[int, int, int, int]:
    """The four blocks in which a day lies."""
    third = day.replace(day=1 if day.day <= 10 else 11 if day.day <= 20 else 21)
    begins = (day, third, day.replace(day=1), day.replace(month=1, day=1))
    return tuple(map(_block, range(4), begins))  # type: ignore[return-value]


def blocks_between(first: date, last: date) -> list[int]:
    """The fewest blocks that hold the days from the first to the last, and no other."""
    return [block for block, _ in _between(first, last)]


def blocks_by_month(first: date, last: date) -> dict[int, int]:
    """The fewest blocks of no more than a month → which month of the period, counted from 0."""
    found: dict[int, int] = {}
    for block, day in _between(first, last, MONTH):
        found[block] = (day.year - first.year) * 12 + day.month - first.month
    return found


def first_block(level: int) -> int:
    """A number below every block of this level, and above those of finer ones."""
    return level * _LEVEL


def _between(first: date, last: date, coarsest: int = YEAR) -> Iterator[tuple[int, date]]:
    day = first
    while day <= last:
        for level in range(coarsest, -1, -1):
            after = _after(level, day)
            if after is not None and after - _ONE_DAY <= last:
                yield _block(level, day), day
                day = after
                break


def _block(level: int, begins: date) -> int:
    return level * _LEVEL + begins.year * 10_000 + begins.month * 100 + begins.day


def _after(level: int, day: date) -> date | None:
    """The day after the block of this level that begins on the day; None where none does."""
    if level == DAY:
        return day + _ONE_DAY
    if level == THIRD and day.day in (1, 11):
        return day + timedelta(days=10)
    if (level == THIRD and day.day == 21) or (level == MONTH and day.day == 1):
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if level == YEAR and (day.month, day.day) == (1, 1):
        return day.replace(year=day.year + 1)
    return None
