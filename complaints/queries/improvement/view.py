"""One corrective action whole, those that rest on a contact, and whom one can be given to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaints.domain.improvement.acts import ActionAct
from complaints.domain.improvement.effect import Effect
from complaints.domain.permissions import PERMISSIONS, Actor, Permission
from complaints.models import CorrectiveAction, CorrectiveActionEntry, OtherContact, User
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.improvement.effect import read_effect
from complaints.queries.improvement.scope import reads_effect
from complaints.queries.paging import at_most
from complaints.queries.people.accounts import Named
from complaints.rulebook import RuleBook

#: A page shows the newest of them.
MOST_ENTRIES = 200
_OWNING = [role.value for role, held in PERMISSIONS.items() if Permission.NOTE in held]


class EntryShown(NamedTuple):
    """An entry of the history as its reader may see it."""

    what: str
    at: datetime
    by_name: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ActionView:
    """What a page shows beside the action itself; `effect` is None where there is none to show."""

    action: CorrectiveAction
    number: str
    contact: str
    owner_email: str
    is_owner_active: bool
    effect: Effect | None
    entries: Sequence[EntryShown]


def read_action(
    session: Session,
    rules: RuleBook,
    action: CorrectiveAction,
    actor: Actor,
    *,
    now: datetime,
    figures: Session | None,
) -> ActionView:
    """Everything about an action that its reader may see already.

    Its effect is read through `figures`, where reports are read; without it there is none.
    """
    query = (
        select(CorrectiveActionEntry)
        .where(CorrectiveActionEntry.action_id == action.id)
        .order_by(CorrectiveActionEntry.seq.desc())
        .limit(MOST_ENTRIES)
    )
    owner = session.get_one(User, action.owner_id)
    reads = reads_effect(actor, action.branch_id)
    hidden = {"owner_id"} if reads else {"owner_id", "effect"}
    return ActionView(
        action=action,
        number=rules.numbers.of_actions.write(action.year, action.id),
        contact=_contact(session, rules, action.contact_id),
        owner_email=owner.email,
        is_owner_active=owner.is_active,
        effect=read_effect(figures, rules, action, now=now)
        if figures is not None and reads
        else None,
        entries=[_shown(each, hidden) for each in session.scalars(query)],
    )


def ever_owners(session: Session, action: CorrectiveAction) -> frozenset[int]:
    """Whoever has it or ever had it to carry out, by its history."""
    query = select(CorrectiveActionEntry.detail).where(
        CorrectiveActionEntry.action_id == action.id,
        CorrectiveActionEntry.what.in_([ActionAct.RAISE.value, ActionAct.CHANGE.value]),
    )
    given = {detail.get("owner_id") for detail in session.scalars(query)}
    return frozenset({action.owner_id, *(each for each in given if each is not None)})


def owners_to_choose(session: Session, branch_id: int | None) -> Sequence[Named]:
    """Whom an action of that branch can be given to; some more than a list shows."""
    query = (
        select(User.email, User.name, User.branch_id, User.team_id)
        .where(User.is_active.is_(True), User.role.in_(_OWNING))
        .order_by(User.name, User.id)
        .limit(at_most(MOST_CHOICES + 2))
    )
    if branch_id is not None:
        query = query.where(or_(User.branch_id == branch_id, User.branch_id.is_(None)))
    return [Named._make(row) for row in session.execute(query)]


def _shown(entry: CorrectiveActionEntry, hidden: set[str]) -> EntryShown:
    detail = {name: value for name, value in entry.detail.items() if name not in hidden}
    return EntryShown(entry.what, entry.at, entry.by_name, detail)


def _contact(session: Session, rules: RuleBook, contact_id: int | None) -> str:
    if contact_id is None:
        return ""
    year = session.scalars(select(OtherContact.year).where(OtherContact.id == contact_id)).one()
    return rules.numbers.of_contacts.write(year, contact_id)
