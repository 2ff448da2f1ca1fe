"""What hangs on a person beside their work: subordinates, units they lead, absences they cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.permissions import LINE_MANAGERS
from complaints.models import Absence, Team, User


class Named(NamedTuple):
    """A person, unit or absence by its id, and what it is called; an absence by who is away."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Active people who answer to somebody, units they lead, absences ahead they stand in for."""

    subordinates: Sequence[Named] = ()
    units: Sequence[Named] = ()
    absences: Sequence[Named] = ()


def line_managers(session: Session) -> dict[int, int | None]:
    """Person → their line manager, of everybody there is an account of."""
    query = select(User.id, User.supervisor_id)
    return {row.id: row.supervisor_id for row in session.execute(query)}


_LINE = (
    select(User.id, User.supervisor_id)
    .where(User.id == bindparam("user_id"))
    .cte("line", recursive=True)
)
# A line that leads back into itself ends there: UNION takes nobody twice.
_LINE = _LINE.union(
    select(User.id, User.supervisor_id).join(_LINE, User.id == _LINE.c.supervisor_id)
)
_ABOVE = select(_LINE.c.id).where(_LINE.c.id != bindparam("user_id"))


def line_above(session: Session, user_id: int) -> frozenset[int]:
    """Everybody above a person in their line, without reading all accounts."""
    return frozenset(session.scalars(_ABOVE, {"user_id": user_id}))


def subordinates_of(session: Session, user_id: int) -> Sequence[Named]:
    """The active people who answer to a person, by name."""
    query = select(User.id, User.name).where(
        User.supervisor_id == user_id, User.is_active.is_(True)
    )
    return [Named(*row) for row in session.execute(query.order_by(User.name, User.id))]


def unanswered_lines(session: Session, most: int) -> Sequence[tuple[str, str]]:
    """Active people and the line manager they have whose role answers no escalations.

    Pairs of e-mail addresses, `most` at most.
    """
    above = aliased(User)
    query = (
        select(User.email, above.email.label("above"))
        .join(above, above.id == User.supervisor_id)
        .where(User.is_active.is_(True), above.role.not_in(LINE_MANAGERS))
        .order_by(above.email, User.email)
        .limit(most)
    )
    return [(row.email, row.above) for row in session.execute(query)]


def lines_of(session: Session, user_id: int, at: datetime) -> Lines:
    """What hangs on this person at that instant; units are named by their codes."""
    led = select(Team.id, Team.code).where(Team.lead_id == user_id)
    covered = (
        select(Absence.id, User.name)
        .join(User, User.id == Absence.user_id)
        .where(
            Absence.deputy_id == user_id,
            Absence.until_at > at,
            Absence.until_at > Absence.from_at,
            User.is_active.is_(True),
        )
    )
    return Lines(
        subordinates_of(session, user_id),
        [Named(*row) for row in session.execute(led.order_by(Team.code))],
        [Named(*row) for row in session.execute(covered.order_by(User.name, Absence.from_at))],
    )
