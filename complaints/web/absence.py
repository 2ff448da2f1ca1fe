"""One's own absence: when, and who stands in."""

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.outbox.wording import HOME_ZONE
from complaints.queries.absences import absences_ahead, deputies_to_choose
from complaints.rulebook import current_rules
from complaints.steps.absence import cancel_absence, note_absence
from complaints.web.errors import say
from complaints.web.guards import actor, guarded
from complaints.web.typed import read_wall

blueprint = Blueprint("absence", __name__, url_prefix="/absence")


@blueprint.get("")
@guarded(Permission.VIEW)
def show() -> str:
    """The absences ahead and the form for another one."""
    return _page()


@blueprint.post("")
@guarded(Permission.VIEW)
def note() -> Response | tuple[str, int]:
    """Note an absence; a refusal shows the form again with what was typed."""
    given = {name: request.form.get(name, "").strip()[:254] for name in ("from", "until", "deputy")}
    try:
        zone = _zone()
        times = {}
        for name in ("from", "until"):
            try:
                times[name] = read_wall(given[name], zone)
            except Invalid as error:
                error.field = name
                raise
        note_absence(
            db.session,
            deputy=given["deputy"],
            from_at=times["from"],
            until_at=times["until"],
            by=actor(),
            at=clock.now(),
        )
    except Refused as error:
        db.session.rollback()
        return _page(given, [(error.field or "", say(error))]), error.status
    db.session.commit()
    flash(gettext("Your absence is noted."), "done")
    return redirect("/absence", 303)


@blueprint.post("/<int:absence_id>/end")
@guarded(Permission.VIEW)
def end(absence_id: int) -> Response:
    """Back again, or not going at all."""
    cancel_absence(db.session, absence_id, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("The absence is ended."), "done")
    return redirect("/absence", 303)


def _page(given: dict[str, str] | None = None, errors: list[tuple[str, str]] | None = None) -> str:
    person = actor()
    return render_template(
        "absence/absence.html",
        absences=absences_ahead(db.session, person.id or 0, now=clock.now()),
        deputies=deputies_to_choose(db.session, person),
        zone=_zone(),
        given=given or {},
        errors=errors or [],
    )


def _zone() -> ZoneInfo:
    """The zone of the person's branch; head office goes by the house's own."""
    branch_id = actor().branch_id
    if branch_id is None:
        return ZoneInfo(HOME_ZONE)
    return current_rules(db.session).calendar_of(branch_id).value.tz
