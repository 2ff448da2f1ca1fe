"""The webhooks as administrators see them: how each does, and the log of its calls."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, text
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, NotFound
from complaints.domain.webhooks.events import OF_CONTACTS
from complaints.models import Complaint, Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from complaints.models.webhooks import IS_QUEUED
from complaints.queries.paging import (
    LARGEST_ID,
    Order,
    Position,
    at_most,
    read_cursor,
    write_cursor,
)

#: Endpoints on the page: all that are switched on, and so many of those that are not.
MOST_OFF = 50
#: So many that wait are counted; beyond that it is enough to know that it is more.
MOST_COUNTED = 1000
#: Calls of one delivery that are shown, the latest ones.
MOST_ATTEMPTS = 10
_NEWEST_FIRST = Order("webhook", WebhookDelivery.id, is_falling=True)


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """An endpoint, how much waits for it (at most MOST_COUNTED + 1), and its last call."""

    webhook: Webhook
    waiting: int
    last: WebhookAttempt | None


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """An event on its way and its calls; its complaint (id, year) or contact (number), if any."""

    delivery: WebhookDelivery
    event: str
    kind: str
    created_at: datetime
    complaint: tuple[int, int] | None
    attempts: Sequence[WebhookAttempt]
    contact: str | None = None

    @property
    def last(self) -> WebhookAttempt | None:
        """The latest call."""
        return self.attempts[-1] if self.attempts else None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of the log, the newest first, and the cursor of the next."""

    items: Sequence[DeliveryLine]
    next: str | None


def list_webhooks(session: Session) -> list[WebhookLine]:
    """The endpoints, those that are switched on first, the newest first.

    Four statements, however many there are.
    """
    on = select(Webhook).where(Webhook.is_active).order_by(Webhook.id.desc())
    off = select(Webhook).where(~Webhook.is_active).order_by(Webhook.id.desc()).limit(MOST_OFF)
    return _lines(session, [*session.scalars(on), *session.scalars(off)])


def webhook_line(session: Session, webhook_id: int) -> WebhookLine:
    """One endpoint; raises NotFound."""
    found = session.get(Webhook, webhook_id) if 0 < webhook_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(N_("There is no such webhook."))
    return _lines(session, [found])[0]


def _lines(session: Session, webhooks: Sequence[Webhook]) -> list[WebhookLine]:
    ids = [each.id for each in webhooks]
    figures = select(Webhook.id, _waiting_of_each(), _last_call_of_each())
    found = {
        webhook: (waiting, last)
        for webhook, waiting, last in session.execute(figures.where(Webhook.id.in_(ids)))
    }
    latest = [last for _, last in found.values() if last is not None]
    query = select(WebhookAttempt).where(WebhookAttempt.id.in_(latest))
    calls = {each.id: each for each in session.scalars(query)} if latest else {}
    lines = []
    for each in webhooks:
        # The clean-up may have come between the statements.
        waiting, last = found.get(each.id, (0, None))
        lines.append(WebhookLine(each, waiting, calls.get(last or 0)))
    return lines


def _waiting_of_each() -> ScalarSelect[int]:
    """How much waits for an endpoint, at most MOST_COUNTED + 1."""
    waiting = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.webhook_id == Webhook.id, text(IS_QUEUED))
        .correlate(Webhook)
        .limit(at_most(MOST_COUNTED + 1))
        .subquery()
    )
    return select(func.count()).select_from(waiting).scalar_subquery()


def _last_call_of_each() -> ScalarSelect[int]:
    """The last call among the latest deliveries; one of an old event may have come after it."""
    latest = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.webhook_id == Webhook.id)
        .correlate(Webhook)
        .order_by(WebhookDelivery.id.desc())
        .limit(at_most(100))
    )
    of_latest = WebhookAttempt.delivery_id.in_(latest)
    return select(func.max(WebhookAttempt.id)).where(of_latest).scalar_subquery()


def deliveries_of(
    session: Session, webhook_id: int, *, limit: int, cursor: str | None = None
) -> DeliveryPage:
    """A page of what an endpoint was told, the newest first; raises Invalid for a bad cursor."""
    query = select(
        WebhookDelivery,
        WebhookEvent.name,
        WebhookEvent.kind,
        WebhookEvent.created_at,
        WebhookEvent.complaint_id,
        WebhookEvent.body,
        Complaint.year,
    )
    query = query.join_from(WebhookDelivery, WebhookEvent).outerjoin(
        Complaint, Complaint.id == WebhookEvent.complaint_id
    )
    query = query.where(WebhookDelivery.webhook_id == webhook_id)
    if cursor:
        query = query.where(WebhookDelivery.id < read_cursor(cursor, _NEWEST_FIRST).id)
    rows = session.execute(query.order_by(WebhookDelivery.id.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    calls = _calls(session, [row.WebhookDelivery.id for row in shown])
    items = [
        DeliveryLine(
            row.WebhookDelivery,
            row.name,
            row.kind,
            row.created_at,
            None if row.complaint_id is None else (row.complaint_id, row.year),
            calls.get(row.WebhookDelivery.id, [])[-MOST_ATTEMPTS:],
            _contact_in(row.kind, row.body),
        )
        for row in shown
    ]
    is_more = len(rows) > limit
    last = Position(_NEWEST_FIRST.name, False, None, items[-1].delivery.id) if is_more else None
    return DeliveryPage(items, write_cursor(last) if last else None)


def _contact_in(kind: str, body: str) -> str | None:
    """The number of the contact that an event tells of; only its text knows it."""
    if not kind.startswith(OF_CONTACTS):
        return None
    number: str = json.loads(body)["data"]["number"]
    return number


def delivery_line(session: Session, webhook_id: int, delivery_id: int) -> DeliveryLine:
    """One delivery of an endpoint; raises NotFound."""
    after = write_cursor(Position(_NEWEST_FIRST.name, False, None, delivery_id + 1))
    if 0 < delivery_id < LARGEST_ID:
        found = deliveries_of(session, webhook_id, limit=1, cursor=after).items
        if found and found[0].delivery.id == delivery_id:
            return found[0]
    raise NotFound(N_("There is no such delivery."))


def _calls(session: Session, delivery_ids: Sequence[int]) -> dict[int, list[WebhookAttempt]]:
    calls: dict[int, list[WebhookAttempt]] = {}
    if delivery_ids:
        query = select(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(delivery_ids))
        for each in session.scalars(query.order_by(WebhookAttempt.id)):
            calls.setdefault(each.delivery_id, []).append(each)
    return calls


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """Of all endpoints: how many are on, how many of these fail, were switched off by the system,
    and how much waits (at most MOST_COUNTED + 1).
    """

    on: int
    failing: int
    switched_off: int
    waiting: int


def webhook_health(session: Session) -> WebhookHealth:
    """How the webhooks do, for the doctor and the metrics."""
    rows = session.execute(
        select(Webhook.is_active, Webhook.off_because, Webhook.failed_in_row)
    ).all()
    waiting = select(WebhookDelivery.id).where(WebhookDelivery.state == "queued")
    waiting = waiting.limit(MOST_COUNTED + 1)
    return WebhookHealth(
        on=sum(row.is_active for row in rows),
        failing=sum(row.is_active and row.failed_in_row > 0 for row in rows),
        switched_off=sum(row.off_because in ("gone", "failing") for row in rows),
        waiting=session.scalar(select(func.count()).select_from(waiting.subquery())) or 0,
    )
