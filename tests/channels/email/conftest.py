"""A post room: raw messages go in, and one sees what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.email.intake import intake_message
from complaints.channels.email.keep import Origin, Outcome
from complaints.models import Complaint, InboundMessage, Note, OutboxMessage
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.signing import reply_address
from tests.mails import CUSTOMER, OURS
from tests.office import Office
from tests.steps.conftest import database_url, office
from tests.which_database import on_either

__all__ = ["database_url", "office"]

pytest_itemcollected = on_either("what a message becomes")

SECRET = "a key for tests only, long enough"
PIPE = Origin()


@dataclass
class PostRoom:
    """Takes in what comes, at the office's time."""

    office: Office
    settings: DeliverySettings

    def take(self, raw: bytes, origin: Origin = PIPE, at: datetime | None = None) -> Outcome:
        self.office.session.rollback()
        sessions = sessionmaker(self.office.engine, expire_on_commit=False)
        when = at or self.office.at
        return intake_message(sessions, raw, origin=origin, office=self.settings, at=when)

    def rows(self) -> Sequence[InboundMessage]:
        return self.all(select(InboundMessage).order_by(InboundMessage.id))

    def complaints(self) -> Sequence[Complaint]:
        return self.all(select(Complaint).order_by(Complaint.id))

    def notes(self, number: str) -> Sequence[Note]:
        complaint = int(number.rpartition("-")[2])
        return self.all(select(Note).where(Note.complaint_id == complaint).order_by(Note.id))

    def all(self, query: Select[Any]) -> Sequence[Any]:
        """What a query finds now, read in a transaction of its own."""
        self.office.session.rollback()
        with Session(self.office.engine, expire_on_commit=False) as session:
            found = session.scalars(query).all()
            session.expunge_all()
        return found

    def letter(self, number: str) -> OutboxMessage:
        """A letter of this complaint that has left by e-mail; written when there is none."""
        found = [
            each
            for each in self.office.letters(number)
            if each.kind != "notice" and each.state == "sent"
        ]
        if not found:
            self.office.take(
                number, _write, text="Mohon foto modem Anda.", direction="out", method="email"
            )
            self.office.post(number)
            return self.letter(number)
        return found[-1]

    def name_of(self, letter: OutboxMessage) -> str:
        """The Message-ID of a letter."""
        return self.settings.message_id(letter.key)

    def reply_to(self, number: str) -> str:
        return reply_address(SECRET, OURS, int(number.rpartition("-")[2]))

    def receive(self, **more: object) -> str:
        """A complaint of the customer who writes in these tests, taken at the desk."""
        return self.office.receive(who={"email": CUSTOMER}, **more)


def _write(case: object, **told: str) -> None:
    from complaints.steps.casework.converse import record_message

    record_message(case, **told)  # type: ignore[arg-type]


@pytest.fixture
def post(office: Office) -> PostRoom:
    """The post room of the office."""
    return PostRoom(office, DeliverySettings("https://keluhan.example", SECRET, OURS))
