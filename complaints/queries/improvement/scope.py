"""Which corrective actions a person may see: those of their branch, and their own."""

from sqlalchemy import ColumnElement, or_, true

from complaints.domain.permissions import Actor, Permission
from complaints.models import CorrectiveAction
from complaints.queries.scope import sees_all


def sees_action(actor: Actor, branch_id: int | None, owner_id: int) -> bool:
    """Whether somebody may read it: as the reports of the branch are read, or as its owner."""
    return owner_id == actor.id or _reads(actor, branch_id)


def reads_effect(actor: Actor, branch_id: int | None) -> bool:
    """Whether somebody may read the figures of that branch, of all of them for None."""
    if not actor.has(Permission.REPORTS):
        return False
    return actor.branch_id is None or actor.branch_id == branch_id


def actions_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The same as `sees_action`, told in SQL."""
    own = CorrectiveAction.owner_id == actor.id
    if not actor.has(Permission.REPORTS):
        return own
    if sees_all(actor):
        return true()
    branch = CorrectiveAction.branch_id
    return or_(own, branch.is_(None), branch == actor.branch_id)


def _reads(actor: Actor, branch_id: int | None) -> bool:
    if not actor.has(Permission.REPORTS):
        return False
    return actor.branch_id is None or branch_id in (None, actor.branch_id)
