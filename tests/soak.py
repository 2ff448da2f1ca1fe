"""How long a test goes on: short by default, long in `make soak` or when a variable says so."""

from __future__ import annotations

import os

IS_SOAK = bool(os.environ.get("TANGGAP_SOAK"))


def budget(name: str, usual: int, long: int) -> int:
    """The number the environment gives under this name, else the long or the usual one."""
    return int(os.environ.get(name) or (long if IS_SOAK else usual))
