"""Which complaints a person may see, as conditions: `domain.permissions.may_see` told in SQL.

The scope comes in arms, each of which can follow an index of its own; lists fetch a page from
each arm instead of asking the database to work through an OR. A reader without an id is nobody in
particular: what no one handles is not theirs.
"""

from sqlalchemy import ColumnElement, false, or_, select, true, union_all

from complaints.domain.permissions import Actor, Permission, Role
from complaints.models import Complaint, Party


def sees_all(actor: Actor) -> bool:
    """Whether no complaint lies outside the person's scope."""
    if actor.is_system:
        return True
    is_head_office = actor.branch_id is None and actor.role is not Role.OFFICER
    return is_head_office and actor.has(Permission.VIEW)


def scope_arms(actor: Actor) -> list[ColumnElement[bool]]:
    """Conditions on complaints; whoever fulfils one of them lies within the scope."""
    if sees_all(actor):
        return [true()]
    if not actor.has(Permission.VIEW):
        return [false()]
    is_officer = actor.role is Role.OFFICER
    arms: list[ColumnElement[bool]] = []
    if actor.branch_id is not None:
        arms.append(Complaint.branch_id == actor.branch_id)
    if is_officer and actor.team_id is not None:
        arms.append(Complaint.team_id == actor.team_id)
        arms.append(is_party(actor.team_id))
    if actor.id is not None:
        arms.append(Complaint.handler_id == actor.id)
    return arms or [false()]


def arms_of_own(actor: Actor) -> list[ColumnElement[bool]]:
    """The same where only what the person handles is asked for: that they always see."""
    return scope_arms(actor)[-1:] if actor.id is not None else [false()]


def arms_beside_own(actor: Actor) -> list[ColumnElement[bool]]:
    """The same where only what nobody at work handles is asked for."""
    if sees_all(actor) or actor.id is None:
        return scope_arms(actor)
    return scope_arms(actor)[:-1] or [false()]


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The scope as one condition, for counts, searches and single rows."""
    if actor.role is not Role.OFFICER or actor.is_system:
        return or_(*scope_arms(actor))
    # An OR over what the team is party to would be asked of every complaint there is.
    own = [is_handled_by(actor)]
    if actor.branch_id is not None:
        own.append(Complaint.branch_id == actor.branch_id)
    if actor.team_id is not None:
        own.append(Complaint.team_id == actor.team_id)
    arms = [select(Complaint.id).where(each) for each in own]
    arms.append(select(Party.complaint_id).where(Party.team_id == actor.team_id))
    return Complaint.id.in_(union_all(*arms))


def joined_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The same where the complaint is reached from a shorter table, such as open escalations.

    Adding nothing to a column keeps the planner from starting at the complaints instead.
    """
    if sees_all(actor):
        return true()
    arms = [false() if actor.id is None else Complaint.handler_id + 0 == actor.id]
    if actor.branch_id is not None:
        arms.append(Complaint.branch_id + 0 == actor.branch_id)
    return or_(*arms) if actor.has(Permission.VIEW) else false()


def is_handled_by(actor: Actor) -> ColumnElement[bool]:
    """Whether the reader handles the complaint; nobody in particular handles none."""
    return false() if actor.id is None else Complaint.handler_id == actor.id


def is_party(team_id: int) -> ColumnElement[bool]:
    """Whether the complaint was passed to this team."""
    return (
        select(Party.id)
        .where(Party.complaint_id == Complaint.id, Party.team_id == team_id)
        .correlate(Complaint)
        .exists()
    )
