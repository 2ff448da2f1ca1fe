"""CSV files as we write them; cells a spreadsheet would compute, made harmless and read back."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

# A spreadsheet takes a cell that begins like this for a formula. Quotes before it count as well,
# so that taking one quote off always gives back what was there.
_RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


class CsvForm(StrEnum):
    """How a file is written: by RFC 4180, or as Excel opens it by itself in Indonesian.

    That one takes a semicolon for the end of a cell, a comma for the decimal mark, and a dot for a
    date: 22.5 would become the 22nd of May.
    """

    PLAIN = "csv"
    EXCEL = "excel"


def write_csv(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], form: CsvForm = CsvForm.PLAIN
) -> str:
    """A file with these columns and a line for each row; what else a row has stays out.

    Text that a spreadsheet would compute is guarded in both forms.
    """
    is_excel = form is CsvForm.EXCEL

    def cell(value: Any) -> Any:
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
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def guard(cell: str) -> str:
    """The cell with a quote before it where a spreadsheet would compute it."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell
