"""CSV files as we write them; cells a spreadsheet would compute, made harmless and read back."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

# A spreadsheet takes a cell that begins like this for a formula. Quotes before it count as well,
# so that taking one quote off always gives back what was there.
_RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


UTC = ZoneInfo("UTC")


class CsvForm(StrEnum):
    """How a file is written: by RFC 4180, or as Excel opens it by itself in Indonesian.

    That one takes a semicolon for the end of a cell, a comma for the decimal mark, and a dot for a
    date: 22.5 would become the 22nd of May. It knows no zones: instants stand there in the reader's
    own, which the heads of their columns name.
    """

    PLAIN = "csv"
    EXCEL = "excel"


def write_csv(
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    form: CsvForm = CsvForm.PLAIN,
    zone: ZoneInfo = UTC,
) -> str:
    """A file with these columns and a line for each row; what else a row has stays out.

    Text that a spreadsheet would compute is guarded in both forms. An instant is written with its
    offset from UTC, or for Excel as the wall time of `zone`.
    """
    is_excel = form is CsvForm.EXCEL
    kept = list(rows)

    def cell(value: Any) -> Any:
        if isinstance(value, datetime):
            if is_excel:
                return value.astimezone(zone).replace(tzinfo=None).isoformat(" ", "seconds")
            return value.isoformat()
        if isinstance(value, float) and is_excel:
            return str(value).replace(".", ",")
        return guard(value) if isinstance(value, str) else value

    out = io.StringIO()
    writer = csv.DictWriter(
        out,
        columns,
        extrasaction="ignore",
        lineterminator="\r\n",
        delimiter=";" if is_excel else ",",
    )
    writer.writerow({name: _head(name, kept, zone if is_excel else None) for name in columns})
    writer.writerows({name: cell(value) for name, value in row.items()} for row in kept)
    return out.getvalue()


def _head(name: str, rows: Sequence[Mapping[str, Any]], zone: ZoneInfo | None) -> str:
    """The head of a column; of instants that are written without a zone, with its name."""
    instants = [row[name] for row in rows if isinstance(row.get(name), datetime)]
    if zone is None or not instants:
        return name
    names = {each.astimezone(zone).tzname() for each in instants}
    # A summer has another name than its winter, and some zones have a number for a name.
    word = names.pop() if len(names) == 1 else zone.key
    return f"{name} ({word if word and word.isalpha() else zone.key})"


def guard(cell: str) -> str:
    """The cell with a quote before it where a spreadsheet would compute it."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell
