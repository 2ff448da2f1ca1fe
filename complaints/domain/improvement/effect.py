"""Whether complaints of a kind are a smaller or larger share after something was done about them.

Two windows of equal length are compared, fixed by the day on which it was done: nobody chooses
the days that look best.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from complaints.domain.reporting.intervals import ratio_interval

#: Complaints of the kind in both windows together of which less than this says nothing.
FEWEST_CASES = 10
#: By how much the shares of complaints whose cause is known may differ, in parts of one.
KNOWN_APART = 0.1


class Judgement(StrEnum):
    """What may be said of the difference; the first four say why nothing is.

    `FEWER` and `MORE` speak of the share, or of the number a day; `OPPOSED` where share and number
    move in opposite directions.
    """

    NOT_OVER = "not_over"
    FEW = "few"
    UNKNOWN_APART = "unknown_apart"
    OPPOSED = "opposed"
    CHANCE = "chance"
    FEWER = "fewer"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Window:
    """Complaints of the kind received from one day to another, out of how many.

    `of` are complaints received whose place in the division is known, or days; `unknown` are those
    received that stand in no line of it yet.
    """

    from_on: date
    to_on: date
    cases: int
    of: int
    unknown: int = 0

    @property
    def known_share(self) -> float:
        """Which part of the complaints stands in a line of the division."""
        return self.of / (self.of + self.unknown) if self.of + self.unknown else 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """Both windows, what may be said, and how many times the share is that of before (95%)."""

    before: Window
    after: Window
    judgement: Judgement
    ratio: float | None = None
    low: float | None = None
    high: float | None = None


def windows(done_on: date, weeks: int) -> tuple[tuple[date, date], tuple[date, date]]:
    """The days before and after; the day itself belongs to neither."""
    days = timedelta(days=7 * weeks)
    one = timedelta(days=1)
    return (done_on - days, done_on - one), (done_on + one, done_on + days)


def judged_from(done_on: date, weeks: int) -> date:
    """The first day on which something may be said of its effect."""
    return windows(done_on, weeks)[1][1] + timedelta(days=1)


def evaluate(before: Window, after: Window, *, today: date) -> Effect:
    """What may be said: nothing before the days are over, of few, or where causes are missing."""
    if today <= after.to_on:
        return Effect(before, after, Judgement.NOT_OVER)
    if before.cases + after.cases < FEWEST_CASES or not (before.of and after.of):
        return Effect(before, after, Judgement.FEW)
    if abs(before.known_share - after.known_share) > KNOWN_APART:
        return Effect(before, after, Judgement.UNKNOWN_APART)
    low, high = ratio_interval(after.cases, after.of, before.cases, before.of)
    ratio = (after.cases / after.of) / (before.cases / before.of) if before.cases else None
    judgement = Judgement.CHANCE
    if high is not None and high < 1:
        judgement = Judgement.FEWER if after.cases <= before.cases else Judgement.OPPOSED
    elif low > 1:
        judgement = Judgement.MORE if after.cases >= before.cases else Judgement.OPPOSED
    return Effect(before, after, judgement, ratio, low, high)


def to_keep(effect: Effect) -> dict[str, Any]:
    """What the history keeps of the figures by which somebody judged."""
    return {
        "judgement": effect.judgement.value,
        **{
            name: {
                "from": each.from_on.isoformat(),
                "to": each.to_on.isoformat(),
                "cases": each.cases,
                "of": each.of,
                "unknown": each.unknown,
            }
            for name, each in (("before", effect.before), ("after", effect.after))
        },
        "ratio": [_rounded(each) for each in (effect.ratio, effect.low, effect.high)],
    }


def as_kept(found: Mapping[str, Any]) -> Effect:
    """The figures as the history keeps them."""
    before, after = (
        Window(
            date.fromisoformat(each["from"]),
            date.fromisoformat(each["to"]),
            each["cases"],
            each["of"],
            each["unknown"],
        )
        for each in (found["before"], found["after"])
    )
    return Effect(before, after, Judgement(found["judgement"]), *found["ratio"])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
