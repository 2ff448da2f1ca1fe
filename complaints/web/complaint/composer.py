"""Writing to the customer: ten kinds of letter on one page, as it will leave, by mail or paper.

A letter is taken by the act behind its kind. What it will look like is found by taking the act and
letting it go again: nothing is kept of a preview. Files chosen here are stored at once and carried
by the form, so that they are still there after a preview or a refusal; they become files of the
complaint with the letter that they go with, or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, do_once
from complaints.actions.letter_kinds import COMPOSED, Composed, LetterAsked, act_of_letter
from complaints.actions.reading import read_body
from complaints.actions.recording import ActGiven, Uploads, record_given, require_role
from complaints.actions.registry import find_act
from complaints.channels.office import this_office
from complaints.channels.uploads import (
    carry,
    require_still_kept,
    take_carried,
    take_uploads,
    takes_files,
)
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.files.keep import KeptFile
from complaints.queries.complaint.letters import letters_of
from complaints.steps.case import Case, view_case
from complaints.steps.letters.drafts import draft_letter
from complaints.web.complaint.files_shown import limits_hint
from complaints.web.complaint.forms.enclosure_choices import enclosure_choices
from complaints.web.complaint.forms.ending_choices import outcome_choices
from complaints.web.complaint.forms.letter_choices import letter_lines
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.complaint.journey import may_do
from complaints.web.complaint.letter_preview import Preview, preview_letters
from complaints.web.complaint.recorded import say_recorded
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import OWN, errors_of, one_time, read_typed
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.times import Times

blueprint = Blueprint("composer", __name__)

#: Kind → what it is called and which field holds its words, in the order of a complaint's life.
KINDS: Mapping[str, tuple[str, str]] = {
    "acknowledgement": (N_("Acknowledgement"), N_("Words of the letter")),
    "question": (N_("Question"), N_("What we ask")),
    "news": (N_("Update"), N_("What is new")),
    "cause-explanation": (N_("Cause explained"), N_("The cause in plain words")),
    "offer": (N_("Offer"), N_("What is offered, in a sentence")),
    "reminder": (N_("Reminder of the offer"), ""),
    "extension": (N_("Extension"), N_("Why it takes longer")),
    "decision": (N_("Decision"), N_("Words of the letter")),
    "closing": (N_("Closing"), ""),
    "survey": (N_("Is it settled?"), ""),
}
#: Fields of the form that are no part of the letter.
_OWN = OWN | {"preview", "kept"}


@dataclass(slots=True, kw_only=True)
class LetterForm(Filled):
    """The form of one kind of letter."""

    kind: str
    version: int | None
    #: Files that the form carries: what the browser sends again, and the file.
    carried: Sequence[tuple[str, KeptFile]] = ()
    #: Files were chosen that had to be let go, because one of them was refused.
    is_lost: bool = False


@dataclass(slots=True)
class _Sent:
    """What was sent with the form, and the files of it that are stored by now."""

    typed: MultiDict[str, str]
    files: list[KeptFile]
    #: Those that came with this very request have been stored too.
    is_whole: bool = False


@blueprint.get("/complaints/<number>/letters/new")
@guarded(Permission.VIEW)
def new(number: str) -> str:
    """The page on which a letter is written, with the words to begin with."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    kinds = kinds_for(case)
    kind = request.args.get("kind", "")
    if kind not in kinds:
        kind = "news" if "news" in kinds else next(iter(kinds), "")
    return _page(case, kinds, kind, {"text": draft_letter(case, kind)} if kind else {})


@blueprint.post("/complaints/<number>/letters/new")
@takes_files
@guarded(Permission.VIEW)
def write(number: str) -> str | Response | tuple[str, int]:
    """Write the letter, or show what will leave and keep nothing."""
    now, person, form = clock.now(), actor(), request.form
    case = view_case(db.session, number, by=person, at=now)
    # Whoever may not even tell a customer the news writes no letter at all.
    require_role(person, COMPOSED["news"].noun)
    number, kind = case.number, form.get("kind", "")
    kinds = kinds_for(case)
    sent = _Sent(form, take_carried(form.getlist("kept"), _whose(case)))
    try:
        _take_files(sent)
        case = view_case(db.session, number, by=person, at=now)
        act, enclosing = _act(case, form), Uploads(sent.files, "desk")
        if "preview" in form:
            shown = preview_letters(
                number, act, by=person, now=now, office=this_office(), enclosing=enclosing
            )
            case = view_case(db.session, number, by=person, at=now)
            return _page(case, kinds, kind, {}, sent=sent, shown=shown)

        def do() -> Done:
            recorded = record_given(
                db.session, number, act.noun, act.given, by=person, now=now, enclosing=enclosing
            )
            said = say(recorded.said) if recorded.said else say_recorded(recorded)
            return Done({"to": _onward(recorded), "said": said}, recorded.complaint.id)

        bodies = [each.as_body() for each in sent.files]
        once = one_time(form, f"{number}/letters/new", person, bodies)
        done = do_once(db.session, do, once, at=now)
    except Refused as error:
        db.session.rollback()
        case = view_case(db.session, number, by=person, at=now)
        kind = kind if kind in kinds else next(iter(kinds), "")
        return _page(case, kinds, kind, {}, sent=sent, error=error), error.status
    if not done.is_repeat:
        flash(done.answer["said"])
    return redirect(done.answer["to"], 303)


def _take_files(sent: _Sent) -> None:
    """Store what came with the form, beside what it carries already; raises Refused."""
    known = {(each.sha256, each.name) for each in sent.files}
    new = take_uploads(request.files.getlist("files"))
    sent.files += [each for each in new if (each.sha256, each.name) not in known]
    sent.is_whole = True
    require_still_kept(sent.files)


def _whose(case: Case) -> str:
    """Whose form it is: files that it carries are nothing to another complaint or colleague."""
    return f"letter:{case.number}:{case.by.id}"


def kinds_for(case: Case) -> list[str]:
    """The kinds of letter that this person may write at this stage."""
    status = case.complaint.status
    return [kind for kind in KINDS if may_do(case.by, COMPOSED[kind].noun, status)]


def _act(case: Case, form: MultiDict[str, str]) -> ActGiven:
    """The act behind what was typed; raises Refused."""
    if form.get("kind", "") not in KINDS:
        raise Invalid(N_("Choose what kind of letter it is."), field="kind")
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    currency = case.rules.organisation.currency
    typed = read_typed(form, calendar.tz, currency, without=_OWN, calendar=calendar)
    given = {name: value for name, value in typed.items() if value not in ("", None)}
    return act_of_letter(read_body(LetterAsked, given), case.complaint)


def _onward(case: Case) -> str:
    """Where it leads: to the sheet of a letter that has to be printed, else to the complaint."""
    path = f"/complaints/{case.number}"
    case.session.flush()
    newest = letters_of(case.session, case.complaint.id)[-1:]
    waits = [each for each in newest if each.via == "letter" and each.state == "queued"]
    return f"{path}/letters/{waits[0].id}" if waits else path


def _page(
    case: Case,
    kinds: Sequence[str],
    kind: str,
    proposed: Mapping[str, Any],
    *,
    sent: _Sent | None = None,
    error: Refused | None = None,
    shown: Sequence[Preview] | None = None,
) -> str:
    complaint = case.complaint
    form = _form(case, kind, proposed, sent, error) if kind in kinds else None
    return render_template(
        "complaint/compose.html",
        number=case.number,
        path=f"/complaints/{case.number}",
        complaint=complaint,
        kinds=[(each, KINDS[each][0]) for each in kinds],
        words=KINDS[kind][1] if form else "",
        composed=COMPOSED[kind] if form else None,
        form=form,
        choices=_choices(case, kind),
        letters=letter_lines(case),
        enclosures=enclosure_choices(case) if form and _takes_files(case, kind) else None,
        files_hint=limits_hint(),
        shown=shown,
        times=Times.of_branch(case.rules, complaint.branch_id),
    )


def _form(
    case: Case,
    kind: str,
    proposed: Mapping[str, Any],
    sent: _Sent | None,
    error: Refused | None,
) -> LetterForm:
    composed = COMPOSED[kind]
    errors = [
        (_place_of(name, composed), words) for name, words in (errors_of(error) if error else ())
    ]
    is_kept_open = find_act(composed.noun).is_kept_open
    return LetterForm(
        kind=kind,
        version=None if is_kept_open else case.complaint.version,
        proposed={"method": "email" if case.complaint.contact_email else "letter", **proposed},
        typed=sent.typed if sent else None,
        errors=errors,
        carried=carry(sent.files, _whose(case)) if sent else (),
        is_lost=bool(sent and not sent.is_whole and any(request.files.getlist("files"))),
    )


def _place_of(name: str, composed: Composed) -> str:
    """Where a mistake is shown: what the act calls otherwise stands in the field of the words."""
    if name and name == composed.text:
        return "text"
    # Both lists of files stand in one place, and so does each file of them.
    return "enclose" if name.partition(".")[0] in ("enclose", "enclose_internal") else name


def _takes_files(case: Case, kind: str) -> bool:
    """Whether files may go with a letter of this kind; an extension is told by email alone."""
    composed = COMPOSED[kind]
    is_sent = composed.leaves or bool(case.complaint.contact_email)
    return "enclose" in composed.takes and is_sent


def _choices(case: Case, kind: str) -> Sequence[tuple[str, str]]:
    """What may be chosen with a kind: the solutions of an offer, the outcomes of a closing."""
    if kind == "offer":
        remedies = case.rules.taxonomy.remedies_of(case.complaint.category)
        return [(each.id, label(each)) for each in remedies if each.kind != "internal"]
    return outcome_choices(case) if kind == "closing" else ()
