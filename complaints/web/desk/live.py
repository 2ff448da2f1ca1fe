"""What pages ask again and again while they are open: counts, the board, news of a complaint."""

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext, ngettext
from flask_login import current_user

from complaints import clock
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.complaint.dossier import read_history
from complaints.steps.case import view_case
from complaints.web.complaint.timeline import history_lines
from complaints.web.desk.board import board_shown
from complaints.web.frame.changes import scopes_of
from complaints.web.frame.filters import instant_short
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.layout import up_to_99
from complaints.web.frame.unchanged import unchanged

blueprint = Blueprint("live", __name__, url_prefix="/live")

#: So many lines of news are said; behind them stands how many more there are.
MOST_LINES = 3


@blueprint.get("/counts")
@guarded(Permission.VIEW)
def counts() -> Response:
    """The numbers in the header, and how they are said."""
    me = actor()
    unchanged().hangs_on(*scopes_of(me.id, me.branch_id, leads=me.has(Permission.BOARD)))
    found = current_user.counts
    unread, waiting = up_to_99(found.unread), up_to_99(found.decisions)
    return jsonify(
        unread=unread if found.unread else "",
        decisions=waiting if found.decisions else "",
        bell=gettext("Notifications: %(count)s unread", count=unread),
    )


@blueprint.get("/board")
@guarded(Permission.BOARD)
def board() -> str:
    """The view of the board that is open, as it stands now."""
    me = actor()
    unchanged().hangs_on(*scopes_of(me.id, me.branch_id, leads=True))
    return render_template("desk/board_view.html", **board_shown())


@blueprint.get("/complaints/<number>")
@guarded(Permission.VIEW)
def complaint(number: str) -> Response:
    """What was recorded on a complaint since the page was drawn, by others or by itself."""
    now = clock.now()
    case = view_case(db.session, number, by=actor(), at=now)
    found = case.complaint
    unchanged().hangs_on(("complaint", found.id))
    seen = whole_number(request.args.get("seen", ""))
    since = found.history_seq if seen is None else seen
    if since >= found.history_seq:
        return jsonify(seen=found.history_seq, news=[], said="")
    rows = read_history(db.session, found.id, since=since, limit=MOST_LINES)
    zone = case.rules.calendar_of(found.branch_id).value.tz
    news = [
        f"{line.title} · {line.who}, {instant_short(line.at, zone)}"
        for line in history_lines(case, rows, zone)
    ]
    many = found.history_seq - since
    said = ngettext(
        "%(num)d new entry on this complaint", "%(num)d new entries on this complaint", many
    )
    return jsonify(seen=found.history_seq, news=news, said=said)
