"""The pages of a conversation: one page, one submit, everything or nothing.

What is wrong is said of all parts at once, beside their fields; no word that was typed is lost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.conversation import Problem, find_problems
from complaints.actions.idempotency import Done, KeyReused, do_once
from complaints.actions.reading import BodyErrors
from complaints.actions.recording import ActGiven, record_several
from complaints.domain.errors import N_, Invalid, Refused, Stale
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.complaint.dossier import read_history
from complaints.queries.people.drafts import DraftOpened
from complaints.steps.case import Case, view_case
from complaints.web.complaint.conversations import analysis, drafts, findings, resolution
from complaints.web.complaint.conversations.next_up import next_up
from complaints.web.complaint.conversations.parts import Part, Taken, Typed
from complaints.web.complaint.conversations.said import say_conversation
from complaints.web.complaint.form_on_page import news_since
from complaints.web.complaint.forms.open_form import Filled, new_key
from complaints.web.complaint.forms.refusal import refusal
from complaints.web.complaint.journey import may_do
from complaints.web.complaint.money import needs_approval
from complaints.web.complaint.page import Page, page_context, read_page
from complaints.web.complaint.scripts import language_of, worth
from complaints.web.frame.form_parsing import Errors, errors_of, key_of, one_time, read_typed, said
from complaints.web.frame.guards import actor, guarded, planned_once
from complaints.web.frame.kept_drafts import Answer

blueprint = Blueprint("conversations", __name__)

Parts = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Talk:
    """One of the conversations; `first` is the noun without which none of it can follow."""

    first: str
    parts: Callable[[Page, datetime, MultiDict[str, str]], dict[str, Part]]
    proposed: Callable[[Page, Parts], dict[str, Any]]
    read: Callable[[Page, Parts, Typed], list[Taken]]
    facts: Callable[[Page], dict[str, Any]]


TALKS: Mapping[str, Talk] = {
    "analysis": Talk(
        first="cause",
        parts=lambda page, now, form: analysis.analysis_parts(page, now, _category(form)),
        proposed=analysis.proposed_for_analysis,
        read=analysis.read_analysis,
        facts=lambda page: {
            "categories": analysis.analysis_categories(page),
            "may_override": analysis.may_override(page),
        },
    ),
    "resolution": Talk(
        first="cause-explanation",
        parts=lambda page, now, form: resolution.resolution_parts(page, now),
        proposed=resolution.proposed_for_resolution,
        read=resolution.read_resolution,
        facts=lambda page: {"elsewhere": resolution.elsewhere(page)},
    ),
    "findings": Talk(
        first="parties/acceptance",
        parts=lambda page, now, form: findings.findings_parts(page, now),
        proposed=findings.proposed_for_findings,
        read=findings.read_findings,
        facts=lambda page: {},
    ),
}


@blueprint.get("/complaints/<number>/<any(analysis, resolution, findings):kind>")
@guarded(Permission.HANDLE)
@planned_once()
def show(number: str, kind: str) -> str:
    """The conversation as far as it has come: what stands is shown, what is open is asked.

    What the person has begun to write and not sent stands in it again, on whatever machine.
    """
    now = clock.now()
    case = view_case(db.session, number, by=actor(), at=now)
    upcoming = next_up(case, now) if "next" in request.args else None
    draft = drafts.begun(case, kind)
    if draft is None:
        return _render(case, kind, now, upcoming=upcoming)
    typed = MultiDict(draft.fields)
    return _render(case, kind, now, typed=typed, draft=draft, is_resumed=True, upcoming=upcoming)


@blueprint.post("/complaints/<number>/<any(analysis, resolution, findings):kind>/draft")
@guarded(Permission.HANDLE)
def keep_draft(number: str, kind: str) -> Answer:
    """Keep what stands in the form for its writer alone; nothing of it is recorded."""
    now = clock.now()
    case = view_case(db.session, number, by=actor(), at=now)
    return drafts.keep(case, kind, request.form, now)


@blueprint.get("/complaints/<number>/analysis/follows")
@guarded(Permission.HANDLE)
def follows(number: str) -> str:
    """Units, priority and plan for the category being chosen; nothing is stored."""
    now, args = clock.now(), request.args
    page = read_page(view_case(db.session, number, by=actor(), at=now), now)
    parts = analysis.analysis_parts(page, now, _category(args))
    typed = Filled(typed=args)
    is_own = analysis.is_own_plan(page, typed.rows("plan.steps"))
    form = Filled(proposed=analysis.proposed_for_analysis(page, parts))
    return render_template(
        "complaint/conversations/follows.html",
        **{**page_context(page, now), "form": form},
        parts=parts,
        has_plan="has_plan" in args,
        is_own_plan=is_own,
        may_override=analysis.may_override(page),
    )


@blueprint.post("/complaints/<number>/<any(analysis, resolution, findings):kind>")
@guarded(Permission.HANDLE)
def record(number: str, kind: str) -> Response | str | tuple[str, int]:
    """Record the whole conversation, or say all that is wrong with it and record nothing.

    `do` look only fills the page again, and `keep` only keeps what is typed, for people without
    JavaScript.
    """
    now, person, form = clock.now(), actor(), request.form
    case = view_case(db.session, number, by=person, at=now)
    number = case.number
    if form.get("do") == "look":
        typed = _proposed_anew(case, kind, now, form)
        return _render(case, kind, now, typed=typed, draft=_own_draft(case, kind, form))
    if form.get("do") == "keep":
        return _keep_by_button(case, kind, now, form)
    page = read_page(case, now)
    parts = TALKS[kind].parts(page, now, form)
    given, unreadable = _read(case, form)
    taken = TALKS[kind].read(page, parts, given)
    acts = _versioned(taken, form)
    seen = case.complaint.history_seq

    def do() -> Done:
        if unreadable:
            raise BodyErrors(unreadable)
        if not acts:
            _refuse_empty(case, form)
        drafts.forget(case, kind, form)
        recorded = record_several(db.session, number, acts, by=person, now=now)
        entries = read_history(db.session, recorded.complaint.id, since=seen, limit=40)
        answer = {"to": _onward(recorded, kind), "said": say_conversation(recorded, entries)}
        return Done(answer, recorded.complaint.id)

    try:
        done = do_once(db.session, do, one_time(form, f"{number}/{kind}", person), at=now)
    except KeyReused:
        error: Refused = Stale(
            N_(
                "This form was already recorded. Read what is new, then send again if "
                "something is still to be added."
            )
        )
        return _again(number, kind, form, errors_of(error), error)
    except Refused as error:
        problems = find_problems(db.session, number, acts, error, by=person, now=now)
        if unreadable:
            problems = _others(number, acts, now)
        errors = [(name, said(each)) for name, each in unreadable]
        fresh = view_case(db.session, number, by=person, at=now)
        errors += [each for problem in problems for each in _beside(fresh, taken, problem)]
        return _again(number, kind, form, errors or errors_of(error), error)
    if not done.is_repeat:
        flash(done.answer["said"], "done")
    return redirect(done.answer["to"], 303)


def _keep_by_button(
    case: Case, kind: str, now: datetime, form: MultiDict[str, str]
) -> Response | tuple[str, int]:
    number = case.number
    try:
        drafts.keep_by_button(case, kind, form, now)
    except Refused as error:
        db.session.rollback()
        return _again(number, kind, form, errors_of(error), error)
    return redirect(f"/complaints/{number}/{kind}", 303)


def _others(number: str, acts: Sequence[ActGiven], now: datetime) -> list[Problem]:
    """What else is wrong beside a time or a sum that cannot be read."""
    try:
        record_several(db.session, number, acts, by=actor(), now=now)
    except Refused as error:
        db.session.rollback()
        return find_problems(db.session, number, acts, error, by=actor(), now=now)
    finally:
        db.session.rollback()
    return []


def _read(case: Case, form: MultiDict[str, str]) -> tuple[Typed, list[tuple[str, Invalid]]]:
    """The form as nested values, and which times and sums in it cannot be read."""
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    wrong: list[tuple[str, Invalid]] = []
    currency = case.rules.organisation.currency
    return read_typed(form, calendar.tz, currency, calendar=calendar, wrong=wrong), wrong


def _versioned(taken: Sequence[Taken], form: MultiDict[str, str]) -> list[ActGiven]:
    """The acts, each with the version of the complaint that the page was written on."""
    version = whole_number(form.get("version", ""))
    named = {"version": version} if version is not None else {}
    return [ActGiven(each.act.noun, {**each.act.given, **named}) for each in taken]


def _refuse_empty(case: Case, form: MultiDict[str, str]) -> None:
    """Nothing is left to record: somebody else has done it meanwhile, or nothing was filled in."""
    version = whole_number(form.get("version", ""))
    if version is not None and version != case.complaint.version:
        raise Stale(
            N_(
                "Someone else recorded something on this complaint while you "
                "were writing. Check the changes, then send again; your text is "
                "saved."
            )
        )
    raise Invalid(N_("Nothing is filled in yet. What is not known yet may stay open."))


def _beside(case: Case, taken: Sequence[Taken], problem: Problem) -> Errors:
    """A problem as the fields of the page that it is about, each with its sentence."""
    part, error = taken[problem.index].part, problem.error
    noun = taken[problem.index].act.noun
    if noun == "answer" and not isinstance(error, Invalid) and _waits_for_approval(case, taken):
        sentence = N_(
            "This offer has to be approved first. Leave the answer empty; it is recorded once "
            "the offer has been decided on."
        )
        return [(f"{part}.answer", said(Invalid(sentence)))]
    prefix = "commitments" if noun == "commitments/done" else part
    return [(_field(prefix, name), sentence) for name, sentence in errors_of(error)]


def _field(prefix: str, name: str) -> str:
    """The field of the page for the field of an act; the part itself for none."""
    if name == "category":
        return "record.category"
    if name == "id":
        name = "ids"
    if name == "method":
        return name
    if name == "unable":
        name = "unable.reason"
    return f"{prefix}.{name}" if name else prefix


def _waits_for_approval(case: Case, taken: Sequence[Taken]) -> bool:
    offers = [each.act.given for each in taken if each.act.noun == "offer"]
    return any(needs_approval(case, str(each.get("amount", ""))) for each in offers)


def _onward(case: Case, kind: str) -> str:
    """Where to go on: from the analysis straight to the resolution, where nothing is waited for."""
    path = f"/complaints/{case.number}"
    status = Status(case.complaint.status)
    if kind == "analysis" and status is Status.IN_HANDLING and may_do(case.by, "offer", status):
        path += "/resolution"
    return f"{path}?next=1"


def _category(form: MultiDict[str, str]) -> str:
    return form.get("record.category", "").strip()[:60]


def _proposed_anew(
    case: Case, kind: str, now: datetime, form: MultiDict[str, str]
) -> MultiDict[str, str]:
    """What was typed, with units and steps of the category that is chosen now."""
    typed = MultiDict(form)
    if kind != "analysis":
        return typed
    page = read_page(case, now)
    proposed = TALKS[kind].proposed(page, TALKS[kind].parts(page, now, form))
    typed.setlist("parties.teams", proposed["parties.teams"])
    typed.setlist("parties.desk", [proposed["parties.desk"]] if proposed["parties.desk"] else [])
    if not analysis.is_own_plan(page, Filled(typed=typed).rows("plan.steps")):
        for name in [each for each in typed if each.startswith("plan.steps.")]:
            del typed[name]
        for place, row in enumerate(proposed["plan.steps"]):
            for name, value in row.items():
                typed[f"plan.steps.{place}.{name}"] = value
    return typed


def _again(
    number: str, kind: str, form: MultiDict[str, str], errors: Errors, error: Refused
) -> tuple[str, int]:
    """The page after a refusal: every word in its place, and what somebody else did meanwhile."""
    now = clock.now()
    case = view_case(db.session, number, by=actor(), at=now)
    draft = _own_draft(case, kind, form)
    page = _render(case, kind, now, typed=form, errors=errors, error=error, draft=draft)
    return page, error.status


def _own_draft(case: Case, kind: str, form: MultiDict[str, str]) -> DraftOpened | None:
    """The draft of this very form, which goes on with it; of another tab's it knows nothing."""
    draft = drafts.begun(case, kind)
    return draft if draft is not None and draft.key == key_of(form) else None


def _render(
    case: Case,
    kind: str,
    now: datetime,
    *,
    typed: MultiDict[str, str] | None = None,
    errors: Errors | None = None,
    error: Refused | None = None,
    draft: DraftOpened | None = None,
    **more: Any,
) -> str:
    talk, page = TALKS[kind], read_page(case, now)
    parts = talk.parts(page, now, typed if typed is not None else MultiDict())
    if typed is not None:
        for part in parts.values():
            part.kept = _kept(part, typed)
        if isinstance(error, Stale):
            page.news = news_since(page, typed)
    return render_template(
        f"complaint/conversations/{kind}.html",
        **{
            **page_context(page, now),
            "form": Filled(
                key=draft.key if draft else new_key(),
                proposed=talk.proposed(page, parts),
                typed=typed,
                errors=list(errors or ()),
            ),
        },
        draft=draft,
        kind=kind,
        parts=parts,
        refusal=refusal(case, page.dossier, page.pending, talk.first),
        worth=worth(case.rules.organisation.currency, language_of(case)),
        kinds={kind: gettext(words) for kind, words in drafts.CONVERSATIONS.items()},
        **talk.facts(page),
        **more,
    )


def _kept(part: Part, typed: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What was typed into a part that is not asked any more; shown, and sent along unchanged."""
    if part.is_asked:
        return []
    prefix = f"{part.key}."
    named = [each for each in typed.items(multi=True) if each[0].startswith(prefix)]
    return [
        (name, value) for name, value in named if value.strip() and not name.endswith(".due_at")
    ]
