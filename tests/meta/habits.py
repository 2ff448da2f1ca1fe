"""Readers of source code for the habits of this office; each returns findings as plain lines.

They read the syntax tree, so a word in a comment or a docstring is never an offence.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator

Reader = Callable[[ast.AST], Iterator[tuple[int, str]]]

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
    "func": {"now", "current_timestamp"},
}


def clock_readings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find `datetime.now`, `date.today`, `time.time` and the like, called or handed on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = _last_name(node.value)
            if node.attr in CLOCKS.get(owner, ()):
                yield node.lineno, f"{owner}.{node.attr} reads the clock"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            for alias in node.names:
                if alias.name in CLOCKS["time"]:
                    yield node.lineno, f"time.{alias.name} reads the clock"


def status_assignments(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find `x.status = …`, `setattr(x, "status", …)` and `.values(status=…)`."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        for target in targets:
            for part in ast.walk(target):
                if (
                    isinstance(part, ast.Attribute)
                    and part.attr == "status"
                    and isinstance(part.ctx, ast.Store)
                ):
                    yield node.lineno, "assigns .status"
        if isinstance(node, ast.Call):
            called = _last_name(node.func)
            if called == "setattr" and len(node.args) > 1 and _is_text(node.args[1], "status"):
                yield node.lineno, 'sets the attribute "status"'
            if called == "values" and any(word.arg == "status" for word in node.keywords):
                yield node.lineno, "writes the column status past `advance`"


def commits(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find calls of `.commit(`."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "commit"
        ):
            yield node.lineno, "commits"


def selects(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find `select(…)` of SQLAlchemy and the older `session.query(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = _last_name(node.func)
            if called == "select":
                yield node.lineno, "builds a select"
            if called == "query" and isinstance(node.func, ast.Attribute):
                yield node.lineno, "builds a query"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            for alias in node.names:
                if alias.name == "select":
                    yield node.lineno, "imports select"


def row_changes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find SQLAlchemy's insert, update and delete, and rows added to a session."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            for alias in node.names:
                if alias.name in {"insert", "update", "delete"}:
                    yield node.lineno, f"imports {alias.name}"
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"add", "add_all", "delete", "merge", "flush"}
            and "session" in _last_name(node.func.value)
        ):
            yield node.lineno, f"session.{node.func.attr} changes rows"


#: What writes the rows of a table it is given, in SQLAlchemy's words and in our own.
WRITERS = {
    "insert",
    "update",
    "delete",
    "table_of",
    "Rows",
    "insert_rows",
    "update_rows",
}


def writes_to(*tables: str) -> Reader:
    """Find rows of these tables made, inserted, changed or deleted."""

    def reader(tree: ast.AST) -> Iterator[tuple[int, str]]:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = _last_name(node.func)
            if called in tables:
                yield node.lineno, f"makes a {called}"
            elif called in WRITERS:
                for given in node.args:
                    if _last_name(given) in tables:
                        yield node.lineno, f"{called} writes {_last_name(given)}"

    return reader


def row_positions(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find `row[3:9]`, `row[0]` and `tuple(row)`: a row read by position instead of by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _last_name(node.value) == "row":
            at = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
            if isinstance(at, ast.Slice) or isinstance(getattr(at, "value", None), int):
                yield node.lineno, "reads a row by position"
        elif (
            isinstance(node, ast.Call)
            and _last_name(node.func) == "tuple"
            and any(_last_name(given) == "row" for given in node.args)
        ):
            yield node.lineno, "takes a row apart by position"


def foreign_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find imports of anything but the standard library and the rules themselves."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            inside = name == "complaints.domain" or name.startswith("complaints.domain.")
            if not inside and name.partition(".")[0] not in sys.stdlib_module_names:
                yield node.lineno, f"imports {name}"


def missing_opening(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find a module that does not open with one to five lines on what it is for."""
    assert isinstance(tree, ast.Module)
    opening = ast.get_docstring(tree)
    if tree.body and not opening:
        yield 1, "does not say what it is for"
    elif opening and len([line for line in opening.splitlines() if line.strip()]) > 5:
        yield 1, "takes more than five lines to say what it is for"


TEMPLATE_OFFENCES = {
    r"<[^>{]*\sstyle\s*=": "carries an inline style",
    r"<[^>{]*\son[a-z]+\s*=\s*[\"']": "carries an event handler",
    r"<script(?![^>]*\ssrc\s*=)[^>]*>": "carries an inline script",
    r"<style\b": "carries an inline stylesheet",
    r"\bhref\s*=\s*[\"']javascript:": "links to a script",
    r"\b(?:src|href)\s*=\s*[\"'](?:https?:)?//": "loads or links another host",
}


def template_offences(text: str) -> Iterator[tuple[int, str]]:
    """Find what a policy of `default-src 'self'` would refuse, in the text of one template."""
    for pattern, offence in TEMPLATE_OFFENCES.items():
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield text.count("\n", 0, match.start()) + 1, offence


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_text(node: ast.AST, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text
