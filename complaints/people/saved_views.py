"""Save a list under a name, and remove it; what is saved is never changed by saving another."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid, NotFound
from complaints.domain.permissions import Actor, Permission
from complaints.domain.words.folding import clean
from complaints.models import SavedView, User
from complaints.queries.lists.saved_views import view_to_remove

#: So many views one person saves.
MOST_VIEWS = 20
LONGEST_NAME = 60


def save_view(
    session: Session,
    name: str,
    asked: Mapping[str, str],
    *,
    is_shared: bool,
    by: Actor,
    at: datetime,
) -> SavedView:
    """A new view of the person, shared with their branch if they lead; the caller commits."""
    name = clean(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(N_("Give the view a name of at most 60 characters."), field="name")
    if is_shared and not by.has(Permission.LEAD):
        raise Forbidden(N_("Only supervisors and managers can share a view."))
    # Two tabs at once take turns.
    session.get(User, by.id, with_for_update={"key_share": True})
    own = select(func.count()).select_from(SavedView).where(SavedView.owner_id == by.id)
    if session.scalar(own.where(SavedView.name == name)):
        raise Invalid(N_("You have a view of this name already. Choose another."), field="name")
    if (session.scalar(own) or 0) >= MOST_VIEWS:
        raise Invalid(N_("You have twenty views. Remove one first."), field="name")
    view = SavedView(
        owner_id=by.id,
        name=name,
        asked=dict(asked),
        is_shared=is_shared,
        branch_id=by.branch_id if is_shared else None,
        saved_at=at,
    )
    session.add(view)
    session.flush()
    return view


def remove_view(session: Session, view_id: int, *, by: Actor) -> None:
    """Take a view away, for all who were shown it; the caller commits."""
    view = view_to_remove(session, view_id, by, leads=by.has(Permission.LEAD))
    if view is None:
        raise NotFound(N_("This view does not exist any more."))
    session.execute(delete(SavedView).where(SavedView.id == view.id))
