"""Recording a new complaint: one page in the order of the conversation, the story first.

What is typed is kept in the tab only (sessionStorage, half an hour, gone with the logout and once
it is recorded): a desk is shared, and "save for now" keeps the words properly from the start.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, KeyReused, do_once
from complaints.actions.intake import record_intake
from complaints.contacts import beginning_of_phone
from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.domain.scripts import FACE_TO_FACE, LANGUAGES, talk_on
from complaints.extensions import db
from complaints.formatting import say_instant, zone_label
from complaints.queries.lists.customers import find_contacts, look_up
from complaints.rulebook import BranchRule, RuleBook, current_rules
from complaints.steps.case import Case
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.complaint.scripts import talk_of
from complaints.web.frame.choices import category_choices, product_choices
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import errors_of, one_time, read_typed, read_wall, wall_value
from complaints.web.frame.guards import actor, guarded
from complaints.web.intake.form import in_words_of_the_form, read_intake
from complaints.web.intake.preview import Preview, preview
from complaints.web.intake.script_card import manners_on_card, script_card

blueprint = Blueprint("intake", __name__)

#: The first acts that may be excused, and their criteria.
_EXCUSABLE = {"attestation": "020-1.1", "confirmation": "020-1.2", "apology": "020-1.3"}


@blueprint.get("/complaints/new")
@guarded(Permission.INTAKE)
def new() -> str:
    """The empty page."""
    return _page(Filled(), clock.now())


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
        if wanted == "propose" and not typed.get("received_at", "").strip():
            # The deadline that is shown now is the one that will be told, so its start stands.
            rules = current_rules(db.session)
            calendar = rules.calendar_of(_branch(rules, form).id).value
            typed["received_at"] = wall_value(now, calendar.tz)
        return _page(Filled(typed=typed, key=_key(form)), now)
    try:
        to = _record(form, wanted == "register", now)
    except KeyReused:
        error = Refused(
            N_(
                "This form was already recorded. Look for the complaint in the list first; "
                "sending it again records a second one."
            )
        )
        return _page(Filled(typed=form, errors=errors_of(error)), now), error.status
    except Refused as error:
        # The same key: if the first sending did arrive after all, this one records nothing.
        filled = Filled(typed=form, errors=errors_of(error), key=_key(form))
        return _page(filled, now), error.status
    return redirect(to, 303)


@blueprint.get("/complaints/new/promise")
@guarded(Permission.INTAKE)
def promise() -> str:
    """Priority, deadline and steps for what is chosen so far; nothing is stored."""
    rules = current_rules(db.session)
    now = clock.now()
    branch = _branch(rules, request.args)
    foreseen = _foresee(rules, branch, request.args, now)
    filled = Filled(proposed={"promise.steps": foreseen.steps})
    return render_template("intake/promise.html", **_promise_context(filled, foreseen, now, rules))


@blueprint.get("/customers")
@guarded(Permission.INTAKE)
def customers() -> str:
    """Known customers that fit what is typed, with their open complaints."""
    return render_template("intake/customers.html", **_found(request.args, ""))


def _record(form: MultiDict[str, str], registers: bool, now: datetime) -> str:
    """Record the form once; returns where to go from here."""
    person = actor()

    def do() -> Done:
        rules = current_rules(db.session)
        branch = _branch(rules, form)
        given = read_typed(form, rules.calendar_of(branch.id).value.tz, rules.organisation.currency)
        intake = read_intake(rules, given, registers=registers)
        with in_words_of_the_form(rules, form.get("story", "")):
            case = record_intake(db.session, rules, intake, branch=branch.code, by=person, now=now)
        number = case.number
        path = f"/complaints/{number}"
        to = f"{path}/receipt" if registers else path
        return Done({"to": to, "said": _said(case, registers)}, case.complaint.id)

    done = do_once(db.session, do, one_time(form, "complaints/new", person), at=now)
    if done.is_repeat:
        return str(done.answer["to"])
    flash(done.answer["said"], "done")
    return str(done.answer["to"])


def _said(case: Case, registers: bool) -> str:
    """What the desk does now: hand the receipt over, or tell the number to somebody far away."""
    if not registers:
        return gettext(
            "Saved as %(number)s. Its deadlines are running; continue with the next step.",
            number=case.number,
        )
    if talk_of(case) == FACE_TO_FACE:
        return gettext(
            "Registered as %(number)s. Print the receipt and hand it over.", number=case.number
        )
    if case.complaint.contact_email:
        return gettext(
            "Registered as %(number)s. Tell the customer this number; the receipt goes to them by "
            "email.",
            number=case.number,
        )
    return gettext("Registered as %(number)s. Tell the customer this number.", number=case.number)


def _talk(rules: RuleBook, form: MultiDict[str, str]) -> str:
    """How one talks on the channel that is chosen; face to face where none is."""
    channel = rules.taxonomy.channels.get(form.get("channel", ""))
    return talk_on(channel) if channel else FACE_TO_FACE


def _page(filled: Filled, now: datetime) -> str:
    person, rules = actor(), current_rules(db.session)
    form = filled.typed if filled.typed is not None else MultiDict()
    branch = _branch(rules, form)
    zone = rules.calendar_of(branch.id).value.tz
    foreseen = _foresee(rules, branch, form, now)
    if not any(name.startswith("promise.steps.") and form[name].strip() for name in form):
        filled.proposed = {"promise.steps": foreseen.steps}
    taxonomy = rules.taxonomy
    return render_template(
        "intake/new.html",
        reasons={
            noun: [(each.id, label(each)) for each in rules.exits.reasons_for(criterion)]
            for noun, criterion in _EXCUSABLE.items()
        },
        branch=branch,
        branches=[(each.code, each.name) for each in rules.branches.values()]
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
        return read_wall(text, zone) if text.strip() else now
    except Invalid:
        return now


def _found(values: MultiDict[str, str], known: str) -> dict[str, Any]:
    """Known customers for the look-up field; a chosen one stays chosen."""
    text = values.get("customer.q", "") or values.get("q", "")
    rules = current_rules(db.session)
    found = look_up(db.session, text[:100], actor(), phone=beginning_of_phone(text[:100]))
    return {"found": found, "asked": text.strip(), "known": known, "taxonomy": rules.taxonomy}


def _branch(rules: RuleBook, values: MultiDict[str, str]) -> BranchRule:
    """The person's own branch; head office chooses one."""
    own = actor().branch_id
    if own is not None:
        return rules.branches[own]
    chosen = rules.branches_by_code.get(values.get("branch", ""))
    if chosen is None and not rules.branches:
        raise Forbidden(N_("There is no branch to record complaints for."))
    return chosen or next(iter(rules.branches.values()))


def _key(form: MultiDict[str, str]) -> str:
    return form.get("one_time_key", "")[:120]
