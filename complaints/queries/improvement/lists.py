"""Lists of corrective actions: what is open by its due time, what has ended the newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from complaints.domain.improvement.acts import WEEKS, ActionState, is_late
from complaints.domain.improvement.effect import judged_from
from complaints.domain.permissions import Actor
from complaints.models import CorrectiveAction
from complaints.queries.improvement.scope import actions_in_scope
from complaints.queries.paging import at_most, behind_due, behind_newest, due_cursor
from complaints.rulebook import RuleBook

#: On a desk or on the first page of a manager.
MOST_SHOWN = 5
#: What has not ended yet.
LIVE = (ActionState.OPEN.value, ActionState.DONE.value)


@dataclass(frozen=True, slots=True)
class ActionsAsked:
    """What the list is narrowed by; None for all."""

    state: str = ActionState.OPEN.value
    branch_id: int | None = None
    subject: str | None = None
    code: str | None = None
    is_own: bool = False
    is_late: bool | None = None
    #: Done, and the days by which it is judged are over.
    is_ripe: bool = False


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A corrective action in a list."""

    id: int
    number: str
    branch_id: int | None
    subject: str
    code: str
    cause: str
    whys: Sequence[str]
    what: str
    owner_id: int
    owner_name: str
    due_on: date
    due_at: datetime
    late_at: datetime | None
    weeks: int
    raised_at: datetime
    state: str
    done_on: date | None
    done_at: datetime | None
    ended_at: datetime | None

    @property
    def judged_from(self) -> date | None:
        """From which day it can be said whether it worked; None before it is done."""
        return judged_from(self.done_on, self.weeks) if self.done_on else None

    def is_late(self, now: datetime) -> bool:
        """Whether it was done late, or is not done and its day is over."""
        return is_late(self.due_at, self.done_at or self.ended_at, now)


@dataclass(frozen=True, slots=True)
class ActionPage:
    """A page of them; `more` is the cursor of the next one, None at the end."""

    items: Sequence[ActionLine]
    more: str | None


@dataclass(frozen=True, slots=True)
class ActionsWaiting:
    """What waits for those who lead: how many are late, and how many can be verified now."""

    late: int
    ripe: int


_NAMES = tuple(name for name in ActionLine.__dataclass_fields__ if name != "number")
_LINE = (CorrectiveAction.year, *(getattr(CorrectiveAction, name) for name in _NAMES))


def list_actions(
    session: Session,
    rules: RuleBook,
    actor: Actor,
    asked: ActionsAsked,
    *,
    at: datetime,
    limit: int,
    after: str | None = None,
) -> ActionPage:
    """The corrective actions within the person's scope; one query."""
    query = select(*_LINE).where(actions_in_scope(actor), *_conditions(asked, rules, actor, at))
    is_live = asked.state in LIVE
    if after:
        query = query.where(
            behind_due(CorrectiveAction.due_at, CorrectiveAction.id, after)
            if is_live
            else behind_newest(CorrectiveAction.id, after)
        )
    order = (
        (CorrectiveAction.due_at, CorrectiveAction.id) if is_live else (CorrectiveAction.id.desc(),)
    )
    rows = session.execute(query.order_by(*order).limit(at_most(limit + 1))).all()
    items = [_line(rules, row) for row in rows[:limit]]
    more = None
    if len(rows) > limit:
        last = items[-1]
        more = due_cursor(last.due_at, last.id) if is_live else str(last.id)
    return ActionPage(items, more)


def own_actions(session: Session, rules: RuleBook, actor: Actor) -> Sequence[ActionLine]:
    """What somebody is to carry out, the first due first; as many as a desk shows and one more."""
    query = (
        select(*_LINE)
        .where(
            CorrectiveAction.owner_id == actor.id,
            CorrectiveAction.state == ActionState.OPEN.value,
        )
        .order_by(CorrectiveAction.due_at, CorrectiveAction.id)
        .limit(MOST_SHOWN + 1)
    )
    return [_line(rules, row) for row in session.execute(query)]


def actions_waiting(
    session: Session, rules: RuleBook, actor: Actor, at: datetime
) -> ActionsWaiting:
    """How many are late and how many can be verified now, within the person's scope; one query."""
    scope = actions_in_scope(actor)
    row = session.execute(
        select(
            select(func.count())
            .where(scope, CorrectiveAction.state == ActionState.OPEN.value, late(at))
            .scalar_subquery()
            .label("late"),
            select(func.count()).where(scope, ripe(rules, at)).scalar_subquery().label("ripe"),
        )
    ).one()
    return ActionsWaiting(row.late, row.ripe)


def ripe(rules: RuleBook, at: datetime) -> ColumnElement[bool]:
    """Whether it is done and the days after it are over, by the day in the organisation's zone."""
    today = at.astimezone(rules.home_zone).date()
    over = (
        (CorrectiveAction.weeks == weeks)
        & (CorrectiveAction.done_on < today - timedelta(days=7 * weeks))
        for weeks in WEEKS
    )
    return (CorrectiveAction.state == ActionState.DONE.value) & or_(*over)


def late(at: datetime) -> ColumnElement[bool]:
    """The same as `is_late`, told in SQL."""
    is_open = CorrectiveAction.state == ActionState.OPEN.value
    is_over = CorrectiveAction.due_at < at.replace(microsecond=0)
    ended_at = func.coalesce(CorrectiveAction.done_at, CorrectiveAction.ended_at)
    was_over = ended_at.is_not(None) & (ended_at > CorrectiveAction.due_at)
    return (is_open & is_over) | was_over


def read_lines(
    session: Session, rules: RuleBook, actor: Actor, *conditions: ColumnElement[bool], limit: int
) -> Sequence[ActionLine]:
    """Corrective actions within the person's scope that fulfil these, the newest first."""
    query = select(*_LINE).where(actions_in_scope(actor), *conditions)
    query = query.order_by(CorrectiveAction.id.desc()).limit(at_most(limit))
    return [_line(rules, row) for row in session.execute(query)]


def actions_of_contact(
    session: Session, rules: RuleBook, actor: Actor, contact_id: int
) -> Sequence[ActionLine]:
    """The corrective actions that rest on what somebody suggested or praised."""
    rests = CorrectiveAction.contact_id == contact_id
    return read_lines(session, rules, actor, rests, limit=MOST_SHOWN)


def _line(rules: RuleBook, row: object) -> ActionLine:
    found = dict(row._mapping)  # type: ignore[attr-defined]
    number = rules.numbers.of_actions.write(found.pop("year"), found["id"])
    return ActionLine(number=number, **found)


def _conditions(
    asked: ActionsAsked, rules: RuleBook, actor: Actor, at: datetime
) -> Iterator[ColumnElement[bool]]:
    yield CorrectiveAction.state == asked.state
    if asked.branch_id is not None:
        yield CorrectiveAction.branch_id == asked.branch_id
    if asked.subject is not None:
        yield CorrectiveAction.subject == asked.subject
    if asked.code is not None:
        yield CorrectiveAction.code == asked.code
    if asked.is_own:
        yield CorrectiveAction.owner_id == actor.id
    if asked.is_late is not None:
        yield late(at) if asked.is_late else ~late(at)
    if asked.is_ripe:
        yield ripe(rules, at)
