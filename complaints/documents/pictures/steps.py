"""Lengths of time as bars: half of them within the bar, nine in ten within the line behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.documents.pictures.shares import WIDTH
from complaints.documents.pictures.svg import Picture

_ROW = 38.0


@dataclass(frozen=True, slots=True)
class Length:
    """Median and ninth decile of one line; None of nothing. `said` stands beside the name.

    `is_small` marks one that rests on so few that it says little.
    """

    words: str
    said: str
    median: int | None
    p90: int | None
    tip: str
    href: str = ""
    is_small: bool = False


def lengths(lines: Sequence[Length], title: str) -> Picture:
    """Each line in its place, with a bar to the median and a line on to the ninth decile."""
    picture = Picture(WIDTH, 6 + _ROW * len(lines), title)
    most = max((line.p90 or 0 for line in lines), default=0) or 1
    room = WIDTH - 16
    for place, line in enumerate(lines):
        y = 6 + _ROW * place
        picture.words(8, y + 11, line.words)
        picture.words(WIDTH - 8, y + 11, line.said, "p-bold", "end")
        with picture.link(line.href, line.tip):
            picture.rect(8, y + 15, room, 16, "p-touch")
            picture.rect(8, y + 17, room, 12, "p-track")
            if line.median is None or line.p90 is None:
                continue
            look = "p-few" if line.is_small else "p-bar"
            picture.rect(8, y + 17, room * line.median / most, 12, look)
            end = 8 + room * line.p90 / most
            picture.line(8 + room * line.median / most, y + 23, end, y + 23, "p-whisker")
            picture.line(end, y + 19, end, y + 27, "p-whisker")
    return picture
