"""Who leads a unit, said on the page of the account."""

from flask import Blueprint, flash, redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.people.unit_leads import end_lead, make_lead
from complaints.web.frame.errors import say
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("unit_leads", __name__, url_prefix="/admin/people")


@blueprint.post("/<int:user_id>/lead")
@guarded(Permission.ADMINISTER)
def lead(user_id: int) -> Response:
    """Let them lead the unit they belong to."""
    try:
        user = make_lead(db.session, user_id, by=actor(), at=clock.now())
    except Refused as error:
        db.session.rollback()
        if error.status != 409:
            raise
        flash(say(error), "stop")
        return redirect(f"/admin/people/{user_id}", 303)
    db.session.commit()
    flash(gettext("%(name)s leads the unit now.", name=user.name), "done")
    return redirect(f"/admin/people/{user_id}", 303)


@blueprint.post("/<int:user_id>/lead/end")
@guarded(Permission.ADMINISTER)
def no_lead(user_id: int) -> Response:
    """Let them lead no unit any more."""
    user = end_lead(db.session, user_id, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("%(name)s leads no unit any more.", name=user.name), "done")
    return redirect(f"/admin/people/{user_id}", 303)
