"""Recording a new complaint: one page in the order of the conversation, the story first.

What is typed is kept as a draft of its own person on the server (`drafts`), and while there is no
server in the browser; both are gone once it is recorded.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import KeyReused
from complaints.contacts import beginning_of_phone
from complaints.domain.errors import Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.domain.scripts import FACE_TO_FACE, LANGUAGES, talk_on
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.formatting import say_instant, zone_label
from complaints.queries.lists.customers import find_contacts, look_up
from complaints.queries.people.drafts import DraftOpened, open_draft
from complaints.rulebook import BranchRule, RuleBook, current_rules
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.branches import branch_of
from complaints.web.frame.choices import category_choices, product_choices
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import errors_of, key_of, read_time, wall_value
from complaints.web.frame.guards import actor, guarded, planned_once
from complaints.web.frame.times import Times
from complaints.web.intake.categories import suggested
from complaints.web.intake.drafts import keep_for_later
from complaints.web.intake.preview import Preview, preview
from complaints.web.intake.recording import (
    ACT,
    LEFT,
    record_form,
    say_sent,
)
from complaints.web.intake.script_card import manners_on_card, script_card

blueprint = Blueprint("intake", __name__)

#: Where the list of mistakes leads when a field of that name is none that can be gone to.
ANCHORS = {
    "customer.known": "f-customer.q",
    "customer.contact": "f-customer.phone",
    "customer.same_person": "f-customer.same_person-true",
    "attestation": "f-attestation.listened",
    "attestation.unable": "f-attestation.unable.reason",
    "confirmation": "f-confirmation.summary",
    "confirmation.answer": "f-confirmation.answer-yes",
    "confirmation.unable": "f-confirmation.unable.reason",
    "apology": "f-apology.said",
    "apology.unable": "f-apology.unable.reason",
    "promise": "f-promise.told",
    "promise.steps": "f-promise.steps.0.what",
}

#: The first acts that may be excused, and their criteria.
_EXCUSABLE = {"attestation": "020-1.1", "confirmation": "020-1.2", "apology": "020-1.3"}


@blueprint.get("/complaints/new")
@guarded(Permission.INTAKE)
@planned_once(lambda: not request.query_string)
def new() -> Response | str:
    """The empty page, or a draft as it was left."""
    asked = whole_number(request.args.get("draft", ""))
    if asked is None:
        return _page(Filled(), clock.now())
    draft = open_draft(db.session, actor(), asked, ACT)
    if draft is None:
        flash(gettext("There is no such draft any more: it was sent or discarded."), "note")
        return redirect("/complaints/new")
    return _page(Filled(typed=MultiDict(draft.fields), key=draft.key), clock.now(), draft)


@blueprint.post("/complaints/new")
@guarded(Permission.INTAKE)
def receive() -> Response | str | tuple[str, int]:
    """Record what the conversation came to; a refusal keeps every word.

    `do` is register (the whole intake), save (what there is so far), or look and propose, which
    only fill the page for people without JavaScript.
    """
    now, form = clock.now(), request.form
    wanted = form.get("do", "look")
    if wanted in ("look", "propose"):
        typed = MultiDict(form)
        if form.get("pick"):
            typed["category"] = form["pick"]
        if wanted == "propose" and not typed.get("received_at", "").strip():
            # The deadline that is shown now is the one that will be told, so its start stands.
            rules = current_rules(db.session)
            calendar = rules.calendar_of(branch_of(rules, form).id).value
            typed["received_at"] = wall_value(now, calendar.tz)
        return _page(Filled(typed=typed, key=key_of(form)), now)
    if wanted == LEFT and not form.get("story", "").strip():
        return keep_for_later(form, now)
    try:
        recorded = record_form(form, wanted, now)
    except KeyReused as reused:
        return _sent_before(form, reused, now)
    except Refused as error:
        # The same key: if the first sending did arrive after all, this one records nothing.
        filled = Filled(typed=form, errors=errors_of(error), key=key_of(form))
        return _page(filled, now), error.status
    if recorded.said:
        flash(recorded.said, "done")
    return redirect(recorded.to, 303)


def _sent_before(form: MultiDict[str, str], reused: KeyReused, now: datetime) -> tuple[str, int]:
    """The form came with other words than the first time; sent again it has a new key."""
    rules = current_rules(db.session)
    sent = say_sent(rules, branch_of(rules, form), reused.at or now, reused.complaint_id)
    sentence = gettext(
        "%(sent)s Look at that complaint first; sending this form again records a second one.",
        sent=sent,
    )
    filled = Filled(typed=form, errors=[("", sentence)])
    return _page(filled, now), reused.status


@blueprint.get("/complaints/new/promise")
@guarded(Permission.INTAKE)
def promise() -> str:
    """Priority, deadline and steps for what is chosen so far; nothing is stored."""
    rules = current_rules(db.session)
    now = clock.now()
    branch = branch_of(rules, request.args)
    foreseen = _foresee(rules, branch, request.args, now)
    filled = Filled(proposed={"promise.steps": foreseen.steps})
    times = Times(rules.calendar_of(branch.id).value)
    told = _promise_context(filled, foreseen, now, rules)
    return render_template("intake/promise.html", times=times, **told)


@blueprint.get("/customers")
@guarded(Permission.INTAKE)
def customers() -> str:
    """Known customers that fit what is typed, with their open complaints."""
    return render_template("intake/customers.html", **_found(request.args, ""))


def _talk(rules: RuleBook, form: MultiDict[str, str]) -> str:
    """How one talks on the channel that is chosen; face to face where none is."""
    channel = rules.taxonomy.channels.get(form.get("channel", ""))
    return talk_on(channel) if channel else FACE_TO_FACE


def _page(filled: Filled, now: datetime, draft: DraftOpened | None = None) -> str:
    person, rules = actor(), current_rules(db.session)
    form = filled.typed if filled.typed is not None else MultiDict()
    branch = branch_of(rules, form)
    zone = rules.calendar_of(branch.id).value.tz
    foreseen = _foresee(rules, branch, form, now)
    if not any(name.startswith("promise.steps.") and form[name].strip() for name in form):
        filled.proposed = {"promise.steps": foreseen.steps}
    taxonomy = rules.taxonomy
    return render_template(
        "intake/new.html",
        times=Times(rules.calendar_of(branch.id).value),
        suggested=suggested(rules, form, now),
        anchors=ANCHORS,
        reasons={
            noun: [(each.id, label(each)) for each in rules.exits.reasons_for(criterion)]
            for noun, criterion in _EXCUSABLE.items()
        },
        draft=draft,
        me=person.id,
        branch=branch,
        branches=[(each.code, each.name) for each in rules.branches_in_use]
        if person.branch_id is None
        else [],
        channels=[
            (each.id, label(each)) for each in taxonomy.channels.values() if not each.retired
        ],
        talks={each.id: talk_on(each) for each in taxonomy.channels.values()},
        talk=_talk(rules, form),
        categories=category_choices(rules),
        products=product_choices(rules),
        tiers=[(each.id, label(each)) for each in taxonomy.tiers.values()],
        needs=[(each.id, label(each)) for each in taxonomy.needs.values()],
        salutations=rules.organisation.salutations,
        opened=wall_value(now, zone),
        card=script_card(rules, person, branch.id, form, now),
        manners=manners_on_card(rules),
        **_found(form, form.get("customer.known", "")),
        **_promise_context(filled, foreseen, now, rules),
    )


def _promise_context(
    filled: Filled, foreseen: Preview, now: datetime, rules: RuleBook
) -> dict[str, Any]:
    return {
        "form": filled,
        "foreseen": foreseen,
        "rules": rules,
        "my_name": actor().name,
        "zone": foreseen.zone,
        "zone_word": zone_label(now.astimezone(foreseen.zone)),
        "deadline_words": say_instant(foreseen.due_at, foreseen.zone, LANGUAGES[0])
        if foreseen.due_at
        else "",
    }


def _foresee(
    rules: RuleBook, branch: BranchRule, values: MultiDict[str, str], now: datetime
) -> Preview:
    zone = rules.calendar_of(branch.id).value.tz
    known = find_contacts(db.session, values.get("customer.known", ""))
    needs = (*values.getlist("customer.needs"), *(known.needs if known else ()))
    return preview(
        db.session,
        rules,
        branch=branch.code,
        channel=values.get("channel", ""),
        category=values.get("category"),
        tier=known.tier if known else values.get("customer.tier", ""),
        needs=needs,
        product=values.get("product", ""),
        received_at=_received(values.get("received_at", ""), zone, now),
        by=actor(),
        now=now,
    )


def _received(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    try:
        return read_time("received_at", text, zone) if text.strip() else now
    except Invalid:
        return now


def _found(values: MultiDict[str, str], known: str) -> dict[str, Any]:
    """Known customers for the look-up field; a chosen one stays chosen."""
    text = values.get("customer.q", "") or values.get("q", "")
    rules = current_rules(db.session)
    found = look_up(db.session, text[:100], actor(), phone=beginning_of_phone(text[:100]))
    return {"found": found, "asked": text.strip(), "known": known, "taxonomy": rules.taxonomy}
