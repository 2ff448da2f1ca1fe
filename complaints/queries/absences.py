"""Absences as their owner sees them, and the people who may stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor, may_stand_in
from complaints.models import Absence, User


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One absence with its deputy's name; `is_now` while it lasts."""

    id: int
    from_at: datetime
    until_at: datetime
    deputy: str | None
    is_now: bool


def absences_ahead(session: Session, user_id: int, *, now: datetime) -> Sequence[AbsenceRow]:
    """A person's absences that last or lie ahead, the next first."""
    query = (
        select(Absence.id, Absence.from_at, Absence.until_at, User.name)
        .outerjoin(User, User.id == Absence.deputy_id)
        .where(Absence.user_id == user_id, Absence.until_at > now)
        .order_by(Absence.from_at)
    )
    return [
        AbsenceRow(row.id, row.from_at, row.until_at, row.name, row.from_at <= now)
        for row in session.execute(query)
    ]


def deputies_to_choose(session: Session, actor: Actor) -> Sequence[tuple[str, str]]:
    """E-mail and name of the colleagues who may stand in for this person."""
    query = select(User).where(User.is_active.is_(True), User.id != actor.id).order_by(User.name)
    return [
        (user.email, user.name)
        for user in session.scalars(query)
        if may_stand_in(user.actor, actor)
    ]
