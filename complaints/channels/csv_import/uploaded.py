"""A file as an administrator hands it in: CSV in whatever encoding, or a workbook, made one CSV."""

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from complaints.domain.errors import N_, Invalid
from complaints.formats.sheet_to_csv import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    csv_of_workbook,
    is_workbook,
    too_large,
)

MOST_BYTES = 20 * 1024 * 1024
_GZIP = b"\x1f\x8b"
#: So many rows are shown and looked at for proposals.
SAMPLE = 200
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The text of a file in UTF-8, what stands between its cells, and its first rows."""

    text: str
    delimiter: str
    header: Sequence[str]
    sample: Sequence[Sequence[str]]
    rows: int


def read_upload(raw: bytes) -> UploadedFile:
    """Read what was sent; Invalid with one sentence where it is no table or too large."""
    return look_at(table_text(raw))


def table_text(raw: bytes) -> str:
    """What was sent as the text of a CSV file; Invalid where it is none or too large."""
    if not raw:
        raise Invalid(N_("Choose a file."), field="file")
    if len(raw) > MOST_BYTES:
        raise too_large()
    if raw[:2] == _GZIP:
        raw = _unpacked(raw)
    text = csv_of_workbook(raw) if is_workbook(raw) else _decoded(raw)
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def look_at(text: str) -> UploadedFile:
    """The header and the first rows of a CSV text."""
    if len(text) > MOST_CHARACTERS:
        raise too_large()
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    sample: list[list[str]] = []
    count = 0
    try:
        for cells in rows:
            if not any(each.strip() for each in cells):
                continue
            if not header:
                header = [each.strip() for each in cells]
                continue
            count += 1
            if len(sample) < SAMPLE:
                sample.append(cells)
    except csv.Error as error:
        raise Invalid(
            N_("This file cannot be read: %(why)s"), field="file", why=str(error)
        ) from error
    if count > MOST_ROWS or len(header) > MOST_COLUMNS:
        raise too_large()
    if len(header) < 2 or not count:
        raise Invalid(
            N_(
                "No table was found: the first row names the columns, "
                "each further row is one record."
            ),
            field="file",
        )
    return UploadedFile(text, delimiter, header, sample, count)


def _unpacked(raw: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            found = packed.read(MOST_CHARACTERS + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Invalid(N_("This file cannot be read: %(why)s"), field="file", why="gzip") from error
    if len(found) > MOST_CHARACTERS:
        raise too_large()
    return found


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ""):
        if encoding:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    guess = from_bytes(raw[:200_000]).best()
    return raw.decode(guess.encoding if guess is not None else "cp1252", errors="replace")
