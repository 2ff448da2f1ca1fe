"""Webhooks for administrators: the endpoints, their logs, and what can be done about them."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.domain.webhooks.addresses import LONGEST_URL
from complaints.domain.webhooks.events import EVENTS
from complaints.domain.webhooks.retries import Why
from complaints.extensions import db
from complaints.models import WebhookAttempt
from complaints.outbox.webhooks.endpoints import (
    WebhookSettings,
    add_webhook,
    edit_webhook,
    replay,
    rotate_secret,
    send_test,
)
from complaints.queries.engine.webhooks import (
    MOST_COUNTED,
    deliveries_of,
    list_webhooks,
    webhook_line,
)
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.errors import say
from complaints.web.frame.guards import actor, guarded

Given = Mapping[str, str]
Errors = Sequence[tuple[str, str]]

blueprint = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")

#: Deliveries on a page of the log.
ROWS = 30
#: More than all events take, and enough for a form.
LONGEST_EVENTS = 10_000

#: What came of a call → words; the status stands beside those that have one.
WHYS = {
    Why.DELIVERED: N_("Delivered"),
    Why.STATUS: N_("Not accepted"),
    Why.REDIRECT: N_("Redirected elsewhere, which is not followed"),
    Why.TIMEOUT: N_("No answer in time"),
    Why.NO_CONNECTION: N_("No connection"),
    Why.NO_TLS: N_("No valid certificate"),
    Why.NO_NAME: N_("The host cannot be found"),
    Why.FORBIDDEN: N_("The host leads into an internal network"),
    Why.NO_ANSWER: N_("The answer cannot be read"),
}
#: Why an endpoint is off → words.
OFF = {
    "hand": N_("Switched off"),
    "gone": N_("Switched off: the endpoint answered that it is gone (410)"),
    "failing": N_("Switched off: it failed for five days"),
}
STATES = {"queued": N_("waiting"), "sent": N_("delivered"), "failed": N_("failed")}


@blueprint.get("")
@guarded(Permission.ADMINISTER)
def overview() -> str:
    """The endpoints, and the form for another."""
    return _overview()


@blueprint.post("")
@guarded(Permission.ADMINISTER)
def add() -> str | tuple[str, int]:
    """Add an endpoint; its secret is shown once."""
    given = _given()
    try:
        webhook, secret = add_webhook(
            db.session,
            _settings(),
            url=given["url"],
            events=given["events"].split(),
            by=actor(),
            at=clock.now(),
        )
    except Refused as error:
        if error.status not in (409, 422):
            raise
        db.session.rollback()
        return _overview(given, [(error.field or "", say(error))]), error.status
    db.session.commit()
    return _show_once(webhook.id, webhook.url, secret)


@blueprint.get("/<int:webhook_id>")
@guarded(Permission.ADMINISTER)
def one(webhook_id: int) -> str:
    """An endpoint and its log."""
    return _page(webhook_id)


@blueprint.post("/<int:webhook_id>")
@guarded(Permission.ADMINISTER)
def edit(webhook_id: int) -> Response | tuple[str, int]:
    """Change where an endpoint is and what it is told."""
    given = _given()
    try:
        edit_webhook(
            db.session,
            _settings(),
            webhook_id,
            url=given["url"],
            events=given["events"].split(),
            by=actor(),
            at=clock.now(),
        )
    except Invalid as error:
        db.session.rollback()
        return _page(webhook_id, given, [(error.field or "", say(error))]), 422
    db.session.commit()
    flash(gettext("The webhook has been changed."), "done")
    return redirect(f"/admin/webhooks/{webhook_id}")


@blueprint.post("/<int:webhook_id>/state")
@guarded(Permission.ADMINISTER)
def switch(webhook_id: int) -> Response | tuple[str, int]:
    """Switch an endpoint on or off."""
    is_active = request.form.get("to") == "on"
    try:
        edit_webhook(
            db.session, _settings(), webhook_id, is_active=is_active, by=actor(), at=clock.now()
        )
    except Refused as error:
        if error.status not in (409, 422):
            raise
        db.session.rollback()
        return _page(webhook_id, errors=[("", say(error))]), error.status
    db.session.commit()
    words = N_("The webhook is switched on.") if is_active else N_("The webhook is switched off.")
    flash(gettext(words), "done")
    return redirect(f"/admin/webhooks/{webhook_id}")


@blueprint.post("/<int:webhook_id>/rotation")
@guarded(Permission.ADMINISTER)
def rotation(webhook_id: int) -> str:
    """A new secret, shown once."""
    webhook, secret = rotate_secret(db.session, _settings(), webhook_id, by=actor(), at=clock.now())
    db.session.commit()
    return _show_once(webhook_id, webhook.url, secret)


@blueprint.post("/<int:webhook_id>/test")
@guarded(Permission.ADMINISTER)
def test(webhook_id: int) -> Response | tuple[str, int]:
    """Send an event that says nothing."""
    try:
        send_test(db.session, _settings(), webhook_id, by=actor(), at=clock.now())
    except Refused as error:
        if error.status not in (409, 422):
            raise
        db.session.rollback()
        return _page(webhook_id, errors=[("", say(error))]), error.status
    db.session.commit()
    flash(gettext("The test is on its way. Reload in a moment to see what came of it."), "done")
    return redirect(f"/admin/webhooks/{webhook_id}")


@blueprint.post("/<int:webhook_id>/deliveries/<int:delivery_id>/replay")
@guarded(Permission.ADMINISTER)
def again(webhook_id: int, delivery_id: int) -> Response:
    """Send a delivery once more."""
    replay(db.session, webhook_id, delivery_id, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("It is sent once more."), "done")
    return redirect(f"/admin/webhooks/{webhook_id}")


def why_words(attempt: WebhookAttempt) -> str:
    """What came of a call, with its status."""
    words = gettext(WHYS[Why(attempt.why)])
    return f"{words} ({attempt.status})" if attempt.status else words


def _given() -> dict[str, str]:
    return {
        "url": request.form.get("url", "").strip()[: LONGEST_URL + 1],
        "events": request.form.get("events", "")[:LONGEST_EVENTS],
    }


def _settings() -> WebhookSettings:
    settings = current_app.config["SETTINGS"]
    return WebhookSettings(settings.secret_key, settings.webhook_hosts)


def _zone(rules: RuleBook) -> ZoneInfo:
    return next(iter(rules.calendars.values())).value.tz


def _overview(given: Given | None = None, errors: Errors = ()) -> str:
    rules = current_rules(db.session)
    return render_template(
        "monitoring/webhooks.html",
        lines=list_webhooks(db.session),
        given=given or {},
        errors=errors,
        events=EVENTS,
        off={key: gettext(words) for key, words in OFF.items()},
        why_words=why_words,
        tz=_zone(rules),
    )


def _page(webhook_id: int, given: Given | None = None, errors: Errors = ()) -> str:
    rules = current_rules(db.session)
    line = webhook_line(db.session, webhook_id)
    cursor = request.args.get("cursor", "")[:200] if request.method == "GET" else ""
    webhook = line.webhook
    return render_template(
        "monitoring/webhook.html",
        line=line,
        webhook=webhook,
        page=deliveries_of(db.session, webhook_id, limit=ROWS, cursor=cursor or None),
        is_first=not cursor,
        given=given or {"url": webhook.url, "events": "\n".join(webhook.events)},
        errors=errors,
        events=EVENTS,
        off={key: gettext(words) for key, words in OFF.items()},
        states={key: gettext(words) for key, words in STATES.items()},
        why_words=why_words,
        write_number=lambda pair: rules.numbers.write(pair[1], pair[0]),
        most=MOST_COUNTED,
        now=clock.now(),
        tz=_zone(rules),
    )


def _show_once(webhook_id: int, url: str, secret: str) -> str:
    return render_template(
        "people/secret.html",
        what=gettext("Secret of %(name)s", name=url),
        secret=secret,
        back=f"/admin/webhooks/{webhook_id}",
    )
