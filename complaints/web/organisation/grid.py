"""The priority grid as its form shows it: any number of rows and columns, with their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaints.domain.parts.options import FIXED, Bodies, options_made
from complaints.domain.words.whole_number import whole_number
from complaints.web.frame.filters import priority_word
from complaints.web.frame.translations import lang
from complaints.web.organisation.form import Typed

#: More rows or columns than these make no grid that anybody can read.
MOST = 9


@dataclass(frozen=True, slots=True)
class GridView:
    """The cells by row, most severe first; `rows` and `columns` are their names."""

    rows: Sequence[tuple[int, str]]
    columns: Sequence[str]
    cells: Mapping[tuple[int, int], str]
    options: Sequence[tuple[str, str]]


def grid_view(data: Mapping[str, Any], bodies: Bodies, typed: Typed | None) -> GridView:
    """The grid in force, or as it was typed; a new row or column begins like its neighbour."""
    stored = {int(row): list(cells) for row, cells in data.items()}
    height, width = len(stored), max((len(each) for each in stored.values()), default=1)
    if typed is not None:
        height = _size(typed, "rows", height)
        width = _size(typed, "columns", width)
    cells = {}
    for row in range(1, height + 1):
        for column in range(width):
            sent = next(iter((typed or {}).get(f"cell.{row}.{column}", ())), "")
            old = stored.get(min(row, len(stored)), ["P3"])
            cells[row, column] = sent or old[min(column, len(old) - 1)]
    names = {each.code: each.label(lang()) for each in options_made("severity", bodies)}
    columns = [each.label(lang()) for each in options_made("weight", bodies)]
    return GridView(
        rows=[(row, names.get(str(row), str(row))) for row in range(height, 0, -1)],
        columns=[columns[each] if each < len(columns) else str(each + 1) for each in range(width)],
        cells=cells,
        options=[(code, f"{code} {priority_word(code)}") for code, _ in FIXED["priority"]],
    )


def _size(typed: Typed, name: str, now: int) -> int:
    wanted = whole_number(next(iter(typed.get(name, ())), "")) or now
    return min(max(wanted, 2 if name == "rows" else 1), MOST)
