"""Which complaints a person may see, as conditions: `domain.permissions.may_see` told in SQL.

The scope comes in arms, each of which can follow an index of its own; lists fetch a page from
each arm instead of asking the database to work through an OR.
"""

from sqlalchemy import ColumnElement, false, or_, select, true

from complaints.domain.permissions import Actor, Permission, Role
from complaints.models import Complaint, Party


def scope_arms(actor: Actor) -> list[ColumnElement[bool]]:
    """Conditions on complaints; whoever fulfils one of them lies within the scope."""
    if actor.is_system:
        return [true()]
    if not actor.has(Permission.VIEW):
        return [false()]
    is_officer = actor.role is Role.OFFICER
    if actor.branch_id is None and not is_officer:
        return [true()]
    arms: list[ColumnElement[bool]] = []
    if actor.branch_id is not None:
        arms.append(Complaint.branch_id == actor.branch_id)
    if is_officer and actor.team_id is not None:
        arms.append(Complaint.team_id == actor.team_id)
        arms.append(is_party(actor.team_id))
    arms.append(Complaint.handler_id == actor.id)
    return arms


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The scope as one condition, for counts and single rows."""
    return or_(*scope_arms(actor))


def is_party(team_id: int) -> ColumnElement[bool]:
    """Whether the complaint was passed to this team."""
    return (
        select(Party.id)
        .where(Party.complaint_id == Complaint.id, Party.team_id == team_id)
        .correlate(Complaint)
        .exists()
    )


def number_of(row: object) -> str:
    """The public number of a row with `year` and `id`."""
    return f"KLH-{row.year}-{row.id:06d}"  # type: ignore[attr-defined]
