"""When PostgreSQL plans a page's statements: for each set of values anew, or once for all of them.

Planning takes about as long as running what a page asks where it asks for one complaint, or for
the first rows of an index. How common the values are decides how a search or a narrowed list is
best found, so those are planned with them; and so is whatever nobody has said otherwise of.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: PostgreSQL's own names (`plan_cache_mode`).
BY_VALUES, ONCE = "auto", "force_generic_plan"

_wanted: ContextVar[str] = ContextVar("wanted", default=BY_VALUES)


def plan_once(is_once: bool) -> None:
    """Say how the statements of this thread's request are planned, before it asks its first."""
    _wanted.set(ONCE if is_once else BY_VALUES)


@contextmanager
def planned_by_values() -> Iterator[None]:
    """Connections taken meanwhile plan by values, also within a page that is planned once."""
    before = _wanted.set(BY_VALUES)
    try:
        yield
    finally:
        _wanted.reset(before)


def wanted_plans() -> str:
    """How the statements of this thread are to be planned."""
    return _wanted.get()
