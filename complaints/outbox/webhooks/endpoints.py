"""The endpoints of other programs: added, changed, tried out, switched on and off, secrets renewed.

All of it is for administrators. Endpoints are switched off and never deleted, so that what was told
to whom stays known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.webhooks.addresses import AllowedHosts
from complaints.domain.webhooks.events import TEST, read_events
from complaints.models import Webhook, WebhookDelivery, WebhookEvent
from complaints.outbox.webhooks.events import body_of, delivery_row, event_row
from complaints.outbox.webhooks.lookup import require_reachable
from complaints.outbox.webhooks.subscriptions import await_turn, publish
from complaints.rows import Rows, insert_together, reserve_ids
from complaints.signing import webhook_secret

log = structlog.get_logger()

#: So many endpoints may be switched on; each may take a call of the worker at the same time.
MOST_ENDPOINTS = 20
#: How long the secret before the present one goes on to sign.
OVERLAP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """What webhooks need to know of this installation."""

    secret_key: str
    allowed: AllowedHosts = field(default_factory=AllowedHosts)

    def secrets_of(self, webhook: Webhook, at: datetime) -> list[str]:
        """The secrets that sign at that moment, the present one first."""
        secrets = [webhook_secret(self.secret_key, webhook.nonce)]
        if webhook.old_nonce and webhook.old_until is not None and at < webhook.old_until:
            secrets.append(webhook_secret(self.secret_key, webhook.old_nonce))
        return secrets


def add_webhook(
    session: Session,
    settings: WebhookSettings,
    *,
    url: str,
    events: Iterable[str],
    by: Actor,
    at: datetime,
) -> tuple[Webhook, str]:
    """Add an endpoint that is told of these events, none for all; returns its secret too.

    The secret is shown now and never again. Raises Invalid for an address that must not be called.
    """
    require(by, Permission.ADMINISTER)
    url = url.strip()
    asked = read_events(events)
    require_reachable(url, settings.allowed)
    await_turn(session)
    _require_room(session)
    webhook = Webhook(
        url=url,
        events=asked,
        nonce=token_hex(32),
        is_active=True,
        created_at=at,
        created_by=by.name,
        changed_at=at,
    )
    session.add(webhook)
    publish(session, by=by.name, at=at)
    log.info("webhook_added", webhook=webhook.id, by=by.id)
    return webhook, webhook_secret(settings.secret_key, webhook.nonce)


def edit_webhook(
    session: Session,
    settings: WebhookSettings,
    webhook_id: int,
    *,
    url: str | None = None,
    events: Iterable[str] | None = None,
    is_active: bool | None = None,
    by: Actor,
    at: datetime,
) -> Webhook:
    """Change what is given of an endpoint, and switch it on or off.

    What waits for one that is switched off is given up; its log still has it sent again.
    """
    require(by, Permission.ADMINISTER)
    asked = None if events is None else read_events(events)
    if url is not None:
        url = url.strip()
        require_reachable(url, settings.allowed)
    await_turn(session)
    webhook = get_webhook(session, webhook_id)
    if is_active and not webhook.is_active:
        if url is None:
            require_reachable(webhook.url, settings.allowed)
        _require_room(session)
        webhook.is_active, webhook.off_because = True, ""
        webhook.rests_until = webhook.failing_since = None
        webhook.failed_in_row = 0
    webhook.url = webhook.url if url is None else url
    webhook.events = webhook.events if asked is None else asked
    webhook.changed_at = at
    if is_active is False and webhook.is_active:
        switch_off(session, webhook, because="hand", at=at)
    publish(session, by=by.name, at=at)
    log.info("webhook_changed", webhook=webhook.id, by=by.id, is_active=webhook.is_active)
    return webhook


def switch_off(session: Session, webhook: Webhook, *, because: str, at: datetime) -> None:
    """Switch an endpoint off and give up what waits for it; the caller publishes it."""
    webhook.is_active, webhook.off_because, webhook.changed_at = False, because, at
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == "queued")
        .values(state="failed", ended_at=at),
        execution_options={"synchronize_session": False},
    )


def rotate_secret(
    session: Session, settings: WebhookSettings, webhook_id: int, *, by: Actor, at: datetime
) -> tuple[Webhook, str]:
    """Give an endpoint a new secret, which is returned; the old one signs beside it for OVERLAP."""
    require(by, Permission.ADMINISTER)
    await_turn(session)
    webhook = get_webhook(session, webhook_id)
    webhook.old_nonce, webhook.old_until = webhook.nonce, at + OVERLAP
    webhook.nonce, webhook.changed_at = token_hex(32), at
    session.flush()
    log.info("webhook_secret_rotated", webhook=webhook.id, by=by.id)
    return webhook, webhook_secret(settings.secret_key, webhook.nonce)


def send_test(
    session: Session, settings: WebhookSettings, webhook_id: int, *, by: Actor, at: datetime
) -> int:
    """Queue an event that says nothing for an endpoint; returns the delivery, to look it up."""
    require(by, Permission.ADMINISTER)
    webhook = _get_active(session, webhook_id)
    require_reachable(webhook.url, settings.allowed)
    (key,) = reserve_ids(session, WebhookEvent, 1)
    row = {"id": key, **event_row(TEST, body_of(TEST, at, {}), at)}
    (delivery_id,) = reserve_ids(session, WebhookDelivery, 1)
    way = {"id": delivery_id, **delivery_row(webhook.id, key, at)}
    insert_together(session, Rows(WebhookEvent, [row]), Rows(WebhookDelivery, [way]))
    _end_rest(webhook)
    return delivery_id


def replay(
    session: Session, webhook_id: int, delivery_id: int, *, by: Actor, at: datetime
) -> WebhookDelivery:
    """Have a delivery sent once more, with the same id and the same words."""
    require(by, Permission.ADMINISTER)
    webhook = _get_active(session, webhook_id)
    delivery = session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.webhook_id == webhook_id)
        .with_for_update()
    )
    if delivery is None:
        raise NotFound(N_("There is no such delivery."))
    delivery.state, delivery.attempts, delivery.ended_at = "queued", 0, None
    delivery.queued_at = delivery.next_try_at = at
    delivery.replayed_by = by.name
    _end_rest(webhook)
    session.flush()
    log.info("webhook_replayed", webhook=webhook_id, delivery=delivery_id, by=by.id)
    return delivery


def get_webhook(session: Session, webhook_id: int) -> Webhook:
    """The endpoint with this id, locked; raises NotFound."""
    found = session.scalar(select(Webhook).where(Webhook.id == webhook_id).with_for_update())
    if found is None:
        raise NotFound(N_("There is no such webhook."))
    return found


def _get_active(session: Session, webhook_id: int) -> Webhook:
    webhook = get_webhook(session, webhook_id)
    if not webhook.is_active:
        raise Refused(N_("This webhook is switched off. Switch it on first."))
    return webhook


def _require_room(session: Session) -> None:
    count = session.scalar(select(func.count()).select_from(Webhook).where(Webhook.is_active))
    if (count or 0) >= MOST_ENDPOINTS:
        raise Refused(
            N_("At most %(most)s webhooks can be switched on. Switch one off first."),
            most=MOST_ENDPOINTS,
        )


def _end_rest(webhook: Webhook) -> None:
    """Somebody waits for the call, so that it is not put off by earlier failures."""
    webhook.rests_until = None
