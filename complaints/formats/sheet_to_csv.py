"""A workbook of Excel read as the rows of a CSV file, in a process of its own with little memory.

What somebody sends may unpack to anything. So the parts are measured before, and the reading is
done by `python -m complaints.formats.sheet_to_csv`, which dies alone where it takes too much.
"""

import csv
import io
import lzma
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from complaints.domain.errors import N_, Invalid

#: What the parts of a workbook may measure unpacked, and how many there may be.
MOST_UNPACKED = 150_000_000
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
#: What all cells together may be as text.
MOST_CHARACTERS = 60_000_000
_MEMORY = 1_500_000_000
_SECONDS = 60
_ZIP = b"PK\x03\x04"
#: What a zip raises that is damaged, cut off, locked, or packed in a way nobody knows.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)
_TOO_MUCH, _NO_SHEET, _UNREADABLE = 3, 4, 5


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes are a zip, as workbooks are and CSV files never."""
    return raw[:4] == _ZIP


def csv_of_workbook(raw: bytes) -> str:
    """The first sheet that holds anything, as CSV; Invalid for what is no workbook or too large."""
    _require_moderate(raw)
    try:
        run = subprocess.run(
            [sys.executable, "-m", "complaints.formats.sheet_to_csv"],
            input=raw,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_large() from None
    if run.returncode == 0:
        return run.stdout.decode()
    if run.returncode == _NO_SHEET:
        raise Invalid(N_("This workbook has no sheet with rows."), field="file")
    if run.returncode == _UNREADABLE:
        raise _no_workbook()
    raise too_large()


def _require_moderate(raw: bytes) -> None:
    """Unpack every part once without keeping it; a part that lies about its size does not pass."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            if len(book.infolist()) > MOST_PARTS:
                raise too_large()
            for part in book.infolist():
                with book.open(part) as opened:
                    while chunk := opened.read(1 << 20):
                        unpacked += len(chunk)
                        if unpacked > MOST_UNPACKED:
                            raise too_large()
    except _DAMAGED as error:
        raise _no_workbook() from error


def too_large() -> Invalid:
    """What is said of a file beyond the limits, a workbook or not."""
    return Invalid(
        N_("This file is too large: at most %(rows)s rows and %(columns)s columns."),
        field="file",
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
    )


def _no_workbook() -> Invalid:
    return Invalid(
        N_("This file cannot be read. Save it as .xlsx without a password, or as CSV."),
        field="file",
    )


def cell_text(value: object) -> str:
    """A cell as our CSV says it: dates in ISO, whole numbers without a point, text as it is."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return repr(value)
        case datetime():
            return _rounded(value).isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("seconds")
        case timedelta():
            return str(value)
    return str(value)


def _rounded(value: datetime) -> datetime:
    """Without the fractions of a second that a day's fraction leaves behind."""
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def write_rows(rows: Iterable[Iterable[object]], out: io.TextIOBase) -> bool:
    """Write the rows as CSV; False when they are too many. Empty ones at the end are left out."""
    writer = csv.writer(out, lineterminator="\n")
    characters = 0
    waiting = 0
    for number, row in enumerate(rows):
        cells = [cell_text(each) for each in row]
        characters += sum(map(len, cells))
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS or characters > MOST_CHARACTERS:
            return False
        if not any(cells):
            waiting += 1
            continue
        for _ in range(waiting):
            writer.writerow([""] * len(cells))
        waiting = 0
        writer.writerow(cells)
    return True


def main() -> int:
    """Read a workbook from standard input and write its rows to standard output."""
    from python_calamine import CalamineError, CalamineWorkbook

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height and sheet.width:
                if sheet.height > MOST_ROWS + 1 or sheet.width > MOST_COLUMNS:
                    return _TOO_MUCH
                is_whole = write_rows(sheet.iter_rows(), out)
                out.flush()
                return 0 if is_whole else _TOO_MUCH
    except MemoryError:
        return _TOO_MUCH
    except (CalamineError, ValueError, OSError):
        return _UNREADABLE
    return _NO_SHEET


if __name__ == "__main__":
    sys.exit(main())
