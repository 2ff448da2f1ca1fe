"""The list of management reviews, and the draft of a new one."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, do_once
from complaints.actions.management_review import ReviewBody, drafting
from complaints.actions.reading import read_body
from complaints.documents.management_review import REVIEW_STATES
from complaints.domain.errors import N_, Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.management_review.lists import ReviewsAsked, list_reviews
from complaints.queries.regulators.report import Quarter
from complaints.rulebook import RuleBook, current_rules
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.choices import branch_choices
from complaints.web.frame.form_parsing import errors_of, key_of, one_time
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("management_reviews", __name__, url_prefix="/management-reviews")

PAGE = 25
ICONS = {"draft": "edit", "concluded": "circle-check", "dropped": "circle-x"}


@blueprint.get("")
@guarded(Permission.REPORTS)
def reviews() -> str:
    """Drafts and what was concluded, the newest first; what was dropped is a filter away."""
    rules = current_rules(db.session)
    given = {name: request.args.get(name, "").strip()[:40] for name in ("state", "branch")}
    asked = ReviewsAsked(
        state=given["state"] if given["state"] in REVIEW_STATES else None,
        branch_id=rules.branch_by_code(given["branch"]).id if given["branch"] else None,
    )
    after = request.args.get("after", "")[:40]
    page = list_reviews(db.session, rules, actor(), asked, limit=PAGE, after=after)
    kept = {name: value for name, value in given.items() if value}
    views = [(_address(kept, None), gettext(N_("Drafts and concluded")), asked.state is None)]
    views += [
        (_address(kept, state), gettext(words), state == asked.state)
        for state, words in REVIEW_STATES.items()
    ]
    return render_template(
        "management_review/list.html",
        lines=page.items,
        rules=rules,
        states=REVIEW_STATES,
        icons=ICONS,
        views=views,
        kept=kept,
        branches=branch_choices(rules) if actor().branch_id is None else [],
        is_filtered=bool(kept.get("branch")),
        newer=f"/management-reviews?{urlencode(kept)}" if after else None,
        older=f"/management-reviews?{urlencode({**kept, 'after': page.more})}"
        if page.more
        else None,
    )


@blueprint.get("/new")
@guarded(Permission.REVIEW)
def new() -> str:
    """The form, for the quarter before this one."""
    rules = current_rules(db.session)
    today = clock.now().astimezone(rules.own_calendar(actor().branch_id).tz).date()
    last = Quarter.of(today).before
    days = {"from": last.from_on.isoformat(), "to": last.to_on.isoformat()}
    return _page(Filled(proposed=days), rules)


@blueprint.post("/new")
@guarded(Permission.REVIEW)
def create() -> Response | tuple[str, int]:
    """Read the figures and draft it once; a refusal keeps what was typed."""
    form, now, person = request.form, clock.now(), actor()
    try:
        given: dict[str, Any] = {
            name: form.get(name, "").strip()[:40] for name in ("from", "to", "branch")
        }
        body = read_body(ReviewBody, {name: value for name, value in given.items() if value})
        draft = drafting(current_rules(db.session), body, db.reports(), by=person, now=now)

        def record() -> Done:
            return Done({"number": draft(db.session).number})

        once = one_time(form, "management-reviews/new", person)
        done = do_once(db.session, record, once, at=now)
    except Refused as error:
        db.session.rollback()
        if error.status == 403:
            raise
        filled = Filled(typed=form, errors=errors_of(error), key=key_of(form))
        return _page(filled, current_rules(db.session)), error.status
    number = str(done.answer["number"])
    if not done.is_repeat:
        flash(gettext(N_("Drafted as %(number)s, with the figures of now."), number=number), "done")
    return redirect(f"/management-reviews/{number}", 303)


def _page(filled: Filled, rules: RuleBook) -> str:
    return render_template(
        "management_review/new.html",
        form=filled,
        branches=branch_choices(rules, only_used=True) if actor().branch_id is None else [],
    )


def _address(kept: dict[str, str], state: str | None) -> str:
    others = {name: value for name, value in kept.items() if name != "state"}
    asked = {**others, **({"state": state} if state else {})}
    return "/management-reviews" + (f"?{urlencode(asked)}" if asked else "")
