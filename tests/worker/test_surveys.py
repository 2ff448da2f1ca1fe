"""Customers are asked some days after the end by itself, once; or one entry says why not (T7)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.domain.permissions import CUSTOMER
from complaints.models import Commitment, Rating
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.queries.complaint.seals.history import verify_history
from complaints.steps.casework.pause import open_now
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.commitments.settle import drop_commitment, keep_commitments
from complaints.steps.letters.survey import ask_for_rating, decline_surveys
from complaints.worker.surveys import ask_customers
from complaints.worker.sweeps import WorkerContext
from tests.office import Office
from tests.steps.test_delivery import closed as closed_over_a_delivery

DAY = timedelta(days=1)


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    delivery = DeliverySettings("http://localhost:8000", "a key for tests only, long enough")
    return WorkerContext(sessions, delivery, Folder(tmp_path))


def closed(office: Office, **who: str) -> str:
    number = office.receive(who=who)
    office.walk(number)
    return number


def ended_at(office: Office, number: str) -> datetime:
    at = office.complaint(number).closed_at
    office.session.rollback()
    assert at is not None
    return at


def round_of(office: Office, context: WorkerContext, at: datetime) -> int:
    office.session.rollback()
    handled = ask_customers(context, at).handled
    office.session.expire_all()
    return handled


def surveys(office: Office, number: str) -> int:
    return len([each for each in office.letters(number) if each.kind == "survey"])


def reasons(office: Office, number: str) -> list[dict[str, object]]:
    return [each.detail for each in office.history(number) if each.what == "not_asked"]


def test_a_closing_is_asked_about_once_when_its_days_are_over(office, context):
    number = closed(office)
    end = ended_at(office, number)
    assert round_of(office, context, end + 3 * DAY - timedelta(minutes=1)) == 0
    assert [round_of(office, context, end + 3 * DAY + timedelta(minutes=n)) for n in (0, 1)] == [
        1,
        0,
    ]
    assert (surveys(office, number), reasons(office, number)) == (1, [])
    entry = next(each for each in office.history(number) if each.what == "ask_rating")
    assert entry.by_id is None
    # Opened again and closed again it is another closing.
    office.at = end + 4 * DAY
    office.take(number, reopen_complaint, by="supervisor", reason="Mati lagi sejak pagi ini")
    office.promise_anew(number)
    office.walk(number, after="020-2.5")
    assert round_of(office, context, ended_at(office, number) + 3 * DAY) == 1
    assert surveys(office, number) == 2


@pytest.mark.parametrize("why", ["no_address", "came_back", "declined"])
def test_who_cannot_be_asked_stands_in_the_history_once_with_the_reason(office, context, why: str):
    number = closed(office, email="") if why == "no_address" else closed(office)
    if why == "came_back":
        office.letters(number)[-1].state = "bounced"
        office.session.commit()
    elif why == "declined":
        decline_surveys(open_now(office.session, number, by=CUSTOMER, at=office.at))
        office.session.commit()
    at = ended_at(office, number) + 3 * DAY
    assert [round_of(office, context, at + n * timedelta(minutes=10)) for n in range(3)] == [
        1,
        0,
        0,
    ]
    assert (surveys(office, number), reasons(office, number)) == (0, [{why: True}])
    assert verify_history(office.session)["bad"] == []


def test_what_was_asked_rated_or_withdrawn_before_is_left_alone(office, context):
    asked, rated, withdrawn = closed(office), closed(office), office.receive()
    office.take(asked, ask_for_rating)
    complaint = office.complaint(rated)
    office.session.add(
        Rating(complaint_id=complaint.id, cycle=complaint.cycle, overall=5, at=office.at)
    )
    office.walk(withdrawn, to="020-1.6")
    office.take(withdrawn, withdraw_complaint, reason="Sudah menyala lagi", method="signature")
    for hours in range(0, 48, 12):
        assert round_of(office, context, office.at + 3 * DAY + timedelta(hours=hours)) == 0
    assert [surveys(office, each) for each in (asked, rated, withdrawn)] == [1, 0, 0]


@pytest.mark.parametrize("how", ["done", "dropped"])
def test_the_days_count_from_when_they_had_what_they_were_to_receive(office, context, how: str):
    number = closed_over_a_delivery(office, 10 * DAY)
    end = ended_at(office, number)
    assert round_of(office, context, end + 3 * DAY) == 0
    delivery = office.rows(Commitment, number)[-1].id
    office.at = end + 6 * DAY
    if how == "done":
        office.take(number, keep_commitments, ids=[delivery], reference="TRF-0091")
    else:
        office.take(number, drop_commitment, commitment=delivery, reason="Membeli sendiri")
    settled = office.at
    assert round_of(office, context, settled + 3 * DAY - timedelta(minutes=1)) == 0
    assert [round_of(office, context, settled + 3 * DAY + n * DAY) for n in (0, 1)] == [1, 0]
    assert (surveys(office, number), reasons(office, number)) == (1, [])


def test_what_was_delivered_at_once_is_asked_about_from_its_closing(office, context):
    number = closed_over_a_delivery(office, 10 * DAY)
    end = ended_at(office, number)
    delivery = office.rows(Commitment, number)[-1].id
    office.take(number, keep_commitments, at=end + DAY, ids=[delivery], reference="TRF-0091")
    assert round_of(office, context, end + 3 * DAY) == 0
    assert round_of(office, context, end + 4 * DAY) == 1


def test_nobody_is_asked_weeks_later_or_where_the_organisation_does_not_ask(office, context):
    number = closed(office)
    end = ended_at(office, number)
    assert round_of(office, context, end + 6 * DAY) == 0
    assert office.rules.organisation.survey_after_days == 3
    office.session.rollback()
    office.load_organisation(survey_after_days=None)
    assert round_of(office, context, end + 3 * DAY) == 0
    assert (surveys(office, number), reasons(office, number)) == (0, [])


def test_two_workers_ask_once(office, context):
    number = closed(office)
    at = ended_at(office, number) + 3 * DAY
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda at: ask_customers(context, at).handled, [at, at])
    assert sum(done) == 1
    office.session.expire_all()
    assert surveys(office, number) == 1
