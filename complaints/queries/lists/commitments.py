"""What lies on a person's desk of commitments: their own, their unit's, and what customers owe."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, literal_column, select, union
from sqlalchemy.orm import Session

from complaints.domain.commitments.rules import CommitmentKind, OwnerKind, same_work
from complaints.domain.lifecycle import OPEN, Status
from complaints.domain.permissions import Actor
from complaints.models import Commitment, Complaint, Deadline
from complaints.queries.due_status import DueStatus, due_status_of
from complaints.queries.kept import NOW, Kept
from complaints.queries.paging import at_most
from complaints.rulebook import RuleBook, current_rules

#: A desk shows ten of them.
MOST_GATHERED = 50


@dataclass(frozen=True, slots=True)
class OwnCommitment:
    """A commitment on the desk with its complaint; `standing` is None where it has no date."""

    id: int
    number: str
    branch_id: int
    customer: str
    what: str
    due_at: datetime | None
    is_theirs: bool
    standing: DueStatus | None
    is_delivery: bool


def own_commitments(
    session: Session, actor: Actor, *, now: datetime, limit: int = 10
) -> list[OwnCommitment]:
    """Open commitments of this person and their unit, the earliest due first.

    What the customer has to do stands on the handler's desk once it is overdue. Of more than
    MOST_GATHERED of one kind only those whose agreed date comes first are looked at.
    """
    rules = current_rules(session)
    rows = _OPEN_ONES.rows(session, actor, limit, now=now)
    # A step that was told and planned with another date is ticked once: the earlier one stands.
    rows = [
        row
        for place, row in enumerate(rows)
        if not any(_is_twin(row, other) for other in rows[:place])
    ]
    return [
        OwnCommitment(
            id=row.id,
            number=rules.numbers.write(row.year, row.complaint_id),
            branch_id=row.branch_id,
            customer=row.customer,
            what=row.what,
            due_at=row.in_force,
            is_theirs=row.owner_kind == OwnerKind.CUSTOMER,
            standing=_standing(row, rules, now),
            is_delivery=row.kind == CommitmentKind.DELIVERY,
        )
        for row in rows
    ]


def _standing(row: Any, rules: RuleBook, now: datetime) -> DueStatus | None:
    if row.in_force is None:
        return None
    calendar = rules.calendar_of(row.branch_id).value
    return due_status_of(calendar, None, row.in_force, row.clock_state, now)


def _open_ones(actor: Actor, limit: int) -> Any:
    arms = [Commitment.owner_id == actor.id]
    if actor.team_id is not None:
        arms.append(Commitment.team_id == actor.team_id)
    # Written out, so that both databases recognise its partial index.
    of_customer: ColumnElement[bool] = literal_column("commitments.owner_kind = 'customer'")
    arms.append(and_(of_customer, Commitment.due_at < NOW, Complaint.handler_id + 0 == actor.id))
    found = union(*(select(_first(arm)) for arm in arms)).subquery()
    due_at = func.coalesce(Deadline.due_at, found.c.due_at).label("in_force")
    return (
        select(found, due_at, Deadline.state.label("clock_state"))
        .outerjoin(Deadline, Deadline.id == found.c.deadline_id)
        .order_by(due_at, found.c.id)
        .limit(at_most(limit))
    )


def _first(whose: ColumnElement[bool]) -> Subquery:
    """The open ones of one kind by their agreed dates, read by an index until there are enough."""
    status = [*map(str, OPEN), Status.CLOSED.value]
    return (
        select(
            Commitment.id,
            Commitment.what,
            Commitment.kind,
            Commitment.owner_kind,
            Commitment.due_at,
            Commitment.deadline_id,
            Complaint.id.label("complaint_id"),
            Complaint.year,
            Complaint.branch_id,
            Complaint.contact_name.label("customer"),
        )
        .join(Complaint, Complaint.id == Commitment.complaint_id + 0)
        .where(
            whose,
            Commitment.done_at.is_(None),
            Commitment.dropped_at.is_(None),
            Commitment.is_earlier.is_(False),
            Complaint.status.in_(status),
        )
        .order_by(Commitment.due_at)
        .limit(at_most(MOST_GATHERED))
        .subquery()
    )


_OPEN_ONES = Kept(_open_ones)


def _is_twin(row: Any, other: Any) -> bool:
    return (
        row.complaint_id == other.complaint_id
        and {row.kind, other.kind} == {CommitmentKind.STEP, CommitmentKind.PLAN}
        and same_work(row.what, other.what)
    )
