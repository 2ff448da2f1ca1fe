"""One corrective action: what it is, its effect, and what may be done with it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.idempotency import Done, do_once
from complaints.actions.improvement import (
    ActionChangeBody,
    ActionDoneBody,
    DropBody,
    VerifyBody,
    WhysBody,
    change_with,
    drop_with,
    finish_with,
    set_whys_with,
    verify_with,
    verifying,
)
from complaints.actions.reading import read_body
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.improvement.acts import MOST_WHYS, ActionAct, ActionState, Subject, is_late
from complaints.domain.improvement.effect import Window, judged_from
from complaints.domain.permissions import Permission, may_lead_action
from complaints.extensions import db
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.improvement.effect import codes_of
from complaints.queries.improvement.view import (
    ActionView,
    ever_owners,
    owners_to_choose,
    read_action,
)
from complaints.steps.improvement.record import ActionCase, open_action, view_action
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.choices import cause_choices, person_given, told_apart
from complaints.web.frame.filters import label, say_date
from complaints.web.frame.form_parsing import errors_of, one_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.improvement.words import (
    ACTS,
    STATES,
    SUBJECTS,
    judgement_words,
    subject_words,
    times_words,
)

blueprint = Blueprint("corrective_action", __name__, url_prefix="/corrective-actions")

#: The last part of an address → body, fields, step, and what is said afterwards.
_ACTS: Mapping[str, tuple[type[Part], tuple[str, ...], Callable[..., Any], str]] = {
    "change": (ActionChangeBody, ("reason", "due_on"), change_with, N_("The change was saved.")),
    "whys": (WhysBody, ("cause",), set_whys_with, N_("The answers were saved.")),
    "done": (
        ActionDoneBody,
        ("evidence", "done_on"),
        finish_with,
        N_("Recorded as carried out. Someone else verifies it."),
    ),
    "verification": (VerifyBody, ("reason",), verify_with, N_("The verification was saved.")),
    "drop": (DropBody, ("reason",), drop_with, N_("The corrective action was dropped.")),
}
_EFFECTIVE = {"yes": True, "no": False}


@blueprint.get("/<number>")
@guarded(Permission.VIEW)
def read(number: str) -> str:
    """One corrective action with what may be done."""
    return _page(view_action(db.session, number, by=actor(), at=clock.now()))


@blueprint.post("/<number>/<act>")
@guarded(Permission.NOTE)
def do(number: str, act: str) -> Response | tuple[str, int]:
    """Do one thing to it, once; a refusal keeps every word."""
    if act not in _ACTS:
        raise NotFound(N_("There is no such page."))
    person, now, form = actor(), clock.now(), request.form
    seen = view_action(db.session, number, by=person, at=now)
    body, fields, step, sentence = _ACTS[act]
    if step is verify_with:
        step = verifying(seen, db.reports())

    def record() -> Done:
        case = open_action(db.session, number, by=person, at=now)
        step(case, read_body(body, _given(act, form, fields)))
        return Done({"to": f"/corrective-actions/{case.number}"})

    try:
        once = one_time(form, f"corrective-actions/{number.upper()}/{act}"[:60], person)
        done = do_once(db.session, record, once, at=now)
    except Refused as error:
        db.session.rollback()
        if error.status in (403, 404):
            raise
        case = view_action(db.session, number, by=person, at=now)
        return _page(case, act, Filled(typed=form, errors=errors_of(error))), error.status
    if not done.is_repeat:
        flash(gettext(sentence), "done")
    return redirect(str(done.answer["to"]), 303)


def _given(act: str, form: MultiDict[str, str], fields: tuple[str, ...]) -> dict[str, Any]:
    """These fields as typed, without the empty ones."""
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in fields}
    if act == "change":
        given["owner"] = person_given(form, "owner")
    if act == "whys":
        given["whys"] = [
            form.get(f"why-{place}", "").strip()[:500] for place in range(1, MOST_WHYS)
        ]
    if act == "verification":
        given["effective"] = _EFFECTIVE.get(form.get("effective", ""), "")
    return {name: value for name, value in given.items() if value or value is False}


def _page(case: ActionCase, act: str = "", filled: Filled | None = None) -> str:
    action, rules, person = case.action, case.rules, actor()
    with db.reports() as figures:
        view = read_action(db.session, rules, action, person, now=case.at, figures=figures)
    is_lead = may_lead_action(person, action.branch_id)
    is_open = action.state == ActionState.OPEN
    by_day = action.subject == Subject.BRANCH
    cause = rules.taxonomy.causes.get(action.cause)
    return render_template(
        "improvement/one.html",
        view=view,
        action=action,
        subject=SUBJECTS[action.subject],
        about=subject_words(rules, action.subject, action.code),
        branch=rules.branches[action.branch_id].name if action.branch_id else "",
        state=STATES[action.state],
        zone=case.calendar.tz,
        acts=ACTS,
        states=STATES,
        cause=label(cause) if cause else action.cause,
        causes=cause_choices(rules, [action.cause] if action.cause else ()),
        has_cause=action.subject == Subject.CAUSE,
        most_whys=MOST_WHYS - 1,
        is_open=is_open,
        is_late=is_late(action.due_at, action.done_at or action.ended_at, case.at),
        may_change=is_lead and is_open,
        may_answer=is_lead and action.state in (ActionState.OPEN, ActionState.DONE),
        may_finish=is_open and person.id == action.owner_id,
        may_verify=is_lead
        and action.state == ActionState.DONE
        and person.id not in ever_owners(db.session, action),
        judged_on=_judged_on(case),
        again=_again(case) if is_lead and action.state == ActionState.NOT_EFFECTIVE else "",
        owners=told_apart(rules, owners_to_choose(db.session, action.branch_id))
        if is_lead and is_open
        else [],
        most_choices=MOST_CHOICES,
        today=case.today,
        told_on=action.done_at.astimezone(case.calendar.tz).date() if action.done_at else None,
        day_of=date.fromisoformat,
        effect=view.effect,
        sides=_sides(case, view),
        verdict=judgement_words(view.effect, say_date(view.effect.after.to_on), by_day=by_day)
        if view.effect
        else "",
        times=times_words(view.effect, by_day=by_day),
        form_of=lambda name: filled if filled is not None and name == act else Filled(),
        open_act=act,
        review=_review_of(view),
        may_review=person.branch_id is None and person.has(Permission.REPORTS),
    )


def _review_of(view: ActionView) -> str:
    """The number of the management review that it was raised for; empty for none."""
    raised = (each for each in view.entries if each.what == ActionAct.RAISE.value)
    return next((str(each.detail.get("review", "")) for each in raised), "")


def _judged_on(case: ActionCase) -> date | None:
    """From which day its effect can be judged, while that lies ahead."""
    done_on = case.action.done_on
    found = judged_from(done_on, case.action.weeks) if done_on else None
    return found if found is not None and found > case.today else None


def _again(case: ActionCase) -> str:
    """The form of another one against the same."""
    action = case.action
    asked = {"subject": action.subject, "code": action.code}
    if action.branch_id:
        asked["branch"] = case.rules.branches[action.branch_id].code
    return "/corrective-actions/new?" + urlencode(asked)


def _sides(case: ActionCase, view: ActionView) -> list[tuple[str, Window, str]]:
    """Before and after, each with the list of its complaints."""
    if view.effect is None:
        return []
    return [
        (words, each, _behind(case, each))
        for words, each in (
            (gettext("Before it was done"), view.effect.before),
            (gettext("After it was done"), view.effect.after),
        )
    ]


def _behind(case: ActionCase, stretch: Window) -> str:
    """The complaints counted; of a group of causes the report by causes, where each has a list.

    Empty where there is no list of just these.
    """
    action, rules = case.action, case.rules
    days = {"from": stretch.from_on.isoformat(), "to": stretch.to_on.isoformat()}
    if codes_of(rules, Subject(action.subject), action.code) != {action.code}:
        if action.branch_id not in (None, actor().branch_id):
            # The report counts all that its reader may see: for head office not this branch alone.
            return ""
        return "/reports/deadlines?" + urlencode({**days, "by": action.subject})
    asked = {"figure": "received", "status": "all", action.subject: action.code, **days}
    if action.branch_id is not None:
        asked["branch"] = rules.branches[action.branch_id].code
    return "/complaints?" + urlencode(asked)
