"""When there are more complaints of a kind at a place than usual: a count against its own past."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# The count of a window of hours is held against the same hours of the same weekday in the weeks
# before. What a week brings varies more than chance alone would have it, and eight weeks say only
# roughly what is usual, so the tail is that of a negative binomial distribution:
#
# - with the prior of Jeffreys, the rate after k weeks with s complaints is a gamma distribution of
#   shape s + 1/2 and rate k; what the next window brings is then negative binomial, with mean
#   m = (s + 1/2) / k and size s + 1/2;
# - where the weeks differ among themselves by more than that (variance v > m), the size is
#   m² / (v - m) if that is smaller.
#
# It is a spike when the tail P(X ≥ count) lies below TAIL and the count is at least LEAST.

#: How long a window is, and how many weeks before it are looked at.
WINDOW = timedelta(hours=3)
WEEKS = 8
#: Fewer than these are never an alarm, however quiet the place usually is.
LEAST = 5
#: How improbable a count has to be. Measured on a year of calls to a city's service line, the year
#: itself and the year with its weeks shuffled (`tests/domain/incidents/test_spikes.py`).
TAIL = 1e-5
#: Without a window like it for so long, the next one is a new alarm.
QUIET = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Usual:
    """What the weeks before lead to expect: mean and size of the distribution."""

    mean: float
    size: float


def usual_of(counts: Sequence[int]) -> Usual:
    """What is usual after these counts, one for each week, nought included."""
    weeks = len(counts)
    total = sum(counts)
    mean = (total + 0.5) / weeks
    size = total + 0.5
    if weeks > 1:
        middle = total / weeks
        variance = sum((each - middle) ** 2 for each in counts) / (weeks - 1)
        if variance > mean:
            size = min(size, mean * mean / (variance - mean))
    return Usual(mean, size)


def tail_of(count: int, usual: Usual) -> float:
    """The probability of this count or a higher one, right to nine places."""
    if count <= 0:
        return 1.0
    size, chance = usual.size, usual.size / (usual.size + usual.mean)
    log_miss = math.log1p(-chance)
    # Added up from the count upward, where the terms soon vanish; 1 - sum would round to nought.
    term = math.exp(
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(chance)
        + count * log_miss
    )
    total, nth = 0.0, count
    while term > total * 1e-12 and nth < count + 10_000:
        total += term
        term *= (nth + size) / (nth + 1) * (1 - chance)
        nth += 1
    return min(total, 1.0)


def is_spike(count: int, before: Sequence[int]) -> bool:
    """Whether a count is more than chance, after the counts of the weeks before."""
    return count >= LEAST and bool(before) and tail_of(count, usual_of(before)) < TAIL


def windows_before(until: datetime, window: timedelta = WINDOW) -> list[tuple[datetime, datetime]]:
    """The same hours of the same weekday in the weeks before; the latest first."""
    return [
        (until - timedelta(weeks=week) - window, until - timedelta(weeks=week))
        for week in range(1, WEEKS + 1)
    ]
