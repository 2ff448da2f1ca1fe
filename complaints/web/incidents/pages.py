"""Incidents: the list with its alarms, a new one, and one with all that can be done about it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, do_once
from complaints.channels.incident_acts import close, link_each, tell
from complaints.channels.one_by_one import RowResult
from complaints.domain.errors import Refused
from complaints.domain.incidents.rules import How, Telling, may_decide
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.models import Incident
from complaints.queries.incidents.known import known_incidents, suggested_for
from complaints.queries.incidents.listing import alarms_for, list_incidents
from complaints.queries.incidents.single import (
    entries_of,
    find_incident,
    linked_page,
    reach_of,
    told_of,
)
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.incidents.open import (
    LONGEST,
    amend_incident,
    approve_words,
    number_of,
    open_incident,
    settle_spike,
)
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.frame.errors import say
from complaints.web.frame.form_parsing import one_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.times import Times
from complaints.web.incidents.forms import (
    ACTS,
    EVERYWHERE,
    HOWS,
    TELLINGS,
    Errors,
    Given,
    filled,
    kind_choices,
    kind_word,
    place_word,
    read_given,
    read_numbers,
    say_rows,
    states_words,
    typed,
    words_of,
)

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")

Answer = Response | str | tuple[str, int]

#: How long an alarm that nobody has looked at stands on the list.
ALARM_STANDS = timedelta(days=3)


@blueprint.get("")
@guarded(Permission.VIEW)
def overview() -> str:
    """The incidents, open ones first, and alarms that nobody has looked at."""
    rules, me = current_rules(db.session), actor()
    before = whole_number(request.args.get("before", ""))
    page = list_incidents(db.session, before=before)
    return render_template(
        "incidents/list.html",
        page=page,
        alarms=() if before else alarms_for(db.session, me, since=clock.now() - ALARM_STANDS),
        is_first=before is None,
        tz=_zone(rules),
        **_words(rules),
    )


@blueprint.get("/new")
@guarded(Permission.INCIDENT)
def new() -> str:
    """The form of a new incident; with an alarm, its kind and place."""
    rules, me = current_rules(db.session), actor()
    given = {"branch": "", "category": ""}
    spike_id = whole_number(request.args.get("alarm", ""))
    if spike_id is not None:
        for each in alarms_for(db.session, me, since=clock.now() - ALARM_STANDS):
            if each.id == spike_id:
                branch = rules.branches.get(each.branch_id or 0)
                given = {
                    "category": each.category,
                    "branch": branch.code if branch else EVERYWHERE,
                }
    return _new_page(given, spike_id=spike_id)


@blueprint.post("")
@guarded(Permission.INCIDENT)
def create() -> Answer:
    """Open it once, however often the form is sent."""
    given, me, now = typed(), actor(), clock.now()
    spike_id = whole_number(request.form.get("alarm", ""))

    def do() -> Done:
        rules = current_rules(db.session)
        told = read_given(given, rules.own_calendar(me.branch_id))
        made = open_incident(db.session, rules, told, by=me, at=now, spike_id=spike_id)
        return Done({"number": number_of(made)})

    try:
        done = do_once(db.session, do, one_time(request.form, "incidents", me), at=now)
    except Refused as error:
        db.session.rollback()
        return _new_page(given, [(error.field or "", say(error))], spike_id), error.status
    flash(gettext("Incident %(number)s is open.", number=done.answer["number"]), "done")
    return redirect(f"/incidents/{done.answer['number']}", 303)


@blueprint.get("/known")
@guarded(Permission.INTAKE)
def known() -> str:
    """What is known at a place of a category: a part of the page of whoever takes a complaint."""
    rules, me = current_rules(db.session), actor()
    branch = rules.branches_by_code.get(request.args.get("branch", ""))
    branch_id = branch.id if branch else me.branch_id
    category = request.args.get("category", "")[:60]
    found = (
        known_incidents(db.session, rules, category=category, branch_id=branch_id)
        if category
        else ()
    )
    return render_template("incidents/known.html", known=found, tz=_zone(rules), **_words(rules))


@blueprint.post("/alarms/<int:spike_id>")
@guarded(Permission.INCIDENT)
def settle(spike_id: int) -> Response:
    """The alarm is no incident."""
    settle_spike(db.session, spike_id, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("The alarm is settled: no common cause."), "done")
    return redirect("/incidents", 303)


@blueprint.get("/<number>")
@guarded(Permission.VIEW)
def one(number: str) -> str:
    """One incident."""
    return _page(number)


@blueprint.post("/<number>")
@guarded(Permission.INCIDENT)
def amend(number: str) -> Answer:
    """What is known now."""
    given = typed()
    rules = current_rules(db.session)
    try:
        told = read_given(given, rules.own_calendar(actor().branch_id))
        amend_incident(db.session, rules, number, told, by=actor(), at=clock.now())
    except Refused as error:
        return _again(number, error, "amend", given)
    db.session.commit()
    flash(gettext("The incident is updated."), "done")
    return redirect(f"/incidents/{number}", 303)


@blueprint.post("/<number>/approval")
@guarded(Permission.INCIDENT)
def approve(number: str) -> Answer:
    """The words may be told."""
    try:
        approve_words(db.session, number, by=actor(), at=clock.now())
    except Refused as error:
        return _again(number, error, "words")
    db.session.commit()
    flash(gettext("The words are approved."), "done")
    return redirect(f"/incidents/{number}", 303)


@blueprint.post("/<number>/complaints")
@guarded(Permission.INCIDENT)
def link(number: str) -> Answer:
    """Link complaints, or take them out; each by itself."""
    form = request.form
    ticked = form.getlist("ids")[:500]
    pasted = form.get("numbers", "")[:10_000]
    how = How.SUGGESTED if ticked else How.BY_HAND
    removes = form.get("do") == "remove"
    wanted = [*ticked, *read_numbers(pasted)]
    try:
        rows = link_each(
            db.session, number, wanted, by=actor(), at=clock.now(), how=how, removes=removes
        )
    except Refused as error:
        return _again(number, error, "link", {"numbers": pasted})
    _say_linked(rows, removes)
    refused = say_rows(rows)
    if refused:
        return _page(number, rows=refused, given={"numbers": " ".join(n for n, _ in refused)}), 409
    return redirect(f"/incidents/{number}#linked", 303)


@blueprint.post("/<number>/message")
@guarded(Permission.INCIDENT)
def message(number: str) -> Answer:
    """Tell all linked customers; sent twice it reaches nobody twice."""
    text = request.form.get("text", "").replace("\r\n", "\n")[: LONGEST + 1]
    text_en = request.form.get("text_en", "").replace("\r\n", "\n")[: LONGEST + 1]
    try:
        told = tell(db.session, number, text=text, text_en=text_en, by=actor(), at=clock.now())
    except Refused as error:
        return _again(number, error, "message", {"text": text, "text_en": text_en})
    said = ", ".join(f"{words}: {many}" for words, many in states_words(told.states))
    flash(gettext("Customers told. %(states)s", states=said), "done")
    return redirect(f"/incidents/{number}#told", 303)


@blueprint.post("/<number>/closure")
@guarded(Permission.INCIDENT)
def end(number: str) -> Answer:
    """The cause is gone."""
    text = request.form.get("closing", "")[: LONGEST + 1]
    try:
        close(db.session, number, text=text, by=actor(), at=clock.now())
    except Refused as error:
        return _again(number, error, "closing", {"closing": text})
    flash(gettext("The incident is closed. Its complaints go on with their handlers."), "done")
    return redirect(f"/incidents/{number}", 303)


def _say_linked(rows: list[RowResult], removes: bool) -> None:
    done = sum(each.is_done for each in rows)
    there = sum(each.state == "unchanged" for each in rows)
    if done:
        words = (
            gettext("Taken out: %(count)s", count=done)
            if removes
            else gettext("Linked: %(count)s", count=done)
        )
        flash(words, "done")
    if there:
        flash(gettext("Nothing to change: %(count)s", count=there), "note")


def _again(number: str, error: Refused, part: str, given: Given | None = None) -> Answer:
    """The page with what was refused and what was typed."""
    db.session.rollback()
    if error.status not in (403, 409, 422):
        raise error
    errors = [(error.field or "", say(error))]
    return _page(number, part=part, given=given, errors=errors), error.status


def _new_page(given: Given, errors: Errors = (), spike_id: int | None = None) -> str:
    rules = current_rules(db.session)
    return render_template(
        "incidents/new.html",
        given=given,
        errors=errors,
        wrong=dict(errors),
        key=request.form.get("one_time_key", "")[:120] or new_key(),
        spike_id=spike_id,
        approves=may_decide(actor(), actor().branch_id),
        **_choices(rules),
    )


def _page(
    number: str,
    *,
    part: str = "",
    given: Given | None = None,
    errors: Errors = (),
    rows: Errors = (),
) -> str:
    rules, me = current_rules(db.session), actor()
    incident = find_incident(db.session, number)
    before = whole_number(request.args.get("before", "")) if request.method == "GET" else None
    is_open = incident.closed_at is None
    acts = is_open and me.has(Permission.INCIDENT)
    zone = _zone(rules)
    linked = linked_page(db.session, me, incident, rules, before=before)
    return render_template(
        "incidents/one.html",
        incident=incident,
        number=number_of(incident),
        linked=linked,
        is_first=before is None,
        told=told_of(db.session, incident.id),
        entries=entries_of(db.session, incident.id),
        reach=reach_of(db.session, incident.id) if acts else None,
        suggested=suggested_for(db.session, rules, me, incident) if acts else (),
        acts=acts,
        decides=is_open and may_decide(me, incident.branch_id),
        may_amend=acts and _is_own(incident),
        part=part,
        typed=given or {},
        given=given if part == "amend" and given else filled(incident, rules, zone),
        errors=errors,
        wrong=dict(errors),
        rows=rows,
        tz=zone,
        **_choices(rules),
        **_words(rules),
    )


def _is_own(incident: Incident) -> bool:
    own = actor().branch_id
    return own is None or incident.branch_id in (None, own)


def _choices(rules: RuleBook) -> dict[str, object]:
    own = actor().branch_id
    return {
        "times": Times(rules.own_calendar(own), ""),
        "kinds": kind_choices(rules),
        "branches": [
            *((each.code, each.name) for each in rules.branches_in_use if own in (None, each.id)),
            (EVERYWHERE, gettext("all branches")),
        ],
    }


def _words(rules: RuleBook) -> dict[str, object]:
    return {
        "number_of": number_of,
        "kind_of": lambda code: kind_word(rules, code),
        "place_of": lambda branch_id: place_word(rules, branch_id),
        "states_words": states_words,
        "told_word": lambda state: words_of(TELLINGS, state),
        "how_word": lambda how: words_of(HOWS, how),
        "act_word": lambda what: words_of(ACTS, what),
        "waits": Telling.WAITING,
    }


def _zone(rules: RuleBook) -> ZoneInfo:
    return rules.own_calendar(actor().branch_id).tz
