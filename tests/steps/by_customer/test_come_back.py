"""The customer comes back, by page, e-mail or messenger: one rule, whichever way they took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from complaints.domain.permissions import CUSTOMER
from complaints.models import ChannelMessage, Complaint, Note, Notice
from complaints.signing import pseudonym
from complaints.steps.by_customer.by_mail import write_by_mail
from complaints.steps.by_customer.by_messenger import MessageGiven, take_message
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import open_now
from complaints.steps.close import withdraw_complaint
from tests.office import Office

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)
Way = Callable[[Office, str, str], str]


def opened(office: Office, number: str) -> Case:
    return open_now(office.session, number, by=CUSTOMER, at=office.at)


def by_page(office: Office, number: str, text: str) -> str:
    return write_message(opened(office, number), text=text).case.number


def by_mail(office: Office, number: str, text: str) -> str:
    case = opened(office, number)
    return write_by_mail(case, text=text, address="siti@rumah.example").case.number


def by_messenger(office: Office, number: str, text: str) -> str:
    """A message of somebody whose last one went to this complaint."""
    complaint = office.complaint(number)
    phone = str(complaint.contact_phone)
    mark = pseudonym("channel-message", phone)
    last = select(ChannelMessage.complaint_id).where(ChannelMessage.sender_mark == mark)
    if office.session.scalar(last) is None:
        office.session.add(
            ChannelMessage(
                channel="whatsapp",
                external_id="before",
                sender_mark=mark,
                action="created",
                complaint_id=complaint.id,
                taken_at=office.at,
            )
        )
    given = MessageGiven(f"{text} {office.at}", phone, text)
    return take_message(
        office.session, office.rules, given, channel="whatsapp", branch="JKT", at=office.at
    ).number


WAYS = [by_page, by_mail, by_messenger]


@pytest.fixture(params=WAYS, ids=[each.__name__ for each in WAYS])
def way(request: pytest.FixtureRequest) -> Way:
    """By which way the customer comes back."""
    found: Way = request.param
    return found


def say(office: Office, way: Way, number: str, text: str, at: datetime | None = None) -> str:
    """What the customer says, and the number of the complaint that it is on."""
    office.at = at or office.at + timedelta(minutes=5)
    found = way(office, number, text)
    office.session.commit()
    return found


def heard(office: Office, number: str, name: str = "csr") -> list[str]:
    """What this colleague was told of the customer's doings."""
    mine = office.id_of(name)
    kinds = [row.kind for row in office.rows(Notice, number) if row.user_id == mine]
    return [each for each in kinds if each.startswith("customer_")]


def ended(office: Office) -> str:
    number = office.receive()
    office.walk(number)
    return number


def reopen_until(office: Office, number: str) -> datetime:
    closed_at = office.complaint(number).closed_at
    assert closed_at is not None
    return closed_at + office.rules.authority.portal.reopen_days * DAY


def test_within_the_days_it_opens_again_and_its_handler_hears_once(office: Office, way: Way):
    number = ended(office)
    # The last second is in time.
    at = reopen_until(office, number)
    assert say(office, way, number, "Mati lagi sejak pagi", at) == number
    assert office.complaint(number).status == "in_handling"
    (reopened,) = [each for each in office.history(number) if each.what == "reopen"]
    assert reopened.detail["reason"] == "Mati lagi sejak pagi"
    assert [row.text for row in office.rows(Note, number)] == ["Mati lagi sejak pagi"]
    assert heard(office, number) == ["customer_reopened"]
    # What comes next is a word on what is open.
    assert say(office, way, number, "Kapan teknisi datang?") == number
    assert heard(office, number) == ["customer_reopened", "customer_wrote"]


def test_after_the_days_it_opens_nothing_and_a_new_one_begins_once(office: Office, way: Way):
    number = ended(office)
    at = reopen_until(office, number) + timedelta(seconds=1)
    new = say(office, way, number, "Mati lagi sejak pagi", at)
    assert new != number
    assert office.complaint(number).status == "closed"
    assert office.complaint(new).story == "Mati lagi sejak pagi"
    # A page and an answer to a letter name the complaint; a message names none.
    named = way is not by_messenger
    assert office.complaint(new).continues_id == (office.complaint(number).id if named else None)
    assert say(office, way, number, "Kapan teknisi datang?") == new
    assert office.count(Complaint) == 2


def test_what_was_withdrawn_too_long_ago_is_gone_on_from(office: Office, way: Way):
    number = office.receive()
    office.walk(number, to="020-2.5")
    office.take(number, withdraw_complaint, reason="Sudah tidak perlu", method="signature")
    closed_at = office.complaint(number).closed_at
    assert closed_at is not None
    terms = office.rules.authority
    assert terms.withdrawal.take_back_days < terms.portal.reopen_days
    at = closed_at + terms.withdrawal.take_back_days * DAY + timedelta(seconds=1)
    new = say(office, way, number, "Ternyata masih mati", at)
    assert office.complaint(new).continues_id == office.complaint(number).id
    assert office.complaint(number).status == "withdrawn"
    assert heard(office, new) == ["customer_came_back"]
    # And the one that goes on takes what else they say.
    assert say(office, way, number, "Kapan teknisi datang?") == new


@pytest.mark.parametrize(
    ("is_received", "hears", "hears_not"),
    [(True, "csr", "supervisor"), (False, "supervisor", "csr")],
)
def test_where_nobody_handles_it_the_same_person_hears(
    office: Office, way: Way, is_received: bool, hears: str, hears_not: str
):
    """Whoever received it; where nobody did, whoever has to give it to somebody."""
    number = office.receive()
    complaint = office.complaint(number)
    complaint.handler_id = None
    complaint.received_by_id = office.id_of("csr") if is_received else None
    office.session.commit()
    say(office, way, number, "Kapan teknisi datang?")
    assert heard(office, number, hears) == ["customer_wrote"]
    assert heard(office, number, hears_not) == []


def test_what_a_colleague_took_down_where_nobody_handles_it_is_known_already(office: Office):
    number = office.receive()
    office.complaint(number).handler_id = None
    office.session.commit()
    office.take(number, record_message, by="officer", text="Kapan datang?", direction="in")
    assert heard(office, number) == heard(office, number, "supervisor") == []


def test_of_a_sender_with_an_open_complaint_the_ended_one_stays_closed(office: Office):
    number = ended(office)
    other = office.receive(story="Tagihan saya dua kali bulan ini.")
    office.session.commit()
    assert say(office, by_messenger, number, "Belum dikoreksi juga") == other
    assert office.complaint(number).status == "closed"
