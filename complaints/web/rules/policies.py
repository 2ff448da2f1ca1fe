"""Rules as their pages show them: policies with their sources, and which are in use.

Editing leads through `whatif`; ladders and calendars have modules of their own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints import clock
from complaints.domain.clauses import Clause, Policy
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Permission
from complaints.domain.policies.editing import STARTS, with_clock
from complaints.domain.policies.whatif import RuleKind
from complaints.domain.worktime.durations import Unit
from complaints.extensions import db
from complaints.queries.rules.recalculations import jobs_under_way
from complaints.queries.rules.versions import (
    body_from_file,
    body_of,
    holiday_gaps,
    newest_versions,
    running_clocks,
    version_shown,
    versions_of,
)
from complaints.queries.rules.whatif import count_under_older
from complaints.rulebook import RuleBook, current_rules
from complaints.rules.edit import Proposal, rule_in_force
from complaints.rules.meanwhile import version_edited
from complaints.web.frame.errors import say
from complaints.web.frame.filters import kind_word, label
from complaints.web.frame.guards import actor, guarded
from complaints.web.rules import rule_words
from complaints.web.rules.policy_form import Errors, Form, conditions, read_policy
from complaints.web.rules.whatif import edited, given_body, preview, rule_page

blueprint = Blueprint("rules", __name__, url_prefix="/admin/rules")


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in words; `file_says` where it was edited here and the file says otherwise.

    Of a proposal, `is_new` is not saved yet and `is_gone` would be taken away.
    """

    clause: Clause
    amount: str
    start: str
    rule_start: str
    start_evidence: str
    selectors: list[tuple[str, str]]
    evidence: tuple[str, str]
    note: str
    extension: str
    extension_evidence: str
    conditions: tuple[str, ...]
    file_says: str
    is_new: bool = False
    is_gone: bool = False


@blueprint.get("/")
@guarded(Permission.REPORTS)
def overview() -> str:
    """The policies there are, the calendars and the ladder."""
    return _overview()


@blueprint.post("/switches")
@guarded(Permission.ADMINISTER)
def switch() -> str | tuple[str, int]:
    """What would change if exactly the ticked policies were in use."""
    newest = rule_in_force(db.session, RuleKind.SWITCHES, RuleKind.SWITCHES.value)
    row = version_edited(db.session, newest, edited(request.form))
    if request.form.get("do") == "again":
        return _overview(switched_on=set(given_body().get("policies", ())))
    wanted = request.form.getlist("policy")
    # Each tick counts by itself: what a colleague switched meanwhile stays as they left it.
    unticked = {code for code in row.body["policies"] if code not in wanted}
    ticked = [code for code in wanted if code not in row.body["policies"]]
    # The order stays as it was; what is new comes behind.
    kept = [code for code in newest.body["policies"] if code not in unticked]
    codes = kept + [code for code in ticked if code not in kept]
    if not codes:
        sentence = gettext(
            "At least one pack must stay in use; without one nothing has a deadline."
        )
        return _overview(switched_on=set(), errors=[("policy", sentence)]), 422
    body = {**row.body, "policies": codes}
    try:
        return preview(Proposal(RuleKind.SWITCHES, RuleKind.SWITCHES.value, body, row.id))
    except Refused as error:
        return _overview(switched_on=set(codes), errors=[("", say(error))]), error.status


@blueprint.get("/policies/<code>")
@guarded(Permission.REPORTS)
def policy(code: str) -> str:
    """One policy, clock by clock, with its sources; an earlier version with `?version=`."""
    return _policy_page(code, version=request.args.get("version", ""))


@blueprint.post("/policies/<code>")
@guarded(Permission.ADMINISTER)
def edit_policy(code: str) -> str | tuple[str, int]:
    """What would change if the policy's clocks were as typed: longer, shorter, more or fewer."""
    rules = current_rules(db.session)
    found = _policy(rules, code)
    if request.form.get("do") == "again":
        return _policy_page(code, body=given_body())
    newest = rule_in_force(db.session, RuleKind.POLICY, found.code)
    row = version_edited(db.session, newest, edited(request.form))
    file_body = body_from_file(db.session, "policy", code) or {}
    body, errors = read_policy(rules, row.body, request.form, file_body)
    if errors:
        return _policy_page(code, body=body, errors=errors, typed=request.form), 422
    try:
        return preview(Proposal(RuleKind.POLICY, found.code, body, row.id))
    except Refused as error:
        return _policy_page(code, body=body, errors=[(error.field or "", say(error))]), error.status


def _overview(switched_on: set[str] | None = None, errors: Errors | None = None) -> str:
    session, rules = db.session, current_rules(db.session)
    in_use = {policy.code for policy in rules.policies}
    versions = newest_versions(session)
    policies = sorted(
        rules.all_policies,
        key=lambda each: (each.code not in in_use, each.about.jurisdiction != "ID"),
    )
    return render_template(
        "rules/overview.html",
        rules=rules,
        policies=policies,
        in_use=in_use,
        ticked=in_use if switched_on is None else switched_on,
        versions=versions,
        running=running_clocks(session),
        gaps=holiday_gaps(session, rules, clock.now()),
        recalculations=[
            (each, rule_page(rules, each.kind, each.code)) for each in jobs_under_way(session)
        ],
        tz=rules.home_zone,
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
    typed: Form | None = None,
) -> str:
    session, rules = db.session, current_rules(db.session)
    found = _policy(rules, code)
    added: list[Any] = []
    gone: frozenset[str] = frozenset()
    versions = versions_of(session, "policy", code)
    shown = version_shown(versions, version)
    if shown is not versions[0]:
        found = Policy.from_dict(body_of(session, shown.id) or {}, shown.id)
    elif body is not None:
        found, added, gone = _proposed(body_of(session, shown.id) or {}, body, found.version_id)
    is_newest = shown is versions[0]
    file_body = body_from_file(session, "policy", code)
    lines = _marked(
        clause_lines(rules, found, file_body), {str(each["id"]) for each in added}, gone
    )
    there = {each.id for each in found.clauses}
    is_on = code in {policy.code for policy in rules.policies}
    may_edit = actor().has(Permission.ADMINISTER) and is_newest
    return render_template(
        "rules/policy.html",
        rules=rules,
        policy=found,
        about=found.about,
        lines=lines,
        taken_away=[
            each
            for each in _clauses_of_file(file_body).values()
            if is_newest and each.id not in there
        ],
        added=json.dumps(added, ensure_ascii=False) if added else "",
        is_on=is_on,
        versions=versions,
        shown=shown,
        is_newest=is_newest,
        running=running_clocks(session).get(code, 0),
        older=count_under_older(session, rules, "policy", code, now=clock.now()),
        tz=rules.home_zone,
        may_edit=may_edit,
        errors=errors or [],
        wrong=dict(errors or ()),
        typed=typed or MultiDict(),
        units=[(unit.value, rule_words.unit_choice(unit)) for unit in Unit],
        clock_kinds=[(kind.value, kind_word(kind.value)) for kind in STARTS],
        starts=_starts(),
        evidence=[(code, gettext(words[0])) for code, words in rule_words.EVIDENCE.items()],
        conditions=conditions(rules) if may_edit else [],
        words=rule_words,
    )


def _proposed(
    in_force: Mapping[str, Any], body: Mapping[str, Any], version_id: int
) -> tuple[Policy, list[Any], frozenset[str]]:
    """A proposed policy together with what it would take away, what it adds, and what goes."""
    try:
        proposed = Policy.from_dict(body, version_id)
        before = {str(each["id"]): each for each in in_force.get("clock", ())}
        given = {str(each["id"]): each for each in body.get("clock", ())}
        clocks = [given.get(code, each) for code, each in before.items()]
        together: dict[str, Any] = {**body, "clock": clocks}
        added = [each for code, each in given.items() if code not in before]
        # The last one first, because of equal ones the newest goes in front.
        for each in reversed(added):
            together = with_clock(together, each)
        everything = Policy.from_dict(together, version_id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(N_("This cannot be saved: %(why)s"), why=str(error)) from error
    gone = frozenset(before) - {each.id for each in proposed.clauses}
    return everything, added, gone


def _marked(lines: list[ClauseLine], new: set[str], gone: frozenset[str]) -> list[ClauseLine]:
    return [
        replace(line, is_new=line.clause.id in new, is_gone=line.clause.id in gone)
        for line in lines
    ]


def _starts() -> list[tuple[str, str]]:
    """What may start a clock added here."""
    known = dict.fromkeys(start.value for starts in STARTS.values() for start in starts)
    return [(start, rule_words.say_start(start)) for start in known]


def clause_lines(
    rules: RuleBook, policy: Policy, file_body: Mapping[str, Any] | None
) -> list[ClauseLine]:
    """Every clause of a policy in words."""
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
                start_evidence=rule_words.START_EVIDENCE.get(clause.start_evidence, ""),
                selectors=rule_words.say_selectors(rules, clause),
                evidence=rule_words.EVIDENCE.get(clause.evidence, rule_words.EVIDENCE["ours"]),
                note=rule_words.note_of(clause),
                extension=rule_words.say_extension(clause),
                extension_evidence=_extension_evidence(clause),
                conditions=rule_words.conditions_of(clause),
                file_says=said if said != amount else "",
            )
        )
    return lines


def _extension_evidence(clause: Clause) -> str:
    """How sure the extension is: another matter than the limit itself."""
    evidence = clause.extension.evidence if clause.extension is not None else ""
    return rule_words.EVIDENCE[evidence][0] if evidence in rule_words.EVIDENCE else ""


def policy_name(policy: Policy) -> str:
    """A policy's name in the language of this page."""
    return label(policy)


def _clauses_of_file(body: Mapping[str, Any] | None) -> dict[str, Clause]:
    try:
        return {each.id: each for each in Policy.from_dict(body).clauses} if body else {}
    except ValueError:
        # A file from before a rule of ours became stricter is no reason to hide the page.
        return {}


def _policy(rules: RuleBook, code: str) -> Policy:
    found = next((each for each in rules.all_policies if each.code == code), None)
    if found is None:
        raise NotFound(N_("There is no policy pack %(code)s."), code=code[:40])
    return found
