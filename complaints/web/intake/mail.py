"""Messages that a person has to sort: the list, one of them read safely, and the decision."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from complaints import clock
from complaints.channels.email.decide import decide_message, open_message
from complaints.channels.email.showing import Shown, picture_of, show_message
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.permissions import Permission, require
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.mail.raw import raw_message
from complaints.queries.mail.sorting import (
    MailView,
    list_to_sort,
    list_unassigned,
    view_message,
)
from complaints.queries.mail.words import ACTIONS, REASONS
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.case import view_case
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("mail", __name__, url_prefix="/mail")

#: Messages of a page.
PAGE = 25
#: What comes from outside is never run, whatever opens it.
_HARMLESS = {"Content-Security-Policy": "default-src 'none'; sandbox"}
_DECIDED = {
    "attached": N_("Added to a complaint"),
    "created": N_("New complaint"),
    "contact": N_("Not a complaint"),
    "ignored": N_("Left alone"),
}


@blueprint.get("")
@guarded(Permission.INTAKE)
def sorting() -> str:
    """What waits for a person of this branch; with `show=all` all that belongs to no complaint."""
    shows_all = request.args.get("show") == "all"
    read = list_unassigned if shows_all else list_to_sort
    before = whole_number(request.args.get("before", ""))
    found = read(db.session, actor(), limit=PAGE, before=before)
    here = "/mail?show=all" if shows_all else "/mail"
    more = "&" if shows_all else "?"
    return render_template(
        "intake/mail.html",
        lines=[(each, *_words(each.action, each.reason)) for each in found.items],
        decided={key: gettext(words) for key, words in _DECIDED.items()},
        shows_all=shows_all,
        newer=here if before else None,
        older=f"{here}{more}before={found.older}" if found.older else None,
        tz=current_rules(db.session).home_zone,
    )


@blueprint.get("/<int:message>")
@guarded(Permission.VIEW)
def read(message: int) -> str:
    """One message: from whom, why it is here, its words, and what may be decided."""
    return _page(message)


@blueprint.post("/<int:message>")
@guarded(Permission.INTAKE)
def decide(message: int) -> Answer | tuple[str, int]:
    """Do with the message what was chosen."""
    form = request.form
    told = {
        name: form.get(name, "").strip()[:2_000]
        for name in ("decision", "number", "reason", "kind", "branch")
    }
    _visible(message)
    opened = open_message(db.session, message, told["decision"])
    db.session.rollback()
    try:
        number = decide_message(db.session, message, opened, **told, by=actor(), at=clock.now())
    except Refused as error:
        db.session.rollback()
        if error.status not in (409, 422):
            raise
        return _page(message, told, say(error), error.field or ""), error.status
    db.session.commit()
    if number is None:
        flash(gettext("The message was left alone."), "done")
        return redirect("/mail")
    flash(gettext("The message is on %(number)s.", number=number), "done")
    is_contact = told["decision"] == "contact"
    if told["decision"] == "attach" and _has_ended(number):
        flash(gettext(_STAYS_ENDED, number=number), "warn")
    return redirect(f"/{'contacts' if is_contact else 'complaints'}/{number}")


@blueprint.get("/<int:message>/raw")
@guarded(Permission.VIEW)
def raw(message: int) -> Response:
    """The message as it came, to be kept or opened in a mail program."""
    _visible(message)
    found = raw_message(db.session, message)
    if found is None:
        raise NotFound(N_("The raw message is no longer kept."))
    headers = {"Content-Disposition": f'attachment; filename="mail-{message}.eml"', **_HARMLESS}
    return Response(found, mimetype="application/octet-stream", headers=headers)


@blueprint.get("/<int:message>/pictures/<int:place>")
@guarded(Permission.VIEW)
def picture(message: int, place: int) -> Response:
    """A picture that is embedded in the message."""
    _visible(message)
    found = picture_of(raw_message(db.session, message) or b"", place)
    if found is None:
        raise NotFound(N_("There is no such picture in this message."))
    kind, data = found
    return Response(data, mimetype=kind, headers=_HARMLESS)


_STAYS_ENDED = N_(
    "%(number)s has ended, and the message does not open it again. Reopen it on its page where the "
    "customer still waits for something."
)


def _has_ended(number: str) -> bool:
    case = view_case(db.session, number, by=actor(), at=clock.now())
    return Status(case.complaint.status) in ENDED


def _ended_proposal(view: MailView) -> str:
    """What putting it on the proposed complaint does, where that one has ended; else nothing."""
    if not view.proposal or not view.waits:
        return ""
    try:
        has_ended = _has_ended(view.proposal)
    except Refused:
        # It belongs to another branch; the decision says so.
        return ""
    words: str = gettext(_STAYS_ENDED, number=view.proposal) if has_ended else ""
    return words


def _page(
    message: int, told: dict[str, str] | None = None, error: str = "", field: str = ""
) -> str:
    view = _visible(message)
    shown = show_message(
        raw_message(db.session, message) or b"",
        pictures_at=f"/mail/{message}/pictures/",
        placeholder=gettext("picture not loaded"),
    )
    rules = current_rules(db.session)
    action, reason = _words(view.row.action, view.row.reason)
    return render_template(
        "intake/mail_message.html",
        view=view,
        shown=shown,
        action=action,
        reason=reason,
        decision=gettext(_DECIDED[view.row.decision]) if view.row.decision else "",
        may_decide=view.waits and actor().has(Permission.INTAKE),
        told=told or _proposed(view, shown),
        branches=_other_branches(rules, view),
        stays_ended=_ended_proposal(view),
        kinds=[(each.id, label(each)) for each in rules.taxonomy.not_complaints.values()],
        error=error,
        field=field,
        tz=current_rules(db.session).home_zone,
    )


def _proposed(view: MailView, shown: Shown) -> dict[str, Any]:
    decision = "attach" if view.proposal else "create" if shown.text.strip() else ""
    return {
        "decision": decision,
        "number": view.proposal or "",
        "reason": "",
        "kind": "",
        "branch": "",
    }


def _other_branches(rules: RuleBook, view: MailView) -> list[tuple[str, str]]:
    """What can be chosen in place of a branch that takes nothing new any more; else nothing."""
    came_to = rules.branches.get(view.row.branch_id or 0)
    if came_to is None or not came_to.retired or actor().branch_id is not None:
        return []
    return [(each.code, each.name) for each in rules.branches_in_use]


def _visible(message: int) -> MailView:
    """The message, for whoever sorts mail of its branch or sees the complaint it belongs to."""
    rules = current_rules(db.session)
    view = view_message(db.session, rules, message)
    if view is None:
        raise NotFound(N_("There is no such message."))
    if view.number is not None:
        view_case(db.session, view.number, by=actor(), at=clock.now())
        return view
    require(actor(), Permission.INTAKE)
    if not view.is_of(actor()):
        raise NotFound(N_("There is no such message."))
    return view


def _words(action: str, reason: str) -> tuple[str, str]:
    return gettext(ACTIONS.get(action, action)), gettext(REASONS.get(reason, reason))
