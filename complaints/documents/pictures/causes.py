"""Where most was missed: bars in falling order, with the share of all that they make up so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.documents.pictures.shares import WIDTH
from complaints.documents.pictures.svg import Picture

#: So many lines are drawn; the others are one line together.
MOST = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """`tip` says the figure in full, `href` leads to the list behind it."""

    words: str
    count: int
    tip: str
    href: str = ""


def pareto(bars: Sequence[Bar], title: str, others: str, so_far: str) -> Picture:
    """The largest first, whole numbers beside them; `so_far` is `%(share)s`, said with a number."""
    ordered = sorted((bar for bar in bars if bar.count), key=lambda bar: (-bar.count, bar.words))
    shown, rest = ordered[:MOST], sum(bar.count for bar in ordered[MOST:])
    if rest:
        shown = [*shown, Bar(others, rest, f"{others}: {rest}")]
    row = 36.0
    picture = Picture(WIDTH, 6 + row * len(shown), title)
    whole = sum(bar.count for bar in shown)
    most = max((bar.count for bar in shown), default=1)
    room, seen = WIDTH - 130, 0
    for place, bar in enumerate(shown):
        y = 6 + row * place
        seen += bar.count
        picture.words(8, y + 11, bar.words)
        with picture.link(bar.href, bar.tip):
            picture.rect(8, y + 16, room, 12, "p-track")
            picture.rect(8, y + 16, room * bar.count / most, 12, "p-bar")
            picture.words(16 + room, y + 26, str(bar.count), "p-bold")
        share = so_far % {"share": f"{seen / whole * 100:.0f}%"}
        picture.words(WIDTH - 4, y + 26, share, "p-soft", "end")
    return picture
