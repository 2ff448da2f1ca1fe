"""One management review: its figures, minutes and decisions, and what may be done with it."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.idempotency import Done, do_once
from complaints.actions.management_review import (
    ReviewActionBody,
    ReviewChangeBody,
    ReviewCorrectionBody,
    ReviewDropBody,
    ReviewFiguresBody,
    change_with,
    correct_with,
    drop_with,
    link_with,
    renewing,
)
from complaints.actions.reading import read_body
from complaints.documents.management_review import (
    MORE_ACTIONS,
    REVIEW_STATES,
    actions_said,
    headline_figures,
    review_pdf,
    review_title,
    scope_of_review,
)
from complaints.documents.reporting.files import ReportForm
from complaints.documents.reporting.outcomes import cell_said, line_said
from complaints.documents.reporting.paper import Made
from complaints.documents.reporting.words import ReportWords, zones_said
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.management_review.acts import (
    DECISIONS,
    INPUTS,
    LONGEST,
    MINUTES,
    ReviewState,
)
from complaints.domain.permissions import Permission, may_lead_review
from complaints.extensions import db
from complaints.queries.management_review.view import actions_to_agree, read_review
from complaints.steps.management_review.conclude import conclude_review
from complaints.steps.management_review.draft import unlink_action
from complaints.steps.management_review.figures import kept_sections
from complaints.steps.management_review.record import ReviewCase, open_review, view_review
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.files import asked_report_form, report_file
from complaints.web.frame.form_parsing import errors_of, one_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.management_review.pages import ICONS
from complaints.web.management_review.words import ACTS, told_of

blueprint = Blueprint("management_review", __name__, url_prefix="/management-reviews")

#: The last part of an address → body, fields, step, and what is said afterwards.
_ACTS: Mapping[str, tuple[type[Part], tuple[str, ...], Callable[..., Any], str]] = {
    "change": (ReviewChangeBody, ("chaired_by", "held_on", "next_on", "seen"), change_with, ""),
    "figures": (
        ReviewFiguresBody,
        ("from", "to"),
        renewing,
        N_("The figures are those of now."),
    ),
    "correction": (ReviewCorrectionBody, ("text",), correct_with, N_("The correction was added.")),
    "drop": (ReviewDropBody, ("reason",), drop_with, N_("The draft was dropped.")),
}


@blueprint.get("/<number>")
@guarded(Permission.REPORTS)
def read(number: str) -> str | Response:
    """One review with what may be done; with `format=pdf` on paper."""
    case = view_review(db.session, number, by=actor(), at=clock.now())
    if asked_report_form() is ReportForm.PDF:
        view = read_review(db.session, case.rules, case.review, at=case.at)
        words = ReportWords(case.rules, gettext, lang())
        content = review_pdf(view, Made(actor(), case.at), words)
        return report_file(content, ReportForm.PDF, view.number)
    return _page(case)


@blueprint.post("/<number>/<act>")
@guarded(Permission.REVIEW)
def do(number: str, act: str) -> Response | tuple[str, int]:
    """Do one thing to it, once; a refusal keeps every word."""
    if act not in _ACTS:
        raise NotFound(N_("There is no such page."))
    person, now, form = actor(), clock.now(), request.form
    seen = view_review(db.session, number, by=person, at=now)
    body, fields, step, sentence = _ACTS[act]
    try:
        given: Any = read_body(body, _given(act, form, fields))
        if step is renewing:
            renew = renewing(seen, given, db.reports())

        def record() -> Done:
            case = open_review(db.session, number, by=person, at=now)
            if step is renewing:
                renew(case)
            elif step is change_with:
                return Done({"to": _write(case, given, form)})
            else:
                step(case, given)
            return Done({"to": f"/management-reviews/{case.number}"})

        once = one_time(form, f"management-reviews/{number.upper()}/{act}"[:60], person)
        done = do_once(db.session, record, once, at=now)
    except Refused as error:
        db.session.rollback()
        if error.status in (403, 404):
            raise
        case = view_review(db.session, number, by=person, at=now)
        return _page(case, act, Filled(typed=form, errors=errors_of(error))), error.status
    if not done.is_repeat:
        flash(gettext(sentence or _said_of(form.get("do", ""))), "done")
    return redirect(str(done.answer["to"]), 303)


def _write(case: ReviewCase, given: Any, form: MultiDict[str, str]) -> str:
    """Save what the form says and do what its button asks for besides; where to go on.

    One form holds all of a draft, so that no button loses what was typed above it.
    """
    do, _, number = form.get("do", "").partition("/")
    change_with(case, given, may_be_same=bool(do))
    here = f"/management-reviews/{case.number}"
    if do == "conclude":
        conclude_review(case)
        return here
    if do == "add":
        link_with(case, read_body(ReviewActionBody, {"number": form.get("number", "").strip()}))
    if do == "remove":
        unlink_action(case, number)
    if do == "raise":
        asked = {"review": case.number}
        if case.review.branch_id:
            asked["branch"] = case.rules.branches[case.review.branch_id].code
        return f"/corrective-actions/new?{urlencode(asked)}"
    return f"{here}#agreed" if do else here


def _said_of(button: str) -> str:
    """What is said once the draft was saved, and what its button asked for was done."""
    return {
        "conclude": N_("The review is concluded."),
        "add": N_("The draft was saved and the corrective action added."),
        "remove": N_("The draft was saved and the corrective action taken out."),
    }.get(button.partition("/")[0], N_("The draft was saved."))


def _given(act: str, form: MultiDict[str, str], fields: tuple[str, ...]) -> dict[str, Any]:
    """These fields as typed, without the empty ones; what a draft may lack comes empty too."""
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in fields}
    given = {name: value for name, value in given.items() if value}
    if given.get("seen", "").isascii() and given.get("seen", "").isdigit():
        given["seen"] = int(given["seen"][:10])
    if act == "change":
        if "chaired_by" in form:
            given["chaired_by"] = form["chaired_by"].strip()
        given["minutes"] = {name: form[name] for name in MINUTES if name in form}
        people = form.get("participants", "")
        given["participants"] = [each for each in people.splitlines() if each.strip()]
    return given


def _page(case: ReviewCase, act: str = "", filled: Filled | None = None) -> str:
    review, rules, person = case.review, case.rules, actor()
    view = read_review(db.session, rules, review, at=case.at)
    words = ReportWords(rules, gettext, lang())
    is_lead = may_lead_review(person, review.branch_id)
    is_draft = review.state == ReviewState.DRAFT
    proposed = {
        **{name: review.minutes.get(name, "") for name in MINUTES},
        "chaired_by": review.chaired_by,
        "participants": "\n".join(review.participants),
        "held_on": review.held_on.isoformat() if review.held_on else "",
        "next_on": review.next_on.isoformat() if review.next_on else "",
        "from": review.from_on.isoformat(),
        "to": review.to_on.isoformat(),
    }
    days = {"from": proposed["from"], "to": proposed["to"]}
    return render_template(
        "management_review/one.html",
        view=view,
        review=review,
        title=review_title(view, words),
        days=words.days(review.from_on, review.to_on),
        scope=scope_of_review(view, words),
        state=(REVIEW_STATES[review.state], ICONS[review.state]),
        zone=case.calendar.tz,
        figures=headline_figures(view, words),
        sections=kept_sections(review.figures, lang()),
        called=lambda line: line_said(line, words),
        said=lambda column, line: cell_said(column, line, words),
        zones=zones_said(review.figures["zones"], review.to_on),
        of_period=actions_said(review.figures["actions"], {}, words),
        more_actions=MORE_ACTIONS if review.figures["has_more_actions"] else "",
        agreed=actions_said(view.agreed, view.now, words),
        followed=view.followed,
        before=actions_said(view.followed.get("actions", ()), view.now, words),
        inputs=INPUTS,
        decisions=DECISIONS,
        longest=LONGEST,
        reports=urlencode(days) if not review.branch_id or person.branch_id else "",
        is_draft=is_draft,
        is_concluded=review.state == ReviewState.CONCLUDED,
        may_write=is_lead and is_draft,
        may_correct=is_lead and review.state == ReviewState.CONCLUDED,
        choices=actions_to_agree(db.session, rules, review, person) if is_lead and is_draft else [],
        acts=ACTS,
        told_of=told_of,
        form_of=lambda name: (
            filled if filled is not None and name == act else Filled(proposed=proposed)
        ),
        open_act=act,
    )
