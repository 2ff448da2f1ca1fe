"""Counts of a week by day and hour: a bar in each field as long as its count, and the number."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.documents.pictures.shares import WIDTH
from complaints.documents.pictures.svg import Picture

_LEFT, _TOP, _ROW = 44.0, 20.0, 20.0


@dataclass(frozen=True, slots=True)
class Field:
    """A day's count in an hour."""

    count: int
    tip: str
    href: str = ""


def week(
    days: Sequence[str], hours: Sequence[str], fields: Sequence[Sequence[Field]], title: str
) -> Picture:
    """Hours as rows and days as columns; hours of nothing before the first and after the last one
    are not drawn."""
    used = [at for at, row in enumerate(fields) if any(each.count for each in row)]
    rows = range(used[0], used[-1] + 1) if used else range(0)
    picture = Picture(WIDTH, _TOP + _ROW * len(rows) + 4, title)
    most = max((each.count for row in fields for each in row), default=0) or 1
    width = (WIDTH - _LEFT - 4) / max(len(days), 1)
    for place, name in enumerate(days):
        picture.words(_LEFT + width * place + 2, 13, name, "p-soft")
    for y, at in ((_TOP + _ROW * place, at) for place, at in enumerate(rows)):
        picture.words(_LEFT - 6, y + 14, hours[at], "p-soft", "end")
        for place, each in enumerate(fields[at]):
            x, room = _LEFT + width * place + 1, width - 3
            if not each.count:
                picture.rect(x, y + 1, room, _ROW - 3, "p-track")
                continue
            with picture.link(each.href, each.tip):
                picture.rect(x, y + 1, room, _ROW - 3, "p-track")
                picture.rect(x, y + 14, room * each.count / most, 3.5, "p-bar")
                picture.words(x + 3, y + 12, str(each.count))
    return picture
