"""A time as it was typed, said back: asked by the fields of all pages that take one."""

from flask import Blueprint, Response, jsonify, request

from complaints.domain.errors import Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.formatting import say_instant
from complaints.rulebook import current_rules
from complaints.web.frame.errors import say
from complaints.web.frame.form_parsing import read_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang

blueprint = Blueprint("said_time", __name__)

#: Longer names and texts are not those of a field of ours.
_LONGEST = 80


@blueprint.get("/said-time")
@guarded(Permission.VIEW)
def said_time() -> Response:
    """The time in full, or why it is none; by the calendar of the branch, else of one's own."""
    name, text = request.args.get("name", "")[:_LONGEST], request.args.get("text", "")[:_LONGEST]
    rules = current_rules(db.session)
    branch = rules.branches_by_code.get(request.args.get("branch", ""))
    calendar = rules.own_calendar(branch.id if branch is not None else actor().branch_id)
    try:
        at = read_time(name, text, calendar.tz, calendar)
    except Refused as error:
        return jsonify(wrong=say(error))
    return jsonify(said=say_instant(at, calendar.tz, lang()))
