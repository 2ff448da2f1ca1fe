"""The saved views that somebody has or is shown, and how much each list holds for that reader."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import Complaint, SavedView
from complaints.queries.bounded import bounded_count
from complaints.queries.kept import Kept
from complaints.queries.lists.decisions import MOST_WAITING
from complaints.queries.lists.filters import ListFilters, conditions_of
from complaints.queries.paging import at_most
from complaints.queries.scope import in_scope, sees_all
from complaints.rulebook import RuleBook

#: Views in sight of one person.
MOST_SHOWN = 40


class View(NamedTuple):
    """A saved view: whose it is, what it is called and which filters it keeps."""

    id: int
    owner_id: int
    branch_id: int | None
    name: str
    asked: Mapping[str, str]
    is_shared: bool


def list_views(session: Session, me: Actor) -> Sequence[View]:
    """One's own and those shared with one's branch, by name."""
    return [View._make(row) for row in _SHOWN.rows(session, me)]


def _shown(me: Actor) -> Select[Any]:
    shared = or_(SavedView.branch_id == me.branch_id, SavedView.branch_id.is_(None))
    query = select(*(getattr(SavedView, name) for name in View._fields)).where(
        or_(SavedView.owner_id == me.id, SavedView.is_shared & shared)
    )
    return query.order_by(SavedView.name, SavedView.id).limit(at_most(MOST_SHOWN))


_SHOWN = Kept(_shown)


def count_each(
    session: Session, me: Actor, asked: Sequence[ListFilters], rules: RuleBook, now: datetime
) -> Sequence[int]:
    """How many complaints the reader finds in each list, up to MOST_WAITING; one statement."""
    if not asked:
        return ()
    scope = [] if sees_all(me) else [in_scope(me)]
    counts = [
        bounded_count(
            select(Complaint.id).where(*scope, *conditions_of(filters, me, rules, now)),
            MOST_WAITING,
        )
        for filters in asked
    ]
    return tuple(session.execute(select(*counts)).one())


def view_to_remove(session: Session, view_id: int, me: Actor, *, leads: bool) -> SavedView | None:
    """A view of one's own, or a shared one of the branch that one leads."""
    of_branch = SavedView.is_shared & (
        SavedView.branch_id == me.branch_id if me.branch_id is not None else SavedView.is_shared
    )
    allowed = or_(SavedView.owner_id == me.id, of_branch if leads else false())
    return session.scalar(select(SavedView).where(SavedView.id == view_id, allowed))
