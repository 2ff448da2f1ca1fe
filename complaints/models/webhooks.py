"""Webhooks: who is told of what happens, what they are told, and what became of each call."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaints.db import Base, Json, UTCDateTime

#: Written out, so that both databases recognise their partial index.
IS_QUEUED = "state = 'queued'"


class Webhook(Base):
    """An endpoint of another program. Its secret is made of the nonce and our secret key.

    `leased_until` belongs to the worker that calls it, one at a time.
    """

    __tablename__ = "webhooks"
    sealed_by = "id"
    unsealed = frozenset({"leased_until", "rests_until", "failed_in_row", "failing_since"})

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    #: The events it is told of; empty for all.
    events: Mapped[list[str]] = mapped_column(Json, default=list)
    nonce: Mapped[str] = mapped_column(String(64))
    #: What the secret before was made of, which signs as well until `old_until`.
    old_nonce: Mapped[str | None] = mapped_column(String(64))
    old_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Why it was switched off: by ``hand``, ``gone`` (410) or ``failing`` for days; "" while on.
    off_because: Mapped[str] = mapped_column(String(10), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(120), default="", server_default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rests_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_in_row: Mapped[int] = mapped_column(default=0, server_default="0")
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WebhookEvent(Base):
    """What is told, once for all endpoints: the text that is signed and sent as it stands here."""

    __tablename__ = "webhook_events"
    __table_args__ = (Index("ix_webhook_events_created", "created_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The `webhook-id` of every attempt.
    name: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WebhookDelivery(Base):
    """An event on its way to one endpoint; `state` is queued, sent or failed."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        # The worker takes what may be tried now, endpoint by endpoint.
        Index(
            "ix_webhook_deliveries_waiting",
            "webhook_id",
            "next_try_at",
            "id",
            postgresql_where=text(IS_QUEUED),
            sqlite_where=text(IS_QUEUED),
        ),
        # The log of an endpoint, the newest first.
        Index("ix_webhook_deliveries_log", "webhook_id", "id"),
        # The clean-up goes by event.
        Index("ix_webhook_deliveries_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_events.id"))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    #: Failed attempts since it was queued last.
    attempts: Mapped[int] = mapped_column(default=0)
    #: From when it is counted for how long it is tried: written down, or failed for the first time.
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Who had it sent again, by name; "" for nobody.
    replayed_by: Mapped[str] = mapped_column(String(120), default="", server_default="")

    event: Mapped[WebhookEvent] = relationship(lazy="raise")


class WebhookAttempt(Base):
    """One call: its status, how long it took, what was wrong, and at most 200 characters said."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index("ix_webhook_attempts_delivery", "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("webhook_deliveries.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    why: Mapped[str] = mapped_column(String(20))
    status: Mapped[int | None]
    milliseconds: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(String(200), default="", server_default="")
