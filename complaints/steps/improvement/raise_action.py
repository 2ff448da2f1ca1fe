"""Raise a corrective action: against what, what is done, why, by whom and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.escalation import Target
from complaints.domain.improvement.acts import WEEKS, ActionAct, Subject
from complaints.domain.permissions import Actor, may_see
from complaints.domain.words.substance import require_substance
from complaints.models import CorrectiveAction, OtherContact
from complaints.people.staff import Staff
from complaints.rulebook import RuleBook
from complaints.rulebook.in_use import Retirable, require_in_use
from complaints.steps.improvement.record import (
    ActionCase,
    due_time,
    find_owner,
    note_act,
    refuse_lead,
    tell,
)

#: Characters of what is done: a line that lists and notices can show.
LONGEST_WHAT = 200


@dataclass(frozen=True, slots=True)
class ActionGiven:
    """What is raised; `branch` is empty for all, `contact` and `review` are a number or empty."""

    subject: str
    code: str
    what: str
    why: str
    owner: str
    due_on: date
    branch: str = ""
    weeks: int = WEEKS[0]
    contact: str = ""
    review: str = ""


def raise_action(
    session: Session, rules: RuleBook, given: ActionGiven, *, by: Actor, at: datetime
) -> ActionCase:
    """Record it open, and tell its owner.

    Raises Forbidden where the person leads no actions of that branch, and Invalid for what cannot
    be raised as given.
    """
    branch_id = branch_of(rules, given, by)
    refuse_lead(by, branch_id)
    check_subject(rules, given.subject, given.code)
    what = require_substance(given.what, N_("Enter what will be done."), field="what")
    if len(what) > LONGEST_WHAT:
        raise Invalid(
            N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
            field="what",
            length=len(what),
            most=LONGEST_WHAT,
        )
    why = require_substance(given.why, N_("Enter why it will help."), field="why")
    if given.weeks not in WEEKS:
        raise Invalid(N_("Choose 4, 8 or 12 weeks."), field="weeks")
    owner = find_owner(session, given.owner, branch_id)
    calendar = rules.own_calendar(branch_id)
    due_at = due_time(at, calendar, given.due_on)
    now = at.replace(microsecond=0)
    action = CorrectiveAction(
        year=at.astimezone(calendar.tz).year,
        branch_id=branch_id,
        subject=given.subject,
        code=given.code,
        cause=given.code if given.subject == Subject.CAUSE else "",
        whys=[],
        what=what,
        why=why,
        contact_id=_contact(session, rules, given.contact, by),
        owner_id=owner.id,
        owner_name=owner.name,
        due_on=given.due_on,
        first_due_on=given.due_on,
        due_at=due_at,
        next_at=due_at,
        weeks=given.weeks,
        raised_at=now,
        raised_by_id=by.id,
        raised_by_name=by.name,
        history_seq=0,
        history_hash="",
    )
    session.add(action)
    session.flush()
    case = ActionCase(session, rules, action, by, at)
    note_act(
        case,
        ActionAct.RAISE,
        {
            "subject": action.subject,
            "code": action.code,
            "what": what,
            "why": why,
            "owner": owner.name,
            "owner_id": owner.id,
            "due_on": given.due_on.isoformat(),
            "weeks": given.weeks,
            "review": given.review,
        },
    )
    tell_owner(case)
    return case


def tell_owner(case: ActionCase, kind: str = "action_given", **more: str) -> None:
    """Tell whoever is to carry it out, or who represents them.

    What they did themselves is told to their superior: nobody leads their own without being seen.
    """
    action, place = case.action, case.assignment
    staff = Staff.read(case.session, case.at)
    people = staff.acting_for(action.owner_id, place)
    if case.by.id == action.owner_id and kind != "action_given":
        people = staff.recipients(Target.SUPERVISOR, place) or staff.last_resort(place)
    tell(case, kind, people, **more)


def branch_of(rules: RuleBook, given: ActionGiven, by: Actor) -> int | None:
    """The branch it is for; None for all. A branch as the subject is its own branch."""
    code = given.code if given.subject == Subject.BRANCH else given.branch
    if code:
        return rules.branch_in_use(code).id
    return by.branch_id


def check_subject(rules: RuleBook, subject: str, code: str) -> None:
    """Raise Invalid for a subject or code that there is not, or that is no longer used."""
    known: dict[Subject, Mapping[str, Retirable]] = {
        Subject.CAUSE: rules.taxonomy.causes,
        Subject.CATEGORY: rules.taxonomy.categories,
        Subject.CHANNEL: rules.taxonomy.channels,
        Subject.BRANCH: rules.branches_by_code,
        Subject.TEAM: rules.teams_by_code,
    }
    if subject not in set(Subject):
        raise Invalid(N_("Choose what it is raised against."), field="subject")
    item = known[Subject(subject)].get(code)
    if item is None:
        raise Invalid(N_("There is no code %(code)s."), field="code", code=code[:40])
    require_in_use("code", code, item)


def _contact(session: Session, rules: RuleBook, number: str, by: Actor) -> int | None:
    """The suggestion, praise or request that it rests on, by its number; Invalid for none."""
    if not number:
        return None
    read = rules.numbers.of_contacts.read(number)
    query = select(OtherContact.id, OtherContact.branch_id).where(
        OtherContact.id == (read or (0, 0))[1], OtherContact.year == (read or (0, 0))[0]
    )
    found = session.execute(query).first() if read else None
    if found is None or not may_see(by, found.branch_id):
        raise Invalid(
            N_("You can read no contact %(number)s."), field="contact", number=number[:40]
        )
    return int(found.id)
