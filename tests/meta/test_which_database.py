"""Where both databases are asked for each test still runs, and what one may have alone is named."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.which_database import ASKS_THE_DATABASE, KINDS, left_out, on_either

#: The folders whose tests may be left to one of the databases each.
FOLDERS = {
    "tests/channels/api",
    "tests/channels/csv_import",
    "tests/channels/email",
    "tests/channels/portal",
    "tests/clocks",
    "tests/commands",
    "tests/documents",
    "tests/letters",
    "tests/outbox",
    "tests/people",
    "tests/recalculation",
    "tests/rules",
    "tests/steps",
    "tests/takeover",
    "tests/web",
}


class Test:
    """As much of a collected test as decides where it runs."""

    __test__ = False

    def __init__(self, name: str, kind: str | None, *marks: str, asks: tuple[str, ...] = ()):
        self.nodeid = name if kind is None else f"{name.partition('[')[0]}[{kind}-{name}]"
        self.callspec = SimpleNamespace(params={} if kind is None else {"database_kind": kind})
        self.marks = dict.fromkeys(marks, True)
        self._fixtureinfo = SimpleNamespace(argnames=asks)
        self.function: Callable[[], None] | None = None

    def get_closest_marker(self, name: str) -> Any:
        return self.marks.get(name)

    def iter_markers(self) -> Iterator[Any]:
        return (SimpleNamespace(name=name) for name in self.marks)

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.marks[mark.name] = True


def ran(*tests: Any) -> list[tuple[str, str]]:
    left = {id(each) for each in left_out(tests)}
    told = [each for each in tests if id(each) not in left]
    return [(each.nodeid, each.callspec.params.get("database_kind", "")) for each in told]


def on_both(name: str, *marks: str) -> list[Any]:
    return [Test(name, kind, *marks) for kind in KINDS]


def test_without_a_mark_a_test_runs_on_both():
    assert len(ran(*on_both("a.py::one"), Test("a.py::none", None))) == 3


def test_one_that_either_may_have_runs_on_one_and_half_of_many_on_each():
    names = [f"a.py::test[{row}]" for row in range(400)]
    told = ran(*[each for name in names for each in on_both(name, "either_database")])
    assert len(told) == len(names)
    counts = [sum(kind == each for _, kind in told) for each in KINDS]
    assert min(counts) > 150


def test_the_database_is_the_same_whatever_else_is_collected():
    alone = ran(*on_both("a.py::one", "either_database"))
    beside = ran(*on_both("a.py::two"), *on_both("a.py::one", "either_database"))
    assert alone[0] in beside


def test_only_the_first_row_runs_on_postgresql_and_what_has_no_part_in_it_never():
    rows = [
        Test(f"a.py::test[{n}]", kind, "first_row_on_postgresql") for kind in KINDS for n in "ab"
    ]
    told = ran(*rows, *on_both("a.py::other", "sqlite_is_enough"))
    assert [kind for _, kind in told] == ["sqlite", "sqlite", "postgresql", "sqlite"]


@pytest.mark.parametrize("asked", sorted(ASKS_THE_DATABASE))
def test_who_asks_the_database_itself_is_tried_on_both_in_every_folder(asked: str):
    collect = on_either("words")
    plain, asking, said = (
        Test("a.py::one", "sqlite"),
        Test("a.py::two", "sqlite", asks=("office", asked)),
        Test("a.py::three", "sqlite", "both_databases"),
    )
    for each in (plain, asking, said):
        collect(each)  # type: ignore[arg-type]
    marked = [bool(each.get_closest_marker("either_database")) for each in (plain, asking, said)]
    assert marked == [True, False, False]


def test_who_has_several_at_work_at_once_is_tried_on_both():
    def several() -> None:
        def press() -> None:
            threading.Thread(target=print).start()

        press()

    def alone() -> None:
        assert "at_once"

    found = []
    for function in (several, alone):
        test = Test("a.py::one", "sqlite")
        test.function = function
        on_either("words")(test)  # type: ignore[arg-type]
        found.append(bool(test.get_closest_marker("either_database")))
    assert found == [False, True]


def test_the_folders_that_leave_tests_to_one_are_those_that_are_known():
    found = {
        str(path.parent.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if _calls_on_either(path)
    }
    assert found == FOLDERS


def _calls_on_either(path: Path) -> bool:
    names = [
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return "on_either" in names and path.parent.name != "meta"
