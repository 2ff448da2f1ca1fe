"""`python -m complaints.learning.survival`: how long complaints last, with those still open.

Reads `{"key": [[seconds, is_settled], …]}` from standard input and answers curves. It knows no
database, no key and no setting. What is still open, was withdrawn or passed on counts as far as it
was seen (censored): left out, only the quick ones would be left, and every forecast too good.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from scipy.stats import CensoredData, ecdf

from complaints.domain.reporting.forecast import LEAST_SETTLED, Curve

#: A point is kept where the part still open fell by so much of itself since the last one.
STEP = 0.01


def estimate(seen: Sequence[tuple[int, bool]]) -> Curve | None:
    """Kaplan and Meier's estimate of one group; None where too few were settled."""
    settled = [seconds for seconds, is_settled in seen if is_settled]
    if len(settled) < LEAST_SETTLED:
        return None
    lasting = [seconds for seconds, is_settled in seen if not is_settled]
    found = ecdf(CensoredData(uncensored=settled, right=lasting)).sf
    lengths = np.sort(np.array([*settled, *lasting]))
    times: list[int] = []
    shares: list[float] = []
    last = 1.0
    for time, share in zip(found.quantiles, found.probabilities, strict=True):
        if not times or share <= last * (1 - STEP) or time == found.quantiles[-1]:
            times.append(int(time))
            shares.append(round(float(share), 6))
            last = float(share)
    alike = len(lengths) - np.searchsorted(lengths, times, side="left")
    return Curve(times, shares, [int(each) for each in alike], len(settled))


def estimate_all(groups: Mapping[str, Sequence[tuple[int, bool]]]) -> dict[str, Curve]:
    """The curves of the groups that know enough."""
    found = ((key, estimate(seen)) for key, seen in groups.items())
    return {key: curve for key, curve in found if curve is not None}


def as_json(curve: Curve) -> dict[str, Any]:
    """A curve as it is kept."""
    return {
        "times": list(curve.times),
        "open": list(curve.open),
        "alike": list(curve.alike),
        "settled": curve.settled,
    }


def main() -> None:
    """Read, estimate, answer."""
    with suppress(OSError):
        os.nice(10)  # whoever answers a page goes first
    groups = json.load(sys.stdin)
    json.dump({key: as_json(each) for key, each in estimate_all(groups).items()}, sys.stdout)


if __name__ == "__main__":
    main()
