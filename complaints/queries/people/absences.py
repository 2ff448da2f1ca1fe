"""Absences as their pages show them, whose one may note, and the people who may stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, UnaryExpression, false, or_, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.errors import N_, Forbidden, NotFound
from complaints.domain.permissions import (
    PERMISSIONS,
    Actor,
    Permission,
    Role,
    may_note_for,
    may_stand_in,
    superiors_of,
)
from complaints.models import Absence, User
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.paging import at_most
from complaints.queries.people.accounts import Named
from complaints.queries.people.lines import line_managers

#: So many absences that are over tell enough of what was noted.
MOST_BEFORE = 10
_STANDING_IN = [
    role.value
    for role, held in PERMISSIONS.items()
    if {Permission.HANDLE, Permission.ACKNOWLEDGE} & held
]


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One absence with the names of its deputy and of who noted and ended it.

    `is_now` while it lasts; `is_struck` when it was ended before it began.
    """

    id: int
    from_at: datetime
    until_at: datetime
    deputy: str | None
    noted_by: str | None
    noted_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    is_now: bool
    is_struck: bool


@dataclass(frozen=True, slots=True)
class Led:
    """Somebody whose absence one may note; `away_until` while they are away."""

    id: int
    name: str
    role: str
    away_until: datetime | None


def absences_ahead(session: Session, user_id: int, *, now: datetime) -> Sequence[AbsenceRow]:
    """A person's absences that last or lie ahead, the next first."""
    is_ahead = (Absence.until_at > now) & (Absence.until_at > Absence.from_at)
    return _absences(session, user_id, is_ahead, Absence.from_at.asc(), now)


def absences_before(session: Session, user_id: int, *, now: datetime) -> Sequence[AbsenceRow]:
    """A person's absences that are over or were struck out, the latest first."""
    is_over = (Absence.until_at <= now) | (Absence.until_at == Absence.from_at)
    return _absences(session, user_id, is_over, Absence.id.desc(), now)[:MOST_BEFORE]


def people_led(session: Session, leader: Actor, *, now: datetime) -> Sequence[Led]:
    """The people whose absences this person may note, by name."""
    users = session.scalars(select(User).where(User.is_active.is_(True)).order_by(User.name)).all()
    lasting = select(Absence.user_id, Absence.until_at)
    lasting = lasting.where(Absence.from_at <= now, Absence.until_at > now)
    away = {row.user_id: row.until_at for row in session.execute(lasting)}
    superior = {user.id: user.supervisor_id for user in users}
    return [
        Led(user.id, user.name, user.role, away.get(user.id))
        for user in users
        if may_note_for(leader, user.actor, superiors_of(user.id, superior))
    ]


def person_led(session: Session, leader: Actor, user_id: int) -> Actor:
    """Somebody whose absence this person may note; raises NotFound and Forbidden."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(N_("This user does not exist."))
    superior = line_managers(session)
    if not may_note_for(leader, user.actor, superiors_of(user.id, superior)):
        raise Forbidden(N_("This user is not in your team."))
    return user.actor


def deputies_to_choose(session: Session, person: Actor) -> Sequence[Named]:
    """The colleagues who may stand in for this person, by name.

    At most MOST_CHOICES + 1. Who sees nothing of it is left out before, as `may_stand_in` says.
    """
    is_officer = User.role == Role.OFFICER.value
    query = select(User).where(
        User.is_active.is_(True), User.id != person.id, User.role.in_(_STANDING_IN)
    )
    if person.branch_id is not None:
        in_team = User.team_id == person.team_id if person.team_id is not None else false()
        query = query.where(
            or_(
                User.branch_id == person.branch_id,
                User.branch_id.is_(None) & ~is_officer,
                is_officer & in_team,
            )
        )
    query = query.order_by(User.name, User.id).limit(at_most(MOST_CHOICES + 1))
    return [
        Named(user.email, user.name, user.branch_id, user.team_id)
        for user in session.scalars(query)
        if may_stand_in(user.actor, person)
    ]


def _absences(
    session: Session,
    user_id: int,
    condition: ColumnElement[bool],
    order: UnaryExpression[datetime] | UnaryExpression[int],
    now: datetime,
) -> Sequence[AbsenceRow]:
    deputy, noted, ended = aliased(User), aliased(User), aliased(User)
    query = (
        select(
            Absence.id,
            Absence.from_at,
            Absence.until_at,
            deputy.name,
            noted.name,
            Absence.noted_at,
            ended.name,
            Absence.ended_at,
        )
        .outerjoin(deputy, deputy.id == Absence.deputy_id)
        .outerjoin(noted, noted.id == Absence.noted_by_id)
        .outerjoin(ended, ended.id == Absence.ended_by_id)
        .where(Absence.user_id == user_id, condition)
        .order_by(order)
    )
    return [
        AbsenceRow(
            *row, is_now=row.from_at <= now < row.until_at, is_struck=row.from_at == row.until_at
        )
        for row in session.execute(query)
    ]
