"""Shares kept on time: month after month, and side by side with how far chance may carry them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from complaints.documents.pictures.svg import Picture
from complaints.domain.reporting.intervals import share_interval
from complaints.queries.reports.rows import FEWEST_FOR_SHARE

#: Units of a sheet; text is eleven of them high, so that a phone shows it as it is.
WIDTH = 360.0
#: So many lines are set side by side.
MOST = 12
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 12.0, 14.0, 34.0


@dataclass(frozen=True, slots=True)
class Share:
    """`some` of `whole` were kept; `first` is the share by the date told first, None of nothing.

    `tip` says the figures in full, `href` leads to the list behind them.
    """

    words: str
    some: int
    whole: int
    tip: str
    href: str = ""
    first: float | None = None

    @property
    def part(self) -> float | None:
        """The share as a part of one; None where nothing was decided."""
        return self.some / self.whole if self.whole else None

    @property
    def is_small(self) -> bool:
        """Whether so few were decided that a share says little."""
        return self.whole < FEWEST_FOR_SHARE


def trend(
    months: Sequence[Share], title: str, target: float | None, target_words: str = ""
) -> Picture:
    """The share of each month as a line, that by the first date dashed, the target dotted.

    A month without a decision leaves a gap; one of few has a hollow mark.
    """
    height = 210.0
    picture = Picture(WIDTH, height, title)
    known = [each for each in (m.part for m in months) if each is not None]
    known += [m.first for m in months if m.first is not None]
    low = _floor(min([*known, target if target is not None else 1.0]))

    def across(at: int) -> float:
        room = WIDTH - _LEFT - _RIGHT
        return _LEFT + room * ((at + 0.5) / max(len(months), 1))

    def up(share: float) -> float:
        return _TOP + (height - _TOP - _BOTTOM) * (1 - (share - low) / (1 - low))

    _share_axis(picture, low, up)
    every = -(-len(months) // 6)
    for at, month in enumerate(months):
        if at % every == 0:
            picture.words(across(at), height - 16, month.words, "p-soft", "middle")
    if target is not None:
        picture.line(_LEFT, up(target), WIDTH - _RIGHT, up(target), "p-target")
        # Below its line: above it the line of 100 per cent may be.
        picture.words(WIDTH - _RIGHT, up(target) + 11, target_words, "p-soft", "end")
    firsts = [month.first for month in months]
    for run in _runs(firsts):
        picture.path([(across(at), up(share)) for at, share in run], "p-thin")
    for run in _runs([month.part for month in months]):
        picture.path([(across(at), up(share)) for at, share in run], "p-line")
    for at, month in enumerate(months):
        if month.part is not None:
            with picture.link(month.href, month.tip):
                # What a finger hits is larger than what an eye sees.
                picture.dot(across(at), up(month.part), 12, "p-touch")
                picture.dot(across(at), up(month.part), 4, "p-few" if month.is_small else "p-dot")
    return picture


def side_by_side(
    lines: Sequence[Share], title: str, target: float | None, left_out: str
) -> Picture:
    """The shares that most was decided for, as dots with their 95 % intervals, the best first.

    Lines of few are not ranked and not drawn; `left_out` says with a `%(count)s` how many lines
    stand in the table only.
    """
    large = sorted((each for each in lines if not each.is_small), key=lambda each: -each.whole)
    ranked = sorted(large[:MOST], key=lambda each: -(each.part or 0))
    others = sum(1 for each in lines if each.whole) - len(ranked)
    row = 38.0
    height = _TOP + row * len(ranked) + 22 + (18 if others else 0)
    picture = Picture(WIDTH, height, title)
    intervals = [share_interval(each.some, each.whole) for each in ranked]
    low = _floor(min([1.0, *(begin for begin, _ in intervals), *([target] if target else [])]))

    def across(share: float) -> float:
        return 8 + (WIDTH - 8 - 30) * (share - low) / (1 - low)

    foot = _TOP + row * len(ranked) + 6
    for at in range(3):
        share = low + (1 - low) * at / 2
        picture.line(across(share), _TOP, across(share), foot - 10, "p-grid")
        anchor = ("start", "middle", "middle")[at]
        picture.words(across(share), foot + 4, _percent(share), "p-soft", anchor)
    if target is not None:
        picture.line(across(target), _TOP, across(target), foot - 10, "p-target")
    for place, (each, (begin, end)) in enumerate(zip(ranked, intervals, strict=True)):
        y = _TOP + row * place + 12
        picture.words(8, y, each.words)
        with picture.link(each.href, each.tip):
            picture.rect(8, y + 3, WIDTH - 38, 16, "p-touch")
            picture.line(across(begin), y + 14, across(end), y + 14, "p-whisker")
            picture.dot(across(each.part or 0), y + 14, 4.5, "p-dot")
    if others:
        picture.words(8, height - 4, left_out % {"count": others}, "p-soft")
    return picture


def _share_axis(picture: Picture, low: float, up: Callable[[float], float]) -> None:
    steps = 5 if low == 0.5 else 4
    for at in range(steps + 1):
        share = low + (1 - low) * at / steps
        picture.line(_LEFT, up(share), WIDTH - _RIGHT, up(share), "p-grid")
        picture.words(_LEFT - 6, up(share) + 4, _percent(share), "p-soft", "end")


def _floor(lowest: float) -> float:
    """Where an axis of shares begins: at 0, 50 or 80 per cent, so that its steps are round."""
    return next((begin for begin in (0.8, 0.5) if lowest >= begin), 0.0)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The values that stand without a gap, each with its place."""
    runs: list[list[tuple[int, float]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [run for run in runs if run]
