"""Whose proof of competence somebody may read, and whether with what was observed."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, NotFound
from complaints.domain.permissions import Actor, Permission, may_observe, superiors_of
from complaints.models import User
from complaints.queries.people.accounts import Named, handlers_to_choose
from complaints.queries.people.lines import line_managers


def person_shown(session: Session, actor: Actor, email: str) -> tuple[User, bool]:
    """The person, and whether the reader may read what was observed of them.

    One's own, or that of one's people with the permission for reports. Raises NotFound, Forbidden.
    """
    user = session.scalar(select(User).where(User.email == email.strip().casefold()))
    if user is None or not user.actor.has(Permission.HANDLE):
        raise NotFound(N_("Nobody who handles complaints has this address."))
    if user.id == actor.id:
        return user, True
    superior = line_managers(session)
    above = superiors_of(user.id, superior)
    is_near = actor.branch_id in (None, user.branch_id) or actor.id in above
    if not actor.has(Permission.REPORTS) or not is_near:
        raise Forbidden(
            N_(
                "The proof of competence is read by the staff member and by whoever reads the "
                "reports of their branch."
            )
        )
    return user, may_observe(actor, user.actor, above)


def people_to_choose(session: Session, actor: Actor) -> Sequence[Named]:
    """The people whose proof the reader may open; nobody for whoever reads only their own."""
    return handlers_to_choose(session, actor) if actor.has(Permission.REPORTS) else []
