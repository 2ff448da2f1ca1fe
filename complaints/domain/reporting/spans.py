"""Lengths of time as the reports tell them apart: coarser the longer they are.

So the median of a hundred thousand is found from a few hundred counts, and is the same whoever
counts: page, file, and whoever recomputes it.
"""

from collections.abc import Mapping
from math import ceil

_MINUTE, _HOUR = 60, 3600
#: Up to this length → in steps of so many seconds; longer ones in whole hours.
_STEPS = ((10 * _HOUR, _MINUTE), (50 * _HOUR, 15 * _MINUTE))


def counted_span(seconds: int) -> int:
    """A length as it is counted: whole minutes up to ten hours, then quarters, then hours.

    What is over is left away, so that nothing is said to have taken longer than it did.
    """
    step = next((step for until, step in _STEPS if seconds < until), _HOUR)
    return seconds - seconds % step


def rank_in(counts: Mapping[int, int], share: float) -> int | None:
    """The smallest value that at least this share does not exceed, of values and how often each."""
    rank = ceil(share * sum(counts.values()))
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return value
    return None
