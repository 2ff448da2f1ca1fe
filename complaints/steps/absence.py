"""Noting when somebody is away and who stands in for them; who is told instead, `targets` decides.

The deputy hears only of complaints that lie within their own sight, whatever is noted here.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid, NotFound
from complaints.domain.permissions import Actor, Permission, may_stand_in, require
from complaints.models import Absence, User


def note_absence(
    session: Session,
    *,
    deputy: str,
    from_at: datetime,
    until_at: datetime,
    by: Actor,
    at: datetime,
) -> Absence:
    """Note one's own absence; `deputy` is an e-mail address, or empty when nobody stands in."""
    require(by, Permission.VIEW)
    if until_at <= from_at:
        raise Invalid(N_("The absence must end after it begins."), field="until")
    if until_at <= at:
        raise Invalid(N_("This absence is over already."), field="until")
    # Locked, so that the same absence sent twice at once is noted once.
    query = select(User).where(User.id == by.id).with_for_update(key_share=True)
    user = session.scalars(query).one()
    overlapping = select(Absence.id).where(
        Absence.user_id == user.id, Absence.from_at < until_at, Absence.until_at > from_at
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise Invalid(N_("You have already noted an absence in this time."), field="from")
    absence = Absence(
        user_id=user.id,
        deputy_id=_deputy(session, user, deputy).id if deputy.strip() else None,
        from_at=from_at,
        until_at=until_at,
    )
    session.add(absence)
    session.flush()
    return absence


def cancel_absence(session: Session, absence_id: int, *, by: Actor, at: datetime) -> None:
    """End one's absence now, or strike it out when it has not begun; a past one stays."""
    absence = session.get(Absence, absence_id, with_for_update=True)
    if absence is None:
        raise NotFound(N_("There is no such absence."))
    if absence.user_id != by.id:
        raise Forbidden(N_("This absence is somebody else's."))
    if absence.from_at >= at:
        session.delete(absence)
    elif absence.until_at > at:
        absence.until_at = at


def _deputy(session: Session, user: User, email: str) -> User:
    query = select(User).where(User.email == email.strip().lower(), User.is_active.is_(True))
    deputy = session.scalar(query)
    if deputy is None:
        raise Invalid(N_("There is nobody with this address."), field="deputy")
    if deputy.id == user.id:
        raise Invalid(N_("Choose somebody else to stand in for you."), field="deputy")
    if not may_stand_in(deputy.actor, user.actor):
        raise Invalid(N_("This person may not see the complaints you answer for."), field="deputy")
    return deputy
