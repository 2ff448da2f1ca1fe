"""The complaints behind a figure of the deadline report, one line for each deadline it counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Deadline
from complaints.queries.due_status import DueStatus, due_status_of
from complaints.queries.lists.filters import ListFilters, conditions_of
from complaints.queries.lists.worklist import LINE, ListPage, ListRow, make_row
from complaints.queries.paging import Order, Position, keyset_ranges, read_cursor, write_cursor
from complaints.queries.reports.balance import (
    KEPT_DATED_BACK,
    PLACES,
    RECEIVED,
    TAKEN_OVER,
    dated_back_ids,
    place_of,
    with_promise,
)
from complaints.queries.reports.counting import (
    FIGURES,
    counted,
    counted_first,
    has_not_run_on,
    is_outcome,
    runs_on,
)
from complaints.queries.reports.first_contact import could_be, was_first_contact
from complaints.queries.reports.handling import was_handled
from complaints.queries.reports.outcomes.lists import OUTCOME_FIGURES, counted_outcome
from complaints.queries.reports.part_lists import PART_FIGURES, counted_in_part
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

_RECEIVED = Order("received", Complaint.id, Complaint.received_at, is_falling=True)
_DUE = Order("behind", Deadline.id, Deadline.due_at, is_falling=True)
_FIRST = Order("first", Deadline.id, Deadline.first_told_at, is_falling=True)
#: What is still to come, the next one first.
_NEXT = Order("next_due", Deadline.id, Deadline.due_at)

#: The order of what is counted by owner, level or person.
_PART = "part"

#: The list behind a place of the balance is called by the place, with this before it.
BALANCE = "balance_"
_PLACES = (*PLACES, TAKEN_OVER, RECEIVED, KEPT_DATED_BACK)
_FIRST_FIGURES = ("first_kept", "first_missed")
#: The two of first contact resolution.
_CONTACT = ("first_contact", "first_contact_possible")
#: Those closed in the period, whenever they came in.
_HANDLED = "handled"
#: Promises that run and fall due in the period.
DUE = "due"


def list_behind(
    session: Session,
    actor: Actor,
    filters: ListFilters,
    rules: RuleBook,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
) -> ListPage:
    """A page of what a figure counts; the deadline counted stands where the next one would.

    Its standing is that of the moment it ended, or of `now`.
    """
    part = _part(filters, actor, rules, now)
    order = _order(filters, part)
    place = read_cursor(cursor, order) if cursor else None
    (stretch,) = keyset_ranges(order, place)
    query = (
        _wanted(_line(order, part), order, actor, filters, rules, now)
        .where(*stretch.conditions)
        .order_by(*stretch.sorting)
        .limit(limit + 1)
    )
    rows = session.execute(query).all()
    is_back = place is not None and place.is_back
    has_more, rows = len(rows) > limit, rows[:limit]
    if is_back:
        rows = rows[::-1]
    if not rows:
        return ListPage((), None)
    has_later = is_back or has_more
    has_earlier = has_more if is_back else place is not None
    return ListPage(
        [_row(row, order, rules, now) for row in rows],
        next=_cursor(rows[-1], order, is_back=False) if has_later else None,
        previous=_cursor(rows[0], order, is_back=True) if has_earlier else None,
    )


def lines_of(
    session: Session, deadline_ids: Sequence[int], rules: RuleBook, *, now: datetime
) -> list[ListRow]:
    """The same lines for these deadlines, in their order."""
    query = _line(_NEXT, None).where(Deadline.id.in_(deadline_ids))
    rows = {row.deadline_id: row for row in session.execute(query)} if deadline_ids else {}
    return [_row(rows[each], _NEXT, rules, now) for each in deadline_ids if each in rows]


def count_behind(
    session: Session, actor: Actor, filters: ListFilters, rules: RuleBook, *, now: datetime
) -> int:
    """How many lines the list has; the figure itself."""
    part = _part(filters, actor, rules, now)
    order = _order(filters, part)
    query = _wanted(_counting(order, part), order, actor, filters, rules, now)
    return session.scalar(query) or 0


def _part(filters: ListFilters, actor: Actor, rules: RuleBook, now: datetime) -> Subquery | None:
    """What a figure by owner, level or person counts; None for the others. Checks both."""
    figure = filters.figure or ""
    own = (*FIGURES, *_CONTACT, _HANDLED, DUE, *PART_FIGURES, *OUTCOME_FIGURES)
    if figure not in own and _place(figure) is None:
        raise Invalid(N_("The report has no such figure."), field="figure")
    if filters.from_on is None or filters.to_on is None:
        raise Invalid(N_("Enter from which day to which day."), field="from")
    if figure not in (*PART_FIGURES, *OUTCOME_FIGURES):
        return None
    period = Period.of(filters.from_on, filters.to_on, rules)
    if figure in OUTCOME_FIGURES:
        return counted_outcome(figure, filters.line, actor, period, rules)
    return counted_in_part(figure, filters.line, actor, period, rules, now)


def _order(filters: ListFilters, part: Subquery | None) -> Order:
    figure = filters.figure or ""
    if part is not None:
        return Order(_PART, part.c.id, part.c.at, is_falling=True)
    if figure in ("received", _HANDLED, *_CONTACT) or _place(figure) is not None:
        return _RECEIVED
    if figure == DUE:
        return _NEXT
    return _FIRST if figure in _FIRST_FIGURES else _DUE


def _place(figure: str) -> str | None:
    """The place of the balance whose list this is, or None."""
    place = figure.removeprefix(BALANCE)
    return place if figure != place and place in _PLACES else None


def _line(order: Order, part: Subquery | None) -> Select[Any]:
    if part is not None:
        own_part = part.c.id.label("part_id"), part.c.at.label("part_at")
        return LINE.add_columns(*own_part).join(part, part.c.complaint_id == Complaint.id)
    if order is _RECEIVED:
        return LINE
    own = (
        Deadline.id.label("deadline_id"),
        Deadline.due_at.label("own_due_at"),
        Deadline.first_told_at.label("own_first_told_at"),
        Deadline.kind.label("own_kind"),
        Deadline.started_at.label("own_started_at"),
        Deadline.ended_at.label("own_ended_at"),
        Deadline.policy_version_id.label("own_policy"),
        Deadline.clause.label("own_clause"),
    )
    return LINE.add_columns(*own).join(Deadline, Deadline.complaint_id == Complaint.id)


def _counting(order: Order, part: Subquery | None) -> Select[Any]:
    query = select(func.count()).select_from(Complaint)
    if part is not None:
        return query.join(part, part.c.complaint_id == Complaint.id)
    if order is _RECEIVED:
        return query
    return query.join(Deadline, Deadline.complaint_id == Complaint.id)


def _wanted(
    query: Select[Any],
    order: Order,
    actor: Actor,
    filters: ListFilters,
    rules: RuleBook,
    now: datetime,
) -> Select[Any]:
    assert filters.from_on is not None
    assert filters.to_on is not None
    period = Period.of(filters.from_on, filters.to_on, rules)
    conditions: list[ColumnElement[bool]] = [
        in_scope(actor),
        *conditions_of(filters, actor, rules, now),
    ]
    figure = str(filters.figure)
    if figure in (*PART_FIGURES, *OUTCOME_FIGURES):
        return query.where(*conditions)
    place = _place(figure)
    if place == KEPT_DATED_BACK:
        conditions.append(Complaint.id.in_(dated_back_ids(actor, period, now)))
    elif place is not None:
        query = with_promise(query)
        stands = place_of(now)
        conditions.append(stands != TAKEN_OVER if place == RECEIVED else stands == place)
    if figure in _CONTACT:
        conditions.append(could_be(rules))
    if figure == "first_contact":
        conditions.append(was_first_contact())
    if figure == _HANDLED:
        conditions += [period.holds(Complaint.closed_at), was_handled()]
    elif order is _RECEIVED:
        conditions.append(period.holds(Complaint.received_at))
    elif figure == DUE:
        conditions += [period.holds(Deadline.due_at), is_outcome(), runs_on(now)]
    elif filters.clock:
        conditions += [Deadline.kind == filters.clock, period.holds(Deadline.due_at)]
        conditions += [has_not_run_on(), counted(now)[figure]]
    else:
        date = Deadline.first_told_at if order is _FIRST else Deadline.due_at
        conditions += [period.holds(date), is_outcome()]
        conditions.append({**counted(now), **counted_first(now)}[figure])
    return query.where(*conditions)


def _row(row: Any, order: Order, rules: RuleBook, now: datetime) -> ListRow:
    if order is _RECEIVED or order.name == _PART:
        return make_row(row, rules, now)
    calendar = rules.calendar_of(row.branch_id).value
    until = row.own_ended_at or now
    due_at = row.own_first_told_at if order is _FIRST else row.own_due_at
    stands = due_status_of(
        calendar,
        row.own_started_at,
        due_at,
        None,
        until,
        counts_worktime=rules.counts_worktime(row.own_policy, row.own_clause),
    )
    if stands.state != "late" and row.own_ended_at is not None:
        stands = DueStatus("met", stands.seconds, stands.is_worktime)
    return make_row(row, rules, now, due_at=due_at, due_kind=row.own_kind, stands=stands)


def _cursor(row: Any, order: Order, *, is_back: bool) -> str:
    if order is _RECEIVED:
        return write_cursor(Position(order.name, is_back, row.received_at, row.id))
    if order.name == _PART:
        return write_cursor(Position(order.name, is_back, row.part_at, row.part_id))
    key = row.own_first_told_at if order is _FIRST else row.own_due_at
    return write_cursor(Position(order.name, is_back, key, row.deadline_id))
