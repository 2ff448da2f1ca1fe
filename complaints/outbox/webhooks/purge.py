"""Forgetting what was told to webhooks long ago: events, their ways and the calls."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from complaints.models import WebhookAttempt, WebhookDelivery, WebhookEvent

#: Events forgotten in one transaction.
BATCH = 500


def purge_webhook_log(session: Session, *, created_before: datetime, limit: int = BATCH) -> int:
    """Delete up to `limit` events from before that, with all that became of them; returns how many.

    What still waits stays, however old. The caller commits.
    """
    waits = exists().where(
        WebhookDelivery.event_id == WebhookEvent.id, WebhookDelivery.state == "queued"
    )
    ids = session.scalars(
        select(WebhookEvent.id)
        .where(WebhookEvent.created_at < created_before, ~waits)
        .order_by(WebhookEvent.created_at, WebhookEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return 0
    ways = select(WebhookDelivery.id).where(WebhookDelivery.event_id.in_(ids))
    for statement in (
        delete(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(ways)),
        delete(WebhookDelivery).where(WebhookDelivery.event_id.in_(ids)),
        delete(WebhookEvent).where(WebhookEvent.id.in_(ids)),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    return len(ids)
