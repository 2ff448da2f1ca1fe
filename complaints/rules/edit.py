"""Edit the rules on a page: a calendar, a policy, a ladder, or which policies are switched on.

An edit is a new version; what runs keeps its own until a recalculation is asked for. Nothing is
saved that the engine could not work by, or that somebody else has edited meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from complaints.domain.clauses import Policy
from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_, Invalid, NotFound, Stale
from complaints.domain.escalation import Ladder, Rung, Target
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.policies.statutory_limits import lengthened_limits, loosened_limits
from complaints.domain.policies.whatif import Change, RuleKind
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.calendar_form import CalendarError
from complaints.models import RuleVersion
from complaints.people.staff import Assignment, Staff
from complaints.rulebook import RuleBook
from complaints.rules.check import check_rule
from complaints.rules.load import NewVersion, Origin, newest_version, store_version

SOMEBODY_ELSE = N_(
    "Someone else saved this rule while you were editing. Your changes have been added to "
    "theirs: look at them again, then save."
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule as it would be saved; `base_id` is the version that was edited."""

    kind: RuleKind
    code: str
    body: Mapping[str, Any]
    base_id: int


def rule_in_force(session: Session, kind: RuleKind, code: str) -> RuleVersion:
    """The newest version of a rule; NotFound when there is none."""
    query = (
        select(RuleVersion)
        .where(RuleVersion.kind == kind.value, RuleVersion.code == code)
        .order_by(RuleVersion.id.desc())
        .limit(1)
    )
    row = session.scalar(query)
    if row is None:
        raise NotFound(N_("There is no rule %(code)s."), code=code[:40])
    return row


def change_of(session: Session, rules: RuleBook, proposal: Proposal) -> Change:
    """The proposal as the clocks would feel it; Invalid with a sentence when it cannot be used."""
    kind, code, body = proposal.kind, proposal.code, proposal.body
    try:
        match kind:
            case RuleKind.CALENDAR:
                _require_same(body.get("id", code), code)
                return Change(kind, code, calendar=check_rule("calendar", body))
            case RuleKind.POLICY:
                policy: Policy = check_rule("policy", body)
                _require_same(policy.code, code)
                _require_limits_kept(session, rules, policy)
                return Change(kind, code, policy=policy, added=_added(rules, policy))
            case RuleKind.LADDER:
                ladder: Ladder = check_rule("ladder", body)
                _require_same(ladder.code, code)
                _require_somebody_on_top(rules, Staff.read(session), ladder)
                return Change(kind, code, ladder=ladder)
    except CalendarError as error:
        raise Invalid(N_("This calendar cannot be used: %(why)s"), why=str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(N_("This cannot be saved: %(why)s"), why=str(error)) from error
    # On this page only the policies are chosen; the rest of the organisation has other places.
    rest = {**rule_in_force(session, kind, kind.value).body, "policies": None}
    wanted = body.get("policies")
    if {**body, "policies": None} != rest or not isinstance(wanted, list) or not wanted:
        raise Invalid(N_("The rule did not arrive whole. Go back and send it again."))
    return switches(rules, [str(each) for each in wanted])


def switches(rules: RuleBook, codes: Iterable[str]) -> Change:
    """Switching exactly these policies on; Invalid when one of them does not exist."""
    known = {policy.code: policy for policy in rules.all_policies}
    wanted = list(dict.fromkeys(codes))
    for code in wanted:
        if code not in known:
            raise Invalid(N_("There is no policy pack %(code)s to switch on."), code=code[:80])
    now_on = {policy.code for policy in rules.policies}
    return Change(
        RuleKind.SWITCHES,
        RuleKind.SWITCHES.value,
        switched_on=tuple(known[code] for code in wanted if code not in now_on),
        switched_off=frozenset(now_on - set(wanted)),
    )


def save_rule(
    session: Session, rules: RuleBook, proposal: Proposal, *, by: Actor, at: datetime
) -> RuleVersion:
    """Make the proposal the version in force; clocks that run are not touched.

    Sent twice it is saved once. Raises Stale when somebody else saved the rule meanwhile, Invalid
    with a sentence when it cannot be used.
    """
    require(by, Permission.ADMINISTER)
    newest = rule_in_force(session, proposal.kind, proposal.code)
    new = NewVersion(proposal.kind.value, proposal.code, proposal.body, Origin.ADMIN)
    if newest.content_hash == new.digest:
        return newest
    if newest.id != proposal.base_id:
        raise Stale(SOMEBODY_ELSE)
    change_of(session, rules, proposal)
    try:
        return store_version(session, new, by=by.name, at=at)
    except IntegrityError as error:
        raise Stale(SOMEBODY_ELSE) from error


def _require_same(given: object, code: str) -> None:
    if given != code:
        raise ValueError(f"id: {given!r} is not {code!r}")


def _require_limits_kept(session: Session, rules: RuleBook, policy: Policy) -> None:
    """Refuse what a law does not allow: a limit lengthened for a tier, or past what the file says.

    The file holds what the rule itself says; whoever edits a page may only be stricter.
    """
    calendars: list[WorkCalendar] = [each.value for each in rules.calendars.values()]
    for clause, _ in lengthened_limits(policy, calendars):
        raise Invalid(
            N_("A legal limit may not be longer for one customer type than for everyone."),
            field=f"duration_{clause.id}",
        )
    file = newest_version(session, RuleKind.POLICY.value, policy.code, Origin.CONFIG)
    law = Policy.from_dict(file.body) if file is not None else policy
    for limit, longer in loosened_limits(law, policy, calendars):
        if longer is None:
            raise Invalid(
                N_(
                    "A law or a regulator sets this limit, so it cannot be taken away here. A pack "
                    "that does not concern you is switched off as a whole."
                ),
                field=f"gone_{limit.id}",
            )
        raise Invalid(
            N_(
                "A law or a regulator sets a shorter limit here. It may be made shorter still, not "
                "longer; if the rule itself has changed, change it in the configuration."
            ),
            field=f"duration_{longer.id}",
        )


def _added(rules: RuleBook, policy: Policy) -> frozenset[str]:
    """The clocks that a policy in use would newly get, or got when it was saved a moment ago."""
    if policy.code not in {each.code for each in rules.policies}:
        return frozenset()
    versions = (rules.policy_versions[each] for each in rules.versions_of("policy", policy.code))
    others = [each for each in versions if each.clauses != policy.clauses]
    before = others[-1].clauses if others else policy.clauses
    return frozenset(each.id for each in policy.clauses) - {each.id for each in before}


def _require_somebody_on_top(rules: RuleBook, staff: Staff, ladder: Ladder) -> None:
    """Refuse a ladder on whose top rung nobody would stand in some branch.

    Who handles a complaint changes and may be nobody, so the handler is no top of a ladder.
    """
    for rung in _top_rungs(ladder):
        if rung.target in (Target.OWNER, Target.HANDLER):
            raise Invalid(
                N_("The top step cannot be the handler: someone more senior must be notified."),
                field="rung",
            )
        for place, name in _places(rules, rung.target):
            # A kind with a ladder of its own ends with the last resort where nobody is.
            is_own = rung is not ladder.top and staff.last_resort(place)
            if not staff.recipients(rung.target, place) and not is_own:
                raise Invalid(
                    N_(
                        "There is no user for the top step (%(rung)s) at %(place)s. "
                        "Choose another recipient or add the user first."
                    ),
                    field="rung",
                    rung=rung.key,
                    place=name,
                )


def _top_rungs(ladder: Ladder) -> list[Rung]:
    """The highest rung for each kind of clock that the ladder escalates.

    A commitment ends where somebody stands; of an empty rung the last resort hears.
    """
    tops: dict[str, Rung] = {}
    for kind in (each for each in Kind if each is not Kind.COMMITMENT):
        escalating = [rung for rung in ladder.rungs_for(kind) if rung.level > 0]
        if escalating:
            top = max(escalating, key=lambda rung: rung.level)
            tops[top.key] = top
    return list(tops.values())


def _places(rules: RuleBook, target: str) -> list[tuple[Assignment, str]]:
    """Where a complaint may stand, with the name of the place, as far as the target asks."""
    branches = list(rules.branches.values())
    if target == Target.TEAM_LEAD:
        first = branches[0].id
        return [
            (Assignment(first, team.id, None, None), team.code) for team in rules.teams.values()
        ]
    return [(Assignment(branch.id, None, None, None), branch.name) for branch in branches]
