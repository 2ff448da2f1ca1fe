"""Saved views of the list: which there are and how much is in each; save one, remove one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import Invalid
from complaints.domain.permissions import Actor, Permission
from complaints.extensions import db
from complaints.people.saved_views import remove_view, save_view
from complaints.queries.lists.filters import ListFilters, conditions_of
from complaints.queries.lists.saved_views import View, count_each, list_views
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.errors import say
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.layout import up_to_99
from complaints.web.frame.list_params import read_filters

blueprint = Blueprint("saved_views", __name__)

#: The filters and columns that a view keeps; searched words and figures of a report are no view.
KEPT = (
    "status",
    "handler",
    "team",
    "branch",
    "priority",
    "category",
    "channel",
    "waiting",
    "overdue",
    "sort",
    "columns",
)


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A saved view as its reader sees it; `count` is what the list holds for them."""

    id: int
    name: str
    href: str
    count: str
    is_shared: bool
    is_removable: bool


@blueprint.get("/complaints/views")
@guarded(Permission.VIEW)
def show() -> str:
    """The views, and a form to save the list from which the person came."""
    return _page(kept_of(request.args), {}, "")


@blueprint.post("/complaints/views")
@guarded(Permission.VIEW)
def save() -> Response | tuple[str, int]:
    """Keep the filters under a name."""
    asked = kept_of(dict(parse_qsl(request.form.get("asked", "")[:2_000])))
    name = request.form.get("name", "")[:200]
    try:
        _filters(asked, actor(), current_rules(db.session), clock.now())
        save_view(
            db.session,
            name,
            asked,
            is_shared=request.form.get("is_shared") == "1",
            by=actor(),
            at=clock.now(),
        )
    except Invalid as error:
        db.session.rollback()
        return _page(asked, {"name": say(error)}, name), 422
    db.session.commit()
    flash(gettext("The view is saved."), "done")
    return redirect(address_of(asked), 303)


@blueprint.post("/complaints/views/<int:view_id>/remove")
@guarded(Permission.VIEW)
def remove(view_id: int) -> Response:
    """Take a view away."""
    remove_view(db.session, view_id, by=actor())
    db.session.commit()
    flash(gettext("The view is removed."), "done")
    return redirect("/complaints/views", 303)


def kept_of(given: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address that a view keeps."""
    return {name: given[name][:200] for name in KEPT if given.get(name)}


def address_of(asked: Mapping[str, str]) -> str:
    """Where the list of a view is."""
    return f"/complaints?{urlencode(kept_of(asked))}" if kept_of(asked) else "/complaints"


def _filters(asked: Mapping[str, str], me: Actor, rules: RuleBook, now: datetime) -> ListFilters:
    """As the list reads them; Invalid where it would not."""
    filters = read_filters(kept_of(asked), is_search=False)
    conditions_of(filters, me, rules, now)
    return filters


def _page(asked: dict[str, str], errors: Mapping[str, str], name: str) -> str:
    me, rules, now = actor(), current_rules(db.session), clock.now()
    return render_template(
        "desk/saved_views.html",
        views=_shown(list_views(db.session, me), me, rules, now),
        asked=urlencode(asked),
        back=address_of(asked),
        may_share=me.has(Permission.LEAD),
        is_all_branches=me.branch_id is None,
        errors=errors,
        name=name,
    )


def _shown(saved: Sequence[View], me: Actor, rules: RuleBook, now: datetime) -> list[ViewShown]:
    """Each with its count, which one statement makes for all; one that means nothing has none."""
    known: list[tuple[View, ListFilters | None]] = []
    for view in saved:
        try:
            known.append((view, _filters(view.asked, me, rules, now)))
        except Invalid:
            known.append((view, None))
    readable = [filters for _, filters in known if filters is not None]
    counts = iter(count_each(db.session, me, readable, rules, now))
    leads = me.has(Permission.LEAD)
    return [
        ViewShown(
            view.id,
            view.name,
            address_of(view.asked),
            up_to_99(next(counts)) if filters is not None else "0",
            view.is_shared,
            view.owner_id == me.id
            or (leads and view.is_shared and me.branch_id in (None, view.branch_id)),
        )
        for view, filters in known
    ]
