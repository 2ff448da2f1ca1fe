"""Hand on the corrective actions of somebody who leaves: nobody else could say they were done."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.escalation import Target
from complaints.domain.improvement.acts import ActionAct, ActionState
from complaints.domain.permissions import Actor, Permission
from complaints.models import CorrectiveAction, User
from complaints.people.staff import Person, Staff
from complaints.rulebook import RuleBook
from complaints.steps.improvement.raise_action import tell_owner
from complaints.steps.improvement.record import ActionCase, note_act


def hand_on_actions(
    session: Session,
    rules: RuleBook,
    user: User,
    person: Person | None,
    staff: Staff,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> int:
    """Give each open one to this person, where they may own it; how many were given.

    Else, and for nobody, to whoever raised it, or stands above. The day stays: late stays late.
    """
    query = (
        select(CorrectiveAction)
        .where(
            CorrectiveAction.owner_id == user.id, CorrectiveAction.state == ActionState.OPEN.value
        )
        .order_by(CorrectiveAction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    given = 0
    for action in session.scalars(query).all():
        case = ActionCase(session, rules, action, by, max(at, action.raised_at))
        able = (
            each
            for each in _candidates(case, person, staff)
            if each.id != user.id
            and each.is_active
            and each.has(Permission.NOTE)
            and (action.branch_id is None or each.branch_id in (None, action.branch_id))
        )
        owner = next(able, None)
        if owner is None:
            continue
        action.owner_id, action.owner_name = owner.id, owner.name
        detail = {"reason": reason, "owner": owner.name, "owner_id": owner.id}
        note_act(case, ActionAct.CHANGE, detail)
        tell_owner(case)
        given += 1
    return given


def _candidates(case: ActionCase, person: Person | None, staff: Staff) -> Iterator[Person]:
    if person is not None:
        yield person
    raised_by = staff.by_id.get(case.action.raised_by_id or 0)
    if raised_by is not None:
        yield raised_by
    yield from staff.recipients(Target.SUPERVISOR, case.assignment)
    yield from staff.last_resort(case.assignment)
