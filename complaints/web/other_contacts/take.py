"""Taking a contact that is no complaint: a page of its own, and one click from the intake."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.drafts import INTAKE, forget_sent
from complaints.actions.idempotency import Done, do_once
from complaints.actions.other_contacts import ContactBody
from complaints.actions.reading import read_body
from complaints.domain.errors import Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.rulebook import current_rules
from complaints.steps.other_contacts.take import take_contact
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.branches import branch_of
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import one_time, read_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.other_contacts.forms import means_words, read_contact, said_errors
from complaints.web.other_contacts.words import MEANS

blueprint = Blueprint("take_contact", __name__)


@blueprint.get("/contacts/new")
@guarded(Permission.INTAKE)
def new() -> str:
    """The empty form; `kind` may be chosen by the address."""
    kind = request.args.get("kind", "")[:40]
    return _page(Filled(proposed={"kind": kind, "channel": "walk_in"}))


@blueprint.post("/contacts/new")
@guarded(Permission.INTAKE)
def take() -> Response | tuple[str, int]:
    """Record it once; a refusal keeps every word."""
    form, now = request.form, clock.now()
    try:
        to = _record(form, now)
    except Refused as error:
        db.session.rollback()
        typed = MultiDict(form)
        if not typed.get("words"):
            typed["words"] = typed.get("story", "")
        key = form.get("one_time_key", "")[:120]
        filled = Filled(typed=typed, errors=said_errors(error), key=key)
        return _page(filled), error.status
    return redirect(to, 303)


def _record(form: MultiDict[str, str], now: datetime) -> str:
    person = actor()

    def do() -> Done:
        forget_sent(db.session, person.id or 0, INTAKE, form.get("one_time_key", "")[:120])
        rules = current_rules(db.session)
        branch = branch_of(rules, form)
        zone = rules.calendar_of(branch.id).value.tz
        typed = form.get("received_at", "").strip()
        received = read_time("received_at", typed, zone).isoformat() if typed else ""
        given, known = read_contact(form, received)
        body = read_body(ContactBody, given)
        told = body.given(branch=branch.code, now=now, source="desk", known_id=known)
        case = take_contact(db.session, rules, told, by=person, at=now)
        return Done({"to": f"/contacts/{case.number}", "number": case.number})

    done = do_once(db.session, do, one_time(form, "contacts/new", person), at=now)
    if not done.is_repeat:
        flash(gettext("Recorded as %(number)s.", number=done.answer["number"]), "done")
    return str(done.answer["to"])


def _page(filled: Filled) -> str:
    person, rules = actor(), current_rules(db.session)
    taxonomy = rules.taxonomy
    branch = branch_of(rules, filled.typed if filled.typed is not None else MultiDict())
    return render_template(
        "other_contacts/new.html",
        form=filled,
        kinds=[(each.id, label(each)) for each in taxonomy.not_complaints.values()],
        channels=[
            (each.id, label(each)) for each in taxonomy.channels.values() if not each.retired
        ],
        branch=branch,
        branches=[(each.code, each.name) for each in rules.branches_in_use]
        if person.branch_id is None
        else [],
        means=means_words(MEANS, has_email=True),
    )
