"""Tables as a workbook that spreadsheets open: typed cells, row by row in constant memory.

Nothing that anybody wrote becomes a formula, a link or a number. Workbooks know no zones: instants
stand there as the wall time of one zone, which the heads of their columns name.
"""

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

#: Rows and characters of a cell that the form of the file allows.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
#: A spreadsheet keeps no more digits than these of a number; longer ones are written as text.
_EXACT = 10**15
_CUT = " […]"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """`key` of a row's value, the head over it and a width in characters.

    `is_share` writes a part of one as per cent.
    """

    key: str
    head: str
    width: int = 16
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name; `above` are lines before it, `below` a line after its last row."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]]
    above: Sequence[str] = ()
    below: str = ""


def write_workbook(sheets: Sequence[Sheet], zone: ZoneInfo) -> bytes:
    """The tables as one file. One that is too long goes on in a further sheet.

    Raises ValueError for a value of a type that no cell has, and when a cell was not taken.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(_OPTIONS)) as book:
        writer = _Writer(book, zone)
        for sheet in sheets:
            writer.write(sheet)
    return out.getvalue()


_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _Writer:
    """The sheets of one workbook, each row written once and from above."""

    def __init__(self, book: xlsxwriter.Workbook, zone: ZoneInfo) -> None:
        self.book, self.zone = book, zone
        self.names: set[str] = set()
        self.forms: dict[str, Format] = {
            "title": book.add_format({"bold": True, "font_size": 13}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "text": book.add_format({"valign": "top"}),
            "count": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "part": book.add_format({"num_format": "0.0%", "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.####", "valign": "top"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        }

    def write(self, sheet: Sheet) -> None:
        """The table, in as many sheets as its rows need."""
        page, at = self._begin(sheet)
        for row in sheet.rows:
            if at == MOST_ROWS - 1:
                page, at = self._begin(sheet)
            for place, column in enumerate(sheet.columns):
                self._cell(page, at, place, row.get(column.key), column.is_share)
            at += 1
        if sheet.below:
            self._text(page, at, 0, sheet.below, "text")

    def _begin(self, sheet: Sheet) -> tuple[Worksheet, int]:
        """A new sheet with all that goes before its rows, and the place of the first."""
        page = self.book.add_worksheet(self._name(sheet.name))
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
        at = len(sheet.above) + (1 if sheet.above else 0)
        page.freeze_panes(at + 1, 0)
        page.repeat_rows(at)
        for line, words in enumerate(sheet.above):
            self._text(page, line, 0, words, "text" if line else "title")
        for place, column in enumerate(sheet.columns):
            self._text(page, at, place, column.head, "head")
        return page, at + 1

    def _name(self, wanted: str) -> str:
        """A name of at most 31 characters that no other sheet has, whatever its letters' case."""
        bare = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip(" '")[:31] or "-"
        name, count = bare, 1
        while name.casefold() in self.names:
            count += 1
            name = f"{bare[: 31 - len(str(count)) - 3]} ({count})"
        self.names.add(name.casefold())
        return name

    def _cell(self, page: Worksheet, row: int, column: int, value: Any, is_share: bool) -> None:
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return
        if isinstance(value, str):
            self._text(page, row, column, value, "text")
        elif isinstance(value, bool):
            _taken(page.write_boolean(row, column, value, self.forms["text"]))
        elif isinstance(value, int | float):
            if abs(value) >= _EXACT:
                self._text(page, row, column, str(value), "text")
                return
            form = "part" if is_share else "count" if isinstance(value, int) else "number"
            _taken(page.write_number(row, column, value, self.forms[form]))
        elif isinstance(value, datetime):
            wall = value.astimezone(self.zone).replace(tzinfo=None, microsecond=0)
            _taken(page.write_datetime(row, column, wall, self.forms["instant"]))
        elif isinstance(value, date):
            _taken(page.write_datetime(row, column, value, self.forms["day"]))
        else:
            raise ValueError(f"no cell takes {type(value).__name__}")

    def _text(self, page: Worksheet, row: int, column: int, words: str, form: str) -> None:
        kept = _NOT_IN_XML.sub("\ufffd", words)
        if len(kept) > MOST_CHARACTERS:
            kept = kept[: MOST_CHARACTERS - len(_CUT)] + _CUT
        _taken(page.write_string(row, column, kept, self.forms[form]))


def _taken(answer: int) -> None:
    """XlsxWriter tells a cell it left out by a number, and raises nothing."""
    if answer:
        raise ValueError(f"a cell was not written ({answer})")
