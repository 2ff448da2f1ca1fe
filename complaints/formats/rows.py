"""The rows of a mapped CSV file, one at a time: our fields, or why the row does not fit.

Nothing is guessed. What our codes are, and whether a value is one of them, is decided by whoever
takes the fields.
"""

import csv
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaints.domain.csv_cells import unguard
from complaints.domain.errors import N_, Invalid
from complaints.domain.words.folding import is_text
from complaints.domain.worktime.walltime import at_epoch, get_zone
from complaints.formats.inputs import UnusableFile
from complaints.formats.instants import moment_reader
from complaints.formats.lines import Lines
from complaints.formats.mapfile import MapFile, Source, is_instant
from complaints.formats.rejects import is_ours, still_uneven, uneven

#: A story may be long; a quote that is never closed must not swallow the rest of the file.
_LONGEST_CELL = 1024 * 1024
#: How many names of columns fit into one clear line.
_MOST_NAMES = 20
_QUOTE = '"'
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_HAS_DIGIT = "9"
#: A number of so many characters is no number of a sentence.
_TELLING = 4
#: What reading on may raise where the file is broken as a whole.
_BROKEN = (UnicodeError, EOFError, OSError, zlib.error)

Value = str | datetime | None
#: Gives the text of a field from the cells of a row, None when it is missing.
Pick = Callable[[Sequence[str]], str | None]
#: The same with the text checked and translated, or Invalid; an instant comes as epoch seconds.
Read = Callable[[Sequence[str]], Any]


@dataclass(slots=True)
class MappedRow:
    """One row of the file: our fields, what does not fit, and the cells as they were.

    Fields ending in ``_at`` are aware UTC instants, all others text; missing ones are None.
    `line` is the last line of the row in the file. A row with `problems` has no usable fields.
    """

    line: int
    cells: list[str]
    fields: dict[str, Value]
    problems: list[Invalid] = field(default_factory=list)


class MappedRows:
    """The rows of one file; `header` is read at once, iterating reads on. To be iterated once."""

    def __init__(self, map_file: MapFile, file: Iterable[str], wanted: Iterable[str]) -> None:
        csv.field_size_limit(_LONGEST_CELL)
        self._map = map_file
        self._lines = Lines(file)
        #: What stands between the cells: as the file says in its first line, or as the map does.
        self.delimiter = self._first_separator() or map_file.delimiter
        self.header = self._read_header()
        zone = get_zone(map_file.timezone) if map_file.timezone else None
        self._read_moment = moment_reader(map_file.formats, zone)
        self._columns = {name: self._column(name) for name in wanted}
        times = {
            name: [self._place(each, source.nth) for each in source.columns]
            for name, source in map_file.sources.items()
            if name == "received_at" and name in self._columns and source.columns
        }
        #: The fields by whose times a row is known, and the last column that tells of them.
        self._times = tuple(times)
        self._last_time = max((max(places) for places in times.values()), default=0)
        number = map_file.sources.get("external_id")
        is_column = number is not None and len(number.columns) == 1
        self._number = self._place(number.columns[0], number.nth) if number and is_column else None
        #: The cells of the last row that stood on one line.
        self._before: list[str] = []

    def reader_of(self, name: str) -> Read:
        """Reads one field from the cells of a row; what nobody wanted or mapped is missing."""
        return self._columns.get(name, _nothing)

    def _reader(self) -> Iterator[list[str]]:
        """Reads rows from the line that comes next; one that has met an error is not used again."""
        # Without `strict` a quote in the middle of a quoted cell would vanish.
        return csv.reader(self._lines, delimiter=self.delimiter, strict=True)

    def _first_separator(self) -> str | None:
        try:
            return self._lines.separator()
        except _BROKEN as error:
            raise UnusableFile(f"the header cannot be read: {error}") from None

    def _read_header(self) -> list[str]:
        try:
            for cells in self._reader():
                if any(cell.strip() for cell in cells):
                    # The mark that some programmes write before the text is not part of a name.
                    header = [cell.strip().lstrip("\ufeff") for cell in cells]
                    return [unguard(name) for name in header] if is_ours(header) else header
        except (csv.Error, *_BROKEN) as error:
            raise UnusableFile(f"the header cannot be read: {error}") from None
        raise UnusableFile("the file is empty: it has no header")

    def _pick(self, source: Source) -> Pick:
        if source.const is not None:
            const = source.const
            return lambda cells: const
        places = [self._place(column, source.nth) for column in source.columns]
        blank, joint = self._map.blank, source.joint
        if len(places) == 1:
            place = places[0]

            def pick(cells: Sequence[str]) -> str | None:
                text = cells[place].strip()
                return None if text in blank else text

            return pick

        def join(cells: Sequence[str]) -> str | None:
            parts = [cells[place].strip() for place in places]
            return joint.join(part for part in parts if part not in blank) or None

        return join

    def _place(self, column: str, nth: int) -> int:
        places = [place for place, name in enumerate(self.header) if name == column.strip()]
        if len(places) < nth:
            which = f"{column!r}" if nth == 1 else f"{column!r} number {nth}"
            names = [_short(name) for name in self.header if name]
            more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
            known = ", ".join(names[:_MOST_NAMES])
            raise UnusableFile(f"the file has no column {which}; it has {known}{more}")
        return places[nth - 1]

    def cells(self) -> Iterator[tuple[list[str], Invalid | None]]:
        """The cells of each row, and why they do not stand under the header, if they do not."""
        width = len(self.header)
        lines, record = self._lines, self._lines.record
        is_again = is_ours(self.header)
        problem: Invalid | None
        lines.settle()
        while True:
            try:
                for cells in self._reader():
                    if len(record) == 1:
                        self._before = cells
                    elif self._swallows(record, width):
                        break
                    lines.settle()
                    if len(cells) == width and not is_again:
                        yield cells, None
                    elif is_again and cells:
                        cells = [unguard(cell) for cell in cells]
                        yield cells, still_uneven(cells, width)
                    elif cells:
                        # Cells that moved to a neighbouring column would look right and be wrong.
                        yield cells, None if _fits(cells, width) else uneven(cells, width)
                else:
                    lines.settle()
                    _require_balance(lines)
                    return
                problem = _unclosed(lines)
            except csv.Error as error:
                if any(_QUOTE in line for line in record):
                    problem = _unclosed(lines)
                else:
                    problem = Invalid(
                        N_("Line %(line)s cannot be read: %(why)s. Correct it in the file."),
                        line=lines.number,
                        why=str(error),
                    )
            except _BROKEN as error:
                raise UnusableFile(f"line {lines.number + 1} cannot be read: {error}") from None
            # The row as it is written, and nothing of what its quote has swallowed.
            first = lines.give_back() if record else ""
            yield first.rstrip("\r\n").split(self.delimiter), problem

    def _swallows(self, record: Sequence[str], width: int) -> bool:
        """Whether a row of several lines holds another whole row: its quote was never closed.

        A line of a story is no row, however many delimiters it has, unless its times can be read or
        it looks like the rows around it.
        """
        begun = self._split(record[0])
        open_at = len(begun) - 1
        known = [self._before, begun]
        last = self._split(record[-1])
        inner = [self._split(line) for line in record[1:-1]]
        if any(self._looks_like_one(cells, known, width) for cells in inner):
            return True
        # What the last line holds behind its quote are the cells of this row, as they should be.
        if self._looks_like_one(last, [each[:open_at] for each in known], width):
            return True
        first = self._without_quote(record[0], open_at, width)
        behind = [[""] * (open_at + 1) + self._before[open_at + 1 :]]
        if self._looks_like_one(first, behind, width):
            return True
        if self._last_time < open_at:
            return any(self._is_row(cells, width) for cells in [*inner, last])
        # The last line holds, behind its quote, the very cells that follow in this row. So does the
        # first one, with a time of its own, when its quote was meant to close before them.
        return any(self._is_row(cells, width) for cells in [first, *inner])

    def _looks_like_one(
        self, cells: Sequence[str], known: Sequence[Sequence[str]], width: int
    ) -> bool:
        """Whether the cells of a line are a row whose times cannot be read: by number or codes.

        A number is known by its form, KLH-7 by KLH-12; one of fewer cells than the header only
        where no blank stands behind it, as none does in files and one does in sentences. Without a
        number, a row as wide as the header shares a cell with the one before.
        """
        place = self._number
        if place is not None and place < len(cells):
            form = _form(cells[place])
            if _HAS_DIGIT in form and any(_form(_cell(each, place)) == form for each in known):
                behind = _cell(cells, place + 1, " ")
                is_telling = len(cells[place].strip()) >= _TELLING
                return len(cells) >= width or (is_telling and not behind[:1].isspace())
        if len(cells) != width:
            return False
        return any(
            a.strip() == b.strip() != ""
            for each in known
            for a, b in zip(cells, each, strict=False)
        )

    def _without_quote(self, line: str, open_at: int, width: int) -> list[str]:
        """The cells of a line whose cell at `open_at` ends before the cells that follow it.

        None where the line has too few of them.
        """
        cells = line.rstrip("\r\n").split(self.delimiter)
        if len(cells) < width:
            return []
        behind = width - open_at - 1
        middle = self.delimiter.join(cells[open_at : len(cells) - behind])
        return [*cells[:open_at], middle.lstrip(_QUOTE), *cells[len(cells) - behind :]]

    def _split(self, line: str) -> list[str]:
        return next(csv.reader([line], delimiter=self.delimiter), [])

    def _is_row(self, cells: list[str], width: int) -> bool:
        if len(cells) != width or not self._times:
            return False
        try:
            return all(self._columns[name](cells) is not None for name in self._times)
        except Invalid:
            return False

    def __iter__(self) -> Iterator[MappedRow]:
        lines = self._lines
        for cells, problem in self.cells():
            row = MappedRow(lines.number, cells, {})
            if problem is None:
                self.read_fields(row)
            else:
                row.problems.append(problem)
            yield row

    def read_fields(self, row: MappedRow) -> None:
        """Fill in the fields of a row whose cells stand under the header."""
        cells, fields = row.cells, row.fields
        for name, read in self._columns.items():
            try:
                value = read(cells)
            except Invalid as problem:
                row.problems.append(problem)
            else:
                fields[name] = at_epoch(value) if isinstance(value, int) else value

    def _column(self, name: str) -> Read:
        pick = self._pick(self._map.sources[name])
        values = self._map.values.get(name)
        return (self._instant if is_instant(name) else self._text)(name, pick, values)

    def _text(self, name: str, pick: Pick, values: Mapping[str, str] | None) -> Read:
        encoding = self._map.encoding

        def read(cells: Sequence[str]) -> str | None:
            text = pick(cells)
            if text is None:
                return None
            if not text.isascii() and not is_text(text):
                raise _foreign(name, encoding)
            return text if values is None else values.get(text, text)

        return read

    def _instant(self, name: str, pick: Pick, values: Mapping[str, str] | None) -> Read:
        read_moment, encoding = self._read_moment, self._map.encoding
        formats = ", ".join(self._map.formats)

        def read(cells: Sequence[str]) -> int | None:
            text = pick(cells)
            if text is None:
                return None
            moment = read_moment(text if values is None else values.get(text, text))
            if moment is None:
                if not is_text(text):
                    raise _foreign(name, encoding)
                raise Invalid(
                    N_("%(text)s fits none of the formats %(formats)s."),
                    field=name,
                    text=_short(text),
                    formats=formats,
                )
            return moment

        return read


def map_rows(
    map_file: MapFile, file: Iterable[str], only: Iterable[str] | None = None
) -> MappedRows:
    """Read `file` row by row through the map; `only` limits it to fields that will be looked at."""
    sources = map_file.sources
    return MappedRows(
        map_file, file, sources if only is None else [name for name in only if name in sources]
    )


def _unclosed(lines: Lines) -> Invalid:
    return Invalid(
        N_(
            "A quote is not closed, or there is text behind the closing one (line %(line)s). "
            "Correct the quotes in the file; one inside a text is written twice."
        ),
        line=lines.number - len(lines.record) + 1,
    )


def _require_balance(lines: Lines) -> None:
    """Every line of the file has become a row or part of one, or holds nothing."""
    if lines.settled != lines.number:
        raise RuntimeError(f"{lines.number} lines were read and {lines.settled} went into rows")


def _form(text: str) -> str:
    """The form of a number of theirs: KLH-2026-000123 is A-9-9."""
    return _DIGITS.sub(_HAS_DIGIT, _LETTERS.sub("A", text.strip().strip(_QUOTE)))


def _cell(cells: Sequence[str], place: int, missing: str = "") -> str:
    return cells[place] if place < len(cells) else missing


def _nothing(cells: Sequence[str]) -> None:
    return None


def _fits(cells: list[str], width: int) -> bool:
    """Whether only empty cells stand behind the last column."""
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _foreign(name: str, encoding: str) -> Invalid:
    return Invalid(
        N_("The text is not in %(encoding)s. Please re-enter it."), field=name, encoding=encoding
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
