"""Which reports come by email: one's own choice, and that of the people one leads."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.documents.reporting.words import DIVISIONS
from complaints.domain.errors import N_
from complaints.domain.notices.report_mail import HOUR, Rhythm
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.formatting import ENGLISH, weekday_names
from complaints.people.notice_choices import ReportChoice, choose_report_mails
from complaints.queries.people.report_mails import (
    reader_named,
    readers_led,
    report_mails_of,
)
from complaints.rulebook import current_rules
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang

blueprint = Blueprint("report_mails", __name__)

#: Rhythm → what it is called, and which days its report covers.
_WORDS = {
    Rhythm.DAILY: (
        N_("Every working day"),
        N_("The days since the last one, up to the day before."),
    ),
    Rhythm.WEEKLY: (N_("Every week"), N_("The week before, from Monday to Sunday.")),
    Rhythm.MONTHLY: (
        N_("Every month"),
        N_("The month before. A month that has no such day sends it on its last day."),
    ),
}


@blueprint.get("/notices/reports")
@guarded(Permission.REPORTS)
def report_mails() -> str:
    """What one gets oneself, or one of one's people."""
    return _page()


@blueprint.post("/notices/reports")
@guarded(Permission.REPORTS)
def choose() -> Response:
    """Keep what was chosen."""
    wanted = {
        rhythm: ReportChoice(
            _day(request.form.get(f"{rhythm.value}-day", "")),
            request.form.get(f"{rhythm.value}-division", "")[:20],
            request.form.get(f"{rhythm.value}-outcomes") == "1",
        )
        for rhythm in Rhythm
        if request.form.get(rhythm.value) == "1"
    }
    choose_report_mails(db.session, _asked(), wanted, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("Your choices are saved."), "done")
    return redirect(_address(_asked()), 303)


def _asked() -> int:
    """For whom: a person's number in the address, oneself without one; 0 where it is no number."""
    person = request.args.get("person")
    return (actor().id if person is None else whole_number(person)) or 0


def _day(typed: str) -> int | None:
    """The day chosen; what is no number is no day either, and nothing at all the first one."""
    if not typed:
        return None
    number = whole_number(typed)
    return -1 if number is None else number


def _address(person: int) -> str:
    return "/notices/reports" if person == actor().id else f"/notices/reports?person={person}"


def _page() -> str:
    rules = current_rules(db.session)
    reader = reader_named(db.session, actor(), _asked())
    kept = report_mails_of(db.session, reader.id)
    weekdays = list(enumerate(weekday_names(lang())))
    days = {
        Rhythm.WEEKLY: [(str(number), name) for number, name in weekdays],
        Rhythm.MONTHLY: [(str(day), str(day)) for day in range(1, 32)],
    }
    return render_template(
        "desk/report_mails.html",
        person=reader if reader.id != actor().id else None,
        action=_address(reader.id),
        hour=f"{HOUR:%H:%M}" if lang() == ENGLISH else f"{HOUR:%H.%M}",
        zone=rules.own_calendar(reader.branch_id).tz,
        rhythms=[
            (rhythm.value, *map(gettext, words), days.get(rhythm, []), kept.get(rhythm.value))
            for rhythm, words in _WORDS.items()
        ],
        divisions=[(name, gettext(words)) for name, words in DIVISIONS.items()],
        people=[
            (each.name, _address(each.id), report_mails_of(db.session, each.id))
            for each in readers_led(db.session, actor())
        ],
        words={rhythm.value: gettext(words[0]) for rhythm, words in _WORDS.items()},
    )
