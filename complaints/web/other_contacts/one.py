"""One contact: who said what, and its short end; handed over, noted on, ended, made a complaint."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.idempotency import Done, do_once
from complaints.actions.other_contacts import (
    EndBody,
    HandOverBody,
    MakeComplaintBody,
    NoteBody,
    complain_with,
    end_with,
    give_over,
    note_with,
)
from complaints.actions.reading import read_body
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.other_contacts.acts import ContactState
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.improvement.lists import actions_of_contact
from complaints.queries.other_contacts.files import files_of_contact
from complaints.queries.other_contacts.view import read_contact
from complaints.steps.other_contacts.record import ContactCase, open_contact, view_contact
from complaints.web.complaint.files_shown import limits_hint
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.choices import category_choices, team_choices
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import one_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.other_contacts.forms import means_words, read_act, said_errors
from complaints.web.other_contacts.words import ACTS, ENDS, LETTERS, MEANS, STATES

blueprint = Blueprint("contact", __name__, url_prefix="/contacts")

_PERSON = tuple(f"customer.{name}" for name in ("name", "salutation", "phone", "email"))
#: The last part of an address → body, fields, step, and what is said afterwards.
_ACTS: Mapping[str, tuple[type[Part], tuple[str, ...], Callable[..., Any], str]] = {
    "handover": (
        HandOverBody,
        ("team", "note", "reference"),
        give_over,
        N_("Sent. The unit has been notified."),
    ),
    "note": (NoteBody, ("text",), note_with, N_("The note was saved.")),
    "end": (
        EndBody,
        ("words", "method", "team", "person", "reference"),
        end_with,
        N_("Finished."),
    ),
    "complaint": (
        MakeComplaintBody,
        ("reason", "category", *_PERSON),
        complain_with,
        N_("This is complaint %(number)s now. Its deadlines count from when the contact came in."),
    ),
}


@blueprint.get("/<number>")
@guarded(Permission.VIEW)
def read(number: str) -> str:
    """One contact with what may be done."""
    return show_contact(view_contact(db.session, number, by=actor(), at=clock.now()))


@blueprint.post("/<number>/<act>")
@guarded(Permission.NOTE)
def do(number: str, act: str) -> Response | tuple[str, int]:
    """Do one thing to it, once; a refusal keeps every word."""
    if act not in _ACTS:
        raise NotFound(N_("There is no such page."))
    person, now, form = actor(), clock.now(), request.form
    view_contact(db.session, number, by=person, at=now)
    body, fields, step, sentence = _ACTS[act]
    seen = whole_number(form.get("version", ""))

    def record() -> Done:
        case = open_contact(db.session, number, by=person, at=now, version=seen)
        made = step(case, read_body(body, read_act(form, fields)))
        to = f"/complaints/{made}" if made else f"/contacts/{case.number}"
        return Done({"to": to, "number": made or case.number})

    try:
        once = one_time(form, f"contacts/{number.upper()}/{act}", person)
        done = do_once(db.session, record, once, at=now)
    except Refused as error:
        db.session.rollback()
        if error.status in (403, 404):
            raise
        filled = Filled(typed=form, errors=said_errors(error))
        return show_contact(_view(number, now), act, filled), error.status
    if not done.is_repeat:
        flash(gettext(sentence, number=done.answer["number"]), "done")
    return redirect(str(done.answer["to"]), 303)


def _view(number: str, now: datetime) -> ContactCase:
    return view_contact(db.session, number, by=actor(), at=now)


def show_contact(case: ContactCase, act: str = "", filled: Filled | None = None) -> str:
    """The page of one contact; a form that was refused stands open with what was typed."""
    contact, rules, person = case.contact, case.rules, actor()
    view = read_contact(db.session, rules, contact)
    kind = rules.taxonomy.not_complaints.get(contact.kind)
    team = rules.teams.get(contact.team_id or 0)
    ending = kind.ending.value if kind else "answered"
    is_open = contact.state == ContactState.OPEN
    heading, words, button = ENDS[ending]
    return render_template(
        "other_contacts/one.html",
        view=view,
        contact=contact,
        actions=actions_of_contact(db.session, rules, actor(), contact.id),
        kind=label(kind) if kind else contact.kind,
        channel=label(rules.taxonomy.channels[contact.channel])
        if contact.channel in rules.taxonomy.channels
        else contact.channel,
        team=label(team) if team else "",
        branch=rules.branches[contact.branch_id].name,
        state=STATES[contact.state],
        zone=rules.calendar_of(contact.branch_id).value.tz,
        acts=ACTS,
        means_of=MEANS,
        letter=gettext(LETTERS[view.letter_state]) if view.letter_state in LETTERS else "",
        ending=ending,
        end_heading=gettext(heading),
        end_words=gettext(words),
        end_button=gettext(button),
        may_end=is_open and person.has(Permission.HANDLE),
        may_note=person.has(Permission.NOTE),
        may_complain=contact.state != ContactState.COMPLAINT and person.has(Permission.INTAKE),
        teams=team_choices(rules, team.code if team else ""),
        team_code=team.code if team else "",
        categories=category_choices(rules),
        means=means_words(MEANS, has_email=bool(contact.customer_email)),
        form_of=lambda name: filled if filled is not None and name == act else Filled(),
        open_act=act,
        files=files_of_contact(db.session, contact.id),
        files_hint=limits_hint(),
        rules=rules,
    )
