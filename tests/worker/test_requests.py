"""A request whose approver is away passes on, once, to whoever may decide."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.models import Notice, Offer
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.people.absences import note_absence
from complaints.steps.casework.approve import decide_offer
from complaints.steps.offer import offer_solution
from complaints.worker.requests import pass_requests_on
from complaints.worker.sweeps import WorkerContext
from tests.office import Office

DAY = timedelta(days=1)


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    delivery = DeliverySettings("http://localhost:8000", "a key for tests only, long enough")
    return WorkerContext(sessions, delivery, Folder(tmp_path))


@pytest.fixture
def number(office: Office) -> str:
    """A complaint on which a request waits for the supervisor."""
    number = office.receive()
    office.walk(number, to="020-3.2")
    gift = {"remedy": "GOODWILL", "description": "Tanda perhatian", "amount": 300_000}
    office.take(number, offer_solution, **gift)
    return number


def away(office: Office, name: str) -> None:
    note_absence(
        office.session,
        deputy="",
        from_at=office.at,
        until_at=office.at + 5 * DAY,
        by=office.actor(name),
        at=office.at,
    )
    office.session.commit()


def asked(office: Office, number: str) -> list[int]:
    notices = office.rows(Notice, number)
    return [each.user_id for each in notices if each.kind == "offer_approval"]


def test_while_the_approver_is_there_nothing_passes_on(office, number, context):
    assert pass_requests_on(context, office.at + DAY).handled == 0
    assert asked(office, number) == [office.id_of("supervisor")]


def test_while_the_approver_is_away_the_next_is_asked_once(office, number, context):
    away(office, "supervisor")
    at = office.at + DAY
    assert [pass_requests_on(context, at).handled for _ in range(2)] == [1, 0]
    assert asked(office, number) == [office.id_of("supervisor"), office.id_of("manager")]
    assert office.rows(Offer, number)[-1].approver_id == office.id_of("manager")
    assert office.rows(Notice, number)[-1].facts["by"] == "Csr"
    last = office.history(number)[-1]
    assert (last.what, last.by_name, last.detail["to"]) == ("ask_approval", "Tanggap", "Manager")
    office.take(number, decide_offer, by="manager", at=at + DAY, answer="approved")
    assert office.rows(Offer, number)[-1].state == "open"


def test_who_has_left_is_asked_no_more(office, number, context):
    office.people["supervisor"].is_active = False
    office.session.commit()
    assert pass_requests_on(context, office.at + DAY).handled == 1
    assert asked(office, number)[-1] == office.id_of("manager")


def test_where_nobody_else_may_decide_it_stays_with_who_was_asked(office, number, context):
    away(office, "supervisor")
    away(office, "manager")
    assert pass_requests_on(context, office.at + DAY).handled == 0
    assert office.rows(Offer, number)[-1].approver_id == office.id_of("supervisor")
