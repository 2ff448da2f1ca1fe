"""The list of complaints: filtered, within the person's scope, in pages.

A page is one query whatever it shows: rows come as plain values with all that a line needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import OPEN, Status
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Deadline, User
from complaints.queries.due_status import DueStatus, next_due_status
from complaints.queries.kept import NOW, Kept
from complaints.queries.lists.filters import OPEN_ONES, ListFilters, conditions_of
from complaints.queries.lists.narrowed import arms_of, first_of_each, is_narrowed, named_by
from complaints.queries.lists.near import find_near
from complaints.queries.lists.search import find_complaints, read_query
from complaints.queries.paging import (
    Order,
    Position,
    at_most,
    keyset_ranges,
    read_cursor,
    write_cursor,
)
from complaints.queries.paused_until import next_clock, paused_until_of
from complaints.queries.scope import arms_beside_own, in_scope, sees_all
from complaints.rows import among
from complaints.rulebook import RuleBook, current_rules

__all__ = ["ListFilters", "ListPage", "ListRow", "find_number", "list_complaints"]

SORTS = ("due", "newest")
MOST_ROWS = 200

_BY_DUE = Order("due", Complaint.id, Complaint.next_due_at, may_lack_key=True)
_NEWEST = Order("newest", Complaint.id, Complaint.received_at, is_falling=True)
_SEARCHED = Order("found", Complaint.id, is_falling=True)


class ListRow(NamedTuple):
    """One complaint as a list shows it; `standing` is None when no clock runs."""

    id: int
    number: str
    status: str
    priority: str
    customer: str
    category: str | None
    summary: str
    channel: str
    branch_id: int
    team_id: int | None
    handler: str | None
    received_at: datetime
    closed_at: datetime | None
    outcome: str | None
    waiting_customer: bool
    awaiting_delivery: bool
    awaiting_confirmation: bool
    #: Told by the customer alone: nobody has it, and nobody has read it back yet.
    is_untouched: bool
    escalation_level: int
    next_due_at: datetime | None
    next_due_kind: str | None
    standing: DueStatus | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page; `next` and `previous` are cursors, None at the ends.

    `is_near` says that nothing has the words searched for, and the page what was probably meant.
    """

    items: Sequence[ListRow]
    next: str | None
    previous: str | None = None
    is_near: bool = False


def list_complaints(
    session: Session,
    actor: Actor,
    filters: ListFilters,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
    rules: RuleBook | None = None,
    most: int = MOST_ROWS,
) -> ListPage:
    """A page of the complaints that the person may see and the filters leave, `most` at once.

    Raises Invalid for a filter or cursor that cannot be read.
    """
    book = rules or current_rules(session)
    limit = max(1, min(limit, most))
    is_search = bool(filters.q and filters.q.strip())
    if is_search and not read_query(filters.q or "").words:
        return ListPage((), None)
    order = _SEARCHED if is_search else _order_of(filters)
    place = read_cursor(cursor, order) if cursor else None
    is_near = False
    if is_search:
        conditions = conditions_of(filters, actor, book, now)
        asked = (session, actor, filters.q or "", conditions, place, limit)
        rows = _search(*asked)
        if not rows:
            rows = _search(*asked, find=find_near)
            is_near = bool(rows)
    else:
        rows = _fetch(session, actor, filters, book, place, limit, now)
    return replace(_page(rows, order, place, limit, book, now), is_near=is_near)


def list_untaken(
    session: Session, actor: Actor, *, now: datetime, limit: int, rules: RuleBook
) -> list[ListRow]:
    """What has come in and lies with nobody, within the person's scope, the most urgent first.

    One statement; what lies with somebody who has left is the matter of another list.
    """
    found = _UNTAKEN.rows(session, actor, limit, rules)
    return [make_row(row, rules, now) for row in found]


def _untaken(actor: Actor, limit: int, rules: RuleBook) -> Select[Any]:
    wanted = conditions_of(ListFilters(status=Status.RECEIVED.value), actor, rules, NOW)
    wanted.append(Complaint.handler_id.is_(None))
    sorting = Complaint.next_due_at, Complaint.id
    page = first_of_each(arms_beside_own(actor), wanted, sorting, limit)
    return LINE.where(page).order_by(*sorting).limit(at_most(limit))


_UNTAKEN = Kept(_untaken)


def find_number(session: Session, actor: Actor, typed: str) -> str | None:
    """The number of the complaint whose number was typed, when the person may see it."""
    numbers = current_rules(session).numbers
    number = numbers.recognise(typed)
    if number is None:
        return None
    year, complaint_id = number
    query = select(Complaint.id, Complaint.year).where(
        Complaint.id == complaint_id, in_scope(actor)
    )
    if year is not None:
        query = query.where(Complaint.year == year)
    row = session.execute(query).first()
    return numbers.write(row.year, row.id) if row else None


def _order_of(filters: ListFilters) -> Order:
    if filters.sort not in (None, "", *SORTS):
        raise Invalid(N_("This list cannot be sorted like that."), field="sort")
    is_open = filters.overdue or filters.status == OPEN_ONES or filters.status in set(OPEN)
    if filters.sort == "newest" or not is_open:
        return _NEWEST
    return _BY_DUE


#: The clock that a line tells of; joined once, it is not looked for again for each of its columns.
_CLOCK = aliased(Deadline, name="clock")

LINE: Select[Any] = select(
    Complaint.id,
    Complaint.year,
    Complaint.status,
    Complaint.priority,
    Complaint.contact_name.label("customer"),
    Complaint.category,
    Complaint.summary,
    func.substr(Complaint.story, 1, 160).label("story"),
    Complaint.channel,
    Complaint.branch_id,
    Complaint.team_id,
    User.name.label("handler"),
    Complaint.received_at,
    Complaint.closed_at,
    Complaint.outcome,
    Complaint.waiting_customer,
    Complaint.awaiting_delivery,
    Complaint.awaiting_confirmation,
    Complaint.escalation_level,
    Complaint.next_due_at,
    Complaint.next_due_kind,
    _CLOCK.started_at.label("clock_started_at"),
    _CLOCK.state.label("clock_state"),
    paused_until_of(_CLOCK).label("paused_until"),
    _CLOCK.policy_version_id.label("clock_policy"),
    _CLOCK.clause.label("clock_clause"),
)
LINE = LINE.outerjoin(User, User.id == Complaint.handler_id)
LINE = LINE.outerjoin(_CLOCK, _CLOCK.id == next_clock(Deadline.id))


def _fetch(
    session: Session,
    actor: Actor,
    filters: ListFilters,
    rules: RuleBook,
    place: Position | None,
    limit: int,
    now: datetime,
) -> list[Row[Any]]:
    """One row more than the page, in the order of reading from the place onward."""
    rows: list[Row[Any]] = []
    named = named_by(session, filters.handler)
    for nth in range(len(keyset_ranges(_order_of(filters), place))):
        if place is None:
            rows += _FIRST_PAGE.rows(session, actor, filters, rules, limit + 1, nth, named, now=now)
        else:
            count = limit + 1 - len(rows)
            query = _page_from(actor, filters, rules, count, nth, named, place)
            rows += session.connection().execute(query, {"now": now})
        if len(rows) > limit:
            break
    return rows[: limit + 1]


def _page_from(
    actor: Actor,
    filters: ListFilters,
    rules: RuleBook,
    count: int,
    nth: int,
    named: Sequence[int],
    place: Position | None = None,
) -> Select[Any]:
    """The first rows of the nth stretch from the place onward.

    Where the list is narrowed its ids are found first, within an index; the whole one is read off.
    """
    arms, rest = arms_of(filters, actor, named)
    stretch = keyset_ranges(_order_of(filters), place)[nth]
    wanted = [*conditions_of(rest, actor, rules, NOW), *stretch.conditions]
    if len(arms) == 1 and not is_narrowed(filters):
        page = and_(arms[0], *wanted)
    else:
        page = first_of_each(arms, wanted, stretch.sorting, count)
    return LINE.where(page).order_by(*stretch.sorting).limit(at_most(count))


#: Where most people begin: few views, each with one or two stretches.
_FIRST_PAGE = Kept(_page_from)


def _search(
    session: Session,
    actor: Actor,
    typed: str,
    conditions: Sequence[ColumnElement[bool]],
    place: Position | None,
    limit: int,
    find: Callable[..., list[int]] = find_complaints,
) -> list[Row[Any]]:
    """The same for what a search finds."""
    (stretch,) = keyset_ranges(_SEARCHED, place)
    is_back = place is not None and place.is_back
    scope = [] if sees_all(actor) else [in_scope(actor)]
    wanted = [*scope, *conditions, *stretch.conditions]
    ids = find(session, typed, wanted, limit=limit + 1, is_upward=is_back)
    if not ids:
        return []
    query = LINE.where(among(session, Complaint.id, ids)).order_by(*stretch.sorting)
    return list(session.connection().execute(query))


def _page(
    rows: list[Row[Any]],
    order: Order,
    place: Position | None,
    limit: int,
    rules: RuleBook,
    now: datetime,
) -> ListPage:
    is_back = place is not None and place.is_back
    has_more = len(rows) > limit
    rows = rows[:limit]
    if is_back:
        rows.reverse()
    items = [make_row(row, rules, now) for row in rows]
    if not items:
        return ListPage((), None)
    is_first = place is None if not is_back else not has_more
    is_last = not has_more if not is_back else False
    return ListPage(
        items,
        next=None if is_last else _cursor(rows[-1], order, is_back=False),
        previous=None if is_first else _cursor(rows[0], order, is_back=True),
    )


def _cursor(row: Row[Any], order: Order, *, is_back: bool) -> str:
    key = getattr(row, str(order.key.key)) if order.key is not None else None
    return write_cursor(Position(order.name, is_back, key, row.id))


def make_row(
    row: Row[Any],
    rules: RuleBook,
    now: datetime,
    *,
    due_at: datetime | None = None,
    due_kind: str | None = None,
    stands: DueStatus | None = None,
) -> ListRow:
    """A row of `LINE` as a list shows it; a deadline given stands in for the next one."""
    if stands is None:
        stands = next_due_status(row, rules, now)
    return ListRow(
        id=row.id,
        number=rules.numbers.write(row.year, row.id),
        status=row.status,
        priority=row.priority,
        customer=row.customer,
        category=row.category,
        summary=row.summary or row.story,
        channel=row.channel,
        branch_id=row.branch_id,
        team_id=row.team_id,
        handler=row.handler,
        received_at=row.received_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        waiting_customer=row.waiting_customer,
        awaiting_delivery=row.awaiting_delivery,
        awaiting_confirmation=row.awaiting_confirmation and row.closed_at is None,
        is_untouched=row.status == Status.RECEIVED and not (row.handler or row.summary),
        escalation_level=row.escalation_level,
        next_due_at=due_at or row.next_due_at,
        next_due_kind=due_kind or row.next_due_kind,
        standing=stands,
    )
