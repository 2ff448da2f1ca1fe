"""Drafts of the intake form: saved while somebody types, thrown away, and the queue of an outage.

The page's script asks here and reads JSON; what it is refused for says what became of the words.
"""

from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, request
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.drafts import Typed, save_draft, throw_away
from complaints.actions.idempotency import KeyReused
from complaints.domain.errors import Refused
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.rulebook import current_rules
from complaints.web.frame.branches import branch_of
from complaints.web.frame.form_parsing import errors_of, key_of
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.kept_drafts import Answer, keep_draft, typed_fields
from complaints.web.intake.recording import (
    ACT,
    REGISTER,
    SAVE,
    own_id,
    record_form,
    say_sent,
)

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/complaints/new/session")
@guarded(Permission.INTAKE)
def session() -> Response:
    """Who is logged in, and the key that forms of theirs carry from now on."""
    return jsonify(person=str(actor().id), csrf_token=generate_csrf())


@blueprint.post("/complaints/new/draft")
@guarded(Permission.INTAKE)
def keep() -> Answer:
    """Keep the form as it stands; 409 where it was sent or changed elsewhere."""
    return _keep(request.form, clock.now())


@blueprint.post("/complaints/new/queued")
@guarded(Permission.INTAKE)
def queued() -> Answer:
    """Record a form that waited in a browser for the server; what cannot be is kept as a draft."""
    form, now = request.form, clock.now()
    wanted = REGISTER if form.get("do") == REGISTER else SAVE
    try:
        recorded = record_form(form, wanted, now)
    except KeyReused as reused:
        rules = current_rules(db.session)
        sent = say_sent(rules, branch_of(rules, form), reused.at or now, reused.complaint_id)
        return jsonify(kind="recorded", sentence=sent, href="/complaints"), 200
    except Refused as error:
        why = " ".join(sentence for _, sentence in errors_of(error))
        answer, status = _keep(form, now)
        kept = answer.get_json()
        if status == 200:
            kept |= {
                "kind": "draft",
                "sentence": why,
                "href": f"/complaints/new?draft={kept['id']}",
            }
        return jsonify(kept), status
    number = recorded.number
    sentence = gettext("Sent as %(number)s. Tell the customer this number.", number=number)
    return jsonify(kind="recorded", number=number, sentence=sentence, href=recorded.to), 200


@blueprint.post("/drafts/<int:draft>/discard")
@guarded(Permission.VIEW)
def discard(draft: int) -> Response:
    """Throw a draft of one's own away; `back` leads to the page of its form, empty again."""
    act = throw_away(db.session, own_id(), draft)
    db.session.commit()
    flash(gettext("The draft was discarded."), "done")
    return redirect(f"/complaints/{act}" if "back" in request.form and act != ACT else "/", 303)


def keep_for_later(form: MultiDict[str, str], now: datetime) -> Response:
    """The customer left before anything was told: what there is waits on the desk as a draft."""
    if not any(value.strip() for name, value in typed_fields(form) if name.startswith("customer.")):
        flash(gettext("Nothing was told and nothing was recorded."), "note")
        return redirect("/", 303)
    save_draft(db.session, _typed(form, has_left=True), at=now)
    db.session.commit()
    flash(
        gettext(
            "Nothing was told yet, so there is no complaint. What you typed waits as a draft on "
            "your home page."
        ),
        "note",
    )
    return redirect("/", 303)


def _keep(form: MultiDict[str, str], now: datetime) -> Answer:
    rules = current_rules(db.session)
    branch = branch_of(rules, form)
    return keep_draft(
        _typed(form),
        rules.calendar_of(branch.id).value.tz,
        address=lambda draft_id: f"/complaints/new?draft={draft_id}",
        say_sent=lambda sent: say_sent(rules, branch, sent.at, sent.complaint_id),
        now=now,
    )


def _typed(form: MultiDict[str, str], *, has_left: bool = False) -> Typed:
    return Typed(
        owner_id=own_id(),
        act=ACT,
        key=key_of(form),
        fields=typed_fields(form),
        seen=whole_number(form.get("seen", "")),
        has_left=has_left,
    )
