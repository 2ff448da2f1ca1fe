"""Who else is at a complaint: a page says that it is looked at, and asks who else is."""

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Permission
from complaints.domain.presence import Doing
from complaints.extensions import db
from complaints.queries.complaint.presence import Here, others_here
from complaints.steps.case import view_case
from complaints.steps.colleagues.be_here import be_here
from complaints.web.frame.filters import until_when
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.unchanged import unchanged

blueprint = Blueprint("presence", __name__, url_prefix="/live/here")

#: What colleagues read, with the words that make the catalogue find them.
SENTENCES = {
    Doing.READING: N_("%(name)s also has this complaint open since %(time)s."),
    Doing.WRITING: N_("%(name)s is also working on this complaint since %(time)s and is writing."),
    Doing.AWAY: N_("%(name)s also has this complaint open, but is looking at another page."),
}


@blueprint.get("/<number>")
@guarded(Permission.VIEW)
def who(number: str) -> Response:
    """Who else is here now. None of it is in the mark of what is new on the complaint."""
    now, me = clock.now(), actor()
    case = view_case(db.session, number, by=me, at=now)
    found = others_here(db.session, case.complaint.id, me, now=now)
    first = min((each.until for each in found), default=None)
    unchanged().hangs_on(("here", case.complaint.id), until=first)
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz

    def say(each: Here) -> str:
        return gettext(SENTENCES[each.doing], name=each.name, time=until_when(each.since, zone))

    return jsonify(
        others=[
            {
                "said": say(each),
                "name": each.name,
                "doing": each.doing.value,
                "until": each.until.isoformat(timespec="milliseconds"),
            }
            for each in found
        ]
    )


@blueprint.post("/<number>")
@guarded(Permission.VIEW)
def here(number: str) -> tuple[str, int]:
    """A sign that this person is at the complaint; the page has nothing to show of it."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    said = request.form.get("doing", "")
    if said not in frozenset(Doing):
        raise Invalid(N_("Say whether this complaint is read or written on."), field="doing")
    be_here(case, Doing(said))
    db.session.commit()
    unchanged().changes.touch(("here", case.complaint.id))
    return "", 204
