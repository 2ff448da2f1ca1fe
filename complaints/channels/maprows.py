"""The rows of a mapped CSV file, one at a time: our fields, or why the row does not fit.

Nothing is guessed. What our codes are, and whether a value is one of them, is decided by whoever
takes the fields.
"""

import csv
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from complaints.channels.inputs import UnusableFile
from complaints.channels.rejects import is_ours, still_uneven, uneven, unguard
from complaints.channels.timeformats import Reader, compile_formats
from complaints.domain.walltime import get_zone

if TYPE_CHECKING:
    from complaints.channels.mapfile import MapFile, Source

#: A story may be long; a quote that is never closed must not swallow the rest of the file.
_LONGEST_CELL = 1024 * 1024
#: How many names of columns fit into one clear line.
_MOST_NAMES = 20
#: What reading on may raise where the file is broken as a whole.
_BROKEN = (UnicodeError, EOFError, OSError, zlib.error)

Value = str | datetime | None
#: Gives the text of a field from the cells of a row, None when it is missing.
Pick = Callable[[Sequence[str]], str | None]


@dataclass(slots=True)
class MappedRow:
    """One row of the file: our fields, what does not fit, and the cells as they were.

    Fields ending in ``_at`` are aware UTC instants, all others text; missing ones are None.
    `line` is the last line of the row in the file. A row with `problems` has no usable fields.
    """

    line: int
    cells: list[str]
    fields: dict[str, Value]
    problems: list[str] = field(default_factory=list)


class MappedRows:
    """The rows of one file; `header` is read at once, iterating reads on. To be iterated once."""

    def __init__(self, map_file: "MapFile", file: Iterable[str], wanted: Iterable[str]) -> None:
        csv.field_size_limit(_LONGEST_CELL)
        self._map = map_file
        self._reader = csv.reader(file, delimiter=map_file.delimiter)
        self.header = self._read_header()
        zone = get_zone(map_file.timezone) if map_file.timezone else None
        read_time = compile_formats(map_file.formats, zone)
        self._picks: list[tuple[str, Pick, Reader | None, Mapping[str, str] | None]] = [
            (
                name,
                self._pick(map_file.sources[name]),
                read_time if is_instant(name) else None,
                map_file.values.get(name),
            )
            for name in wanted
        ]

    def _read_header(self) -> list[str]:
        try:
            for cells in self._reader:
                if any(cell.strip() for cell in cells):
                    # The mark that some programmes write before the text is not part of a name.
                    header = [cell.strip().lstrip("\ufeff") for cell in cells]
                    return [unguard(name) for name in header] if is_ours(header) else header
        except (csv.Error, *_BROKEN) as error:
            raise UnusableFile(f"the header cannot be read: {error}") from None
        raise UnusableFile("the file is empty: it has no header")

    def _pick(self, source: "Source") -> Pick:
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

    def __iter__(self) -> Iterator[MappedRow]:
        width = len(self.header)
        reader, read = self._reader, self._read_fields
        is_again = is_ours(self.header)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                problem = f"The row cannot be read: {error}."
                yield MappedRow(reader.line_num, [], {}, [problem])
                continue
            except _BROKEN as error:
                raise UnusableFile(f"line {reader.line_num + 1} cannot be read: {error}") from None
            if not cells:
                continue
            if is_again:
                cells = [unguard(cell) for cell in cells]
                problem = still_uneven(cells, width)
            elif len(cells) != width and not _fits(cells, width):
                problem = uneven(cells, width)
            else:
                problem = ""
            if problem:
                # Cells that moved to a neighbouring column would look right and be wrong.
                yield MappedRow(reader.line_num, cells, {}, [problem])
                continue
            row = MappedRow(reader.line_num, cells, {})
            read(row)
            yield row

    def _read_fields(self, row: MappedRow) -> None:
        cells, fields = row.cells, row.fields
        for name, pick, read_time, values in self._picks:
            text = pick(cells)
            if text is None:
                fields[name] = None
                continue
            if not text.isascii() and not _is_text(text):
                row.problems.append(f"{name} is not {self._map.encoding} text.")
                continue
            if values is not None:
                text = values.get(text, text)
            if read_time is None:
                fields[name] = text
                continue
            at = read_time(text)
            if at is None:
                formats = ", ".join(self._map.formats)
                row.problems.append(f"{name} {_short(text)} fits none of the formats {formats}.")
                continue
            fields[name] = at


def is_instant(name: str) -> bool:
    """Whether a field of ours holds an instant; all others hold text."""
    return name.endswith("_at")


def _fits(cells: list[str], width: int) -> bool:
    """Whether only empty cells stand behind the last column."""
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
