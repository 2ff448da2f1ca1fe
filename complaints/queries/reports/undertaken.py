"""Commitments due in a period by who owes them: kept, missed, dropped, and still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.commitments.rules import DropCause, OwnerKind
from complaints.domain.deadlines import DeadlineState, Kind
from complaints.domain.permissions import Actor
from complaints.models import Commitment, Complaint, Deadline, User
from complaints.queries.lists.filters import NONE
from complaints.queries.reports.period import Period, Window
from complaints.queries.scope import joined_in_scope, sees_all
from complaints.rulebook import RuleBook

#: How a commitment may stand, as the report counts it.
STANDS = ("kept", "missed", "dropped", "open")


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """What one owner kept and did not; `kind` is person, unit or customer.

    `key` is an email address, a unit's code or `customer`; empty for nobody.
    """

    kind: str
    key: str
    label_id: str
    label_en: str
    kept: int
    missed: int
    dropped: int
    open: int

    def as_json(self) -> dict[str, Any]:
        """The line as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


def read_undertaken(
    session: Session, actor: Actor, period: Period, rules: RuleBook, now: datetime
) -> Sequence[OwnerLine]:
    """A line per owner, who missed most first; one query.

    One that was missed stays missed, whoever drops it afterwards. What a new list of steps replaced
    and what ended with a withdrawal is not counted.
    """
    owed = all_owed(actor, period, now)
    query = (
        select(
            owed.c.owner_kind,
            owed.c.owner_id,
            owed.c.team_id,
            User.name,
            User.email,
            owed.c.stands,
            func.count().label("number"),
        )
        .outerjoin(User, User.id == owed.c.owner_id)
        .group_by(owed.c.owner_kind, owed.c.owner_id, owed.c.team_id)
        .group_by(User.name, User.email, owed.c.stands)
    )
    counts: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for row in session.execute(query):
        person = row if row.email is not None else None
        owner = line_of_owner(row.owner_kind, row.team_id, person, rules)
        own = counts.setdefault(owner, {})
        own[row.stands] = own.get(row.stands, 0) + row.number
    return sort_owners(counts)


def sort_owners(
    counts: Mapping[tuple[str, str, str, str], Mapping[str, int]],
) -> Sequence[OwnerLine]:
    """The lines in which anything is counted, who missed most first."""
    lines = [OwnerLine(*key, *(own.get(name, 0) for name in STANDS)) for key, own in counts.items()]
    lines = [each for each in lines if each.kept or each.missed or each.dropped or each.open]
    return sorted(lines, key=lambda each: (-each.missed, -each.dropped, each.label_id))


def all_owed(actor: Actor, period: Window, now: datetime) -> Subquery:
    """The commitments due in the period, whose each is and how it stands."""
    runs_late = and_(
        Deadline.state == DeadlineState.RUNNING.value,
        Deadline.ended_at.is_(None),
        Deadline.due_at < now,
    )
    is_missed = or_(Deadline.state == DeadlineState.BREACHED.value, runs_late)
    with_clock = (
        _owed(is_missed, Deadline.due_at)
        .join(Deadline, Deadline.id == Commitment.deadline_id)
        .where(Deadline.kind == Kind.COMMITMENT.value, period.holds_due(Deadline))
    )
    if not sees_all(actor):
        with_clock = _in_scope(with_clock, actor)
    # No clock runs for what the customer has to do; its own date says how it stands.
    until = func.coalesce(Commitment.done_at, Commitment.dropped_at, type_coerce(now, UTCDateTime))
    without = _owed(until > Commitment.due_at, Commitment.due_at)
    without = _in_scope(without, actor).where(
        Commitment.deadline_id.is_(None),
        Commitment.is_earlier.is_(False),
        period.holds(Commitment.due_at),
    )
    return union_all(with_clock, without).subquery("owed")


def owned_by(owed: Subquery, key: str, rules: RuleBook) -> ColumnElement[bool]:
    """Whether a commitment stands in the line with this key; "none" for nobody's."""
    kind, teams = owed.c.owner_kind, list(rules.teams)
    if key == OwnerKind.CUSTOMER:
        return kind == OwnerKind.CUSTOMER.value
    if key in rules.teams_by_code:
        return and_(kind == OwnerKind.UNIT.value, owed.c.team_id == rules.teams_by_code[key].id)
    is_unit = and_(kind == OwnerKind.UNIT.value, owed.c.team_id.in_(teams))
    person = select(User.id).where(User.email == key).scalar_subquery()
    is_theirs = owed.c.owner_id.is_(None) if key == NONE else owed.c.owner_id == person
    return and_(kind != OwnerKind.CUSTOMER.value, func.coalesce(~is_unit, true()), is_theirs)


def _owed(is_missed: ColumnElement[bool], date: Any) -> Select[Any]:
    """Whose each commitment is and how it stands."""
    stands = case(
        (is_missed, "missed"),
        (Commitment.drop_cause == DropCause.BY_HAND.value, "dropped"),
        (Commitment.dropped_at.is_not(None), "gone"),
        (Commitment.done_at.is_not(None), "kept"),
        else_="open",
    )
    return select(
        Commitment.id,
        Commitment.complaint_id,
        date.label("due_at"),
        Commitment.owner_kind,
        Commitment.owner_id,
        Commitment.team_id,
        stands.label("stands"),
    )


def _in_scope(query: Select[Any], actor: Actor) -> Select[Any]:
    """Of complaints within the person's scope only."""
    query = query.join(Complaint, Complaint.id == Commitment.complaint_id)
    return query.where(joined_in_scope(actor))


def line_of_owner(
    kind: str, team_id: int | None, person: Any, rules: RuleBook
) -> tuple[str, str, str, str]:
    """Kind, key and names of an owner: the unit, the customer, or one of us (None for nobody)."""
    team = rules.teams.get(team_id) if team_id is not None else None
    if kind == OwnerKind.UNIT and team is not None:
        return kind, team.code, team.label_id, team.label_en
    if kind == OwnerKind.CUSTOMER:
        return kind, OwnerKind.CUSTOMER.value, "Pelanggan", "Customer"
    if person is None:
        return OwnerKind.PERSON.value, "", "Belum ada", "None yet"
    return OwnerKind.PERSON.value, person.email, person.name, person.name
