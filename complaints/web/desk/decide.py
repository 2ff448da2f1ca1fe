"""Deciding on a card of the board: its form, and the step behind it, without leaving the board.

The forms and the steps are those of the complaint page. With JavaScript the form opens within the
card and the answer takes the card's place; without it each is a small page of its own.
"""

import re

from flask import Blueprint, flash, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, KeyReused, do_once
from complaints.actions.recording import record_given, require_role
from complaints.domain.errors import N_, NotFound, Refused, Stale
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.steps.case import Case, view_case
from complaints.web.complaint.form_on_page import open_form
from complaints.web.complaint.page import Page, read_page, render_page
from complaints.web.complaint.recorded import say_recorded
from complaints.web.frame.errors import say
from complaints.web.frame.form_parsing import one_time, read_typed
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("decide", __name__)

#: What can be decided on a card.
ON_CARDS = frozenset(
    {
        "acknowledgement",
        "assignment",
        "countersignature",
        "escalation/return",
        "extension/approval",
        "offer/approval",
        "resumption",
    }
)
_IDS = re.compile(r'(?<= )(?:id|for|list|aria-describedby|href)="[^"]*"')


@blueprint.get("/board/<number>/<path:noun>")
@guarded(Permission.BOARD)
def ask(number: str, noun: str) -> str | Response:
    """The form of a decision: a part of the card, or a page where it is opened as one."""
    page = _page(number, noun)
    if _gone(page, noun):
        return _shown(page, said="", news=())
    open_form(page, noun, "", page.case.at)
    return _form(page)


@blueprint.post("/board/<number>/<path:noun>")
@guarded(Permission.BOARD)
def decide(number: str, noun: str) -> str | Response | tuple[str, int, dict[str, str]]:
    """Take the step; a refusal shows the form again, or that somebody else has decided."""
    now, person, form = clock.now(), actor(), request.form
    case = _case(number, noun)
    number = case.number
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    try:
        currency = case.rules.organisation.currency
        given = read_typed(form, calendar.tz, currency, calendar=calendar)

        def do() -> Done:
            recorded = record_given(db.session, number, noun, given, by=person, now=now)
            said = say(recorded.said) if recorded.said else say_recorded(recorded)
            return Done({"said": said}, recorded.complaint.id)

        done = do_once(db.session, do, one_time(form, f"{number}/{noun}", person), at=now)
    except KeyReused:
        return _refused(number, noun, Stale(N_("This decision was already recorded.")))
    except Refused as error:
        return _refused(number, noun, error)
    said = str(done.answer["said"])
    if not _is_part():
        flash(said)
        return redirect(_back(), 303)
    return render_template("desk/card_done.html", number=number, said=said, news=())


def _case(number: str, noun: str) -> Case:
    """The complaint as this person may decide on it; NotFound for what no card can decide."""
    if noun not in ON_CARDS:
        raise NotFound(N_("A complaint has nothing called %(name)s."), name=noun[:40])
    case = view_case(db.session, number, by=actor(), at=clock.now())
    require_role(case.by, noun)
    return case


def _page(number: str, noun: str) -> Page:
    case = _case(number, noun)
    return read_page(case, case.at)


def _refused(number: str, noun: str, error: Refused) -> tuple[str, int, dict[str, str]]:
    """The form again with every word in it; or, where nothing is left to decide, who decided."""
    page = _page(number, noun)
    open_form(page, noun, "", page.case.at, typed=request.form, error=error)
    if _gone(page, noun):
        shown = _shown(page, said=say(error), news=page.news)
        return shown, error.status, _into("closest .card-item", "outerHTML")
    is_open = "open" in request.form
    where = "closest .card-slot" if is_open else "next .card-slot"
    return _form(page), error.status, _into(where, "innerHTML")


def _gone(page: Page, noun: str) -> bool:
    """Whether what the card asked for has been decided meanwhile."""
    dossier = page.dossier
    if noun == "offer/approval":
        return dossier.waiting_offer is None
    if noun == "countersignature":
        return not dossier.to_sign
    if noun == "extension/approval":
        return dossier.waiting_extension is None
    return False


def _form(page: Page) -> str:
    """The open form, its fields named apart from those of other cards on the same board."""
    mark = f"c{page.case.complaint.id}"
    part = render_page(page, page.case.at, "desk/card_form.html")
    part = _IDS.sub(lambda found: re.sub(r"(?<=[\"# ])f-", f"{mark}-", found[0]), part)
    return part if _is_part() else _alone(page, part, is_done=False)


def _shown(page: Page, **values: object) -> str:
    """What takes the card's place once nothing is left to decide."""
    part = render_template("desk/card_done.html", number=page.number, zone=page.zone, **values)
    return part if _is_part() else _alone(page, part, is_done=True)


def _alone(page: Page, part: str, *, is_done: bool) -> str:
    """The same as a page of its own; the part comes from a template that has escaped it."""
    return render_template("desk/decide.html", page=page, part=Markup(part), is_done=is_done)


def _into(target: str, how: str) -> dict[str, str]:
    """Where a refusal stands on the board."""
    return {"HX-Retarget": target, "HX-Reswap": how} if _is_part() else {}


def _is_part() -> bool:
    """Whether a script of ours asked, for a part of the board."""
    return request.headers.get("HX-Request") == "true"


def _back() -> str:
    """The view of the board that the card stood on."""
    view = request.form.get("back", "")
    return f"/board?view={view}" if view.isalpha() and len(view) < 20 else "/board"
