"""The tables of a part of the report: what each column is, and which list a number opens.

Page, JSON, CSV, workbook and paper are all put together from these, so none has figures of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from complaints.queries.reports.rows import rounded, share_of


class Kind(StrEnum):
    """What the numbers of a column are."""

    COUNT = "count"
    #: Working seconds.
    TIME = "time"
    #: Whole units of the organisation's currency.
    MONEY = "money"
    #: A count of the line as a part of its `sample`.
    SHARE = "share"
    #: A mean of scores.
    SCORE = "score"
    #: A part of one, of something that is no count.
    PART = "part"


@dataclass(frozen=True, slots=True)
class Column:
    """`head` is a text of the catalogue."""

    key: str
    head: str
    kind: Kind = Kind.COUNT
    #: The column that a share is a part by.
    of: str = "count"
    #: Says something of the lines together, and nothing where one of them is divided.
    of_whole: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its numbers by column, and the figures behind them by column.

    It is called by `name`, a text of the catalogue, or by its words in both languages. `asked` is
    what the address of a list names beside the figure. `sample` is how many a share or a time rests
    on, where it may be too few; `samples` says so of single columns. `pieces` are the same line by
    the division asked for, each within what it counts.
    """

    key: str
    values: Mapping[str, Any]
    name: str = ""
    label_id: str = ""
    label_en: str = ""
    behind: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    sample: int | None = None
    samples: Mapping[str, int] = field(default_factory=dict)
    pieces: Sequence["Line"] = ()

    def sample_of(self, column: str) -> int | None:
        """How many the number of a column rests on."""
        return self.samples.get(column, self.sample)


@dataclass(frozen=True, slots=True)
class Named:
    """What a line is called that stands in no list of the rules."""

    label_id: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading, what it counts, and the head of its first column.

    Its `total` is what the lines add up to, where they do. Of one with `is_divided_whole` only that
    is divided: of the lines it would be too many.
    """

    key: str
    title: str
    meaning: str
    first: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line | None = None
    is_divided_whole: bool = False

    @property
    def all_lines(self) -> Sequence[Line]:
        """The lines, and the total behind them."""
        return [*self.lines, *([self.total] if self.total else [])]

    def as_json(self) -> dict[str, Any]:
        """The section as plain values."""
        return {
            "key": self.key,
            "lines": [self._line(each) for each in self.lines],
            "total": self._line(self.total) if self.total else None,
        }

    def _line(self, line: Line) -> dict[str, Any]:
        divided = {"divided": [self._line(each) for each in line.pieces]} if line.pieces else {}
        return {
            "key": line.key,
            "label": None if line.name else line.label_id or None,
            "label_en": None if line.name else line.label_en or None,
            "sample": line.sample,
            "values": {column.key: line.values.get(column.key) for column in self.columns},
            **divided,
        }


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """One part of the report; `zones` are those whose local days were counted."""

    part: str
    by: str | None
    from_on: date
    to_on: date
    zones: Sequence[str]
    sections: Sequence[Section]

    def as_json(self) -> dict[str, Any]:
        """The report as the API and the command print it."""
        return {
            "part": self.part,
            "by": self.by,
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "zones": list(self.zones),
            "sections": [each.as_json() for each in self.sections],
        }


def share(some: int, whole: int) -> float | None:
    """A share as files have it; None of nothing."""
    return rounded(share_of(some, whole - some))
