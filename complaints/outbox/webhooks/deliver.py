"""Delivering what waits for one endpoint: its turn taken, events in their order, each call marked.

One worker at a time calls an endpoint, one event after another, and no transaction is open while
it does. A worker that dies in a call leaves the event queued: it is sent once more under the same
id, which tells the receiver that it came before.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, sessionmaker
from standardwebhooks import Webhook as Signer

from complaints.db import begin_reading
from complaints.domain.permissions import Role
from complaints.domain.webhooks.retries import (
    BACK_OFF_SECONDS,
    LONGEST_WAIT,
    SWITCHED_OFF_AFTER,
    Attempt,
    Fate,
    Verdict,
    judge,
)
from complaints.models import User, Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from complaints.outbox.queue import notify
from complaints.outbox.webhooks.endpoints import WebhookSettings, switch_off
from complaints.outbox.webhooks.post import WHOLE_SECONDS, post
from complaints.outbox.webhooks.subscriptions import await_turn, publish
from complaints.rulebook import current_rules

#: How long an endpoint belongs to the worker that calls it; longer than it goes on, and than one
#: more call may take after that.
LEASE = timedelta(minutes=2)
PATIENCE_SECONDS = 60
assert LEASE.total_seconds() > PATIENCE_SECONDS + 2 * WHOLE_SECONDS
#: Two workers' clocks may differ by so much.
SLACK = timedelta(minutes=1)
_LONGEST_PAUSE = max(timedelta(seconds=BACK_OFF_SECONDS[-1]), LONGEST_WAIT)

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Turn:
    """An event whose turn has come, and all that its call needs."""

    delivery_id: int
    url: str
    secrets: tuple[str, ...]
    name: str
    body: str
    failed: int
    failed_in_row: int
    queued_at: datetime


def endpoints_waiting(session: Session, at: datetime) -> list[int]:
    """The endpoints that may be called now: something is due, nobody calls them, they do not rest.

    What lies further ahead than anything explains was put there before the clock was set back.
    """
    query = select(Webhook.id).where(
        Webhook.is_active,
        _is_over(Webhook.leased_until, at, LEASE),
        _is_over(Webhook.rests_until, at, LONGEST_WAIT),
        exists().where(WebhookDelivery.webhook_id == Webhook.id, _is_due(at)),
    )
    return list(session.scalars(query.order_by(Webhook.id)))


def deliver_to(
    sessions: sessionmaker[Session],
    settings: WebhookSettings,
    webhook_id: int,
    *,
    now: Now,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Call one endpoint with what is due, in its order, until it fails; returns how many calls.

    Nothing is done where another worker has the endpoint.
    """
    began, calls = time.monotonic(), 0
    until = _take(sessions, webhook_id, now())
    if until is None:
        return 0
    try:
        while not is_stopping() and time.monotonic() - began < PATIENCE_SECONDS:
            turn = _next_turn(sessions, settings, webhook_id, now())
            if turn is None:
                break
            attempt = _call(turn, settings, now())
            calls += 1
            verdict = judge(
                attempt,
                failed=turn.failed,
                # What a standstill left undone is dated back for days, and is new all the same.
                queued_at=turn.queued_at if turn.failed else attempt.at,
                failed_in_row=turn.failed_in_row,
            )
            is_ours = _mark(sessions, webhook_id, turn, attempt, verdict, until)
            if not is_ours or verdict.is_endpoint_in_trouble or verdict.fate is Fate.SWITCHED_OFF:
                break
    finally:
        _give_back(sessions, webhook_id, until)
    return calls


def _take(sessions: sessionmaker[Session], webhook_id: int, at: datetime) -> datetime | None:
    """Take the turn of an endpoint; returns until when it is ours, None when somebody has it."""
    until = (at + LEASE).replace(microsecond=0)
    with sessions.begin() as session:
        query = (
            select(Webhook)
            .where(
                Webhook.id == webhook_id,
                Webhook.is_active,
                _is_over(Webhook.leased_until, at, LEASE),
            )
            .with_for_update(skip_locked=True)
        )
        webhook = session.scalar(query)
        if webhook is None:
            return None
        webhook.leased_until = until
    return until


def _next_turn(
    sessions: sessionmaker[Session], settings: WebhookSettings, webhook_id: int, at: datetime
) -> Turn | None:
    with sessions() as session:
        begin_reading(session)
        query = (
            select(WebhookDelivery, WebhookEvent.name, WebhookEvent.body, Webhook)
            .join_from(WebhookDelivery, WebhookEvent)
            .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
            .where(WebhookDelivery.webhook_id == webhook_id, Webhook.is_active, _is_due(at))
            .order_by(WebhookDelivery.next_try_at, WebhookDelivery.id)
            .limit(1)
        )
        found = session.execute(query).first()
    if found is None:
        return None
    delivery, name, body, webhook = found
    return Turn(
        delivery.id,
        webhook.url,
        tuple(settings.secrets_of(webhook, at)),
        name,
        body,
        delivery.attempts,
        webhook.failed_in_row,
        delivery.queued_at,
    )


def _call(turn: Turn, settings: WebhookSettings, at: datetime) -> Attempt:
    """Sign the stored words anew for this moment and send just them."""
    return post(turn.url, turn.body.encode(), signed_headers(turn, at), settings.allowed, at)


def signed_headers(turn: Turn, at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks: the same id at every attempt, time and signature anew."""
    signatures = [Signer(each).sign(turn.name, at, turn.body) for each in turn.secrets]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": turn.name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _mark(
    sessions: sessionmaker[Session],
    webhook_id: int,
    turn: Turn,
    attempt: Attempt,
    verdict: Verdict,
    until: datetime,
) -> bool:
    """Write what a call came to; returns whether the endpoint is still ours.

    The call is in the log in any case. What becomes of the event is for whoever has the endpoint.
    """
    with sessions.begin() as session:
        if verdict.is_endpoint_in_trouble or verdict.fate is Fate.SWITCHED_OFF:
            # It may be switched off now, which is done one after another.
            await_turn(session)
        webhook = session.scalars(
            select(Webhook).where(Webhook.id == webhook_id).with_for_update()
        ).one()
        session.add(
            WebhookAttempt(
                delivery_id=turn.delivery_id,
                at=attempt.at,
                why=attempt.why.value,
                status=attempt.status,
                milliseconds=attempt.milliseconds,
                said=attempt.said,
            )
        )
        if webhook.leased_until != until:
            return False
        delivery = session.get_one(WebhookDelivery, turn.delivery_id, with_for_update=True)
        # Replayed or given up while it was leaving: that holds, unless it has arrived.
        is_same = delivery.state == "queued" and delivery.queued_at == turn.queued_at
        if is_same:
            _settle(delivery, attempt, verdict)
        _note_health(session, webhook, attempt, verdict)
    return True


def _settle(delivery: WebhookDelivery, attempt: Attempt, verdict: Verdict) -> None:
    if verdict.fate is Fate.SENT:
        delivery.state, delivery.ended_at = "sent", attempt.at
        return
    if not delivery.attempts:
        delivery.queued_at = attempt.at
    delivery.attempts += 1
    if verdict.fate is Fate.AGAIN:
        assert verdict.next_try_at is not None
        delivery.next_try_at = verdict.next_try_at
    else:
        delivery.state, delivery.ended_at = "failed", attempt.at


def _note_health(session: Session, webhook: Webhook, attempt: Attempt, verdict: Verdict) -> None:
    """How the endpoint does: rests after a failure, is switched off when it wants no more."""
    if not verdict.is_endpoint_in_trouble and verdict.fate is not Fate.SWITCHED_OFF:
        webhook.failed_in_row, webhook.failing_since, webhook.rests_until = 0, None, None
        return
    webhook.failed_in_row += 1
    webhook.failing_since = webhook.failing_since or attempt.at
    webhook.rests_until = verdict.rests_until
    is_dead = attempt.at - webhook.failing_since >= SWITCHED_OFF_AFTER
    if webhook.is_active and (verdict.fate is Fate.SWITCHED_OFF or is_dead):
        because = "gone" if verdict.fate is Fate.SWITCHED_OFF else "failing"
        switch_off(session, webhook, because=because, at=attempt.at)
        publish(session, by="Tanggap", at=attempt.at)
        _tell_administrators(session, webhook, attempt.at)


def _tell_administrators(session: Session, webhook: Webhook, at: datetime) -> None:
    """Let every administrator know that an endpoint was switched off, and why; only by its host.

    What stands behind the host may be a password of the other program.
    """
    since = webhook.failing_since or at
    facts = {
        "webhook": urlsplit(webhook.url).hostname or "",
        "since": since.isoformat(),
        "zone": current_rules(session).home_zone.key,
    }
    admins = session.scalars(
        select(User).where(User.role == Role.ADMIN, User.is_active.is_(True)).order_by(User.id)
    )
    key = f"webhook_{webhook.off_because}:{webhook.id}:{int(at.timestamp())}"
    told = [(f"{key}:{each.id}", each, facts) for each in admins]
    notify(session, f"webhook_{webhook.off_because}", told, complaint_id=None, at=at)


def _give_back(sessions: sessionmaker[Session], webhook_id: int, until: datetime) -> None:
    with sessions.begin() as session:
        webhook = session.scalar(
            select(Webhook)
            .where(Webhook.id == webhook_id, Webhook.leased_until == until)
            .with_for_update()
        )
        if webhook is not None:
            webhook.leased_until = None


def _is_over(column: Any, at: datetime, longest: timedelta) -> Any:
    return or_(column.is_(None), column <= at, column > at + longest + SLACK)


def _is_due(at: datetime) -> Any:
    return and_(
        WebhookDelivery.state == "queued",
        or_(
            WebhookDelivery.next_try_at <= at,
            WebhookDelivery.next_try_at > at + _LONGEST_PAUSE + SLACK,
        ),
    )
