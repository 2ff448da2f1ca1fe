"""How much lies with each handler whom somebody leads, and who of them is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from complaints.db import UTCDateTime
from complaints.domain.permissions import PERMISSIONS, Actor, Permission
from complaints.models import Absence, Complaint, User
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.kept import NOW, Kept
from complaints.queries.lists.filters import IS_OPEN
from complaints.queries.paging import at_most

_HANDLING = [role.value for role, held in PERMISSIONS.items() if Permission.HANDLE in held]
_TONIGHT = bindparam("tonight", type_=UTCDateTime())
_Deputy = aliased(User)


@dataclass(frozen=True, slots=True)
class Load:
    """What lies with one handler: open complaints, how many late, how many due until tonight.

    `away_from` and `away_until` are of an absence that lasts or begins before tonight.
    """

    id: int
    email: str
    name: str
    role: str
    branch_id: int | None
    team_id: int | None
    open: int
    late: int
    due: int
    away_from: datetime | None
    away_until: datetime | None
    deputy: str | None


def load_of_handlers(
    session: Session, actor: Actor, *, now: datetime, tonight: datetime
) -> Sequence[Load]:
    """The handlers within the person's branch, or all, by name; MOST_CHOICES at most.

    One statement: whoever has nothing is there as well, for they can take something.
    """
    rows = _LOAD.rows(session, actor, now=now, tonight=tonight)
    found: dict[int, Load] = {}
    for row in rows:
        # The absence that begins first, where two of them touch.
        found.setdefault(row.id, Load(**row._mapping))
    return list(found.values())


def _load(actor: Actor) -> Any:
    people: list[ColumnElement[bool]] = [User.is_active.is_(True), User.role.in_(_HANDLING)]
    if actor.branch_id is not None:
        people.append(User.branch_id == actor.branch_id)
    is_late = and_(Complaint.next_due_at < NOW, not_(Complaint.waiting_customer))
    is_due = and_(
        Complaint.next_due_at >= NOW,
        Complaint.next_due_at <= _TONIGHT,
        not_(Complaint.waiting_customer),
    )
    whose = select(User.id).where(*people)
    work = (
        select(
            Complaint.handler_id,
            func.count().label("open"),
            func.sum(case((is_late, 1), else_=0)).label("late"),
            func.sum(case((is_due, 1), else_=0)).label("due"),
        )
        .where(IS_OPEN, Complaint.handler_id.in_(whose))
        .group_by(Complaint.handler_id)
        .subquery()
    )
    return (
        select(
            User.id,
            User.email,
            User.name,
            User.role,
            User.branch_id,
            User.team_id,
            func.coalesce(work.c.open, 0).label("open"),
            func.coalesce(work.c.late, 0).label("late"),
            func.coalesce(work.c.due, 0).label("due"),
            Absence.from_at.label("away_from"),
            Absence.until_at.label("away_until"),
            _Deputy.name.label("deputy"),
        )
        .outerjoin(work, work.c.handler_id == User.id)
        .outerjoin(
            Absence,
            and_(
                Absence.user_id == User.id,
                Absence.until_at > NOW,
                or_(Absence.from_at <= NOW, Absence.from_at < _TONIGHT),
                Absence.until_at > Absence.from_at,
            ),
        )
        .outerjoin(_Deputy, _Deputy.id == Absence.deputy_id)
        .where(*people)
        .order_by(User.name, User.id, Absence.from_at)
        .limit(at_most(MOST_CHOICES))
    )


_LOAD = Kept(_load)
