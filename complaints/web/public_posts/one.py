"""One public post: what was seen, the reply beside it, and what may be done."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.idempotency import Done, do_once
from complaints.actions.public_posts import (
    ChangedBody,
    PostComplaintBody,
    PostNoteBody,
    ReplyBody,
    SetAsideBody,
    TakeUpBody,
    change_with,
    complain_with_post,
    note_post_with,
    reply_with,
    set_aside_with,
    take_up_with,
)
from complaints.actions.reading import read_body
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.permissions import Permission
from complaints.domain.public_posts.acts import PostState
from complaints.extensions import db
from complaints.queries.public_posts.view import read_post
from complaints.steps.public_posts.record import PostCase, open_post, view_post
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.choices import category_choices
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import errors_of, one_time, read_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.times import Times
from complaints.web.public_posts.words import ACTS, STATES

blueprint = Blueprint("public_post", __name__, url_prefix="/posts")

_PERSON = tuple(f"customer.{name}" for name in ("name", "salutation", "phone", "email"))
#: The last part of an address → body, fields, step, and what is said afterwards.
_ACTS: Mapping[str, tuple[type[Part], tuple[str, ...], Callable[..., Any], str]] = {
    "reply": (
        ReplyBody,
        ("text", "link", "at", "has_checked"),
        reply_with,
        N_("The reply was recorded."),
    ),
    "aside": (
        SetAsideBody,
        ("reason",),
        set_aside_with,
        N_("Set aside. Your line manager has been notified."),
    ),
    "taking-up": (TakeUpBody, ("reason",), take_up_with, N_("It waits for a reply again.")),
    "change": (
        ChangedBody,
        ("text", "gone"),
        change_with,
        N_("Recorded. What was seen before is kept."),
    ),
    "note": (PostNoteBody, ("text",), note_post_with, N_("The note was saved.")),
    "complaint": (
        PostComplaintBody,
        ("category", *_PERSON),
        complain_with_post,
        N_("This is complaint %(number)s now. The post still waits for a public reply."),
    ),
}
_FLAGS = frozenset({"has_checked", "gone"})


@blueprint.get("/<number>")
@guarded(Permission.VIEW)
def read(number: str) -> str:
    """One post with what may be done."""
    return _page(view_post(db.session, number, by=actor(), at=clock.now()))


@blueprint.post("/<number>/<act>")
@guarded(Permission.NOTE)
def do(number: str, act: str) -> Response | tuple[str, int]:
    """Do one thing to it, once; a refusal keeps every word."""
    if act not in _ACTS:
        raise NotFound(N_("There is no such page."))
    person, now, form = actor(), clock.now(), request.form
    view_post(db.session, number, by=person, at=now)
    body, fields, step, sentence = _ACTS[act]

    def record() -> Done:
        case = open_post(db.session, number, by=person, at=now)
        made = step(case, read_body(body, _given(case, form, fields)))
        to = f"/complaints/{made}" if made else f"/posts/{case.number}"
        is_owed = case.post.state == PostState.OPEN
        return Done({"to": to, "number": made or case.number, "is_owed": is_owed})

    try:
        once = one_time(form, f"posts/{number.upper()}/{act}"[:60], person)
        done = do_once(db.session, record, once, at=now)
    except Refused as error:
        db.session.rollback()
        if error.status in (403, 404):
            raise
        case = view_post(db.session, number, by=person, at=now)
        return _page(case, act, Filled(typed=form, errors=errors_of(error))), error.status
    if not done.is_repeat:
        if act == "complaint" and not done.answer["is_owed"]:
            sentence = N_("This is complaint %(number)s now.")
        flash(gettext(sentence, number=done.answer["number"]), "done")
    return redirect(str(done.answer["to"]), 303)


def _given(case: PostCase, form: MultiDict[str, str], fields: tuple[str, ...]) -> dict[str, Any]:
    """These fields as typed, without the empty ones; the customer is a part of its own."""
    given: dict[str, Any] = {}
    for name in fields:
        value: Any = form.get(name, "").strip()
        if not value:
            continue
        whole, _, part = name.partition(".")
        if part:
            given.setdefault(whole, {})[part] = value
        elif name in _FLAGS:
            given[name] = True
        elif name == "at":
            given[name] = _read_at(case, value)
        else:
            given[name] = value
    return given


def _read_at(case: PostCase, typed: str) -> str:
    zone = case.rules.calendar_of(case.post.branch_id).value.tz
    return read_time("at", typed, zone).isoformat()


def _page(case: PostCase, act: str = "", filled: Filled | None = None) -> str:
    post, rules, person = case.post, case.rules, actor()
    calendar = rules.calendar_of(post.branch_id).value
    channel = rules.taxonomy.channels.get(post.channel)
    may_handle = person.has(Permission.HANDLE)
    return render_template(
        "public_posts/one.html",
        view=read_post(db.session, rules, post),
        post=post,
        channel=label(channel) if channel else post.channel,
        branch=rules.branches[post.branch_id].name,
        state=STATES[post.state],
        zone=calendar.tz,
        times=Times.of_branch(rules, post.branch_id),
        acts=ACTS,
        is_open=post.state == PostState.OPEN,
        is_aside=post.state == PostState.SET_ASIDE,
        may_handle=may_handle,
        may_note=person.has(Permission.NOTE),
        may_complain=post.complaint_id is None and person.has(Permission.INTAKE),
        categories=category_choices(rules),
        form_of=lambda name: filled if filled is not None and name == act else Filled(),
        open_act=act,
    )
