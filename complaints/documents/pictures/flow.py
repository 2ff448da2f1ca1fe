"""A flow from step to step: bars as long as many came so far, of whom a part went no further."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.documents.pictures.shares import WIDTH
from complaints.documents.pictures.svg import Picture

_ROW = 64.0
_BAR = 14.0


@dataclass(frozen=True, slots=True)
class Part:
    """So many of a step, the list behind them, and what is said of them."""

    count: int
    tip: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step: how many reached it, how many of them are still there, and how many ended there.

    `before` says what lies between the step before and this one, `below` what became of those that
    went no further; both may be empty.
    """

    words: str
    said: str
    reached: Part
    here: Part
    ended: Part
    before: str = ""
    below: str = ""


def flow(stages: Sequence[Stage], title: str) -> Picture:
    """The steps below one another, the bar of each in three parts: went on, still here, ended here.

    What went on is filled, what is here is hollow, what ended is framed with dashes.
    """
    picture = Picture(WIDTH, 4 + _ROW * len(stages), title)
    most = max((each.reached.count for each in stages), default=0) or 1
    room = WIDTH - 16
    for place, stage in enumerate(stages):
        y = 4 + _ROW * place
        if place:
            picture.line(14, y - 16, 14, y - 4, "p-grid")
        if stage.before:
            picture.words(22, y - 6, stage.before, "p-soft")
        picture.words(8, y + 13, stage.words)
        picture.words(WIDTH - 8, y + 13, stage.said, "p-bold", "end")
        top, begin = y + 17, 8.0
        picture.rect(begin, top, room, _BAR, "p-track")
        stayed = stage.here.count + stage.ended.count
        with picture.link(stage.reached.href, stage.reached.tip):
            width = room * (stage.reached.count - stayed) / most
            picture.rect(begin, top, width, _BAR, "p-bar")
            begin += width
        for part, look in ((stage.here, "p-few"), (stage.ended, "p-thin")):
            if part.count:
                with picture.link(part.href, part.tip):
                    width = room * part.count / most
                    picture.rect(begin, top, max(width, 2.0), _BAR, look)
                    begin += width
        if stage.below:
            picture.words(WIDTH - 8, top + _BAR + 13, stage.below, "p-soft", "end")
    return picture
