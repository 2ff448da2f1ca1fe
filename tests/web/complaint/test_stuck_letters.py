"""Letters that did not go: who wrote it and who handles the complaint hear; their page says so."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from complaints.models import Complaint, OutboxMessage
from complaints.outbox.mail.transports import Unanswered
from complaints.people.undelivered import tell_undelivered
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.converse import record_message
from tests.office import Office
from tests.outbox.test_deliver import Hand
from tests.outbox.test_deliver import deliver as deliver_as_told
from tests.web.complaint.test_complaint import path_of
from tests.web.page import Visitor

At = Callable[..., Visitor]
NOT_NOW = smtplib.SMTPDataError(451, b"not now")
NEVER = smtplib.SMTPDataError(554, b"never")
NOBODY = smtplib.SMTPRecipientsRefused({"siti@pelanggan.example": (550, b"unknown")})
HOUR = timedelta(hours=1)

deliver = partial(deliver_as_told, tell=tell_undelivered)


def heard(office: Office, name: str) -> list[str]:
    return [each.kind for each in office.notices(name) if each.kind.startswith("letter_")]


def stuck(desk: Visitor, number: str) -> str:
    return " ".join(desk.get(path_of(number)).words(".next-stuck"))


@pytest.fixture
def registered(office: Office, wall) -> str:
    """A complaint whose receipt, with the promised date in it, waits to leave."""
    number = office.receive()
    office.walk(number, to="020-1.6")
    wall.at = office.at
    return number


def test_a_promised_date_that_is_refused_for_now_is_told_at_once(
    office: Office, registered: str, at_desk: At
):
    deliver(office, Hand(failing=NOT_NOW), office.at)
    assert heard(office, "csr") == ["letter_delayed"]
    said = stuck(at_desk("csr"), registered)
    assert "Tanda terima" in said
    assert "dicoba lagi dengan sendirinya" in said
    assert "tanggal yang dijanjikan" in said
    for _ in range(3):
        row = office.letters(registered)[-1]
        deliver(office, Hand(failing=NOT_NOW), row.next_try_at)
    assert heard(office, "csr") == ["letter_delayed"]
    deliver(office, Hand(), office.letters(registered)[-1].next_try_at + 4 * HOUR)
    assert stuck(at_desk("csr"), registered) == ""


@pytest.mark.parametrize(
    ("failing", "kind", "said"),
    [
        (NOBODY, "letter_lost", "kembali. Perbaiki alamatnya, lalu sampaikan isinya"),
        (NEVER, "letter_lost", "tidak dapat dikirim. Periksa alamat emailnya, lalu sampaikan"),
    ],
)
def test_what_is_given_up_is_told_and_stands_on_the_complaint(
    office: Office, registered: str, at_desk: At, failing, kind: str, said: str
):
    deliver(office, Hand(failing=failing), office.at)
    assert heard(office, "csr") == [kind]
    assert said in stuck(at_desk("csr"), registered)


def test_a_letter_of_which_nobody_knows_is_asked_about(
    office: Office, registered: str, at_desk: At
):
    hand = Hand(failing=Unanswered("TimeoutError"))
    deliver(office, hand, office.at)
    deliver(office, hand, office.at + HOUR)
    assert heard(office, "csr") == ["letter_delayed", "letter_uncertain"]
    assert "Tanyakan kepada pelanggan" in stuck(at_desk("csr"), registered)


def test_a_letter_without_a_date_is_told_only_when_it_is_given_up(office: Office, wall):
    number = office.receive()
    office.walk(number)
    deliver(office, Hand(), office.at)
    office.take(
        number, record_message, text="Kami datang besok pagi.", direction="out", method="email"
    )
    before = heard(office, "csr")
    deliver(office, Hand(failing=NOT_NOW), office.at)
    assert heard(office, "csr") == before
    deliver(office, Hand(failing=NEVER), office.letters(number)[-1].next_try_at)
    assert heard(office, "csr")[len(before) :] == ["letter_lost"]


def test_who_wrote_it_hears_beside_who_handles_the_complaint(office: Office, registered: str):
    office.session.execute(update(Complaint).values(handler_id=office.id_of("officer")))
    office.session.commit()
    deliver(office, Hand(failing=NEVER), office.at)
    assert heard(office, "csr") == heard(office, "officer") == ["letter_lost"]


def test_words_written_again_leave_no_stuck_letter_behind(office: Office, wall, at_desk: At):
    number = office.receive()
    office.walk(number)
    wall.at = office.at
    deliver(office, Hand(), office.at)
    words = {"text": "Kami datang besok pagi.", "direction": "out", "method": "email"}
    office.take(number, record_message, **words)
    deliver(office, Hand(failing=NEVER), office.at)
    assert stuck(at_desk("csr"), number)
    office.take(number, record_message, **words)
    assert stuck(at_desk("csr"), number) == ""


def test_a_notice_of_an_error_of_mail_holds_nobodys_address(office: Office, registered: str):
    deliver(office, Hand(failing=NOBODY), office.at)
    (row,) = [each for each in office.letters(registered) if each.state == "bounced"]
    assert "@" not in row.last_error
    assert isinstance(row, OutboxMessage)
    assert all("@" not in str(each.facts) for each in office.notices("csr"))


def test_who_changed_the_address_hears_that_the_old_one_was_not_told(
    office: Office, registered: str
):
    office.post(registered)
    change = Amendment(email="baru@pelanggan.example")
    office.take(registered, amend_record, by="supervisor", change=change)
    deliver(office, Hand(failing=NEVER), office.at)
    assert "letter_lost" in heard(office, "supervisor")
