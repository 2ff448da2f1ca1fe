"""The list of corrective actions, and a new one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, do_once
from complaints.actions.improvement import ActionBody, raise_with
from complaints.actions.reading import read_body
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.improvement.acts import WEEKS, ActionState, Subject
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.improvement.lists import ActionsAsked, list_actions
from complaints.queries.improvement.view import owners_to_choose
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.improvement.raise_action import ActionGiven, branch_of
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.choices import (
    Choice,
    branch_choices,
    category_choices,
    cause_choices,
    choice,
    person_given,
    team_choices,
    told_apart,
)
from complaints.web.frame.form_parsing import errors_of, key_of, one_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.improvement.words import STATES, SUBJECTS, subject_words

blueprint = Blueprint("corrective_actions", __name__, url_prefix="/corrective-actions")

PAGE = 25
_FLAGS = {"yes": True, "no": False}
#: What stays typed when something else is chosen to raise it against.
_KEPT = ("branch", "what", "why", "owner", "due_on", "weeks", "contact", "review")
_FIELDS = ("subject", "code", "branch", "what", "why", "due_on", "weeks", "contact", "review")


@blueprint.get("")
@guarded(Permission.VIEW)
def actions() -> str:
    """What is to be carried out, the longest overdue first; other states are a filter away."""
    rules, now = current_rules(db.session), clock.now()
    names = ("state", "branch", "subject", "code", "late", "mine", "ripe")
    given = {name: request.args.get(name, "").strip()[:60] for name in names}
    asked = ActionsAsked(
        state=given["state"] if given["state"] in STATES else ActionState.OPEN.value,
        branch_id=rules.branch_by_code(given["branch"]).id if given["branch"] else None,
        subject=given["subject"] if given["subject"] in SUBJECTS else None,
        code=given["code"] or None,
        is_own=given["mine"] == "yes",
        is_late=_FLAGS.get(given["late"]),
        is_ripe=given["ripe"] == "yes",
    )
    after = request.args.get("after", "")[:40]
    page = list_actions(db.session, rules, actor(), asked, at=now, limit=PAGE, after=after)
    kept = {name: value for name, value in given.items() if value}
    return render_template(
        "improvement/list.html",
        lines=page.items,
        now=now,
        rules=rules,
        asked=asked,
        views=_views(kept, asked.state),
        is_filtered=bool(set(kept) - {"state"}),
        states=STATES,
        subjects=SUBJECTS,
        subject_words=subject_words,
        branches=branch_choices(rules) if actor().branch_id is None else [],
        kept=kept,
        newer=f"/corrective-actions?{urlencode(kept)}" if after else None,
        older=f"/corrective-actions?{urlencode({**kept, 'after': page.more})}"
        if page.more
        else None,
    )


def _views(kept: Mapping[str, str], shown: str) -> list[tuple[str, str, bool]]:
    """The list in each state, with what else was asked: address, words, whether it is shown."""
    others = {name: value for name, value in kept.items() if name not in ("late", "ripe")}
    return [
        (
            "/corrective-actions?" + urlencode({**others, "state": state}),
            gettext(words[0]),
            state == shown,
        )
        for state, words in STATES.items()
    ]


@blueprint.get("/new")
@guarded(Permission.IMPROVE)
def new() -> str | Response:
    """The form, for what the address names; without it, the choice of what it is against."""
    return _page(Filled(typed=request.args))


@blueprint.post("/new")
@guarded(Permission.IMPROVE)
def create() -> Response | tuple[str, int]:
    """Raise it once; a refusal keeps every word."""
    form, now, person = request.form, clock.now(), actor()

    def record() -> Done:
        given: dict[str, Any] = {name: form.get(name, "").strip() for name in _FIELDS}
        given["owner"] = person_given(form, "owner")
        given = {name: value for name, value in given.items() if value}
        if given.get("weeks", "").isascii() and given.get("weeks", "").isdigit():
            given["weeks"] = int(given["weeks"][:3])
        body = read_body(ActionBody, given)
        rules = current_rules(db.session)
        case = raise_with(db.session, rules, body, by=person, at=now)
        return Done({"number": case.number, "review": body.review.upper()})

    try:
        done = do_once(db.session, record, one_time(form, "corrective-actions/new", person), at=now)
    except Refused as error:
        db.session.rollback()
        filled = Filled(typed=form, errors=errors_of(error), key=key_of(form))
        return _page(filled), error.status
    number = str(done.answer["number"])
    if not done.is_repeat:
        flash(gettext(N_("Raised as %(number)s."), number=number), "done")
    # Where a review agreed on it, its record goes on.
    back = done.answer.get("review")
    to = f"/management-reviews/{back}" if back else f"/corrective-actions/{number}"
    return redirect(to, 303)


def _page(filled: Filled) -> str:
    person, rules = actor(), current_rules(db.session)
    typed: Any = filled.typed if filled.typed is not None else MultiDict()
    subject = typed.get("subject", "").strip()
    code = typed.get("code", "").strip()[:60]
    is_chosen = subject in SUBJECTS
    kept = {name: typed.get(name, "").strip()[:500] for name in _KEPT}
    kept = {name: value for name, value in kept.items() if value}
    return render_template(
        "improvement/new.html",
        form=filled,
        subject=subject if is_chosen else "",
        kept=urlencode(kept),
        subjects=SUBJECTS,
        codes=_codes(rules, subject, code) if is_chosen else [],
        branches=branch_choices(rules, only_used=True) if person.branch_id is None else [],
        owners=told_apart(rules, owners_to_choose(db.session, _branch(rules, subject, code, kept))),
        most_choices=MOST_CHOICES,
        weeks=[(each, gettext("%(count)s weeks", count=each)) for each in WEEKS],
    )


def _branch(rules: RuleBook, subject: str, code: str, kept: Mapping[str, str]) -> int | None:
    """The branch whose people can be chosen; every one's where it is not known."""
    day, branch = clock.now().date(), kept.get("branch", "")
    given = ActionGiven(subject, code, "", "", "", day, branch=branch)
    try:
        return branch_of(rules, given, actor())
    except Invalid:
        return actor().branch_id


def _codes(rules: RuleBook, subject: str, code: str) -> list[Choice]:
    """What it can be raised against; a branch's people choose of their own branch alone."""
    own = actor().branch_id
    if subject == Subject.CAUSE:
        return cause_choices(rules, ())
    if subject == Subject.CATEGORY:
        return category_choices(rules)
    if subject == Subject.TEAM:
        return team_choices(rules)
    if subject == Subject.CHANNEL:
        channels = rules.taxonomy.channels.values()
        return [(each.id, choice(each)) for each in channels if not each.retired]
    return [
        (each.code, each.name) for each in rules.branches_in_use if own is None or each.id == own
    ]
