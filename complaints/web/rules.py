"""Rules as their pages show them: packs of deadlines with their sources, and which are in use.

Editing leads through `whatif`; ladders and calendars have modules of their own.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.deadlines import Clause, Policy
from complaints.domain.durations import Unit
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Permission
from complaints.domain.whatif import RuleKind
from complaints.extensions import db
from complaints.queries.rules import (
    body_from_file,
    body_of,
    holiday_gaps,
    newest_versions,
    running_clocks,
    versions_of,
)
from complaints.queries.whatif import count_under_older
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.edit_rules import Proposal, rule_in_force
from complaints.web import rule_words
from complaints.web.errors import say
from complaints.web.filters import label
from complaints.web.guards import actor, guarded
from complaints.web.whatif import given_body, preview

blueprint = Blueprint("rules", __name__, url_prefix="/admin/rules")

#: A promise of more than this is a slip of the finger.
LONGEST_DURATION = 9999

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in words; `file_says` where it was edited here and the file says otherwise."""

    clause: Clause
    amount: str
    start: str
    rule_start: str
    selectors: list[tuple[str, str]]
    evidence: tuple[str, str]
    note: str
    extension: str
    conditions: tuple[str, ...]
    file_says: str


@blueprint.get("/")
@guarded(Permission.REPORTS)
def overview() -> str:
    """The packs there are, the calendars and the ladder."""
    return _overview()


@blueprint.post("/switches")
@guarded(Permission.ADMINISTER)
def switch() -> str | tuple[str, int]:
    """What would change if exactly the ticked packs were in use."""
    row = rule_in_force(db.session, RuleKind.SWITCHES, RuleKind.SWITCHES.value)
    if request.form.get("do") == "again":
        return _overview(switched_on=set(given_body().get("policies", ())))
    wanted = request.form.getlist("pack")
    # The order stays as it was; what is new comes behind.
    kept = [code for code in row.body["policies"] if code in wanted]
    codes = kept + [code for code in wanted if code not in kept]
    if not codes:
        sentence = gettext(
            "At least one pack must stay in use; without one nothing has a deadline."
        )
        return _overview(switched_on=set(), errors=[("pack", sentence)]), 422
    body = {**row.body, "policies": codes}
    try:
        return preview(Proposal(RuleKind.SWITCHES, RuleKind.SWITCHES.value, body, row.id))
    except Refused as error:
        return _overview(switched_on=set(codes), errors=[("", say(error))]), error.status


@blueprint.get("/policies/<code>")
@guarded(Permission.REPORTS)
def policy(code: str) -> str:
    """One pack, clock by clock, with its sources; an earlier version with `?version=`."""
    return _policy_page(code, version=request.args.get("version", ""))


@blueprint.post("/policies/<code>")
@guarded(Permission.ADMINISTER)
def edit_policy(code: str) -> str | tuple[str, int]:
    """What would change if the pack's clocks counted what was typed."""
    found = _policy(current_rules(db.session), code)
    if request.form.get("do") == "again":
        return _policy_page(code, body=given_body())
    row = rule_in_force(db.session, RuleKind.POLICY, found.code)
    body, errors = read_durations(row.body, request.form)
    if errors:
        return _policy_page(code, body=body, errors=errors, typed=request.form), 422
    try:
        return preview(Proposal(RuleKind.POLICY, found.code, body, row.id))
    except Refused as error:
        errors = [(error.field or "", say(error))]
        return _policy_page(code, body=body, errors=errors, typed=request.form), error.status


def read_durations(
    base: Mapping[str, Any], given: Mapping[str, str]
) -> tuple[dict[str, Any], Errors]:
    """The pack with the durations that were typed, and what is wrong with them."""
    body: dict[str, Any] = deepcopy(dict(base))
    errors: Errors = []
    for each in body.get("clock", ()):
        name = str(each["id"])
        typed = given.get(f"duration_{name}", "").strip()
        if f"duration_{name}" not in given:
            continue
        if typed.isascii() and typed.isdigit() and int(typed) <= LONGEST_DURATION:
            each["duration"] = int(typed)
        else:
            sentence = gettext("Write a whole number up to %(most)s.", most=LONGEST_DURATION)
            errors.append((f"duration_{name}", sentence))
        unit = given.get(f"unit_{name}", "")
        if unit in set(Unit):
            each["unit"] = unit
        if f"end_of_day_{name}" in given:
            each["end_of_day"] = True
        else:
            each.pop("end_of_day", None)
    return body, errors


def _overview(switched_on: set[str] | None = None, errors: Errors | None = None) -> str:
    session, rules = db.session, current_rules(db.session)
    in_use = {policy.code for policy in rules.policies}
    versions = newest_versions(session)
    packs = sorted(
        rules.all_policies,
        key=lambda each: (each.code not in in_use, each.details.get("jurisdiction") != "ID"),
    )
    return render_template(
        "rules/overview.html",
        rules=rules,
        packs=packs,
        in_use=in_use,
        ticked=in_use if switched_on is None else switched_on,
        versions=versions,
        running=running_clocks(session),
        gaps=holiday_gaps(session, rules, clock.now()),
        tz=home_zone(rules),
        may_edit=actor().has(Permission.ADMINISTER),
        errors=errors or [],
        words=rule_words,
    )


def _policy_page(
    code: str,
    *,
    version: str = "",
    body: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    session, rules = db.session, current_rules(db.session)
    found = _policy(rules, code)
    versions = versions_of(session, "policy", code)
    shown = versions[0]
    if version.isascii() and version.isdigit():
        shown = next((each for each in versions if each.number == int(version)), shown)
    if shown is not versions[0]:
        found = Policy.from_dict(body_of(session, shown.id) or {}, shown.id)
    elif body is not None:
        try:
            found = Policy.from_dict(body, found.version_id)
        except ValueError as error:
            raise Invalid(N_("This cannot be saved: %(why)s"), why=str(error)) from error
    is_newest = shown is versions[0]
    is_on = code in {policy.code for policy in rules.policies}
    may_edit = actor().has(Permission.ADMINISTER) and is_newest
    return render_template(
        "rules/policy.html",
        rules=rules,
        policy=found,
        details=found.details,
        lines=clause_lines(rules, found, body_from_file(session, "policy", code)),
        is_on=is_on,
        versions=versions,
        shown=shown,
        is_newest=is_newest,
        running=running_clocks(session).get(code, 0),
        older=count_under_older(session, rules, "policy", code, now=clock.now()),
        tz=home_zone(rules),
        may_edit=may_edit,
        errors=errors or [],
        wrong=dict(errors or ()),
        typed=typed or {},
        units=[(unit.value, rule_words.unit_choice(unit)) for unit in Unit],
        words=rule_words,
    )


def clause_lines(
    rules: RuleBook, policy: Policy, file_body: Mapping[str, Any] | None
) -> list[ClauseLine]:
    """Every clause of a pack in words."""
    read = _clauses_of_file(file_body)
    lines = []
    for clause in policy.clauses:
        amount = rule_words.say_clause(clause)
        as_read = read.get(clause.id)
        said = rule_words.say_clause(as_read) if as_read is not None else ""
        lines.append(
            ClauseLine(
                clause=clause,
                amount=amount,
                start=rule_words.say_start(clause.start),
                rule_start=rule_words.say_start(clause.rule_start) if clause.rule_start else "",
                selectors=rule_words.say_selectors(rules, clause),
                evidence=rule_words.EVIDENCE.get(clause.evidence, rule_words.EVIDENCE["ours"]),
                note=rule_words.note_of(clause),
                extension=rule_words.say_extension(clause),
                conditions=rule_words.conditions_of(clause),
                file_says=said if said != amount else "",
            )
        )
    return lines


def home_zone(rules: RuleBook) -> tzinfo:
    """The zone in which the times of the rules themselves are said: the first branch's."""
    return rules.calendars[next(iter(rules.branches.values())).calendar].value.tz


def policy_name(policy: Policy) -> str:
    """A pack's name in the language of this page."""
    return label(dict(policy.details)) or policy.name


def _clauses_of_file(body: Mapping[str, Any] | None) -> dict[str, Clause]:
    try:
        return {each.id: each for each in Policy.from_dict(body).clauses} if body else {}
    except ValueError:
        # A file from before a rule of ours became stricter is no reason to hide the page.
        return {}


def _policy(rules: RuleBook, code: str) -> Policy:
    found = next((each for each in rules.all_policies if each.code == code), None)
    if found is None:
        raise NotFound(N_("There is no policy %(code)s."), code=code[:40])
    return found
