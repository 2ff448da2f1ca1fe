"""Which contacts a person may see, as a condition: their branch's, and those of their unit."""

from sqlalchemy import ColumnElement, false, or_, true

from complaints.domain.permissions import Actor, Permission, Role
from complaints.models import OtherContact
from complaints.queries.scope import sees_all


def contacts_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The same as `domain.permissions.may_see`, told in SQL."""
    if sees_all(actor):
        return true()
    if not actor.has(Permission.VIEW):
        return false()
    arms: list[ColumnElement[bool]] = []
    if actor.branch_id is not None:
        arms.append(OtherContact.branch_id == actor.branch_id)
    if actor.role is Role.OFFICER and actor.team_id is not None:
        arms.append(OtherContact.team_id == actor.team_id)
    return or_(*arms) if arms else false()
