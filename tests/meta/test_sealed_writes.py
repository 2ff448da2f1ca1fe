"""A statement that writes a sealed table by itself says so with `note_written`, or it looks like
tampering when the history is verified. `rows.py` notes by itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from complaints.db import Base, make_engine
from complaints.migrate import migrate_as_far_as
from complaints.sealing import OF_COMPLAINTS, SEALED, sealed_columns

PACKAGE = Path(__file__).resolve().parents[2] / "complaints"
#: Its statements are of whatever table they are given; it notes each.
ROWS = PACKAGE / "rows.py"
WRITES = {"update", "insert", "delete"}
BULK = {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
SQL = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s", re.IGNORECASE)

MODELS = {mapper.class_.__name__ for mapper in Base.registry.mappers}
UNSEALED: Mapping[str, frozenset[str]] = {each.__name__: each.unsealed for each in SEALED}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def unnoted_writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find what writes a sealed table past the session where nothing notes it.

    It is noted where the same function calls `note_written`, or hands the statement to a function
    of the module that does; a statement kept by the module, in every function that uses it.
    """
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    noting = {"note_written"}
    noting |= {each.name for each in functions if any(map(_notes, calls(each)))}
    inner = {id(node) for each in functions for node in ast.walk(each)}
    for each in functions:
        if not any(name_of(call.func) in noting for call in calls(each)):
            yield from _writes(each, tree)
    for statement in tree.body:
        found = [] if isinstance(statement, Function) else list(_writes(statement, tree, inner))
        if not found:
            continue
        names = {name_of(each) for each in getattr(statement, "targets", ())}
        users = [each for each in functions if names & {name_of(node) for node in ast.walk(each)}]
        if not users or any(
            not any(name_of(call.func) in noting for call in calls(each)) for each in users
        ):
            yield from found


def _notes(call: ast.Call) -> bool:
    return name_of(call.func) == "note_written"


def _writes(
    scope: ast.AST, tree: ast.Module, leave: set[int] | None = None
) -> Iterator[tuple[int, str]]:
    chained = {id(node.value): node for node in ast.walk(scope) if isinstance(node, ast.Attribute)}
    called = {id(call.func): call for call in calls(scope)}
    for call in calls(scope):
        if id(call) in (leave or ()):
            continue
        what = name_of(call.func)
        if what in BULK or (what == "delete" and "session" in name_of(_owner(call))):
            yield call.lineno, f"session.{what} writes rows that nobody seals"
        elif what in {"text", "exec_driver_sql"} and any(map(_is_sql, call.args)):
            yield call.lineno, "SQL of its own writes rows"
        elif what in WRITES:
            table = _table(call, scope, tree)
            if table in UNSEALED and not _columns(call, chained, called) <= UNSEALED[table]:
                yield call.lineno, f"{what} writes {table}"


def _owner(call: ast.Call) -> ast.AST:
    return call.func.value if isinstance(call.func, ast.Attribute) else call


def _is_sql(given: ast.expr) -> bool:
    if isinstance(given, ast.JoinedStr) and given.values:
        given = given.values[0]
    text = given.value if isinstance(given, ast.Constant) else None
    return isinstance(text, str) and SQL.match(text) is not None


def _table(call: ast.Call, scope: ast.AST, tree: ast.Module) -> str:
    """The model whose table a statement writes; "" where it is none of ours."""
    if isinstance(call.func, ast.Attribute) and not call.args:
        return _model(call.func.value, scope, tree)
    return _model(call.args[0], scope, tree) if call.args else ""


def _model(given: ast.AST, scope: ast.AST, tree: ast.Module) -> str:
    if isinstance(given, ast.Attribute) and given.attr == "__table__":
        return name_of(given.value)
    if isinstance(given, ast.Call) and name_of(given.func) == "table_of":
        return name_of(given.args[0])
    name = name_of(given)
    if not name or name in MODELS:
        return name
    for place in (scope, tree):
        for node in ast.walk(place):
            if isinstance(node, ast.Assign) and name in map(name_of, node.targets):
                return "" if name_of(node.value) == name else _model(node.value, place, tree)
    return ""


def _columns(
    call: ast.AST, chained: Mapping[int, ast.Attribute], called: Mapping[int, ast.Call]
) -> set[str]:
    """The columns that a statement sets; {"?"} where it does not say them in one go."""
    found: set[str] = set()
    while (method := chained.get(id(call))) is not None and id(method) in called:
        call = called[id(method)]
        if method.attr == "values":
            found |= {each.arg or "?" for each in call.keywords} | {"?" for _ in call.args}
    return found or {"?"}


def test_what_is_written_past_the_session_is_noted_for_the_seal():
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}:{line} {offence}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != ROWS
        for line, offence in unnoted_writes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


SLIPS = {
    "a model": "def f(s):\n s.execute(update(Offer).values(state='refused'))",
    "in two steps": "def f(s):\n s = update(Offer)\n s = s.values(state='refused')",
    "a table": "def f(s):\n t = table_of(Complaint)\n s.execute(update(t).values(status='x'))",
    "a table of the module": "T = table_of(Note)\ndef f(s):\n s.execute(insert(T))",
    "a table's own": "def f(s):\n s.execute(Note.__table__.delete())",
    "kept by the module": "M = update(Deadline).values(state='x')\ndef f(s):\n s.execute(M)",
    "handed to one that notes nothing": "def g(s):\n pass\ndef f(s):\n g(delete(Note))",
    "one column of two": "def f(s):\n s.execute(update(Complaint).values(version=1, story=''))",
    "SQL": "def f(s):\n s.execute(text(f'UPDATE {name} SET x = 1'))",
    "deleted": "def f(self, row):\n self.session.delete(row)",
    "in bulk": "def f(session):\n session.bulk_save_objects([])",
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_write_that_nobody_notes_is_caught(slip: str):
    assert list(unnoted_writes(ast.parse(slip)))


FINE = {
    "noted": "def f(s):\n s.execute(update(Offer).values(state='x'))\n note_written(s, w)",
    "noted by another": "def g(s):\n note_written(s)\ndef f(s):\n g(update(Offer).values(x=1))",
    "kept and noted": "M = delete(Note)\ndef f(s):\n s.execute(M)\n rows.note_written(s, w)",
    "not sealed": "def f(s):\n s.execute(update(Complaint).where(x).values(version=1))",
    "another table": "def f(s):\n s.execute(delete(OneTimeKey))",
    "no table": "def f(known):\n known.update(other)",
}


@pytest.mark.parametrize("fine", FINE.values(), ids=FINE)
def test_what_is_noted_or_not_sealed_passes(fine: str):
    assert list(unnoted_writes(ast.parse(fine))) == []


#: The first version that sealed, and a column that no seal ever covered, as it was called then.
FIRST, NEVER = "0040", {"expiry_put_aside_until"}


def test_what_was_sealed_once_is_signed_under_the_same_name(empty_database_url: str):
    """A seal covers names: whoever renames a column says in `sealed_as` what it was called."""
    engine = make_engine(empty_database_url)
    migrate_as_far_as(engine, FIRST)
    then = MetaData()
    then.reflect(engine)
    engine.dispose()
    lost = {
        f"{mapped.__tablename__}.{column.name}"
        for mapped in OF_COMPLAINTS
        if mapped.__tablename__ in then.tables
        for column in then.tables[mapped.__tablename__].columns
        # What the database computes itself (the words of PostgreSQL's search) no row holds.
        if column.computed is None
        if column.name not in {*sealed_columns(mapped).values(), *mapped.unsealed, *NEVER}
    }
    assert lost == set()
