"""Which public posts a person may see, as a condition: those of their branch."""

from sqlalchemy import ColumnElement, false, true

from complaints.domain.permissions import Actor, Permission
from complaints.models import PublicPost
from complaints.queries.scope import sees_all


def posts_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The same as `domain.permissions.may_see`, told in SQL."""
    if sees_all(actor):
        return true()
    if not actor.has(Permission.VIEW) or actor.branch_id is None:
        return false()
    return PublicPost.branch_id == actor.branch_id
