"""The calls about webhooks, for administrators; a request commits exactly once or not at all."""

from flask import Blueprint, Response, current_app, request

from complaints import clock
from complaints.actions.reading import read_body
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer, written_answer
from complaints.channels.api.idempotent import PREFIX, sent_object
from complaints.channels.api.query_params import read_question
from complaints.channels.api.webhooks.schemas import (
    DeliveriesQuestion,
    NewWebhook,
    WebhookEdit,
    delivery_answer,
    webhook_answer,
)
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.outbox.webhooks.endpoints import (
    WebhookSettings,
    add_webhook,
    edit_webhook,
    replay,
    rotate_secret,
    send_test,
)
from complaints.queries.engine.webhooks import (
    deliveries_of,
    delivery_line,
    list_webhooks,
    webhook_line,
)
from complaints.rulebook import current_rules


def add_webhooks(blueprint: Blueprint) -> None:
    """Let the blueprint answer the calls about webhooks."""
    for method, path, view in (
        ("GET", "/webhooks", _list),
        ("POST", "/webhooks", _add),
        ("GET", "/webhooks/<int:webhook>", _one),
        ("PATCH", "/webhooks/<int:webhook>", _edit),
        ("POST", "/webhooks/<int:webhook>/rotation", _rotate),
        ("POST", "/webhooks/<int:webhook>/test", _test),
        ("GET", "/webhooks/<int:webhook>/deliveries", _deliveries),
        ("POST", "/webhooks/<int:webhook>/deliveries/<int:key>/replay", _replay),
    ):
        name = f"webhooks{view.__name__}"
        view = with_token(Permission.ADMINISTER)(view)
        blueprint.add_url_rule(path, endpoint=name, view_func=view, methods=[method])


def _settings() -> WebhookSettings:
    settings = current_app.config["SETTINGS"]
    return WebhookSettings(settings.secret_key, settings.webhook_hosts)


def _list() -> Response:
    """The endpoints."""
    return read_answer({"items": [webhook_answer(each) for each in list_webhooks(db.session)]})


def _one(webhook: int) -> Response:
    """One endpoint."""
    return read_answer(webhook_answer(webhook_line(db.session, webhook)))


def _add() -> Response:
    """A new endpoint, and its secret this once."""
    body = read_body(NewWebhook, sent_object())
    made, secret = add_webhook(
        db.session, _settings(), url=body.url, events=body.events, by=caller(), at=clock.now()
    )
    answer = {**webhook_answer(webhook_line(db.session, made.id)), "secret": secret}
    db.session.commit()
    response = written_answer(answer)
    response.status_code = 201
    response.headers["Location"] = f"{PREFIX}/webhooks/{made.id}"
    return response


def _edit(webhook: int) -> Response:
    """Change an endpoint, switch it on or off."""
    body = read_body(WebhookEdit, sent_object())
    edit_webhook(
        db.session,
        _settings(),
        webhook,
        url=body.url,
        events=body.events,
        is_active=body.active,
        by=caller(),
        at=clock.now(),
    )
    answer = webhook_answer(webhook_line(db.session, webhook))
    db.session.commit()
    return written_answer(answer)


def _rotate(webhook: int) -> Response:
    """A new secret, shown this once."""
    _, secret = rotate_secret(db.session, _settings(), webhook, by=caller(), at=clock.now())
    answer = {**webhook_answer(webhook_line(db.session, webhook)), "secret": secret}
    db.session.commit()
    return written_answer(answer)


def _test(webhook: int) -> Response:
    """Send an event that says nothing."""
    delivery_id = send_test(db.session, _settings(), webhook, by=caller(), at=clock.now())
    return _delivery(webhook, delivery_id)


def _deliveries(webhook: int) -> Response:
    """What an endpoint was told."""
    asked = read_question(DeliveriesQuestion, request.args)
    webhook_line(db.session, webhook)
    page = deliveries_of(db.session, webhook, limit=asked.limit, cursor=asked.cursor)
    rules = current_rules(db.session)
    items = [delivery_answer(each, rules) for each in page.items]
    return read_answer({"items": items, "next": page.next})


def _replay(webhook: int, key: int) -> Response:
    """Send a delivery once more."""
    replay(db.session, webhook, key, by=caller(), at=clock.now())
    return _delivery(webhook, key)


def _delivery(webhook_id: int, delivery_id: int) -> Response:
    line = delivery_line(db.session, webhook_id, delivery_id)
    answer = delivery_answer(line, current_rules(db.session))
    db.session.commit()
    return written_answer(answer)
