"""The cells of a workbook, read by a reader that is not the programme that wrote it."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

Cells = list[list[object]]


def sheets(data: bytes) -> dict[str, Cells]:
    """Sheet → its rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(rows: Cells) -> list[list[str]]:
    """The lines between the heads and the last line, numbers as a CSV file has them."""
    begin = next(at for at, row in enumerate(rows) if row[1:2] != [""] and all(row[:2])) + 1
    return [[plain(cell) for cell in row] for row in rows[begin:-1]]


def plain(cell: object) -> str:
    """A cell as text; a whole number without its decimal point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return str(cell)
