"""When somebody is away and who stands in: one's own absence, and that of one's people."""

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import Refused
from complaints.domain.permissions import Actor, Permission
from complaints.extensions import db
from complaints.people.absences import cancel_absence, note_absence
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.people.absences import (
    absences_ahead,
    absences_before,
    deputies_to_choose,
    people_led,
    person_led,
)
from complaints.rulebook import current_rules
from complaints.web.frame.choices import told_apart
from complaints.web.frame.errors import say
from complaints.web.frame.form_parsing import AWAY_FROM, AWAY_UNTIL, read_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.times import Times

blueprint = Blueprint("absence", __name__, url_prefix="/absence")

Answer = Response | tuple[str, int]


@blueprint.get("")
@guarded(Permission.BE_AWAY)
def show() -> str:
    """One's own absences and the form for another one; for who leads, the way to their people."""
    return _page(actor())


@blueprint.post("")
@guarded(Permission.BE_AWAY)
def note() -> Answer:
    """Note one's own absence; a refusal shows the form again with what was typed."""
    return _note(actor())


@blueprint.get("/of/<int:user_id>")
@guarded(Permission.LEAD)
def show_of(user_id: int) -> str:
    """The absences of one of one's people."""
    return _page(person_led(db.session, actor(), user_id))


@blueprint.post("/of/<int:user_id>")
@guarded(Permission.LEAD)
def note_of(user_id: int) -> Answer:
    """Note the absence of one of one's people."""
    return _note(person_led(db.session, actor(), user_id))


@blueprint.post("/<int:absence_id>/end")
@guarded(Permission.BE_AWAY)
def end(absence_id: int) -> Response:
    """Back again, or not going at all."""
    absence = cancel_absence(db.session, absence_id, by=actor(), at=clock.now())
    user_id = absence.user_id
    db.session.commit()
    flash(gettext("The absence is ended."), "done")
    return redirect("/absence" if user_id == actor().id else f"/absence/of/{user_id}", 303)


def _note(person: Actor) -> Answer:
    names = (AWAY_FROM, AWAY_UNTIL, "deputy")
    given = {name: request.form.get(name, "").strip()[:254] for name in names}
    try:
        zone = _zone(person)
        times = {name: read_time(name, given[name], zone) for name in (AWAY_FROM, AWAY_UNTIL)}
        note_absence(
            db.session,
            deputy=given["deputy"],
            from_at=times[AWAY_FROM],
            until_at=times[AWAY_UNTIL],
            by=actor(),
            at=clock.now(),
            person_id=person.id,
        )
    except Refused as error:
        db.session.rollback()
        return _page(
            person, given, [(_FIELDS.get(error.field or "", ""), say(error))]
        ), error.status
    db.session.commit()
    is_own = person.id == actor().id
    flash(
        gettext("Your absence is recorded.") if is_own else gettext("The absence is recorded."),
        "done",
    )
    return redirect(_path(person), 303)


def _page(
    person: Actor,
    given: dict[str, str] | None = None,
    errors: list[tuple[str, str]] | None = None,
) -> str:
    me, now = actor(), clock.now()
    is_own = person.id == me.id
    return render_template(
        "people/absence.html",
        person=person,
        is_own=is_own,
        path=_path(person),
        absences=absences_ahead(db.session, person.id or 0, now=now),
        before=absences_before(db.session, person.id or 0, now=now),
        deputies=told_apart(current_rules(db.session), deputies_to_choose(db.session, person)),
        most_choices=MOST_CHOICES,
        people=people_led(db.session, me, now=now) if is_own and me.has(Permission.LEAD) else [],
        zone=_zone(person),
        year=now.astimezone(_zone(person)).year,
        times=_times(person),
        given=given or {},
        errors=errors or [],
    )


#: What a step or a field calls it → the field of the form.
_FIELDS = {
    **{name: name for name in (AWAY_FROM, AWAY_UNTIL, "deputy")},
    "from": AWAY_FROM,
    "until": AWAY_UNTIL,
}


def _times(person: Actor) -> Times:
    """How the fields read and show times: by the calendar of whoever is away."""
    rules = current_rules(db.session)
    if person.branch_id is not None:
        return Times.of_branch(rules, person.branch_id)
    return Times(rules.own_calendar(None), "")


def _path(person: Actor) -> str:
    return "/absence" if person.id == actor().id else f"/absence/of/{person.id}"


def _zone(person: Actor) -> ZoneInfo:
    """The zone of the person's branch; head office goes by the organisation's own."""
    return current_rules(db.session).own_calendar(person.branch_id).tz
