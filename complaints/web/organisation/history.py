"""The history of a part: who changed what, when; and taking a change back."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.parts import Part
from complaints.domain.parts.differences import Differences, differences
from complaints.domain.permissions import Permission
from complaints.domain.policies.three_way_merge import merge_edits
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.rules.file_versions import ON_A_PAGE, FileVersion, file_versions
from complaints.rulebook import current_rules
from complaints.rules.in_force import bodies_in_force
from complaints.rules.parts import file_in_force
from complaints.web.frame.errors import say
from complaints.web.frame.guards import guarded
from complaints.web.organisation.change_words import change_lines
from complaints.web.organisation.pages import get_part
from complaints.web.organisation.preview import preview_file

blueprint = Blueprint("organisation_history", __name__, url_prefix="/admin/organisation")


@blueprint.get("/<part_code>/history")
@guarded(Permission.ADMINISTER)
def history(part_code: str) -> str:
    """The versions of the part's file, with what each changed in it."""
    return _page(get_part(part_code))


@blueprint.post("/<part_code>/undo")
@guarded(Permission.ADMINISTER)
def undo(part_code: str) -> str | Response | tuple[str, int]:
    """What taking one change back would change: everything saved after it stays."""
    part = get_part(part_code)
    number = whole_number(request.form.get("version", "")) or 0
    versions = [
        each for each in file_versions(db.session, part.file, number + 1) if each.number == number
    ]
    if not versions or versions[0].before is None:
        raise NotFound(N_("There is no such version."))
    newest = file_in_force(db.session, part.file)
    try:
        return preview_file(part, _without(versions[0], newest.body), newest.id)
    except Refused as error:
        if error.status != 422:
            raise
        db.session.rollback()
        return _page(part, [("", say(error))]), 422


def _without(version: FileVersion, newest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The newest file without what one version changed."""
    body = merge_edits(version.body, newest, version.before)
    assert isinstance(body, Mapping)
    return body


def _page(part: Part, errors: list[tuple[str, str]] | None = None) -> str:
    below = whole_number(request.args.get("below", ""))
    found = file_versions(db.session, part.file, below)
    bodies = bodies_in_force(db.session)
    lines = [(each, _lines(part, each, bodies)) for each in found[:ON_A_PAGE]]
    return render_template(
        "organisation/history.html",
        part=part,
        versions=lines,
        older=found[ON_A_PAGE - 1].number if len(found) > ON_A_PAGE else None,
        is_first=below is None,
        errors=errors or [],
        tz=current_rules(db.session).home_zone,
    )


def _lines(part: Part, version: FileVersion, bodies: Any) -> Any:
    """What a version changed in this part; the first one began it."""
    if version.before is None:
        return None
    found = differences(part.file, version.before, version.body)
    own = Differences(tuple(each for each in found.items if each.part.code == part.code))
    return change_lines(own, {**bodies, part.file: {part.file: version.body}})
