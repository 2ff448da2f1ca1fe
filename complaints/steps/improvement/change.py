"""Change what is open: another owner, another day, the answers to “why?”."""

from collections.abc import Sequence
from datetime import date

from complaints.domain.errors import N_, Invalid
from complaints.domain.escalation import Target
from complaints.domain.improvement.acts import MOST_WHYS, ActionAct, ActionState, Subject
from complaints.domain.short_reason import require_reason
from complaints.domain.words.folding import fold
from complaints.domain.words.substance import require_substance
from complaints.people.staff import Staff
from complaints.rulebook.in_use import require_in_use
from complaints.steps.improvement.raise_action import tell_owner
from complaints.steps.improvement.record import (
    ActionCase,
    due_time,
    find_owner,
    note_act,
    require_lead,
    require_state,
    tell,
)


def change_action(
    case: ActionCase, *, reason: str, owner: str = "", due_on: date | None = None
) -> None:
    """Give it to someone else, move its day, or both; the day set first stays in sight.

    That it was late already stays so. Whoever takes on what is late needs a day that can be kept.
    Owners, the former one too, hear of it; the superior, where it is the owner who changes it.
    """
    require_lead(case)
    require_state(case, ActionState.OPEN)
    action = case.action
    why = require_reason(reason, N_("Enter why it changes."))
    detail: dict[str, object] = {"reason": why}
    is_given, former_id = False, action.owner_id
    if owner:
        person = find_owner(case.session, owner, action.branch_id)
        is_given = person.id != action.owner_id
        if is_given and due_on in (None, action.due_on) and case.at > action.due_at:
            raise Invalid(
                N_("Its day is over. Choose another one for whoever takes it on."), field="due_on"
            )
        if is_given:
            detail["owner"], detail["owner_id"] = person.name, person.id
            action.owner_id, action.owner_name = person.id, person.name
    if due_on is not None and due_on != action.due_on:
        if case.at > action.due_at:
            action.late_at = action.late_at or action.due_at
        action.due_at = due_time(case.at, case.calendar, due_on)
        action.due_on, action.next_at = due_on, action.due_at
        detail["due_on"] = due_on.isoformat()
    if len(detail) == 1:
        raise Invalid(N_("Choose someone else, or another day."), field="owner")
    note_act(case, ActionAct.CHANGE, detail)
    if not is_given:
        tell_owner(case, "action_moved", reason=why)
        return
    tell_owner(case)
    staff = Staff.read(case.session, case.at)
    place = case.assignment._replace(handler_id=former_id)
    former = staff.acting_for(former_id, place)
    if former_id == case.by.id:
        former = staff.recipients(Target.SUPERVISOR, place) or staff.last_resort(place)
    tell(case, "action_taken", [each for each in former if each.id != action.owner_id], reason=why)


def set_whys(case: ActionCase, *, cause: str, whys: Sequence[str]) -> None:
    """Keep the answers to “why?”: the cause first, then at most four that lie behind it.

    What was answered before stays in the history.
    """
    require_lead(case)
    require_state(case, ActionState.OPEN, ActionState.DONE)
    action, causes = case.action, case.rules.taxonomy.causes
    first = action.code if action.subject == Subject.CAUSE else cause
    if first not in causes:
        raise Invalid(N_("Choose the cause that the answers begin with."), field="cause")
    if first != action.cause:
        require_in_use("cause", first, causes[first])
    said = [each.strip() for each in whys if each.strip()]
    if len(said) > MOST_WHYS - 1:
        raise Invalid(N_("The cause and four answers behind it are enough."), field="whys")
    if not said and first == action.cause:
        raise Invalid(N_("Answer at least one “why?”."), field="whys")
    for place, each in enumerate(said, start=1):
        require_substance(each, N_("Answer in a few words."), field=f"why-{place}")
        if fold(each) in map(fold, said[: place - 1]):
            raise Invalid(
                N_("This has been answered already. Write what lies behind it."),
                field=f"why-{place}",
            )
    if (first, said) == (action.cause, list(action.whys)):
        raise Invalid(N_("That is what we have already."), field="whys")
    action.cause, action.whys = first, said
    note_act(case, ActionAct.WHYS, {"cause": first, "whys": said})
