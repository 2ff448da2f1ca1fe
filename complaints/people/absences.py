"""Noting when somebody is away and who stands in for them; who is told instead, `staff` decides.

The deputy hears only of complaints that lie within their own sight, whatever is noted here.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid, NotFound
from complaints.domain.permissions import (
    Actor,
    Permission,
    may_note_for,
    may_stand_in,
    require,
    superiors_of,
)
from complaints.models import Absence, User
from complaints.people.colleagues import active_user
from complaints.queries.people.lines import line_managers

#: Nobody hands on what is theirs for longer: whoever is away for years hands over their work.
LONGEST = timedelta(days=366)


def note_absence(
    session: Session,
    *,
    deputy: str,
    from_at: datetime,
    until_at: datetime,
    by: Actor,
    at: datetime,
    person_id: int | None = None,
) -> Absence:
    """Note one's own absence, or with `person_id` that of somebody one leads.

    `deputy` is an e-mail address, or empty when nobody stands in.
    """
    require(by, Permission.BE_AWAY)
    if until_at <= from_at:
        raise Invalid(N_("The absence must end after it begins."), field="until")
    if until_at <= at:
        raise Invalid(N_("This absence is over already."), field="until")
    if until_at > at + LONGEST:
        raise Invalid(N_("Choose an end at most a year from now."), field="until")
    # Locked, so that the same absence sent twice at once is noted once.
    query = select(User).where(User.id == (by.id if person_id is None else person_id))
    user = session.scalar(query.with_for_update(key_share=True))
    if user is None:
        raise NotFound(N_("This user does not exist."))
    _require_say(session, user, by)
    overlapping = select(Absence.id).where(
        Absence.user_id == user.id,
        Absence.from_at < until_at,
        Absence.until_at > from_at,
        Absence.until_at > Absence.from_at,
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise Invalid(N_("An absence is already recorded in this period."), field="from")
    absence = Absence(
        user_id=user.id,
        deputy_id=_deputy(session, user, deputy).id if deputy.strip() else None,
        from_at=from_at,
        until_at=until_at,
        noted_by_id=by.id,
        noted_at=at,
    )
    session.add(absence)
    session.flush()
    return absence


def cancel_absence(session: Session, absence_id: int, *, by: Actor, at: datetime) -> Absence:
    """End an absence now, or strike it out when it has not begun; a past one stays as it is.

    Both stay to be read, with who ended them.
    """
    absence = session.get(Absence, absence_id, with_for_update=True)
    if absence is None:
        raise NotFound(N_("There is no such absence."))
    _require_say(session, session.get_one(User, absence.user_id), by)
    if absence.until_at > at:
        absence.until_at = max(absence.from_at, at)
        absence.ended_by_id, absence.ended_at = by.id, at
    return absence


def _require_say(session: Session, user: User, by: Actor) -> None:
    """Refuse whoever has no say in when this person is away."""
    if user.id == by.id:
        return
    superior = line_managers(session)
    if not may_note_for(by, user.actor, superiors_of(user.id, superior)):
        raise Forbidden(N_("This absence is someone else's."))


def _deputy(session: Session, user: User, email: str) -> User:
    deputy = active_user(session, email)
    if deputy is None:
        raise Invalid(N_("There is no user with this email address."), field="deputy")
    if deputy.id == user.id:
        raise Invalid(N_("Choose someone else as deputy."), field="deputy")
    if not may_stand_in(deputy.actor, user.actor):
        raise Invalid(
            N_("This user may not see these complaints or cannot act on them."), field="deputy"
        )
    return deputy
