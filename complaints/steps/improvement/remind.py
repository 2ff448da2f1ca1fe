"""Reminders of corrective actions: of one that is late, and of one that can be verified."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from complaints.domain.escalation import Target
from complaints.domain.improvement.acts import ActionAct, ActionState
from complaints.models import CorrectiveAction
from complaints.people.staff import Person, Staff
from complaints.put_off import see_to_due
from complaints.steps.improvement.finish import verifiers
from complaints.steps.improvement.record import ActionCase, note_act, tell

#: So often is reminded of one that is late, and of one that can be verified.
LATE_AGAIN, RIPE_AGAIN = timedelta(days=7), timedelta(days=14)


def remind_of_actions(session: Session, *, at: datetime) -> list[int]:
    """Tell of the oldest that are due; by how many seconds each was late."""
    is_due = CorrectiveAction.next_at < at
    return see_to_due(
        session, CorrectiveAction, is_due, ActionCase, _tell, at=at, what="corrective action"
    )


def _tell(case: ActionCase, staff: Staff) -> int:
    action, place = case.action, case.assignment
    lag = max(0, int((case.at - (action.next_at or case.at)).total_seconds()))
    if action.state == ActionState.DONE:
        action.next_at = case.at + RIPE_AGAIN
        hearers = {each.id: each for each in verifiers(case)}
        note_act(case, ActionAct.REMIND, _heard(hearers))
        tell(case, "action_ripe", hearers)
        return lag
    is_first = action.late_at != action.due_at
    action.late_at, action.next_at = action.due_at, case.at + LATE_AGAIN
    owner = staff.acting_for(action.owner_id, place)
    above = staff.recipients(Target.SUPERVISOR, place) or staff.last_resort(place)
    people: dict[int, Person] = {each.id: each for each in (*owner, *above)}
    act = ActionAct.LATE if is_first else ActionAct.REMIND
    note_act(case, act, {"due_at": action.due_at.isoformat(), **_heard(people)})
    tell(case, "action_late", people)
    return lag


def _heard(people: Mapping[int, Person]) -> dict[str, object]:
    names = [each.name for each in people.values()]
    return {"to": names} if names else {"nobody": True}
