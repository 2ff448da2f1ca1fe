"""What tests begin with is done once for each kind of database; after that its rows are put back.

Most tests begin with a complaint that has come some way. Whoever begins as another test has begun,
in a copy of the same database to which nothing else was written, is given the rows that were
written then instead of having the same steps taken again. `make soak` takes every step anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, TypeVar

import pytest
from sqlalchemy.orm import Session

from complaints import clock
from complaints.signing import history_key
from tests.rows_left import RowsLeft, read_rows, rows_left
from tests.soak import IS_SOAK

Answer = TypeVar("Answer")
Mark = Callable[[], Hashable]
Acts = tuple[Hashable, ...]


class Incomparable(Exception):
    """Something that is not the same twice, as far as can be told."""


@dataclass(slots=True)
class Standing:
    """What was done in a database, and what changes with all that is written to it."""

    read_mark: Mark
    acts: Acts
    mark: Hashable


STANDING: dict[str, Standing] = {}
KEPT: dict[Acts, tuple[RowsLeft, Any]] = {}
#: The `monkeypatch` of the test that is running.
patches: list[pytest.MonkeyPatch] = []


def begin(url: str, prepare: Hashable, read_mark: Mark) -> None:
    """Note that a database is a copy of what `prepare` made."""
    STANDING[url] = Standing(read_mark, (prepare,), read_mark())


def end(url: str) -> None:
    """Forget a database."""
    STANDING.pop(url, None)


def once(session: Session, what: Any, do: Callable[[], Answer]) -> Answer:
    """Do it and commit; or put back what `what` left in a database in which the same was done.

    `what` says all that the act depends on besides the database.
    """
    standing = _standing(session)
    try:
        act = (history_key().id, same(what))
    except Incomparable:
        standing = None
    if standing is None:
        return do()
    acts = (*standing.acts, act)
    if acts in KEPT:
        rows, answer = KEPT[acts]
        rows.put_back(session)
    else:
        before = read_rows(session)
        answer = do()
        session.commit()
        KEPT[acts] = rows_left(session, before), answer
    standing.acts, standing.mark = acts, standing.read_mark()
    return answer


def _standing(session: Session) -> Standing | None:
    """How the session's database stands, None where that or the code at work is not known."""
    engine = session.get_bind()
    standing = STANDING.get(engine.engine.url.render_as_string(hide_password=False))
    is_known = (
        not IS_SOAK
        and standing is not None
        and not session.in_transaction()
        and not engine.engine.dispatch.before_cursor_execute
        and not _is_code_replaced()
        and standing.read_mark() == standing.mark
    )
    return standing if is_known else None


def _is_code_replaced() -> bool:
    """Whether the running test has replaced more than the clock, which no step reads."""
    return any(
        (target, name) != (clock, "now") for each in patches for target, name, _ in each._setattr
    )


def same(value: Any) -> Hashable:
    """A value as something that is equal for the same value only; raises Incomparable."""
    if is_dataclass(value) and not isinstance(value, type):
        told = {each.name: getattr(value, each.name) for each in fields(value)}
        return type(value), same(told)
    if isinstance(value, Mapping):
        return type(value), tuple((same(key), same(value[key])) for key in value)
    if isinstance(value, (list, tuple)):
        return type(value), tuple(same(each) for each in value)
    if isinstance(value, (set, frozenset)):
        return type(value), frozenset(same(each) for each in value)
    if value is None or isinstance(value, (bool, int, float, str, date, timedelta, Enum)):
        # 1 and True are equal, and so are two names of one instant.
        return type(value), value, str(value)
    raise Incomparable(type(value).__name__)
