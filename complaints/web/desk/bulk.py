"""Several complaints at once: tick them in a list, choose the act, and read what came of each."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints import clock
from complaints.actions.registry import find_act
from complaints.channels.bulk import BULK_NOUNS, record_bulk
from complaints.channels.one_by_one import RowResult
from complaints.domain.errors import Refused
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.lists.worklist import list_complaints
from complaints.queries.people.accounts import handlers_to_choose
from complaints.rulebook import current_rules
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.desk.list_rows import lines
from complaints.web.frame.choices import person_given, team_choices, told_apart
from complaints.web.frame.errors import say
from complaints.web.frame.form_parsing import errors_of
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.list_params import read_filters
from complaints.web.frame.translations import translated

blueprint = Blueprint("bulk", __name__)

#: Complaints that can be ticked at once.
ROWS = 50
#: The longest one-time key that a form of ours carries.
_LONGEST_KEY = 120


@blueprint.get("/complaints/bulk")
@guarded(Permission.INCIDENT)
def choose() -> str:
    """The list with a box before each complaint, and the acts that one of them allows."""
    return _page()


@blueprint.post("/complaints/bulk")
@guarded(Permission.INCIDENT)
def record() -> str | tuple[str, int]:
    """Do it to each; the answer says what came of which, and the list stays as it was chosen."""
    form, now = request.form, clock.now()
    noun, numbers = form.get("noun", ""), form.getlist("ids")[:500]
    try:
        rows = record_bulk(
            db.session,
            numbers,
            noun,
            _given(noun),
            by=actor(),
            now=now,
            key=form.get("one_time_key", "")[:_LONGEST_KEY],
        )
    except Refused as error:
        db.session.rollback()
        if error.status not in (409, 422):
            raise
        return _page(errors=errors_of(error), chosen=numbers, noun=noun), error.status
    return _page(rows=rows, noun=noun)


def _given(noun: str) -> dict[str, object]:
    """What was typed for this act; what stands in the fields of others does not count."""
    form = request.form
    reason = form.get(f"{noun}.reason", "")[:2_000]
    if noun == "note":
        return {"text": form.get("note.text", "")[:20_001]}
    if noun == "assignment":
        given = {"handler": person_given(form, "handler"), "team": form.get("team", "")[:60]}
        return {**{name: value for name, value in given.items() if value}, "reason": reason}
    if noun == "parties":
        return {"teams": form.getlist("teams")[:20], "reason": reason}
    return {"reason": reason}


def _page(
    *,
    errors: list[tuple[str, str]] | None = None,
    chosen: list[str] | None = None,
    noun: str = "",
    rows: list[RowResult] | None = None,
) -> str:
    rules, me, now = current_rules(db.session), actor(), clock.now()
    filters = read_filters(request.args, is_search=bool(request.args.get("q", "").strip()))
    page = list_complaints(
        db.session,
        me,
        filters,
        now=now,
        limit=ROWS,
        cursor=request.args.get("cursor") or None,
        rules=rules,
    )
    statuses = {Status(row.status) for row in page.items}
    acts = [
        (each, translated(find_act(each).face().title))
        for each in BULK_NOUNS
        if find_act(each).may_be_taken_by(me)
        and any(find_act(each).may_follow(status) for status in statuses)
    ]
    asked = urlencode([(name, value) for name, value in request.args.items() if value])
    wrong = dict(errors or [])
    return render_template(
        "desk/bulk.html",
        lines=lines(page.items, rules),
        acts=acts,
        path=f"/complaints/bulk?{asked}" if asked else "/complaints/bulk",
        back=f"/complaints?{asked}" if asked else "/complaints",
        older=_further(page.next),
        newer=_further(page.previous),
        handlers=told_apart(rules, handlers_to_choose(db.session, me)),
        teams=team_choices(rules),
        most_choices=MOST_CHOICES,
        errors=errors or [],
        wrong=wrong,
        chosen=set(chosen or ()),
        noun=noun,
        # What has been done is not typed any more: a second press would do it a second time.
        typed=request.form if rows is None else MultiDict(),
        key=new_key()
        if rows is not None or not request.form.get("one_time_key")
        else request.form["one_time_key"][:_LONGEST_KEY],
        done=[each.number for each in rows or () if each.refused is None],
        refused=[(each.number, say(each.refused)) for each in rows or () if each.refused],
        said=_said(rows) if rows is not None else "",
    )


def _said(rows: list[RowResult]) -> str:
    refused = sum(each.refused is not None for each in rows)
    return gettext(
        "Done: %(done)s · not done: %(refused)s", done=len(rows) - refused, refused=refused
    )


def _further(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    asked = {name: value for name, value in request.args.items() if value and name != "cursor"}
    return f"/complaints/bulk?{urlencode({**asked, 'cursor': cursor})}"
