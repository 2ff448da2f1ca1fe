"""Pass the complaint to the internal parties and take their answer (020-2.1)."""

from collections.abc import Sequence

from sqlalchemy import select

from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission
from complaints.domain.short_reason import require_reason
from complaints.models import Party
from complaints.people.signers import handler_of
from complaints.rulebook import TeamRule
from complaints.rulebook.in_use import require_in_use
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.notify import superior_of, tell_people, tell_team


def inform_parties(
    case: Case,
    *,
    teams: Sequence[str] = (),
    desk: bool = False,
    not_needed: Sequence[str] = (),
    reason: str = "",
) -> None:
    """Send the whole record to these teams (codes); each has to accept or return it.

    The units that the category names have to be among those told, sooner or later; more may be.
    Where it names none, the desk itself is the party, and its supervisor is told. `not_needed` are
    units of the category that a supervisor leaves out, with a reason.
    """
    left_out = _left_out(case, not_needed, reason)
    is_desk = _is_for_the_desk(case, desk, teams)
    if not (teams or left_out or is_desk):
        raise Invalid(N_("Choose at least one unit."), field="teams")
    fresh = _fresh_teams(case, teams)
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
    if case.complaint.team_id is None and fresh:
        case.complaint.team_id = fresh[0].id
    codes = [team.code for team in fresh]
    detail = {
        "teams": codes,
        "reason": reason.strip(),
        **({"desk": True} if is_desk else {}),
        **({"not_needed": [team.code for team in left_out]} if left_out else {}),
    }
    is_waiting = bool(fresh) or any(party.answer is None for party in parties_of(case))
    advance(
        case,
        Action.INFORM,
        proven=[_told_without_units(case, left_out, reason)] if is_desk or left_out else [],
        detail=detail,
        met=() if is_waiting else (Kind.INTERNAL_ACCEPT,),
        is_event=bool(fresh),
    )
    for team in fresh:
        tell_team(case, team.id, "party_asked", facts={"teams": codes, "team": team.code})
    if is_desk and not case.by.has(Permission.APPROVE):
        tell_people(case, [superior_of(case, case.by.id)], "desk_handles", facts={})


def _told_without_units(case: Case, left_out: Sequence[TeamRule], reason: str) -> Proven:
    """The record of what no unit accepts: the desk is the party, or a unit is not needed."""
    detail = {"routing": _routing(case), "not_needed": [team.id for team in left_out]}
    codes = [team.code for team in left_out]
    return Proven(
        "020-2.1", words=", ".join(codes) + (f": {reason.strip()}" if codes else ""), detail=detail
    )


def _left_out(case: Case, codes: Sequence[str], reason: str) -> list[TeamRule]:
    """The units that a supervisor says are not needed; each has to be one that would be."""
    if not codes:
        return []
    if not case.by.has(Permission.APPROVE):
        raise Forbidden(N_("Only a supervisor can say that a unit of the category is not needed."))
    require_reason(reason, N_("Enter why the unit is not needed."))
    chosen = [_team(case, code) for code in dict.fromkeys(codes)]
    routing = _routing(case)
    for team in chosen:
        if team.code not in routing:
            raise Invalid(
                N_("The category does not name unit %(team)s; it need not be left out."),
                field="not_needed",
                team=team.code,
            )
    return chosen


def _is_for_the_desk(case: Case, desk: bool, teams: Sequence[str]) -> bool:
    """Whether the desk itself is the party: its category names no unit.

    Raises Invalid when somebody says so of a category that names some, or of no category.
    """
    category, routing = case.complaint.category, _routing(case)
    if not desk:
        return bool(teams) and category is not None and not routing
    if category is None:
        raise Invalid(
            N_("Choose the category first; the units to be told follow from it."), field="category"
        )
    if routing:
        raise Invalid(
            N_(
                "The category names %(units)s. Send it there, or let a supervisor say why a unit "
                "is not needed."
            ),
            field="teams",
            units=", ".join(routing),
        )
    return True


def _fresh_teams(case: Case, codes: Sequence[str]) -> list[TeamRule]:
    """The chosen units that do not have the complaint already; at least one of any chosen."""
    chosen = [_team(case, code) for code in dict.fromkeys(codes)]
    waiting = {party.team_id for party in parties_of(case) if party.answer != "returned"}
    fresh = [team for team in chosen if team.id not in waiting]
    if chosen and not fresh:
        raise Invalid(N_("These units already have the complaint."), field="teams")
    for team in fresh:
        require_in_use("teams", team.code, team)
    return fresh


def _routing(case: Case) -> list[str]:
    """The codes of the units that the category names now."""
    return case.rules.units_of(case.complaint.category)


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
        proven=[_told(case, parties)] if is_complete else [],
        detail={"team": chosen.code, "answer": answer, "reason": reason.strip()},
        met=(Kind.INTERNAL_ACCEPT,) if is_complete else (),
    )
    if answer == "returned":
        handler = handler_of(case.complaint)
        tell_people(case, [handler], "party_returned", facts={"team": chosen.code})


def parties_of(case: Case) -> list[Party]:
    """The complaint's parties in the order they were asked."""
    query = select(Party).where(Party.complaint_id == case.complaint.id).order_by(Party.id)
    return list(case.session.scalars(query))


def _told(case: Case, parties: Sequence[Party]) -> Proven:
    """The record that all who were asked have answered, with the routing it is held against."""
    accepted = [case.rules.teams[p.team_id].code for p in parties if p.answer == "accepted"]
    return Proven("020-2.1", words=", ".join(accepted), detail={"routing": _routing(case)})


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
