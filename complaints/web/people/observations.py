"""How the standards of service are kept: what was observed of oneself, and of one's people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, do_once
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.models import User
from complaints.people.observations import LONGEST, ObservationGiven, record_observation
from complaints.queries.people.observations import (
    PAGE,
    list_observations,
    people_observed,
    person_observed,
)
from complaints.rulebook import RuleBook, current_rules
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import one_time
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("observations", __name__, url_prefix="/observations")

#: Score → words.
SCORE_WORDS: Mapping[int, str] = {
    1: N_("Not shown yet"),
    2: N_("To be improved"),
    3: N_("Meets the standard"),
    4: N_("An example to others"),
}
_FIELDS = ("standard", "score", "words", "follow_up_on", "number", "corrects")


@blueprint.get("")
@guarded(Permission.VIEW)
def own() -> str:
    """What was observed of oneself; for whoever observes, their people."""
    me = actor()
    rules = current_rules(db.session)
    return render_template(
        "people/observations.html",
        person=None,
        people=people_observed(db.session, me, today=_today(rules, me.branch_id))
        if me.has(Permission.OBSERVE)
        else [],
        is_observed=me.has(Permission.HANDLE),
        tz=_zone(rules, me.branch_id),
        **_rows(rules, me.id or 0, "/observations"),
    )


@blueprint.get("/of/<int:user_id>")
@guarded(Permission.OBSERVE)
def of(user_id: int) -> str:
    """What was observed of one of one's people, and the form for another observation."""
    return _page(person_observed(db.session, actor(), user_id), {})


@blueprint.post("/of/<int:user_id>")
@guarded(Permission.OBSERVE)
def record(user_id: int) -> Response | tuple[str, int]:
    """Record an observation; a refusal shows the form again with what was typed."""
    me, now, form = actor(), clock.now(), request.form
    user = person_observed(db.session, me, user_id)
    typed = {name: form.get(name, "").strip()[: LONGEST + 1] for name in _FIELDS}
    try:
        given = _read(typed)
        today = _today(current_rules(db.session), user.branch_id)

        def do() -> Done:
            row = record_observation(db.session, user_id, given, by=me, at=now, today=today)
            return Done({"id": row.id})

        done = do_once(db.session, do, one_time(form, f"observe/{user_id}", me), at=now)
    except Refused as error:
        db.session.rollback()
        user = person_observed(db.session, me, user_id)
        return _page(user, typed, [(error.field or "", say(error))]), error.status
    if not done.is_repeat:
        flash(gettext("The observation is recorded."), "done")
    return redirect(f"/observations/of/{user_id}", 303)


def _read(typed: Mapping[str, str]) -> ObservationGiven:
    day = None
    if typed["follow_up_on"]:
        try:
            day = date.fromisoformat(typed["follow_up_on"])
        except ValueError:
            raise Invalid(N_("Choose a date."), field="follow_up_on") from None
    return ObservationGiven(
        standard=typed["standard"][:40],
        score=whole_number(typed["score"]),
        words=typed["words"],
        follow_up_on=day,
        number=typed["number"][:40],
        corrects=whole_number(typed["corrects"]) if typed["corrects"] else None,
    )


def _page(user: User, typed: Mapping[str, str], errors: list[tuple[str, str]] | None = None) -> str:
    rules, path = current_rules(db.session), f"/observations/of/{user.id}"
    shown = _rows(rules, user.id, path)
    corrects = typed.get("corrects") or request.args.get("corrects", "")
    earlier = next((each for each in shown["rows"] if str(each.id) == corrects), None)
    proposed: Mapping[str, Any] = typed
    if earlier is not None and not typed:
        proposed = {
            "standard": earlier.standard,
            "score": earlier.score,
            "words": earlier.words,
            "follow_up_on": earlier.follow_up_on.isoformat() if earlier.follow_up_on else "",
            "number": earlier.number or "",
        }
    return render_template(
        "people/observations.html",
        person=user,
        people=[],
        is_observed=False,
        path=path,
        key=new_key(),
        given=proposed or {"number": request.args.get("number", "")[:40]},
        earlier=earlier,
        errors=errors or [],
        standards=[(each.id, label(each)) for each in rules.scripts.standards if label(each)],
        today=_today(rules, user.branch_id),
        tz=_zone(rules, user.branch_id),
        longest=LONGEST,
        **shown,
    )


def _rows(rules: RuleBook, person_id: int, path: str) -> dict[str, Any]:
    """A page of what was observed of a person, in words."""
    before = whole_number(request.args.get("before", ""))
    rows = list_observations(db.session, rules, person_id, before=before)
    shown = rows[:PAGE]
    return {
        "rows": shown,
        "names": {each.id: label(each) for each in rules.scripts.standards},
        "scores": {score: gettext(words) for score, words in SCORE_WORDS.items()},
        "newer": path if before else None,
        "older": f"{path}?before={shown[-1].id}" if len(rows) > PAGE else None,
    }


def _zone(rules: RuleBook, branch_id: int | None) -> Any:
    branch = rules.branches.get(branch_id or 0) or next(iter(rules.branches.values()))
    return rules.calendar_of(branch.id).value.tz


def _today(rules: RuleBook, branch_id: int | None) -> date:
    return clock.now().astimezone(_zone(rules, branch_id)).date()
