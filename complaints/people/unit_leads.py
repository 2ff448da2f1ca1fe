"""Who leads a unit: one of its members, who hears first of what waits there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.accounts.acts import AccountAct
from complaints.domain.errors import N_, Refused
from complaints.domain.permissions import Actor, Permission, require
from complaints.models import Team, User
from complaints.people.account_history import note_act
from complaints.people.account_upkeep import find_account


def make_lead(session: Session, user_id: int, *, by: Actor, at: datetime) -> User:
    """Let somebody lead the unit they belong to, in place of whoever did; again changes nothing.

    Both histories say so. Raises Refused for who has no account any more or belongs to no unit.
    """
    user = _turn_of(session, user_id, by)
    if not user.is_active:
        raise Refused(N_("This account is inactive. Reactivate it first."))
    if user.team_id is None:
        raise Refused(N_("This user belongs to no unit. Choose a unit for them first."))
    team = session.get_one(Team, user.team_id, with_for_update=True, populate_existing=True)
    if team.lead_id == user.id:
        return user
    before = session.get(User, team.lead_id) if team.lead_id is not None else None
    team.lead_id = user.id
    if before is not None:
        note_act(session, before, AccountAct.LEADS_NO_MORE, by=by, at=at, detail=_of(team))
    note_act(session, user, AccountAct.LEADS, by=by, at=at, detail=_of(team))
    return user


def end_lead(session: Session, user_id: int, *, by: Actor, at: datetime) -> User:
    """Let somebody lead no unit any more, wherever they belong now; nobody takes their place."""
    user = _turn_of(session, user_id, by)
    led = select(Team).where(Team.lead_id == user.id).order_by(Team.id).with_for_update()
    for team in session.scalars(led):
        team.lead_id = None
        note_act(session, user, AccountAct.LEADS_NO_MORE, by=by, at=at, detail=_of(team))
    return user


def _turn_of(session: Session, user_id: int, by: Actor) -> User:
    require(by, Permission.ADMINISTER)
    take_turns(session, "accounts")
    user = find_account(session, user_id, by)
    session.refresh(user)
    return user


def _of(team: Team) -> dict[str, str]:
    return {"unit": team.code}
