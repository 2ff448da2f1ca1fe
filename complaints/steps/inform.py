"""Pass the complaint to the internal parties and take their answer (020-2.1)."""

from collections.abc import Sequence

from sqlalchemy import select

from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission
from complaints.domain.short_reason import require_reason
from complaints.models import Party, User
from complaints.rulebook import TeamRule
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.notify import tell_people


def inform_parties(
    case: Case, *, teams: Sequence[str] = (), reason: str = "", unable: str | None = None
) -> None:
    """Send the whole record to these teams (codes); each has to accept or return it.

    With `unable` the desk handles the complaint alone, and says why.
    """
    if unable is not None:
        # Nothing is routed, so no team has a time to accept in.
        advance(
            case,
            Action.INFORM,
            proven=[Proven("020-2.1", unable=unable)],
            met=(Kind.INTERNAL_ACCEPT,),
            is_event=False,
        )
        return
    if not teams:
        raise Invalid(N_("Choose at least one unit."), field="teams")
    chosen = [_team(case, code) for code in dict.fromkeys(teams)]
    waiting = {party.team_id for party in parties_of(case) if party.answer != "returned"}
    fresh = [team for team in chosen if team.id not in waiting]
    if not fresh:
        raise Invalid(N_("These units already have the complaint."), field="teams")
    for team in fresh:
        case.session.add(
            Party(
                complaint_id=case.complaint.id,
                team_id=team.id,
                reason=reason.strip(),
                sent_at=case.at,
                sent_by_id=case.by.id,
            )
        )
    if case.complaint.team_id is None:
        case.complaint.team_id = fresh[0].id
    codes = [team.code for team in fresh]
    advance(case, Action.INFORM, detail={"teams": codes, "reason": reason.strip()})
    ids = [team.id for team in fresh]
    members = select(User.id).where(User.team_id.in_(ids), User.is_active.is_(True))
    tell_people(case, list(case.session.scalars(members)), "party_asked", facts={"teams": codes})


def answer_as_party(case: Case, *, team: str, answer: str, reason: str = "") -> None:
    """Accept the complaint for a team, or return it with a reason.

    Only the team's own people, or a supervisor for them, may answer. When the last one has
    accepted, the acceptance clock stops and 020-2.1 is proven.
    """
    chosen = _team(case, team)
    if case.by.team_id != chosen.id and not case.by.has(Permission.APPROVE):
        raise Forbidden(N_("Only unit %(team)s can answer this."), team=chosen.code)
    if answer not in ("accepted", "returned"):
        raise Invalid(N_("Accept the complaint or return it."), field="answer")
    if answer == "returned":
        require_reason(reason, N_("Enter why the unit is returning the complaint."))
    parties = parties_of(case)
    party = next((p for p in parties if p.team_id == chosen.id and p.answer is None), None)
    if party is None:
        raise Invalid(
            N_("Unit %(team)s has not been asked about this complaint."),
            field="team",
            team=chosen.code,
        )
    party.answer = answer
    party.answered_at = case.at
    party.answered_by_id = case.by.id
    party.answer_reason = reason.strip()
    is_complete = all(p.answer is not None for p in parties) and any(
        p.answer == "accepted" for p in parties
    )
    advance(
        case,
        Action.ANSWER_AS_PARTY,
        proven=[Proven("020-2.1", words=", ".join(_accepted(case, parties)))]
        if is_complete
        else [],
        detail={"team": chosen.code, "answer": answer, "reason": reason.strip()},
        met=(Kind.INTERNAL_ACCEPT,) if is_complete else (),
    )
    if answer == "returned" and case.complaint.handler_id not in (None, case.by.id):
        tell_people(
            case, [case.complaint.handler_id], "party_returned", facts={"team": chosen.code}
        )


def parties_of(case: Case) -> list[Party]:
    """The complaint's parties in the order they were asked."""
    query = select(Party).where(Party.complaint_id == case.complaint.id).order_by(Party.id)
    return list(case.session.scalars(query))


def _accepted(case: Case, parties: Sequence[Party]) -> list[str]:
    return [case.rules.teams[p.team_id].code for p in parties if p.answer == "accepted"]


def _team(case: Case, code: str) -> TeamRule:
    team = case.rules.teams_by_code.get(code)
    if team is None:
        raise Invalid(
            N_("There is no unit %(code)s. Known units: %(known)s."),
            field="teams",
            code=code[:40],
            known=", ".join(sorted(case.rules.teams_by_code)),
        )
    return team
