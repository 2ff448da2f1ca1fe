"""How long a test goes on: short by default, long in `make soak` or when a variable says so."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from typing import Any

IS_SOAK = bool(os.environ.get("TANGGAP_SOAK"))


def budget(name: str, usual: int, long: int) -> int:
    """The number the environment gives under this name, else the long or the usual one."""
    return int(os.environ.get(name) or (long if IS_SOAK else usual))


def of_each(*values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows for `parametrize`: every combination in the long run, else as few as have each value."""
    if IS_SOAK:
        return list(product(*values))
    rows = max(len(each) for each in values)
    return [tuple(each[row % len(each)] for each in values) for row in range(rows)]
