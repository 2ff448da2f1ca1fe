"""How likely an open promise is to be missed, by how long such complaints took so far.

A curve says of complaints of one kind in one step which part of them is not settled yet after so
much working time in that step. Who has been there for a while is compared with those who were
there as long: of 100 that lasted two days, how many were not settled by the date?
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: A curve of fewer settled complaints is not kept: it would say more than anybody knows.
LEAST_SETTLED = 30
#: So many have to have lasted as long as the one that is asked about.
LEAST_ALIKE = 20
#: Of a kind of which so many were settled lately, only what began lately is looked at: what is
#: older says less of today.
LATELY, ENOUGH = timedelta(days=90), 100


@dataclass(frozen=True, slots=True)
class Seen:
    """A promise in a step: when it began, how long it was seen there, whether it was settled."""

    began_at: datetime
    seconds: int
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """After each of `times` (working seconds, rising) the part that is not settled yet (`open`),
    and how many had lasted as long (`alike`); `settled` is how many were settled in all."""

    times: Sequence[int]
    open: Sequence[float]
    alike: Sequence[int]
    settled: int

    def open_after(self, seconds: int) -> float:
        """The part not settled after so long."""
        place = bisect_right(self.times, seconds)
        return self.open[place - 1] if place else 1.0

    def alike_at(self, seconds: int) -> int:
        """How many lasted so long at least, rather fewer than more."""
        place = bisect_left(self.times, seconds)
        return self.alike[place] if place < len(self.alike) else 0


@dataclass(frozen=True, slots=True)
class Risk:
    """The probability of missing a promise, and from how many settled complaints it is known."""

    share: float
    settled: int


def curve_keys(step: str, category: str | None, team: str | None) -> list[str]:
    """The groups a complaint belongs to, the narrowest first."""
    return [f"{step}/{category or ''}/{team or ''}", f"{step}/{category or ''}", step]


def looked_at(seen: Sequence[Seen], now: datetime) -> list[tuple[int, bool]]:
    """What a kind is judged by: what began lately where that is enough, else all of it."""
    lately = [each for each in seen if each.began_at >= now - LATELY]
    is_enough = sum(each.is_settled for each in lately) >= ENOUGH
    return [(each.seconds, each.is_settled) for each in (lately if is_enough else seen)]


def risk_of(
    curves: Mapping[str, Curve], keys: Sequence[str], stayed: int, left: int
) -> Risk | None:
    """The risk by the narrowest group that knows enough; None where none does.

    `stayed` is the working time spent in the step, `left` that until the promise falls due.
    """
    for key in keys:
        curve = curves.get(key)
        if curve is None or curve.settled < LEAST_SETTLED or curve.alike_at(stayed) < LEAST_ALIKE:
            continue
        still_open = curve.open_after(stayed)
        if still_open > 0:
            return Risk(curve.open_after(stayed + max(left, 0)) / still_open, curve.settled)
    return None
