"""How the lines of a narrowed list are found: by which indexes, and the ids of a page first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, select, true, union
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import Complaint
from complaints.queries.lists.filters import (
    CLOSED_ACCOUNTS,
    ME,
    NONE,
    OPEN_ONES,
    ListFilters,
    person_of,
)
from complaints.queries.paging import at_most
from complaints.queries.scope import arms_beside_own, arms_of_own, scope_arms


def arms_of(
    filters: ListFilters, actor: Actor, named: Sequence[int]
) -> tuple[list[ColumnElement[bool]], ListFilters]:
    """Conditions of which each can follow an index of its own, and the filters left to ask."""
    if filters.handler in (None, "", ME):
        is_own = ME in (filters.handler, filters.waiting)
        return arms_of_own(actor) if is_own else scope_arms(actor), filters
    # Written out, not bound: how many of all they handle decides how their complaints are found.
    written: BindParameter[list[int]] = bindparam(
        None, list(named), expanding=True, literal_execute=True
    )
    handled: list[ColumnElement[bool]] = [Complaint.handler_id.in_(written)] if named else []
    if filters.handler == NONE:
        scope = arms_beside_own(actor)
        handled.append(Complaint.handler_id.is_(None))
    else:
        scope = scope_arms(actor) if handled else [false()]
    arms = [and_(arm, each) for arm in scope for each in handled or [true()]]
    return arms, replace(filters, handler=None)


def named_by(session: Session, handler: str | None) -> tuple[int, ...]:
    """The ids behind the filter by handler: the person's, or for "none" of all who have left."""
    if handler in (None, "", ME):
        return ()
    return tuple(session.scalars(CLOSED_ACCOUNTS if handler == NONE else person_of(handler)))


def is_narrowed(filters: ListFilters) -> bool:
    """Whether most of what an index of the list holds may have to be passed over."""
    plain = replace(filters, overdue=False, sort=None)
    if filters.status in (None, "", OPEN_ONES):
        plain = replace(plain, status=None)
    if filters.handler == ME:
        plain = replace(plain, handler=None)
    return plain != ListFilters()


def first_of_each(
    arms: Sequence[ColumnElement[bool]],
    wanted: Sequence[ColumnElement[bool]],
    sorting: Sequence[Any],
    count: int,
) -> ColumnElement[bool]:
    """The page's complaints: each arm of the scope yields its first rows by its own index."""
    cut = [
        select(Complaint.id).where(arm, *wanted).order_by(*sorting).limit(at_most(count)).subquery()
        for arm in arms
    ]
    return Complaint.id.in_(union(*(select(each.c.id) for each in cut)))
