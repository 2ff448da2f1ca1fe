"""What somebody has open: complaints, commitments, requests to decide, escalations.

Asked before an account is closed, and of what lies with nobody who can be reached any more.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from complaints.domain.deadlines import Kind
from complaints.domain.improvement.acts import ActionState
from complaints.domain.lifecycle import OPEN, Status
from complaints.domain.permissions import SYSTEM, Actor
from complaints.models import (
    Commitment,
    Complaint,
    CorrectiveAction,
    Deadline,
    Escalation,
    Offer,
    Party,
    Team,
    User,
)
from complaints.queries.lists.filters import CLOSED_ACCOUNTS, IS_OPEN
from complaints.queries.scope import in_scope

#: A longer page helps nobody; what is given away makes room for the next.
MOST_ROWS = 100

#: Complaints on which something may still be owed: a delivery outlives the closing.
_OWING = Complaint.status.in_([*(each.value for each in OPEN), Status.CLOSED.value])

#: What was undertaken and is neither done nor dropped.
_IS_OWED: ColumnElement[bool] = and_(
    literal_column("commitments.done_at IS NULL AND commitments.dropped_at IS NULL"),
    Commitment.is_earlier.is_(False),
    _OWING,
)

#: Told on the page for customers or by mail, waiting for its first person within its time.
_IS_NEW: ColumnElement[bool] = and_(
    Complaint.status == Status.RECEIVED.value,
    Complaint.received_by_id.is_(None),
    exists().where(
        Deadline.complaint_id == Complaint.id,
        Deadline.kind == Kind.ACK.value,
        Deadline.ended_at.is_(None),
        Deadline.breached_at.is_(None),
    ),
)


class WorkKind(StrEnum):
    """What can lie with somebody."""

    COMPLAINT = "complaint"
    COMMITMENT = "commitment"
    REQUEST = "request"
    ESCALATION = "escalation"
    UNIT = "unit"
    ACTION = "action"


Kinds = dict[WorkKind, int]


@dataclass(frozen=True, slots=True)
class Orphan:
    """A complaint with work on it that lies with nobody who can be reached; whose it was."""

    complaint_id: int
    year: int
    customer: str
    category: str | None
    kinds: Kinds
    people: tuple[str, ...]
    #: The units without people that are awaited, by id.
    units: tuple[int, ...] = ()


def work_of(session: Session, user_id: int) -> dict[int, Kinds]:
    """Complaint id → what lies there with this person, in the order of the ids."""
    return _counted(session, _together(_lying_with(lambda column: column == user_id)))


def open_actions(session: Session, user_id: int) -> int:
    """How many corrective actions this person is to carry out: they lie on no complaint."""
    query = select(func.count()).where(
        CorrectiveAction.owner_id == user_id, CorrectiveAction.state == ActionState.OPEN.value
    )
    return session.scalar(query) or 0


def together(works: Iterable[Kinds]) -> Kinds:
    """How many of each kind there are on all of these complaints."""
    found: Counter[WorkKind] = Counter()
    for each in works:
        found.update(each)
    return dict(found)


def count_orphans(session: Session, actor: Actor = SYSTEM, *, with_new: bool = True) -> int:
    """How many complaints within sight have work on them that nobody can be reached for.

    Without those that are new: what customers told by themselves and somebody is to be given, as
    long as its receipt is not late.
    """
    lying = _together(_orphaned(None if with_new else ~_IS_NEW))
    query = select(func.count(lying.c.complaint_id.distinct()))
    query = query.join(Complaint, Complaint.id == lying.c.complaint_id).where(in_scope(actor))
    return session.scalar(query) or 0


def list_orphans(session: Session, actor: Actor) -> Sequence[Orphan]:
    """Those complaints, the oldest first, `MOST_ROWS` at most."""
    lying = _together(_orphaned())
    query = (
        select(Complaint.id, Complaint.year, Complaint.category, Complaint.contact_name)
        .where(Complaint.id.in_(select(lying.c.complaint_id)), in_scope(actor))
        .order_by(Complaint.id)
        .limit(MOST_ROWS)
    )
    rows = session.execute(query).all()
    kinds = _counted(session, lying, [row.id for row in rows])
    names: dict[int, dict[str, None]] = {row.id: {} for row in rows}
    whose = (
        select(lying.c.complaint_id, User.name)
        .join(User, User.id == lying.c.user_id)
        .where(lying.c.complaint_id.in_(names))
        .order_by(User.name)
    )
    for row in session.execute(whose):
        names[row.complaint_id][row.name] = None
    units = _empty_units(session, list(names))
    return [
        Orphan(
            row.id,
            row.year,
            row.contact_name,
            row.category,
            kinds[row.id],
            tuple(names[row.id]),
            tuple(units.get(row.id, ())),
        )
        for row in rows
    ]


def _empty_units(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    """Complaint id → the units without people that have not answered there."""
    query = select(Party.complaint_id, Party.team_id).where(
        Party.complaint_id.in_(ids), Party.answer.is_(None), _is_empty(Party.team_id)
    )
    found: dict[int, list[int]] = {}
    for row in session.execute(query.order_by(Party.id)):
        found.setdefault(row.complaint_id, []).append(row.team_id)
    return found


def _together(arms: Sequence[Select[Any]]) -> Subquery:
    return union_all(*arms).subquery("lying")


def _counted(
    session: Session, lying: Subquery, ids: Sequence[int] | None = None
) -> dict[int, Kinds]:
    query = select(lying.c.complaint_id, lying.c.kind, func.count().label("many"))
    query = query.group_by(lying.c.complaint_id, lying.c.kind)
    if ids is not None:
        query = query.where(lying.c.complaint_id.in_(ids))
    found: dict[int, Kinds] = {}
    for row in session.execute(query.order_by(lying.c.complaint_id, lying.c.kind)):
        found.setdefault(row.complaint_id, {})[WorkKind(row.kind)] = row.many
    return found


def _arm(kind: WorkKind, complaint_id: Any, user_id: Any) -> Select[Any]:
    return select(
        complaint_id.label("complaint_id"),
        literal(kind.value).label("kind"),
        user_id.label("user_id"),
    )


def _lying_with(is_theirs: Callable[[Any], ColumnElement[bool]]) -> list[Select[Any]]:
    """What lies with these people: a row for each thing."""
    return [
        _arm(WorkKind.COMPLAINT, Complaint.id, Complaint.handler_id).where(
            IS_OPEN, is_theirs(Complaint.handler_id)
        ),
        _arm(WorkKind.COMMITMENT, Commitment.complaint_id, Commitment.owner_id)
        .join(Complaint, Complaint.id == Commitment.complaint_id)
        .where(_IS_OWED, is_theirs(Commitment.owner_id)),
        _arm(WorkKind.REQUEST, Offer.complaint_id, Offer.approver_id)
        .join(Complaint, Complaint.id == Offer.complaint_id)
        .where(
            Offer.state == literal_column("'waiting_approval'"),
            Offer.cycle == Complaint.cycle,
            IS_OPEN,
            is_theirs(Offer.approver_id),
        ),
        _arm(WorkKind.ESCALATION, Escalation.complaint_id, Escalation.to_id)
        .join(Complaint, Complaint.id == Escalation.complaint_id)
        .where(Escalation.acknowledged_at.is_(None), IS_OPEN, is_theirs(Escalation.to_id)),
    ]


def _is_empty(team_id: Any) -> ColumnElement[bool]:
    """Whether a unit has neither a member nor a lead with an active account."""
    staffed = select(User.team_id).where(User.is_active.is_(True), User.team_id.is_not(None))
    led = select(Team.id).join(User, User.id == Team.lead_id).where(User.is_active.is_(True))
    return and_(team_id.not_in(staffed), team_id.not_in(led))


def _orphaned(which: ColumnElement[bool] | None = None) -> list[Select[Any]]:
    """What lies with people who have left, with units without people, or with nobody at all.

    `which` narrows the complaints that are nobody's, not the work on them.
    """
    gone, is_empty = CLOSED_ACCOUNTS, _is_empty
    nobodys = null()
    return [
        *_lying_with(lambda column: column.in_(gone)),
        _arm(WorkKind.COMPLAINT, Complaint.id, Complaint.received_by_id).where(
            IS_OPEN,
            Complaint.handler_id.is_(None),
            or_(Complaint.received_by_id.is_(None), Complaint.received_by_id.in_(gone)),
            or_(Complaint.team_id.is_(None), is_empty(Complaint.team_id)),
            true() if which is None else which,
        ),
        _arm(WorkKind.COMMITMENT, Commitment.complaint_id, nobodys)
        .join(Complaint, Complaint.id == Commitment.complaint_id)
        .where(_IS_OWED, Commitment.owner_id.is_(None), is_empty(Commitment.team_id)),
        _arm(WorkKind.ESCALATION, Escalation.complaint_id, nobodys)
        .join(Complaint, Complaint.id == Escalation.complaint_id)
        .where(Escalation.acknowledged_at.is_(None), Escalation.to_id.is_(None), IS_OPEN),
        _arm(WorkKind.UNIT, Party.complaint_id, nobodys)
        .join(Complaint, Complaint.id == Party.complaint_id)
        .where(Party.answer.is_(None), is_empty(Party.team_id), IS_OPEN),
    ]
