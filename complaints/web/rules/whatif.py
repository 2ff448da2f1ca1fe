"""What would change: the page between editing a rule and saving it, and applying it to what runs.

Rules of every kind come through here; the forms themselves stand in `rules`, `ladders` and
`calendars`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.config.plain import require_plain
from complaints.domain.errors import N_, Invalid, NotFound, Refused, Stale
from complaints.domain.permissions import Permission
from complaints.domain.policies.whatif import Change, RuleKind
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.formatting import say_instant
from complaints.queries.rules.recalculations import get_job
from complaints.queries.rules.whatif import Outlook, look_ahead
from complaints.recalculation.jobs import order_recalculation, run_next_batch
from complaints.recalculation.recalculate import BATCH, change_in_force
from complaints.rulebook import RuleBook, current_rules
from complaints.rules.edit import SOMEBODY_ELSE, Proposal, change_of, rule_in_force, save_rule
from complaints.rules.meanwhile import OnNewest, put_on_newest
from complaints.rules.planned import plan_change
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.rules.plan_fields import instant_given

blueprint = Blueprint("whatif", __name__, url_prefix="/admin/whatif")

#: So many changed parts of a rule are named; more say nothing.
MOST_PARTS = 8

#: A rule larger than this was not typed by anybody.
LONGEST_BODY = 400_000


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule on its pages: its name, where it is shown, where it is edited."""

    name: str
    path: str
    edit: str


def preview(proposal: Proposal, warnings: Sequence[str] = ()) -> str | tuple[str, int]:
    """The page that says what saving the proposal would do; Invalid when it cannot be used.

    Where somebody else has saved the rule since it was opened, what was typed stands on top of
    theirs, with who changed what and when, and nothing is saved before it was looked at again.
    """
    only_reading()
    rules = current_rules(db.session)
    now = clock.now()
    newest = rule_in_force(db.session, proposal.kind, proposal.code)
    mine = put_on_newest(db.session, newest, proposal.body, proposal.base_id)
    proposal = replace(proposal, body=mine.body, base_id=mine.base_id)
    change = change_of(db.session, rules, proposal)
    outlook = look_ahead(db.session, rules, change, now=now)
    page = _page(
        rules,
        change,
        outlook,
        place=rule_page(rules, proposal.kind, proposal.code),
        proposal=proposal,
        body=json.dumps(proposal.body, ensure_ascii=False),
        is_same=dict(newest.body) == dict(proposal.body),
        warnings=warnings,
        errors=saved_meanwhile(rules, mine),
    )
    return (page, Stale.status) if mine.since else page


def saved_meanwhile(rules: RuleBook, mine: OnNewest) -> list[tuple[str, str]]:
    """Who saved the rule since the form was opened, when, and what they changed."""
    if not mine.since:
        return []
    lines = [gettext(SOMEBODY_ELSE)]
    for each in mine.since:
        when = say_instant(each.at, rules.home_zone, lang())
        parts = _few(each.parts)
        lines.append(
            gettext(
                "%(name)s, %(when)s, version %(number)s: %(parts)s",
                name=each.by,
                when=when,
                number=each.number,
                parts=parts,
            )
        )
    if mine.both:
        lines.append(
            gettext("Changed by both; saving sets what you typed: %(parts)s", parts=_few(mine.both))
        )
    return [("", line) for line in lines]


def edited(form: Mapping[str, str]) -> int:
    """The version that a form was opened with, 0 where it says none."""
    return whole_number(form.get("base_id", "")) or 0


def _few(parts: Sequence[str]) -> str:
    more = gettext("and %(count)s more", count=len(parts) - MOST_PARTS)
    return ", ".join(parts[:MOST_PARTS]) + (f" {more}" if len(parts) > MOST_PARTS else "")


def only_reading() -> None:
    """Let others write while this request counts for seconds, though it was sent as a form.

    It stays in a transaction on PostgreSQL, unlike what only shows a page: the rows are streamed.
    """
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        db.session.connection(execution_options={"writes": False})


def given_body() -> dict[str, Any]:
    """The rule a form carries along as JSON; Invalid when it is none."""
    text = request.form.get("body", "")
    try:
        body = json.loads(text) if len(text) <= LONGEST_BODY else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Invalid(N_("The rule did not arrive whole. Go back and send it again."))
    require_plain(body)
    return body


def rule_page(rules: RuleBook, kind: RuleKind, code: str) -> RulePage:
    """Where a rule has its page."""
    match kind:
        case RuleKind.CALENDAR:
            known = rules.calendars.get(code)
            name = label(known.value) if known else code
            return RulePage(name or code, f"/admin/calendars/{code}", f"/admin/calendars/{code}")
        case RuleKind.POLICY:
            policy = next((each for each in rules.all_policies if each.code == code), None)
            name = label(policy) if policy else code
            return RulePage(name or code, *[f"/admin/rules/policies/{code}"] * 2)
        case RuleKind.LADDER:
            return RulePage(gettext("Escalation ladder"), *[f"/admin/rules/ladders/{code}"] * 2)
    return RulePage(gettext("Policy packs in use"), "/admin/rules/", "/admin/rules/")


@blueprint.post("/save")
@guarded(Permission.ADMINISTER)
def save() -> Response | tuple[str, int]:
    """Save a rule that was looked at, for new complaints only or for all open ones."""
    kind, code = _kind(request.form), request.form.get("code", "")[:80]
    proposal = Proposal(kind, code, given_body(), edited(request.form))
    rules = current_rules(db.session)
    change = change_of(db.session, rules, proposal)
    if request.form.get("apply") == "plan":
        return _plan(proposal, rules)
    try:
        row = save_rule(db.session, rules, proposal, by=actor(), at=clock.now())
        db.session.commit()
    except Stale:
        db.session.rollback()
        # What was typed is kept, to be looked at again on top of what is new.
        page = preview(proposal)
        return page if isinstance(page, tuple) else (page, Stale.status)
    place = rule_page(current_rules(db.session), kind, code)
    if request.form.get("apply") != "all":
        flash(
            gettext(
                "Saved as version %(number)s. It applies to everything that starts from now on.",
                number=row.version,
            ),
            "done",
        )
        return redirect(place.path, 303)
    return _apply(change, place)


def _plan(proposal: Proposal, rules: RuleBook) -> Response | tuple[str, int]:
    """Keep the proposal for its date; what runs is not touched."""
    try:
        plan_change(
            db.session,
            proposal.kind.value,
            proposal.code,
            proposal.body,
            proposal.base_id,
            since=instant_given(rules.home_zone),
            by=actor(),
            at=clock.now(),
        )
        db.session.commit()
    except Refused as error:
        if error.status not in (409, 422):
            raise
        page = preview(proposal, [say(error)])
        return page if isinstance(page, tuple) else (page, error.status)
    flash(gettext("Planned. It comes into force at its date."), "done")
    return redirect("/admin/organisation/plans/", 303)


@blueprint.get("/running")
@guarded(Permission.ADMINISTER)
def running() -> str:
    """What the rule in force would do to clocks that still run under an earlier version."""
    only_reading()
    rules, kind, codes = current_rules(db.session), _kind(request.args), _codes(request.args)
    change = _change_for_running(rules, kind, codes)
    outlook = look_ahead(db.session, rules, change, now=clock.now())
    place = rule_page(rules, kind, codes[0])
    return _page(rules, change, outlook, place=place, codes=codes)


@blueprint.post("/running")
@guarded(Permission.ADMINISTER)
def apply_to_running() -> Response:
    """Count the running clocks anew under the rule in force."""
    rules, kind, codes = current_rules(db.session), _kind(request.form), _codes(request.form)
    change = _change_for_running(rules, kind, codes)
    return _apply(change, rule_page(rules, kind, codes[0]))


@blueprint.get("/recounts/<int:order_id>")
@guarded(Permission.ADMINISTER)
def moved_recalculation(order_id: int) -> Response:
    """The page's address of earlier versions, as it may stand in a bookmark."""
    return redirect(f"/admin/whatif/recalculations/{order_id}", 308)


@blueprint.get("/recalculations/<int:order_id>")
@guarded(Permission.ADMINISTER)
def recalculating(order_id: int) -> str:
    """How far the worker is with a recalculation."""
    rules = current_rules(db.session)
    order = get_job(db.session, order_id)
    return render_template(
        "rules/recalculation.html",
        order=order,
        place=rule_page(rules, order.kind, order.code),
        tz=rules.home_zone,
    )


def _apply(change: Change, place: RulePage) -> Response:
    """Order the recalculation; what fits into one batch is done now, the rest is the worker's."""
    now = clock.now()
    order = order_recalculation(db.session, current_rules(db.session), change, by=actor(), at=now)
    db.session.commit()
    if order.total <= BATCH and order.ended_at is None:
        run_next_batch(db.session, current_rules(db.session), order.id, at=now)
        db.session.commit()
    done = get_job(db.session, order.id)
    if not done.is_done:
        return redirect(f"/admin/whatif/recalculations/{done.id}", 303)
    flash(
        gettext(
            "Applied. Deadlines recalculated: %(clocks)s, changed: %(moved)s, "
            "started: %(started)s, ended: %(ended)s.",
            clocks=done.clocks,
            moved=done.moved,
            started=done.started,
            ended=done.ended,
        ),
        "done",
    )
    return redirect(place.path, 303)


def _page(rules: RuleBook, change: Change, outlook: Outlook, **more: Any) -> str:
    return render_template(
        "rules/whatif.html",
        rules=rules,
        change=change,
        outlook=outlook,
        tz=rules.home_zone,
        **more,
    )


def _change_for_running(rules: RuleBook, kind: RuleKind, codes: Sequence[str]) -> Change:
    """The change from earlier versions to the one in force; of policies, what they still owe."""
    if kind is not RuleKind.SWITCHES:
        if len(codes) != 1 or not rules.versions_of(kind, codes[0]):
            raise NotFound(N_("There is no rule %(code)s."), code=codes[0][:40])
        return change_in_force(
            rules, Change(kind, codes[0], added=_added_since(rules, kind, codes[0]))
        )
    known = {policy.code for policy in rules.all_policies}
    for code in codes:
        if code not in known:
            raise NotFound(N_("There is no rule %(code)s."), code=code[:40])
    on = tuple(policy for policy in rules.policies if policy.code in codes)
    off = frozenset(codes) - {policy.code for policy in on}
    return Change(kind, kind.value, switched_on=on, switched_off=off)


def _added_since(rules: RuleBook, kind: RuleKind, code: str) -> frozenset[str]:
    """The clocks of a policy in use that not all of its earlier versions had."""
    if kind is not RuleKind.POLICY or code not in {policy.code for policy in rules.policies}:
        return frozenset()
    *older, newest = (
        frozenset(clause.id for clause in rules.policy_versions[each].clauses)
        for each in rules.versions_of(kind, code)
    )
    return newest.difference(newest.intersection(*older)) if older else frozenset()


def _kind(given: Mapping[str, str]) -> RuleKind:
    try:
        return RuleKind(given.get("kind", ""))
    except ValueError:
        raise Invalid(N_("There is no such kind of rule.")) from None


def _codes(given: Any) -> list[str]:
    codes: list[str] = [code[:80] for code in given.getlist("code") if code]
    if not codes:
        raise Invalid(N_("Say which rule is meant."))
    return codes
