"""Give the complaint to a handler or a team."""

from complaints.domain.commitments.rules import is_unsettled
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission, may_see
from complaints.domain.taxonomy import HANDLER
from complaints.models import User
from complaints.people.colleagues import active_user
from complaints.rulebook.in_use import require_in_use
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.casework.escalate import acknowledge_by_taking_over
from complaints.steps.commitments.undertake import commitments_of
from complaints.steps.notify import tell_people


def assign_complaint(
    case: Case, *, handler: str | None = None, team: str | None = None, reason: str = ""
) -> None:
    """Hand the complaint over; `handler` is an e-mail address, `team` a code.

    What is still owed by whoever handles the complaint goes with it; what somebody was named for
    stays theirs.
    """
    if not handler and not team:
        raise Invalid(N_("Choose a user or a unit."), field="handler")
    complaint = case.complaint
    if team:
        known = case.rules.teams_by_code.get(team)
        if known is None:
            raise Invalid(N_("There is no unit %(code)s."), field="team", code=team[:40])
        if complaint.team_id != known.id:
            require_in_use("team", known.code, known)
        complaint.team_id = known.id
    if handler:
        person = _handler(case, handler)
        complaint.handler_id = person.id
        _hand_over_commitments(case, person)
    if handler and complaint.handler_id == case.by.id:
        acknowledge_by_taking_over(case)
    detail = {"handler": handler, "team": team, "reason": reason.strip()}
    advance(case, Action.ASSIGN, detail=detail)
    if handler and complaint.handler_id not in (None, case.by.id):
        tell_people(case, [complaint.handler_id], "assigned", facts={"reason": reason.strip()})


def _hand_over_commitments(case: Case, handler: User) -> None:
    for each in commitments_of(case):
        if each.owner == HANDLER and is_unsettled(each):
            each.owner_id = handler.id


def _handler(case: Case, email: str) -> User:
    person = active_user(case.session, email)
    complaint = case.complaint
    if person is None or not person.actor.has(Permission.HANDLE):
        raise Invalid(
            N_("There is no user with this email address who handles complaints."), field="handler"
        )
    if not may_see(person.actor, complaint.branch_id, {complaint.team_id}):
        raise Invalid(N_("This user works for another branch."), field="handler")
    return person
