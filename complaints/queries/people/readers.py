"""Who may read a complaint: `domain.permissions.may_see` asked of all people at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import PERMISSIONS, Actor, Permission, Role
from complaints.models import Complaint, Party, User
from complaints.queries.scope import in_scope

#: More than these are not offered to choose from; others are named in the text.
MOST_OFFERED = 50

_READING = [role.value for role, held in PERMISSIONS.items() if Permission.VIEW in held]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read the complaint; others may share the beginning of the address."""

    id: int
    name: str
    email: str
    role: str


def readers_to_offer(session: Session, complaint: Complaint, without: int | None) -> list[Reader]:
    """Whom a note on the complaint may call: those of its branch first; MOST_OFFERED at most."""
    elsewhere = User.branch_id.is_distinct_from(complaint.branch_id)
    query = (
        select(User.id, User.name, User.email, User.role)
        .where(_may_read(complaint), User.id != (without or 0))
        .order_by(elsewhere, func.lower(User.name), User.id)
        .limit(MOST_OFFERED)
    )
    return [Reader(*row) for row in session.execute(query)]


def readers_among(session: Session, complaint: Complaint, ids: Collection[int]) -> set[int]:
    """Which of these people may read the complaint now."""
    if not ids:
        return set()
    query = select(User.id).where(User.id.in_(sorted(ids)), _may_read(complaint))
    return set(session.scalars(query))


def people_called(
    session: Session, complaint: Complaint, name: str
) -> Sequence[tuple[Reader, bool]]:
    """Whom a name written in a note may mean, each with whether they may read the complaint."""
    is_meant = (
        User.email == name if "@" in name else User.email.startswith(f"{name}@", autoescape=True)
    )
    query = (
        select(User.id, User.name, User.email, User.role, _may_read(complaint).label("may"))
        .where(is_meant, User.is_active.is_(True))
        .order_by(User.id)
        .limit(MOST_OFFERED)
    )
    rows = session.execute(query)
    return [(Reader(row.id, row.name, row.email, row.role), bool(row.may)) for row in rows]


def readable_among(session: Session, actor: Actor, complaint_ids: Collection[int]) -> set[int]:
    """Which of these complaints the person may read now."""
    if not complaint_ids:
        return set()
    query = select(Complaint.id).where(Complaint.id.in_(sorted(complaint_ids)), in_scope(actor))
    return set(session.scalars(query))


def _may_read(complaint: Complaint) -> ColumnElement[bool]:
    is_officer = User.role == Role.OFFICER.value
    asked = select(Party.team_id).where(Party.complaint_id == complaint.id)
    return and_(
        User.is_active.is_(True),
        User.role.in_(_READING),
        or_(
            User.branch_id == complaint.branch_id,
            and_(User.branch_id.is_(None), ~is_officer),
            User.id == (complaint.handler_id or 0),
            and_(
                is_officer, or_(User.team_id == (complaint.team_id or 0), User.team_id.in_(asked))
            ),
        ),
    )
