"""The calls about corrective actions; a request commits exactly once or not at all."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.improvement import (
    ActionBody,
    ActionChangeBody,
    ActionDoneBody,
    DropBody,
    VerifyBody,
    WhysBody,
    change_with,
    drop_with,
    finish_with,
    raise_with,
    set_whys_with,
    verify_with,
    verifying,
)
from complaints.actions.reading import read_body
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer
from complaints.channels.api.idempotent import do_and_answer, make_and_answer, sent_object
from complaints.channels.api.improvement.schemas import (
    ActionsQuestion,
    CausesQuestion,
    CorrectiveActionAnswer,
    action_answer,
    line_answer,
    tree_answer,
)
from complaints.channels.api.query_params import read_question
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.improvement.lists import list_actions
from complaints.queries.improvement.tree import cause_tree
from complaints.rulebook import current_rules
from complaints.steps.improvement.record import open_action, view_action

#: The last part of an address → its body and its step.
_ACTS: tuple[tuple[str, type[Part], Callable[..., Any]], ...] = (
    ("change", ActionChangeBody, change_with),
    ("whys", WhysBody, set_whys_with),
    ("done", ActionDoneBody, finish_with),
    ("verification", VerifyBody, verify_with),
    ("drop", DropBody, drop_with),
)


def add_actions(blueprint: Blueprint) -> None:
    """Let the blueprint answer the calls about corrective actions and causes."""
    for method, path, name, view, permission in (
        ("GET", "/corrective-actions", "list", _list, Permission.VIEW),
        ("POST", "/corrective-actions", "raise", _raise, Permission.IMPROVE),
        ("GET", "/corrective-actions/<number>", "one", _one, Permission.VIEW),
        ("GET", "/reports/causes", "causes", _causes, Permission.REPORTS),
    ):
        blueprint.add_url_rule(
            path,
            endpoint=f"actions_{name}",
            view_func=with_token(permission)(view),
            methods=[method],
        )
    for name, body, step in _ACTS:
        blueprint.add_url_rule(
            f"/corrective-actions/<number>/{name}",
            endpoint=f"actions_{name}",
            view_func=with_token()(_act(name, body, step)),
            methods=["POST"],
        )


def _list() -> Response:
    """The corrective actions of the caller's scope."""
    asked = read_question(ActionsQuestion, request.args)
    rules, now = current_rules(db.session), clock.now()
    page = list_actions(
        db.session,
        rules,
        caller(),
        asked.asked(rules),
        at=now,
        limit=asked.limit,
        after=asked.cursor,
    )
    items = [line_answer(each, rules, now) for each in page.items]
    return read_answer({"items": items, "next": page.more})


def _one(number: str) -> Response:
    """One corrective action with its effect."""
    case = view_action(db.session, number, by=caller(), at=clock.now())
    with db.reports() as figures:
        return read_answer(dict(action_answer(case, figures=figures)))


def _causes() -> Response:
    """The tree of causes."""
    asked = read_question(CausesQuestion, request.args)
    rules, now = current_rules(db.session), clock.now()
    with db.reports() as session:
        tree = cause_tree(session, caller(), rules, asked.from_on, asked.to_on, now=now)
    return read_answer(dict(tree_answer(tree)))


def _raise() -> Response:
    """Raise a corrective action."""
    given = sent_object()

    def raise_it() -> CorrectiveActionAnswer:
        body = read_body(ActionBody, given)
        rules = current_rules(db.session)
        case = raise_with(db.session, rules, body, by=caller(), at=clock.now())
        return action_answer(case, figures=None)

    return make_and_answer("corrective-actions", given, raise_it, "/corrective-actions")


def _act(name: str, body: type[Part], step: Callable[..., Any]) -> Callable[[str], Response]:
    def view(number: str) -> Response:
        given, taken = sent_object(), step
        if step is verify_with:
            seen = view_action(db.session, number, by=caller(), at=clock.now())
            taken = verifying(seen, db.reports())

        def act() -> CorrectiveActionAnswer:
            case = open_action(db.session, number, by=caller(), at=clock.now())
            taken(case, read_body(body, given))
            return action_answer(case, figures=None)

        return do_and_answer(f"corrective-actions/{number.upper()}/{name}"[:60], given, act)

    view.__doc__ = f"Do it to a corrective action: {name}."
    return view
