"""A list of people as somebody hands it in at the first start: CSV or a workbook, made lines."""

import csv
import io
from collections.abc import Mapping, Sequence

from complaints.channels.csv_import.uploaded import table_text
from complaints.domain.errors import N_, Invalid

MOST_BYTES = 2_000_000
MOST_PEOPLE = 200
#: What the columns are called; without such a first row they stand in this order.
_HEADS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"nama", "nama lengkap", "nama pengguna", "name", "full name"}),
    "email": frozenset({"email", "e-mail", "surel", "alamat email", "email address"}),
    "role": frozenset({"peran", "role", "jabatan"}),
}


def people_lines(raw: bytes) -> str:
    """One line for each: name; email; role. Invalid at `people_file` for what is no list."""
    try:
        if len(raw) > MOST_BYTES:
            raise Invalid(N_("These are too many; add the rest later."))
        text = table_text(raw)
        first = text.lstrip("\n").partition("\n")[0]
        delimiter = max(",;\t|", key=first.count)
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [[each.strip() for each in row] for row in read]
        return _lines([row for row in rows if any(row)])
    except csv.Error as error:
        raise Invalid(
            N_("This file cannot be read: %(why)s"), field="people_file", why=str(error)
        ) from error
    except Invalid as error:
        error.field = "people_file"
        raise


def _lines(rows: Sequence[Sequence[str]]) -> str:
    header = [each.casefold() for each in rows[0]] if rows else []
    found = [
        next((place for place, each in enumerate(header) if each in words), None)
        for words in _HEADS.values()
    ]
    places = [each for each in found if each is not None]
    if len(places) == len(found):
        rows = rows[1:]
    else:
        places = list(range(len(found)))
    if not rows:
        raise Invalid(N_("This list names nobody."))
    if len(rows) > MOST_PEOPLE:
        raise Invalid(N_("These are too many; add the rest later."))
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\n")
    writer.writerows([_cell(row, place) for place in places] for row in rows)
    return lines.getvalue().strip()


def _cell(row: Sequence[str], place: int) -> str:
    """What stands there on one line; nothing where the row is too short."""
    return " ".join(row[place].split()) if place < len(row) else ""
