"""The door for messengers and telephone systems: who may hand in, and what becomes of it."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from complaints import clock
from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.actions.reading import read_body
from complaints.channels.api.bearer import caller, recognise
from complaints.channels.api.conditional import written_answer
from complaints.channels.api.idempotent import sent_object
from complaints.channels.api.inbound.schemas import MessageBody
from complaints.channels.api.inbound.signature import HEADERS, is_signed
from complaints.channels.api.problems import NoToken
from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.permissions import Permission, require
from complaints.extensions import db
from complaints.files.keep import keep_file
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.by_customer.by_messenger import MessageGiven, take_message


def add_inbound(blueprint: Blueprint) -> None:
    """Let the blueprint take in messages."""
    blueprint.add_url_rule(
        "/inbound/<channel>", endpoint="inbound", view_func=_hand_in, methods=["POST"]
    )


def _hand_in(channel: str) -> Response:
    """Take in a message; the same one again is answered as it was."""
    branch, through = _branch_of(channel)
    rules = current_rules(db.session)
    if channel not in rules.taxonomy.channels:
        raise NotFound(N_("There is no channel %(name)s."), name=channel[:60])
    body = read_body(MessageBody, sent_object())
    given = MessageGiven(
        body.id,
        body.sender,
        body.text,
        body.name,
        body.at,
        [keep_file(each.content, name=each.name) for each in body.attachments],
        through,
    )

    def record() -> Done:
        taken = take_message(
            db.session,
            current_rules(db.session),
            given,
            channel=channel,
            branch=_known_branch(rules, branch),
            at=clock.now(),
            # Whose key it is sees complaints of their own branch only.
            is_bound=bool(through and branch),
        )
        return Done({"action": taken.action, "number": taken.number}, taken.complaint_id)

    # The channel's own name for the message is its key, and is kept for good.
    once = OneTime("", None, "inbound", {})
    answer: dict[str, Any] = dict(do_once(db.session, record, once, at=clock.now()).answer)
    return written_answer(answer)


_hand_in.guard = "token"  # type: ignore[attr-defined]


def _branch_of(channel: str) -> tuple[str, str]:
    """The branch whose complaints come of it, "" for the first, and whose key it is, "" for a
    signature; raises NoToken for nobody known.

    Who signs is the channel; who sends a key is its holder, who may record complaints.
    """
    if not any(each in request.headers for each in HEADERS):
        recognise(hands_in=True)
        require(caller(), Permission.INTAKE)
        own = current_rules(db.session).branches.get(caller().branch_id or 0)
        return own.code if own else "", caller().name
    settings = current_app.config["SETTINGS"]
    rule = settings.inbound.get(channel)
    body = request.get_data()
    if rule is None or not is_signed(request.headers, body, rule.secrets, clock.now()):
        raise NoToken(N_("The signature is not one of this channel's."))
    return rule.branch, ""


def _known_branch(rules: RuleBook, code: str) -> str:
    if not code:
        return rules.default_branch.code
    if code not in rules.branches_by_code:
        raise Invalid(N_("There is no branch %(code)s."), field="branch", code=code[:60])
    return code
