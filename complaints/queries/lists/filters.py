"""What a list of complaints can be narrowed by, as conditions."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    false,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from complaints.contacts import staff_email
from complaints.domain.deadlines import DeadlineState
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import ENDED, OPEN, Status
from complaints.domain.permissions import Actor
from complaints.models import Category, Complaint, Customer, Deadline, User
from complaints.queries.lists.waiting import waits_for
from complaints.rulebook import RuleBook

#: Words for groups of statuses, beside the statuses themselves.
OPEN_ONES, ENDED_ONES = "open", "ended"
#: Where nothing is entered yet.
NONE = "none"
#: Whoever is reading.
ME = "me"

#: Written out, not bound: only so do both databases recognise their partial indexes.
IS_OPEN: ColumnElement[bool] = literal_column(
    f"complaints.status IN ({','.join(repr(status.value) for status in OPEN)})"
)
IS_ENDED: ColumnElement[bool] = literal_column(
    f"complaints.status IN ({','.join(repr(status.value) for status in ENDED)})"
)
_HAS_NEEDS: ColumnElement[bool] = literal_column("customers.needs <> '[]'")
#: The ids of everybody who has left.
CLOSED_ACCOUNTS = select(User.id).where(User.is_active.is_(False))


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What to list; None and "" leave open.

    `status` is a status, "open" or "ended"; `handler` an e-mail address, "me" or "none";
    `team` and `branch` codes; `category` a category's or a group's code; team and category may be
    "none". `waiting` says for whom open ones wait (`waiting.Waiting`). `q` is what was typed into
    the search box, `sort` "due" (the default for open ones) or "newest". `figure` with `from_on`
    and `to_on` asks for what stands behind a report's figure, and with `clock` for all clocks of
    that kind; `line` is the key of the report's line that the figure stands in, where it has one
    by owner, person or level.
    """

    status: str | None = None
    overdue: bool = False
    handler: str | None = None
    team: str | None = None
    branch: str | None = None
    priority: str | None = None
    category: str | None = None
    channel: str | None = None
    tier: str | None = None
    need: str | None = None
    cause: str | None = None
    product: str | None = None
    q: str | None = None
    sort: str | None = None
    waiting: str | None = None
    figure: str | None = None
    clock: str | None = None
    line: str | None = None
    from_on: date | None = None
    to_on: date | None = None


def conditions_of(
    filters: ListFilters, actor: Actor, rules: RuleBook, now: datetime | BindParameter[datetime]
) -> list[ColumnElement[bool]]:
    """What the filters ask of a complaint, beside the scope and the words searched for."""
    found: list[ColumnElement[bool]] = []
    if filters.status or filters.overdue:
        found += _of_status(filters.status, filters.overdue)
    if filters.overdue:
        found.append(is_overdue(now))
    if filters.waiting:
        found += [IS_OPEN, waits_for(filters.waiting, actor)]
    if filters.handler:
        found.append(_of_handler(filters.handler, actor, is_counted=bool(filters.figure)))
    if filters.team == NONE:
        found.append(Complaint.team_id.is_(None))
    elif filters.team:
        team = rules.teams_by_code.get(filters.team)
        found.append(Complaint.team_id == team.id if team else false())
    if filters.branch:
        branch = rules.branches_by_code.get(filters.branch)
        found.append(Complaint.branch_id == branch.id if branch else false())
    if filters.priority:
        found.append(Complaint.priority == filters.priority)
    if filters.category:
        found.append(of_category(filters.category, rules))
    if filters.channel:
        found.append(Complaint.channel == filters.channel)
    if filters.product:
        found.append(Complaint.product == ("" if filters.product == NONE else filters.product))
    if filters.cause:
        is_none = Complaint.confirmed_cause.is_(None)
        cause = _written_out(filters.cause)
        found.append(is_none if filters.cause == NONE else Complaint.confirmed_cause == cause)
    if filters.tier or filters.need:
        found.append(_of_customer(filters.tier, filters.need))
    return found


def _written_out(value: str) -> BindParameter[str]:
    """A value that a plan is made for: the rare ones are looked up, the common ones met on the way.

    The dialect quotes it: whatever was typed stays a value.
    """
    return bindparam(None, value, literal_execute=True)


def _of_customer(tier: str | None, need: str | None) -> ColumnElement[bool]:
    """Complaints of customers of this tier, and with this need (or "none")."""
    query = select(Customer.id)
    if tier:
        query = query.where(Customer.tier == _written_out(tier))
    if need:
        written = cast(Customer.needs, Text)
        if need == NONE:
            query = query.where(written == "[]")
        else:
            query = query.where(_HAS_NEEDS, written.contains(f'"{need}"', autoescape=True))
    return Complaint.customer_id.in_(query)


def _of_status(status: str | None, overdue: bool) -> list[ColumnElement[bool]]:
    if status == ENDED_ONES:
        return [IS_ENDED]
    if status in (None, "", OPEN_ONES):
        return [IS_OPEN]
    if status not in set(Status):
        raise Invalid(N_("There is no status %(status)s."), field="status", status=str(status)[:40])
    if overdue and status in set(ENDED):
        return [false()]
    # Written out as well: the partial indexes of open ones and of rare statuses are recognised.
    exact: ColumnElement[bool] = literal_column(f"complaints.status = '{Status(status).value}'")
    return [IS_OPEN if status in set(OPEN) else IS_ENDED, exact]


def _of_handler(handler: str, actor: Actor, *, is_counted: bool) -> ColumnElement[bool]:
    if handler == ME:
        return Complaint.handler_id == actor.id
    if handler == NONE and is_counted:
        # In a report whoever has left has a line of their own.
        return Complaint.handler_id.is_(None)
    if handler == NONE:
        # Whoever has left has nothing in hand.
        return or_(Complaint.handler_id.is_(None), Complaint.handler_id.in_(CLOSED_ACCOUNTS))
    return Complaint.handler_id == person_of(handler).scalar_subquery()


def person_of(email: str) -> Select[int]:
    """The id of whoever works or worked here under this address."""
    return select(User.id).where(User.email == staff_email(email))


def knows_category(session: Session, code: str) -> bool:
    """Whether there is or was such a category; complaints keep one that has been retired."""
    return session.scalar(select(Category.code).where(Category.code == code)) is not None


def knows_person(session: Session, email: str) -> bool:
    """Whether somebody works or worked here under this address."""
    return session.scalar(person_of(email)) is not None


def of_category(code: str, rules: RuleBook) -> ColumnElement[bool]:
    """Complaints of this category, or of any in the group with this code."""
    if code == NONE:
        return Complaint.category.is_(None)
    group = rules.taxonomy.groups.get(code)
    if group is None:
        return Complaint.category == code
    return Complaint.category.in_([each.id for each in group.categories])


def is_overdue(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a clock that is not paused has passed its due time."""
    # Asked row by row; as EXISTS all late clocks there are might be gathered first.
    runs_late = (
        select(Deadline.id)
        .where(
            Deadline.complaint_id == Complaint.id,
            Deadline.ended_at.is_(None),
            Deadline.due_at < now,
            Deadline.state != DeadlineState.PAUSED.value,
        )
        .limit(1)
        .correlate(Complaint)
        .scalar_subquery()
        .is_not(None)
    )
    return and_(Complaint.next_due_at < now, or_(not_(Complaint.waiting_customer), runs_late))
