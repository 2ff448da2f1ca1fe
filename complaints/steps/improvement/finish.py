"""It was done, with what shows it; someone else says whether it worked; or it is dropped."""

from datetime import date, datetime, time, timedelta

from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.escalation import Target
from complaints.domain.improvement.acts import ActionAct, ActionState
from complaints.domain.improvement.effect import Effect, judged_from, to_keep
from complaints.domain.permissions import Permission, require
from complaints.domain.short_reason import require_reason
from complaints.domain.words.substance import require_substance
from complaints.formatting import ENGLISH, INDONESIAN, say_date
from complaints.people.staff import Person, Staff
from complaints.queries.improvement.effect import read_effect
from complaints.queries.improvement.view import ever_owners
from complaints.steps.improvement.raise_action import tell_owner
from complaints.steps.improvement.record import (
    ActionCase,
    note_act,
    require_lead,
    require_state,
    tell,
)

#: So many working days later it can still be told when it was done; the refusal says it in words.
MOST_DAYS_BACK = 3


def finish_action(case: ActionCase, *, evidence: str, done_on: date | None = None) -> None:
    """Its owner says that it was done, on which day, and what shows it.

    The day fixes the days that the effect is judged by: it cannot lie before the action was raised,
    ahead, or further back than a few working days, so that nobody waits to choose the best-looking
    one; it is never changed. Who verifies hears again when these days are over.
    """
    action = case.action
    require(case.by, Permission.NOTE)
    if case.by.id != action.owner_id:
        raise Forbidden(
            N_("Only %(name)s, whose task it is, can say that it was done."),
            name=action.owner_name,
        )
    require_state(case, ActionState.OPEN)
    shown = require_substance(evidence, N_("Enter what shows that it was done."), field="evidence")
    day = done_on or case.today
    if day < action.raised_at.astimezone(case.calendar.tz).date():
        raise Invalid(N_("It cannot have been done before it was raised."), field="done_on")
    if day > case.today:
        raise Invalid(N_("It cannot have been done in the future."), field="done_on")
    if case.calendar.add_days(day, MOST_DAYS_BACK) < case.today:
        raise Invalid(N_("Choose a day at most three working days back."), field="done_on")
    # Whether it was in time goes by when it was said here, not by the day that is told.
    if case.at > action.due_at:
        action.late_at = action.late_at or action.due_at
    action.state, action.done_on = ActionState.DONE.value, day
    action.done_at, action.done_by_id = case.at.replace(microsecond=0), case.by.id
    action.evidence = shown
    action.next_at = case.calendar.next_opening(
        datetime.combine(judged_from(day, action.weeks), time.min, case.calendar.tz)
    )
    note_act(case, ActionAct.DONE, {"evidence": shown, "done_on": day.isoformat()})
    tell(case, "action_done", verifiers(case))


def verify_action(
    case: ActionCase, *, is_effective: bool, reason: str, effect: Effect | None = None
) -> None:
    """Somebody other than its owner says whether it worked; the figures of then are kept.

    `effect` is what was read before this transaction, which need not hold its locks so long.
    That it worked can be said only when the days that it is judged by are over. Raises Forbidden
    for whoever has or ever had it to carry out: giving it away first does not help.
    """
    action = case.action
    require_lead(case)
    if case.by.id in ever_owners(case.session, action):
        raise Forbidden(N_("Whoever had it to carry out cannot verify it. Someone else has to."))
    require_state(case, ActionState.DONE)
    why = require_reason(reason, N_("Enter by what you judge it."))
    effect = effect or read_effect(case.session, case.rules, action, now=case.at)
    assert effect is not None
    if is_effective and case.today <= effect.after.to_on:
        raise Invalid(
            N_("Its effect can be judged from %(day)s on, when the days after it are over."),
            field="effective",
            day=_said(effect.after.to_on + timedelta(days=1)),
        )
    state = ActionState.EFFECTIVE if is_effective else ActionState.NOT_EFFECTIVE
    _end(case, state, why)
    note_act(
        case, ActionAct.VERIFY, {"state": state.value, "reason": why, "effect": to_keep(effect)}
    )


def drop_action(case: ActionCase, *, reason: str) -> None:
    """Give it up before it is done, for a reason; its owner hears of it, or their superior."""
    require_lead(case)
    require_state(case, ActionState.OPEN)
    why = require_reason(reason, N_("Enter why it is dropped."))
    if case.at > case.action.due_at:
        case.action.late_at = case.action.late_at or case.action.due_at
    _end(case, ActionState.DROPPED, why)
    note_act(case, ActionAct.DROP, {"reason": why})
    tell_owner(case, "action_dropped", reason=why)


def _end(case: ActionCase, state: ActionState, reason: str) -> None:
    action = case.action
    action.state, action.reason, action.next_at = state.value, reason, None
    action.ended_at, action.ended_by_id = case.at.replace(microsecond=0), case.by.id
    action.ended_by_name = case.by.name


def verifiers(case: ActionCase) -> list[Person]:
    """Whoever raised it, where that is not its owner; else the owner's superior."""
    action, place = case.action, case.assignment
    staff = Staff.read(case.session, case.at)
    raised = (
        ()
        if action.raised_by_id == action.owner_id
        else (staff.acting_for(action.raised_by_id, place))
    )
    people = raised or staff.recipients(Target.SUPERVISOR, place) or staff.last_resort(place)
    return [each for each in people if each.id != action.owner_id]


def _said(day: date) -> dict[str, str]:
    return {"id": say_date(day, INDONESIAN), "en": say_date(day, ENGLISH)}
