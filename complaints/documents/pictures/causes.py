"""Counts as bars: the largest first, with what they make up so far, or each in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.documents.pictures.shares import WIDTH
from complaints.documents.pictures.svg import Picture

#: So many lines are drawn; the others are one line together.
MOST = 8
_ROW = 36.0


@dataclass(frozen=True, slots=True)
class Bar:
    """`tip` says the figure in full, `href` leads to the list behind it."""

    words: str
    count: int
    tip: str
    href: str = ""


def pareto(bars: Sequence[Bar], title: str, others: str, so_far: str) -> Picture:
    """The largest first, whole numbers beside them; `so_far` is `%(share)s`, said with a number.

    Bars of equal count stay in the order in which they come: that of the table beside them.
    """
    ordered = sorted((bar for bar in bars if bar.count), key=lambda bar: -bar.count)
    shown, rest = ordered[:MOST], sum(bar.count for bar in ordered[MOST:])
    if rest:
        shown = [*shown, Bar(others, rest, f"{others}: {rest}")]
    picture = Picture(WIDTH, 6 + _ROW * len(shown), title)
    whole, seen = sum(bar.count for bar in shown), 0
    most = max((bar.count for bar in shown), default=1)
    for place, bar in enumerate(shown):
        seen += bar.count
        _draw(picture, place, bar, most)
        share = so_far % {"share": f"{seen / whole * 100:.0f}%"}
        picture.words(WIDTH - 4, _foot(place), share, "p-soft", "end")
    return picture


def in_order(bars: Sequence[Bar], title: str) -> Picture:
    """Each bar in its place, those of nought as well: what is in between belongs to the picture."""
    picture = Picture(WIDTH, 6 + _ROW * len(bars), title)
    most = max((bar.count for bar in bars), default=0) or 1
    for place, bar in enumerate(bars):
        _draw(picture, place, bar, most)
    return picture


def _draw(picture: Picture, place: int, bar: Bar, most: int) -> None:
    """A line of words and below it the bar with its count, which leads to its list."""
    y, room = 6 + _ROW * place, WIDTH - 130
    picture.words(8, y + 11, bar.words)
    with picture.link(bar.href, bar.tip):
        picture.rect(8, y + 16, room, 12, "p-track")
        picture.rect(8, y + 16, room * bar.count / most, 12, "p-bar")
        picture.words(16 + room, _foot(place), str(bar.count), "p-bold")


def _foot(place: int) -> float:
    """The base line of the words beside a bar."""
    return 6 + _ROW * place + 26
