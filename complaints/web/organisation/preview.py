"""What saving a file would change and whom it touches: the page between a form and a version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_, NotFound, Refused, Stale
from complaints.domain.parts import Part, part_called
from complaints.domain.parts.differences import Differences, How, ItemChange, differences
from complaints.domain.parts.options import Bodies
from complaints.domain.parts.references import references_to
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.rules.code_usage import MOST, who_uses
from complaints.rulebook import current_rules
from complaints.rules.in_force import bodies_in_force
from complaints.rules.meanwhile import put_on_newest
from complaints.rules.parts import check_file, file_in_force, save_file
from complaints.rules.planned import plan_change
from complaints.web.frame.errors import say
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.organisation.change_words import change_lines, name_of
from complaints.web.rules.plan_fields import instant_given
from complaints.web.rules.whatif import edited, given_body, saved_meanwhile

blueprint = Blueprint("organisation_preview", __name__, url_prefix="/admin/organisation")

#: So many changed items are looked up; a file with more changes says so itself.
_LOOKED_UP = 12
_GROUPED = {"category_group": "category", "cause_group": "cause"}


@dataclass(frozen=True, slots=True)
class Touched:
    """What uses an item that changes: counted rows, and places of the rules that name it."""

    what: str
    counts: Sequence[tuple[str, str]]
    named_in: Sequence[str]


def preview_file(
    part: Part,
    body: Mapping[str, Any],
    base_id: int,
    wrong: Sequence[tuple[str, str]] = (),
) -> str | tuple[str, int]:
    """The page that says what would change; Invalid for what cannot take the file's place.

    Where somebody saved the file since it was opened, what was typed stands on top of theirs.
    """
    session, rules = db.session, current_rules(db.session)
    newest = file_in_force(session, part.file)
    mine = put_on_newest(session, newest, body, base_id)
    found = differences(part.file, newest.body, mine.body)
    if found:
        check_file(session, part.file, mine.body)
    bodies = bodies_in_force(session)
    then = {**bodies, part.file: {part.file: mine.body}}
    page = render_template(
        "organisation/preview.html",
        part=part,
        lines=change_lines(found, then),
        touched=_touched(found, bodies),
        body=json.dumps(mine.body, ensure_ascii=False),
        base_id=mine.base_id,
        errors=[*saved_meanwhile(rules, mine), *wrong],
        wrong_day=dict(wrong).get("from_day", ""),
        tz=rules.home_zone,
    )
    return (page, Stale.status) if mine.since else page


@blueprint.post("/save")
@guarded(Permission.ADMINISTER)
def save() -> str | Response | tuple[str, int]:
    """Save what was looked at as a new version."""
    part = part_called(request.form.get("part", ""))
    if part is None:
        raise NotFound(N_("There is no such part of the organisation."))
    body, base_id = given_body(), edited(request.form)
    if request.form.get("do") == "plan":
        return _plan(part, body, base_id)
    try:
        row = save_file(db.session, part.file, body, base_id, by=actor(), at=clock.now())
        db.session.commit()
    except Stale:
        db.session.rollback()
        # What was typed is kept, to be looked at again on top of what is new.
        page = preview_file(part, body, base_id)
        return page if isinstance(page, tuple) else (page, Stale.status)
    except Refused as error:
        if error.status != 422:
            raise
        db.session.rollback()
        flash(say(error), "warn")
        return redirect(f"/admin/organisation/{part.code}/", 303)
    flash(
        gettext(
            "Saved as version %(number)s. It applies to everything that starts from now on.",
            number=row.version,
        ),
        "done",
    )
    return redirect(f"/admin/organisation/{part.code}/", 303)


def _plan(part: Part, body: Mapping[str, Any], base_id: int) -> Response | tuple[str, int]:
    """Keep what was looked at for its date."""
    now, zone = clock.now(), current_rules(db.session).home_zone
    try:
        since = instant_given(zone)
        plan_change(
            db.session, part.file, part.file, body, base_id, since=since, by=actor(), at=now
        )
        db.session.commit()
    except Refused as error:
        if error.status not in (409, 422):
            raise
        db.session.rollback()
        page = preview_file(part, body, base_id, [(error.field or "", say(error))])
        return page if isinstance(page, tuple) else (page, error.status)
    flash(gettext("Planned. It comes into force at its date."), "done")
    return redirect("/admin/organisation/plans/", 303)


def _touched(found: Differences, bodies: Bodies) -> list[Touched]:
    """What uses the items that change, where anything does."""
    changed = [each for each in found.items if each.part.makes and each.how is not How.ADDED]
    lines = [_of_item(each, bodies) for each in changed[:_LOOKED_UP] if each.key]
    return [each for each in lines if each.counts or each.named_in]


def _of_item(change: ItemChange, bodies: Bodies) -> Touched:
    name, codes = change.part.makes, [change.key]
    if name in _GROUPED:
        name = _GROUPED[name]
        codes = [str(each["id"]) for each in change.data.get("items", ())]
        if name == "cause":
            codes.append(change.key)
    counts = [
        (gettext(words), gettext("more than %(count)s", count=MOST) if count > MOST else str(count))
        for words, count in who_uses(db.session, name, codes)
    ]
    named = []
    if change.how in (How.RETIRED, How.GONE):
        for each in references_to(change.part.makes, change.key, bodies):
            label = each.label_en if lang() == "en" else each.label_id
            if each.part is None:
                line = gettext(
                    "Policy pack %(name)s, time limits: %(count)s", name=label, count=each.count
                )
            else:
                line = f"{gettext(each.part.item or each.part.title)}: {label}"
            named.append(line)
    return Touched(name_of(change.data, change.key), counts, named)
