"""The file of rejected rows: their cells as they were, safe to open in a spreadsheet, and why.

It can be corrected there and imported again with the same map.
"""

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from complaints.domain.csv_cells import guard
from complaints.domain.errors import N_, Invalid
from complaints.formats.inputs import UnusableFile

#: The column that is added to the original ones; a file that ends with it is one of ours.
REASON_COLUMN = "reject_reason"

# In whatever language: no other reason says two numbers and nothing but these.
_TWO_NUMBERS = re.compile(r"\D*(\d+)\D+(\d+)\D*")


def is_ours(header: Sequence[str]) -> bool:
    """Whether a file with this header was written here."""
    return bool(header) and header[-1] == REASON_COLUMN


def uneven(cells: Sequence[str], width: int) -> Invalid:
    """Why a row does not fit under its header."""
    return _uneven(len(cells), width)


def still_uneven(cells: Sequence[str], width: int) -> Invalid | None:
    """Why a row of our file does not fit under its header of `width` columns; None when it does.

    A row that was too short was filled up for the reason to stand in its column; it stays too
    short until somebody has written something there.
    """
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return _uneven(len(cells) - 1, width - 1)
    found = _TWO_NUMBERS.fullmatch(cells[width - 1])
    if found is None or int(found[2]) != width - 1:
        return None
    had = int(found[1])
    was_short = had < width - 1 and not any(cells[had : width - 1])
    return _uneven(had, width - 1) if was_short else None


def _uneven(had: int, width: int) -> Invalid:
    return Invalid(
        N_(
            "The row has %(cells)s cells and the header %(columns)s. Move or "
            "fill its cells so that each is under its column."
        ),
        cells=had,
        columns=width,
    )


class RejectsFile:
    """Written beside the original as rows are rejected; appears when the run ends well.

    `path` is None while nothing was rejected.
    """

    def __init__(self, path: Path, header: Sequence[str], encoding: str, delimiter: str) -> None:
        self.path: Path | None = None
        self._target = path
        self._part = path.with_name(path.name + ".part")
        self._is_again = is_ours(header)
        self._header = list(header[:-1] if self._is_again else header)
        self._encoding, self._delimiter = encoding, delimiter
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, cells: Sequence[str], reason: str) -> None:
        """Write one row; the reason stands in its column however many cells the row has."""
        width = len(self._header)
        rest = cells[width + 1 :] if self._is_again else cells[width:]
        padding = [""] * (width - len(cells))
        # The words of the reason may be foreign to the file's encoding, its own cells are not.
        readable = reason.encode(self._encoding, "replace").decode(self._encoding)
        self._write([*cells[:width], *padding, readable, *rest])

    def __enter__(self) -> "RejectsFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        self._file.close()
        if kind is None:
            os.replace(self._part, self._target)
            self.path = self._target
        else:
            self._part.unlink(missing_ok=True)

    def _write(self, cells: Sequence[str]) -> None:
        if self._writer is None:
            try:
                self._file = self._part.open(
                    "w", encoding=self._encoding, errors="surrogateescape", newline=""
                )
            except OSError as error:
                why = error.strerror or str(error)
                raise UnusableFile(f"{self._target} cannot be written: {why}") from None
            self._writer = csv.writer(self._file, delimiter=self._delimiter)
            self._writer.writerow([guard(name) for name in (*self._header, REASON_COLUMN)])
        self._writer.writerow([guard(cell) for cell in cells])
