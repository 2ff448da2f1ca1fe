"""How late timers fire, as a histogram: counts by upper bound in seconds, kept as plain JSON.

A bucket says "at most so late"; quantiles are therefore bounds and never flatter.
"""

from collections.abc import Mapping

#: Upper bounds in seconds; later than the last one is `BEYOND`.
BOUNDS = (0, 1, 2, 5, 10, 30, 60, 300, 3600)
BEYOND = "inf"
#: The names of all buckets, from punctual to very late.
BUCKETS = (*(str(bound) for bound in BOUNDS), BEYOND)
#: Where the sum of all seconds is kept, beside the buckets.
TOTAL_SECONDS = "sum"
#: Where the deadlines are counted whose row differed from its ledger when they were to fire.
CORRECTED = "corrected"


def bucket_of(seconds: int) -> str:
    """The bucket of something that came so many seconds late."""
    return next((str(bound) for bound in BOUNDS if seconds <= bound), BEYOND)


def add_lags(kept: Mapping[str, int], fresh: Mapping[int, int]) -> dict[str, int]:
    """The histogram with further firings in it; `fresh` is seconds late → how often."""
    lags = dict(kept)
    for seconds, count in fresh.items():
        bucket = bucket_of(seconds)
        lags[bucket] = lags.get(bucket, 0) + count
        lags[TOTAL_SECONDS] = lags.get(TOTAL_SECONDS, 0) + max(0, seconds) * count
    return lags


def count_of(lags: Mapping[str, int]) -> int:
    """How many firings the histogram holds."""
    return sum(lags.get(bucket, 0) for bucket in BUCKETS)


def up_to(lags: Mapping[str, int]) -> list[tuple[str, int]]:
    """Bucket → how many came at most so late, as Prometheus counts."""
    running, found = 0, []
    for bucket in BUCKETS:
        running += lags.get(bucket, 0)
        found.append((bucket, running))
    return found


def quantile(lags: Mapping[str, int], share: float) -> str | None:
    """The bucket within which this share of all firings came; None when there were none."""
    wanted = count_of(lags) * share
    if not wanted:
        return None
    return next(bucket for bucket, running in up_to(lags) if running >= wanted)
