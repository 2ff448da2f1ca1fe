"""A corrective action on the desk: the row, locked, with the rules, the person and the instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid, NotFound, Refused
from complaints.domain.improvement.acts import CHAIN, ActionAct, ActionState
from complaints.domain.permissions import PERMISSIONS, Actor, Permission, Role, may_lead_action
from complaints.domain.worktime.calendar import WorkCalendar
from complaints.history import append_to_own_chain
from complaints.models import CorrectiveAction, CorrectiveActionEntry, User
from complaints.outbox.queue import notify
from complaints.people.colleagues import active_user
from complaints.people.staff import Assignment, Person
from complaints.queries.improvement.scope import sees_action
from complaints.rulebook import RuleBook, current_rules

#: The farthest due date: whoever needs longer raises several actions.
MOST_DAYS = 366


@dataclass(slots=True)
class ActionCase:
    """What every step on a corrective action works on."""

    session: Session
    rules: RuleBook
    action: CorrectiveAction
    by: Actor
    at: datetime

    @property
    def number(self) -> str:
        """The action's number."""
        return self.rules.numbers.of_actions.write(self.action.year, self.action.id)

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar its days go by: its branch's, or that of the first."""
        return self.rules.own_calendar(self.action.branch_id)

    @property
    def today(self) -> date:
        """Today by that calendar's zone."""
        return self.at.astimezone(self.calendar.tz).date()

    @property
    def assignment(self) -> Assignment:
        """Where it stands: the ids from which its people follow."""
        owner = self.session.get_one(User, self.action.owner_id)
        branch = self.action.branch_id or owner.branch_id or self.rules.default_branch.id
        return Assignment(branch, None, self.action.owner_id, self.action.raised_by_id)


def open_action(session: Session, number: str, *, by: Actor, at: datetime) -> ActionCase:
    """Lock a corrective action for a step; raises NotFound and Forbidden."""
    case = _find(session, number, by, at, lock=True)
    case.at = max(at, case.action.raised_at)
    return case


def view_action(session: Session, number: str, *, by: Actor, at: datetime) -> ActionCase:
    """Open a corrective action for reading only; raises NotFound and Forbidden."""
    return _find(session, number, by, at, lock=False)


def note_act(case: ActionCase, act: ActionAct, detail: Mapping[str, Any] | None = None) -> None:
    """Append an entry to the history of an action, in the transaction of the act itself."""
    append_to_own_chain(
        case.session,
        case.action,
        CorrectiveActionEntry,
        CHAIN,
        act.value,
        detail,
        by=case.by,
        at=case.at,
    )


def require_lead(case: ActionCase) -> None:
    """Raise Forbidden for whoever does not lead corrective actions of that branch."""
    refuse_lead(case.by, case.action.branch_id)


def refuse_lead(by: Actor, branch_id: int | None) -> None:
    """Raise Forbidden with the reason where somebody leads no actions there."""
    if may_lead_action(by, branch_id):
        return
    if not by.has(Permission.IMPROVE):
        raise Forbidden(N_("Your role does not allow this. Ask your supervisor to do it."))
    if branch_id is None:
        raise Forbidden(N_("A corrective action for all branches belongs to head office."))
    raise Forbidden(N_("This corrective action belongs to another branch."))


def require_state(case: ActionCase, *states: ActionState) -> None:
    """Raise Refused where it does not stand so any more."""
    if case.action.state not in states:
        raise Refused(
            N_("This corrective action has changed meanwhile. Reload the page to see how.")
        )


def find_owner(session: Session, email: str, branch_id: int | None) -> User:
    """Who is to carry it out, by e-mail address; Invalid for nobody, or whoever only reads."""
    owner = active_user(session, email)
    if owner is None:
        raise Invalid(
            N_("There is no active user with the email address %(email)s."),
            field="owner",
            email=email.strip()[:254],
        )
    if Permission.NOTE not in PERMISSIONS[Role(owner.role)]:
        raise Invalid(
            N_("%(name)s only reads here and cannot carry it out. Choose someone else."),
            field="owner",
            name=owner.name,
        )
    if branch_id is not None and owner.branch_id not in (None, branch_id):
        raise Invalid(
            N_("%(name)s works in another branch. Choose somebody of this branch."),
            field="owner",
            name=owner.name,
        )
    return owner


def due_time(case_at: datetime, calendar: WorkCalendar, due_on: date) -> datetime:
    """When the day due is over: as its office closes; Invalid for a closed or impossible day."""
    today = case_at.astimezone(calendar.tz).date()
    if not 0 <= (due_on - today).days <= MOST_DAYS:
        raise Invalid(N_("Choose a day from today up to a year ahead."), field="due_on")
    closing = calendar.closing_of(due_on)
    if closing is None:
        raise Invalid(N_("The office is closed on that day. Choose another day."), field="due_on")
    if closing <= case_at:
        raise Invalid(N_("The office has closed for today. Choose another day."), field="due_on")
    return closing


def tell(
    case: ActionCase,
    kind: str,
    people: Mapping[int, Person] | Sequence[Person],
    **more: str,
) -> None:
    """A notification to each of them, once for each entry of the history, not to oneself.

    It leads to the action where they may read it.
    """
    action = case.action
    found = people.values() if isinstance(people, Mapping) else people
    facts = {
        "number": case.number,
        "aim": action.what,
        "by": case.by.name,
        "owner": action.owner_name,
        "due_at": action.due_at.isoformat(),
        "zone": case.calendar.tz.key,
        **more,
    }

    def of(person: Person) -> dict[str, Any]:
        reader = Actor(person.id, person.name, Role(person.role), person.branch_id, person.team_id)
        sees = sees_action(reader, action.branch_id, action.owner_id)
        return {**facts, "action": case.number} if sees else facts

    told = [
        (f"{kind}:{action.id}:{action.history_seq}:{each.id}", each, of(each))
        for each in found
        if each.id != case.by.id
    ]
    notify(case.session, kind, told, complaint_id=None, at=case.at)


def _find(session: Session, number: str, by: Actor, at: datetime, *, lock: bool) -> ActionCase:
    rules = current_rules(session)
    read = rules.numbers.of_actions.read(number)
    year, action_id = read or (0, 0)
    query = select(CorrectiveAction).where(
        CorrectiveAction.id == action_id, CorrectiveAction.year == year
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    action = session.scalar(query) if read else None
    if action is None:
        raise NotFound(N_("There is no corrective action %(number)s."), number=number[:40])
    if not sees_action(by, action.branch_id, action.owner_id):
        if by.branch_id is not None and action.branch_id not in (None, by.branch_id):
            raise Forbidden(N_("This corrective action belongs to another branch."))
        raise Forbidden(
            N_("Only those who read reports and whoever carries it out read a corrective action.")
        )
    return ActionCase(session, rules, action, by, at)
