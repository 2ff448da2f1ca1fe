"""Which management reviews a person may see: those whose figures the reports show them."""

from sqlalchemy import ColumnElement, false, true

from complaints.domain.permissions import Actor, Permission
from complaints.models import ManagementReview


def reviews_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The same as `may_read_review`, told in SQL."""
    if not actor.has(Permission.REPORTS):
        return false()
    if actor.branch_id is None:
        return true()
    return ManagementReview.branch_id == actor.branch_id


def same_scope(branch_id: int | None) -> ColumnElement[bool]:
    """Whether a review is of just this branch, or of all of them for None."""
    if branch_id is None:
        return ManagementReview.branch_id.is_(None)
    return ManagementReview.branch_id == branch_id
