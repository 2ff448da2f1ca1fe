"""On which databases a test runs where both are asked for.

On both, unless a mark says why one is enough. Tests of what is said and who may do what send the
same statements in other words: a folder of them leaves each to one of the two, half of them to
either, and says so in its `conftest.py`. Whoever asks the database itself, or has several at work
at once, runs on both there, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import CodeType
from zlib import crc32

import pytest

KINDS = ("sqlite", "postgresql")

#: What a test asks for that looks at statements, rows or engines itself.
ASKS_THE_DATABASE = frozenset({"counted", "database_kind", "databases", "engine", "session"})


#: What a test names that lets several do something at once.
AT_ONCE = frozenset({"Barrier", "Thread", "ThreadPoolExecutor", "at_once"})


def on_either(why: str) -> Callable[[pytest.Item], None]:
    """For a folder's `conftest.py`: `pytest_itemcollected = on_either("what the folder tests")`."""

    def pytest_itemcollected(item: pytest.Item) -> None:
        if _database_of(item) is None:
            return
        needs_both = _asks_the_database(item) or _is_at_once(item)
        if not needs_both and not item.get_closest_marker("both_databases"):
            item.add_marker(pytest.mark.either_database(why))

    return pytest_itemcollected


def left_out(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """The tests that need not run where both databases are asked for.

    A test marked `first_row_on_postgresql` runs there with its first row, to see that the
    statements hold; one marked `sqlite_is_enough` does not run there; one marked
    `either_database` runs on the one its name gives it.
    """
    tried: set[str] = set()
    for item in items:
        # The marks of an item are read once: there are nearly twenty thousand of them.
        kind = _database_of(item)
        marks = {mark.name for mark in item.iter_markers()} if kind else ()
        if kind is None or "postgresql" in marks:
            continue
        if "sqlite_is_enough" in marks:
            is_left = kind == "postgresql"
        elif "first_row_on_postgresql" in marks:
            is_left = kind == "postgresql" and _name_of(item) in tried
        else:
            is_left = "either_database" in marks and kind != turn_of(item)
        if kind == "postgresql" and not is_left:
            tried.add(_name_of(item))
        if is_left:
            yield item


def turn_of(item: pytest.Item) -> str:
    """The database a test is given by its name and row, the same in every run."""
    kind = str(_database_of(item))
    name, _, row = item.nodeid.partition("[")
    return KINDS[crc32(f"{name}[{row.replace(kind, '')}".encode()) % 2]


def _database_of(item: pytest.Item) -> str | None:
    """The database that a test is about to run on; None for one without."""
    told = getattr(getattr(item, "callspec", None), "params", {})
    found: str | None = told.get("database_kind")
    return found


def _name_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _asks_the_database(item: pytest.Item) -> bool:
    asked = getattr(item, "_fixtureinfo", None)
    return asked is not None and not ASKS_THE_DATABASE.isdisjoint(asked.argnames)


def _is_at_once(item: pytest.Item) -> bool:
    code = getattr(getattr(item, "function", None), "__code__", None)
    return code is not None and not AT_ONCE.isdisjoint(_names_in(code))


def _names_in(code: CodeType) -> Iterator[str]:
    """The names that a function uses, with the functions inside it."""
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names_in(each)
