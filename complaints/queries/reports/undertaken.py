"""Commitments due in a period by who owes them: kept, missed, dropped, and still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from complaints.domain.commitments.rules import DropCause, OwnerKind
from complaints.domain.deadlines import DeadlineState
from complaints.domain.permissions import Actor
from complaints.models import Commitment, Complaint, Deadline, User
from complaints.queries.reports.period import Period
from complaints.queries.scope import joined_in_scope
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """What one owner kept and did not; `kind` is person, unit or customer."""

    kind: str
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
    runs_late = and_(
        Deadline.state == DeadlineState.RUNNING.value,
        Deadline.ended_at.is_(None),
        Deadline.due_at < now,
    )
    is_missed = or_(Deadline.state == DeadlineState.BREACHED.value, runs_late)
    stands = case(
        (is_missed, "missed"),
        (Commitment.drop_cause == DropCause.BY_HAND.value, "dropped"),
        (Commitment.dropped_at.is_not(None), "gone"),
        (Commitment.done_at.is_not(None), "kept"),
        else_="open",
    ).label("stands")
    query = (
        select(
            Commitment.owner_kind,
            Commitment.owner_id,
            Commitment.team_id,
            User.name,
            stands,
            func.count().label("number"),
        )
        .select_from(Deadline)
        .join(Commitment, Commitment.deadline_id == Deadline.id)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .outerjoin(User, User.id == Commitment.owner_id)
        .where(period.holds(Deadline.due_at), joined_in_scope(actor))
        .group_by(
            Commitment.owner_kind, Commitment.owner_id, Commitment.team_id, User.name, "stands"
        )
    )
    counts: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in session.execute(query):
        own = counts.setdefault(_owner(row, rules), {})
        own[row.stands] = own.get(row.stands, 0) + row.number
    lines = [
        OwnerLine(*key, *(own.get(name, 0) for name in ("kept", "missed", "dropped", "open")))
        for key, own in counts.items()
    ]
    lines = [each for each in lines if each.kept or each.missed or each.dropped or each.open]
    return sorted(lines, key=lambda each: (-each.missed, -each.dropped, each.label_id))


def _owner(row: Any, rules: RuleBook) -> tuple[str, str, str]:
    """Kind and names of an owner: the unit, the customer, or one of us."""
    if row.owner_kind == OwnerKind.UNIT and row.team_id in rules.teams:
        team = rules.teams[row.team_id]
        return row.owner_kind, team.label_id, team.label_en
    if row.owner_kind == OwnerKind.CUSTOMER:
        return row.owner_kind, "Pelanggan", "Customer"
    return row.owner_kind, row.name or "Belum ada", row.name or "None yet"
