"""What somebody has acknowledged and is seeing to: escalated complaints whose ladder is held.

An acknowledgement takes a complaint off nobody's desk; it only says who is at work, and till when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Deadline, Escalation, User
from complaints.queries.kept import NOW, Kept
from complaints.queries.scope import joined_in_scope
from complaints.rulebook import RuleBook

#: More than these nobody is seeing to at once.
MOST_HELD = 100

_Handler = aliased(User)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is seeing to a complaint, and until when."""

    id: int
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A complaint that `by` is seeing to until `until`; `is_mine` when that is the reader."""

    id: int
    number: str
    customer: str
    category: str | None
    branch_id: int
    handler: str | None
    level: int
    since: datetime
    until: datetime
    by: str
    is_mine: bool


def read_held(
    session: Session, rules: RuleBook, actor: Actor, *, now: datetime, own_only: bool = False
) -> Sequence[HeldCard]:
    """The open complaints held in the person's area, their own first; one query.

    One that was handed back lies with its handler again, and one whose deadline has been met
    since is seen to; neither is held any more.
    """
    held: dict[tuple[int, int], HeldCard] = {}
    for row in _HELD.rows(session, actor, own_only, now=now):
        key = (row.id, row.acknowledged_by_id)
        # The latest expiry of what one person acknowledged; rows come in that order.
        before = held.get(key)
        held[key] = HeldCard(
            id=row.id,
            number=rules.numbers.write(row.year, row.id),
            customer=row.customer,
            category=row.category,
            branch_id=row.branch_id,
            handler=row.handler,
            level=max(row.level, before.level if before else 0),
            since=row.acknowledged_at,
            until=row.ack_expires_at,
            by=row.by,
            is_mine=row.acknowledged_by_id == actor.id,
        )
    return sorted(held.values(), key=lambda card: (not card.is_mine, card.until))


def _held(actor: Actor, own_only: bool) -> Any:
    return (
        select(
            Complaint.id,
            Complaint.year,
            Complaint.branch_id,
            Complaint.category,
            _Handler.name.label("handler"),
            Complaint.contact_name.label("customer"),
            Escalation.level,
            Escalation.acknowledged_at,
            Escalation.ack_expires_at,
            Escalation.acknowledged_by_id,
            User.name.label("by"),
        )
        .select_from(Escalation)
        .join(Complaint, Complaint.id == Escalation.complaint_id)
        .join(User, User.id == Escalation.acknowledged_by_id)
        .outerjoin(_Handler, _Handler.id == Complaint.handler_id)
        .outerjoin(Deadline, Deadline.id == Escalation.deadline_id)
        .where(
            *_is_held(NOW),
            Complaint.status.in_([each.value for each in OPEN]),
            Escalation.acknowledged_by_id == actor.id
            if own_only
            else or_(Escalation.acknowledged_by_id == actor.id, joined_in_scope(actor)),
        )
        .order_by(Escalation.ack_expires_at, Escalation.id)
        .limit(MOST_HELD)
    )


_HELD = Kept(_held)


def holders_of(session: Session, complaint_id: int, *, now: datetime) -> Sequence[Holder]:
    """Who is seeing to one complaint, the longest holder first."""
    query = (
        select(User.id, User.name, func.max(Escalation.ack_expires_at).label("until"))
        .select_from(Escalation)
        .join(User, User.id == Escalation.acknowledged_by_id)
        .outerjoin(Deadline, Deadline.id == Escalation.deadline_id)
        .where(Escalation.complaint_id == complaint_id, *_is_held(now))
        .group_by(User.id, User.name)
        .order_by(func.max(Escalation.ack_expires_at).desc(), User.id)
    )
    return [Holder(row.id, row.name, row.until) for row in session.execute(query)]


def _is_held(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return (
        Escalation.ack_expires_at > now,
        Escalation.instruction == "",
        Deadline.ended_at.is_(None),
    )
