"""The calls about public posts; a request commits exactly once or not at all."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.public_posts import (
    ChangedBody,
    PostBody,
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
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer
from complaints.channels.api.idempotent import do_and_answer, make_and_answer, sent_object
from complaints.channels.api.public_posts.schemas import (
    PostsQuestion,
    PublicPostAnswer,
    line_answer,
    post_answer,
)
from complaints.channels.api.query_params import read_question
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.public_posts.lists import list_posts
from complaints.rulebook import current_rules
from complaints.steps.public_posts.record import open_post, view_post
from complaints.steps.public_posts.take import take_post

#: The last part of an address → its body and its step.
_ACTS: tuple[tuple[str, type[Part], Callable[..., Any]], ...] = (
    ("reply", ReplyBody, reply_with),
    ("set-aside", SetAsideBody, set_aside_with),
    ("taking-up", TakeUpBody, take_up_with),
    ("change", ChangedBody, change_with),
    ("note", PostNoteBody, note_post_with),
    ("complaint", PostComplaintBody, complain_with_post),
)


def add_posts(blueprint: Blueprint) -> None:
    """Let the blueprint answer the calls about public posts."""
    for method, path, name, view, permission in (
        ("GET", "/posts", "list", _list, Permission.VIEW),
        ("POST", "/posts", "take", _take, Permission.INTAKE),
        ("GET", "/posts/<number>", "one", _one, Permission.VIEW),
    ):
        blueprint.add_url_rule(
            path,
            endpoint=f"posts_{name}",
            view_func=with_token(permission)(view),
            methods=[method],
        )
    for name, body, step in _ACTS:
        blueprint.add_url_rule(
            f"/posts/<number>/{name}",
            endpoint=f"posts_{name.replace('-', '_')}",
            view_func=with_token()(_act(name, body, step)),
            methods=["POST"],
        )


def _list() -> Response:
    """The posts of the caller's scope."""
    asked = read_question(PostsQuestion, request.args)
    rules = current_rules(db.session)
    page = list_posts(
        db.session,
        rules,
        caller(),
        asked.asked(rules),
        at=clock.now(),
        limit=asked.limit,
        after=asked.cursor,
    )
    items = [line_answer(each, rules) for each in page.items]
    return read_answer({"items": items, "next": page.more})


def _one(number: str) -> Response:
    """One post."""
    case = view_post(db.session, number, by=caller(), at=clock.now())
    return read_answer(dict(post_answer(db.session, case.rules, case.post)))


def _take() -> Response:
    """Record a post; a link that is known answers with its post."""
    given = sent_object()

    def take() -> PublicPostAnswer:
        body, now = read_body(PostBody, given), clock.now()
        rules = current_rules(db.session)
        own = rules.branches.get(caller().branch_id or 0)
        if body.branch is None and own is None:
            raise Invalid(N_("Say to which branch the post belongs."), field="branch")
        told = body.given(branch=own.code if own else "", source="api")
        case = take_post(db.session, rules, told, by=caller(), at=now).case
        return post_answer(db.session, case.rules, case.post)

    return make_and_answer("posts", given, take, "/posts")


def _act(name: str, body: type[Part], step: Callable[..., Any]) -> Callable[[str], Response]:
    def view(number: str) -> Response:
        given = sent_object()

        def act() -> PublicPostAnswer:
            case = open_post(db.session, number, by=caller(), at=clock.now())
            step(case, read_body(body, given))
            return post_answer(db.session, case.rules, case.post)

        return do_and_answer(f"posts/{number.upper()}/{name}"[:60], given, act)

    view.__doc__ = f"Do it to a post: {name}."
    return view
