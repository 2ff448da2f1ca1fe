"""Priority from the type of complaint and the type of customer (criterion 020-2.4).

A published matrix, raises for aggravating circumstances, and a reason that can be read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

#: The most rows and the most columns a matrix may have.
MOST = 9


class Priority(StrEnum):
    """P1 is the most urgent."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Raise(StrEnum):
    """Circumstances that lift a priority by one step, at most once together."""

    THIRD_CONTACT = "third_contact"
    REPEAT_FAULT = "repeat_fault"
    VULNERABLE_CUSTOMER = "vulnerable_customer"
    MISSED_DEADLINE = "missed_deadline"


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """Severity (rows, from 1) by tier weight (columns, from 0), and its published version."""

    version: str
    rows: Mapping[int, Sequence[Priority]]

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "PriorityMatrix":
        """Read ``{"version", "matrix": {"4": ["P1", …], …}}``; ValueError when it has gaps."""
        matrix = data.get("matrix")
        if not isinstance(matrix, Mapping):
            raise ValueError("priority: [matrix] is missing")
        rows = {int(key): tuple(Priority(cell) for cell in cells) for key, cells in matrix.items()}
        if len(rows) < 2 or sorted(rows) != list(range(1, len(rows) + 1)) or len(rows) > MOST:
            raise ValueError(f"priority: the matrix needs severities from 1 up, 2 to {MOST}")
        if len({len(cells) for cells in rows.values()}) != 1 or not 0 < len(rows[1]) <= MOST:
            raise ValueError(f"priority: the matrix needs 1 to {MOST} cells in every row alike")
        return cls(version=str(data.get("version", "1")), rows=rows)


@dataclass(frozen=True, slots=True)
class ComputedPriority:
    """The outcome with everything it rests on; stored beside the complaint."""

    priority: Priority
    base: Priority
    severity: int
    tier_weight: int
    raises: tuple[Raise, ...]
    matrix_version: str


def compute_priority(
    matrix: PriorityMatrix, severity: int, tier_weight: int, raises: Iterable[Raise] = ()
) -> ComputedPriority:
    """Look the matrix up and lift the result one step when any circumstance applies.

    P1 is the ceiling. What the matrix has no row or column for counts as its last one.
    """
    row = matrix.rows[min(max(severity, 1), len(matrix.rows))]
    base = row[min(max(tier_weight, 0), len(row) - 1)]
    reasons = tuple(sorted(set(raises)))
    order = list(Priority)
    lifted = order[max(0, order.index(base) - (1 if reasons else 0))]
    return ComputedPriority(lifted, base, severity, tier_weight, reasons, matrix.version)
