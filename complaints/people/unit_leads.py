"""Who leads a unit and hears first of what waits there: one of its members.

Whoever takes the place of a lead who leaves may come from elsewhere.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.accounts.acts import AccountAct
from complaints.domain.errors import N_, Refused
from complaints.domain.permissions import Actor, Permission, Role, require, sees_to_complaints
from complaints.models import Team, User
from complaints.people.account_history import note_act
from complaints.people.account_upkeep import find_account


def make_lead(session: Session, user_id: int, *, by: Actor, at: datetime) -> User:
    """Let somebody lead the unit they belong to, in place of whoever did; again changes nothing.

    Both histories say so. Raises Refused for who has no account any more, belongs to no unit, or
    has a role that neither handles complaints nor answers for them.
    """
    user = _turn_of(session, user_id, by)
    if not user.is_active:
        raise Refused(N_("This account is inactive. Reactivate it first."))
    if user.team_id is None:
        raise Refused(N_("This user belongs to no unit. Choose a unit for them first."))
    if not sees_to_complaints(Role(user.role)):
        raise Refused(N_("The role of this user handles no complaints: they cannot lead a unit."))
    put_lead(session, user.team_id, user, by=by, at=at)
    return user


def put_lead(session: Session, team_id: int, user: User | None, *, by: Actor, at: datetime) -> None:
    """Let somebody lead a unit from now on, or nobody, with an entry for each whom it concerns.

    The caller has made sure that they may, and that it is their turn among the accounts.
    """
    team = session.get_one(Team, team_id, with_for_update=True, populate_existing=True)
    before = session.get(User, team.lead_id) if team.lead_id is not None else None
    if before is user:
        return
    team.lead_id = user.id if user is not None else None
    for each, act in ((before, AccountAct.LEADS_NO_MORE), (user, AccountAct.LEADS)):
        if each is not None:
            note_act(session, each, act, by=by, at=at, detail={"unit": team.code})


def end_lead(session: Session, user_id: int, *, by: Actor, at: datetime) -> User:
    """Let somebody lead no unit any more, wherever they belong now; nobody takes their place."""
    user = _turn_of(session, user_id, by)
    led = select(Team.id).where(Team.lead_id == user.id).order_by(Team.id)
    for team_id in session.scalars(led).all():
        put_lead(session, team_id, None, by=by, at=at)
    return user


def _turn_of(session: Session, user_id: int, by: Actor) -> User:
    require(by, Permission.ADMINISTER)
    take_turns(session, "accounts")
    user = find_account(session, user_id, by)
    session.refresh(user)
    return user
