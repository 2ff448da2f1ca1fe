"""Cells of CSV files that a spreadsheet would compute: made harmless, and read back."""

import re

# A spreadsheet takes a cell that begins like this for a formula. Quotes before it count as well,
# so that taking one quote off always gives back what was there.
_RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guard(cell: str) -> str:
    """The cell with a quote before it where a spreadsheet would compute it."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell
