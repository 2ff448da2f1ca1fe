"""An office, its administrator, and a worker that calls webhooks on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from complaints.domain.permissions import Actor
from complaints.domain.webhooks.addresses import AllowedHosts, read_allowed
from complaints.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from complaints.outbox.webhooks.deliver import deliver_to, endpoints_waiting
from complaints.outbox.webhooks.endpoints import WebhookSettings, add_webhook
from tests.conftest import NOW
from tests.office import Office
from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

KEY = "a key for tests only, long enough to be one"


@dataclass
class Hooks:
    """What tests do with webhooks; time goes by as they say."""

    office: Office
    allowed: AllowedHosts = field(default_factory=lambda: read_allowed("127.0.0.1"))
    at: datetime = NOW

    @property
    def settings(self) -> WebhookSettings:
        return WebhookSettings(KEY, self.allowed)

    @property
    def admin(self) -> Actor:
        return self.office.actor("admin")

    @property
    def sessions(self) -> sessionmaker:  # type: ignore[type-arg]
        return sessionmaker(self.office.engine, expire_on_commit=False)

    def add(self, url: str, events: Sequence[str] = ()) -> tuple[int, str]:
        with self.sessions.begin() as session:
            webhook, secret = add_webhook(
                session, self.settings, url=url, events=events, by=self.admin, at=self.at
            )
            return webhook.id, secret

    def deliver(self, after: timedelta = timedelta(0)) -> int:
        """One round of a worker `after` the last."""
        self.at += after
        with self.sessions() as session:
            waiting = endpoints_waiting(session, self.at)
        return sum(
            deliver_to(self.sessions, self.settings, each, now=lambda: self.at) for each in waiting
        )

    def receive(self) -> str:
        number = self.office.receive()
        self.office.session.commit()
        return number

    def events(self) -> list[WebhookEvent]:
        with self.sessions() as session:
            return list(session.scalars(select(WebhookEvent).order_by(WebhookEvent.id)))

    def deliveries(self) -> list[WebhookDelivery]:
        with self.sessions() as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))

    def attempts(self) -> list[WebhookAttempt]:
        with self.sessions() as session:
            return list(session.scalars(select(WebhookAttempt).order_by(WebhookAttempt.id)))

    def webhook(self, webhook_id: int) -> Webhook:
        with self.sessions() as session:
            return session.get_one(Webhook, webhook_id)


@pytest.fixture
def hooks(office: Office) -> Hooks:
    return Hooks(office)
