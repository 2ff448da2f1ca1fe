"""Delivery: lease, send, mark; what happens when the post fails, and that nothing goes twice."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import sessionmaker

from complaints.domain.words.letter_state import LEAVING, MAY_HAVE_LEFT
from complaints.models import Complaint, InboundMessage, OutboxMessage
from complaints.outbox.deliver import LEASE, deliver_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail import transports
from complaints.outbox.mail.transports import (
    Folder,
    Transport,
    Unanswered,
    Unreachable,
    transport_for,
)
from complaints.outbox.on_the_way import Delivered
from complaints.outbox.queue import letter_row, queue_letters
from complaints.signing import complaint_id_of_reply, opens
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.converse import record_message
from tests.at_once import at_once
from tests.conftest import NOW
from tests.office import Office
from tests.outbox.post import mail_server

OFFICE = DeliverySettings("https://keluhan.example", "a key for tests only, long enough")
MAIL = DeliverySettings(
    "https://keluhan.example", "a key for tests only, long enough", "keluhan@tanggap.example"
)
MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)


@dataclass
class Hand:
    """A transport that keeps what it is given, or fails as it is told."""

    sent: list[EmailMessage] = field(default_factory=list)
    failing: Exception | None = None

    def send(self, message: EmailMessage) -> None:
        if self.failing:
            raise self.failing
        self.sent.append(message)

    def close(self) -> None:
        """Nothing to put down."""


class DyingHand(Hand):
    """A transport whose worker dies when the letter has gone and nothing is marked."""

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)
        raise KeyboardInterrupt


def deliver(
    office: Office, transport: Transport, at: datetime = LATER, limit: int = 50, **more: Any
) -> Delivered:
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    return deliver_waiting(sessions, transport, OFFICE, at=at, limit=limit, **more)


def queue(office: Office, count: int = 1, kind: str = "message", **facts: object) -> None:
    """Letters to a customer, as the steps queue them."""
    told = {
        "number": "KLH-2026-000001",
        "name": "Siti",
        "salutation": "Ibu",
        "text": "Halo",
        **facts,
    }
    rows = [
        letter_row(
            kind,
            f"{kind}:{n}",
            to=f"siti{n}@pelanggan.example",
            language="id",
            complaint_id=None,
            facts=told,
            at=NOW,
        )
        for n in range(count)
    ]
    queue_letters(office.session, rows)
    office.session.commit()


def outbox(office: Office) -> list[OutboxMessage]:
    query = select(OutboxMessage).order_by(OutboxMessage.id)
    rows = list(office.session.scalars(query.execution_options(populate_existing=True)))
    office.session.commit()
    return rows


@pytest.mark.both_databases
def test_what_the_steps_queued_goes_out_once(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    hand = Hand()
    assert deliver(office, hand).sent == 1
    (message,) = hand.sent
    assert message["To"] == "Siti Aminah <siti@pelanggan.example>"
    assert message["Subject"] == "Tanda terima keluhan [KLH-2026-000001]"
    (row,) = office.letters(number)
    assert (row.state, row.attempts, row.sent_at, row.last_error) == ("sent", 1, LATER, "")
    assert deliver(office, hand, LATER + timedelta(days=1)).handled == 0
    assert len(hand.sent) == 1


def test_the_secret_link_is_made_at_delivery_and_opens_the_complaint(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    hand = Hand()
    deliver(office, hand)
    text = hand.sent[0].get_body(("plain",)).get_content()
    token = text.partition("/portal/")[2].split()[0]
    complaint: Complaint = office.complaint(number)
    assert opens(OFFICE.secret_key, token, complaint.id, complaint.follow_nonce)
    office.session.commit()
    assert "/portal/" not in str(office.letters(number)[0].facts)


@pytest.mark.both_databases
def test_nothing_goes_out_before_its_time(office: Office):
    queue(office)
    assert deliver(office, Hand(), NOW - timedelta(seconds=1)).handled == 0
    assert deliver(office, Hand(), NOW).sent == 1


def test_a_failure_waits_longer_and_longer_and_is_given_up_in_the_end(office: Office):
    queue(office)
    hand = Hand(failing=ValueError("Siti <siti0@pelanggan.example> is unknown"))
    at, waits = NOW, []
    for _ in range(29):
        assert deliver(office, hand, at).failed == 1
        (row,) = outbox(office)
        waits.append((row.next_try_at - at) // MINUTE)
        assert deliver(office, hand, row.next_try_at - timedelta(seconds=1)).handled == 0
        at = row.next_try_at
        assert row.state == "queued"
    deliver(office, hand, at)
    (row,) = outbox(office)
    assert waits == [1, 5, 15, 60, 120, *[240] * 24]
    assert at - NOW > timedelta(days=4)
    assert (row.state, row.attempts, row.last_error) == ("failed", 30, "ValueError")
    assert deliver(office, Hand(), at + timedelta(days=1)).handled == 0


@pytest.mark.both_databases
def test_one_bad_letter_does_not_hold_up_the_others(office: Office):
    queue(office, 3)
    office.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.key == "message:1")
        .values(to_address="x@y.example\r\nBcc: z@y.example")
    )
    office.session.commit()
    hand = Hand()
    done = deliver(office, hand)
    assert (done.sent, done.failed) == (2, 1)
    assert [row.last_error for row in outbox(office)] == ["", "BadAddress", ""]
    assert all("Bcc" not in message for message in hand.sent)


def test_a_letter_that_cannot_be_written_names_the_kind_of_mistake(office: Office):
    queue(office, kind="unheard_of")
    assert deliver(office, Hand()).failed == 1
    assert outbox(office)[0].last_error == "TemplateNotFound"


def test_while_the_post_is_closed_no_letter_is_to_blame(office: Office):
    queue(office, 3)
    done = deliver(office, Hand(failing=Unreachable("ConnectionRefusedError")))
    assert (done.is_closed, done.handled) == (True, 0)
    rows = outbox(office)
    assert {row.attempts for row in rows} == {0}
    assert rows[0].next_try_at == LATER + MINUTE
    assert rows[0].last_error == "ConnectionRefusedError"
    assert deliver(office, Hand(), LATER + MINUTE).sent == 3


def test_a_refused_receiver_is_kept_as_a_code_without_the_address(office: Office):
    queue(office)
    refusals = {"siti0@pelanggan.example": "550 <siti0@pelanggan.example> unknown"}
    with mail_server(refusals=refusals) as post:
        deliver(office, transport_for(f"smtp://127.0.0.1:{post.port}"))
    (row,) = outbox(office)
    # An address that does not exist will not exist in an hour either.
    assert (row.state, row.attempts) == ("bounced", 1)
    assert row.last_error == "SMTPRecipientsRefused 550"


def test_a_receiver_refused_for_the_time_being_is_tried_again(office: Office):
    queue(office)
    refusals = {"siti0@pelanggan.example": "450 <siti0@pelanggan.example> try later"}
    with mail_server(refusals=refusals) as post:
        deliver(office, transport_for(f"smtp://127.0.0.1:{post.port}"))
    (row,) = outbox(office)
    assert (row.state, row.attempts) == ("queued", 1)


@pytest.mark.both_databases
def test_a_leased_letter_is_left_alone_until_its_lease_ends(office: Office):
    queue(office)

    dying, healthy = DyingHand(), Hand()
    with pytest.raises(KeyboardInterrupt):
        deliver(office, dying)
    assert deliver(office, healthy, LATER + LEASE - timedelta(seconds=1)).handled == 0
    assert deliver(office, healthy, LATER + LEASE).sent == 1
    assert dying.sent[0]["Message-ID"] == healthy.sent[0]["Message-ID"]


class Slow(Hand):
    """A transport that takes so long that its lease ends and another worker takes the letter."""

    def __init__(self, office: Office, other: Transport, failing: Exception | None = None) -> None:
        super().__init__(failing=failing)
        self._house, self._other = office, other

    def send(self, message: EmailMessage) -> None:
        with suppress(KeyboardInterrupt):
            deliver(self._house, self._other, LATER + LEASE)
        super().send(message)


@pytest.mark.both_databases
def test_whoever_lost_the_lease_does_not_undo_what_the_next_worker_did(office: Office):
    queue(office)
    deliver(office, Slow(office, Hand(), failing=ValueError("too late")))
    (row,) = outbox(office)
    assert (row.state, row.attempts, row.last_error) == ("sent", 1, "")
    assert row.sent_at == LATER + LEASE


@pytest.mark.both_databases
@pytest.mark.parametrize("failing", [None, ValueError("x"), Unreachable("ConnectionRefusedError")])
def test_whoever_lost_the_lease_does_not_end_the_next_workers(office: Office, failing):
    class Dying(Hand):
        def send(self, message: EmailMessage) -> None:
            raise KeyboardInterrupt

    queue(office)
    deliver(office, Slow(office, Dying(), failing=failing), limit=1)
    (row,) = outbox(office)
    assert (row.state, row.attempts) == ("queued", 0)
    assert row.last_error == f"{LEAVING}; {MAY_HAVE_LEFT}"
    assert row.next_try_at == LATER + 2 * LEASE
    assert deliver(office, Hand(), LATER + 2 * LEASE - timedelta(seconds=1)).handled == 0


@pytest.mark.both_databases
def test_a_letter_whose_workers_die_is_sent_twice_and_no_more(office: Office):
    queue(office)
    hand, told = DyingHand(), []
    for nth in range(4):
        with suppress(KeyboardInterrupt):
            deliver(office, hand, LATER + nth * LEASE, tell=lambda _, news: told.append(news))
    assert len(hand.sent) == 2
    assert hand.sent[0]["Message-ID"] == hand.sent[1]["Message-ID"]
    (row,) = outbox(office)
    assert (row.state, row.last_error) == ("failed", f"Interrupted; {MAY_HAVE_LEFT}")


@pytest.mark.both_databases
def test_a_worker_that_dies_holds_up_no_letter_but_the_one_in_its_hand(office: Office):
    queue(office, 5)
    with pytest.raises(KeyboardInterrupt):
        deliver(office, DyingHand())
    healthy = Hand()
    assert deliver(office, healthy, LATER).sent == 4
    assert deliver(office, healthy, LATER + LEASE).sent == 1


@pytest.mark.parametrize("answer", ["450", "451", "452"])
def test_what_is_refused_for_now_is_tried_again(office: Office, answer: str):
    queue(office)
    with mail_server(says_to_message=f"{answer} not now") as post:
        deliver(office, transport_for(f"smtp://127.0.0.1:{post.port}"))
    (row,) = outbox(office)
    assert (row.state, row.last_error) == ("queued", f"SMTPDataError {answer}")


@pytest.mark.parametrize("answer", ["550", "552", "554"])
def test_what_is_refused_for_good_is_tried_once(office: Office, answer: str):
    queue(office)
    with mail_server(says_to_message=f"{answer} never") as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        deliver(office, transport)
        deliver(office, transport, LATER + timedelta(days=1))
    (row,) = outbox(office)
    assert (row.state, row.attempts, len(post.received)) == ("failed", 1, 1)


@pytest.mark.parametrize("falls_silent", ["hangs up", "says nothing"])
def test_a_server_that_says_nothing_to_a_whole_letter_gets_two_copies_and_no_more(
    office: Office, falls_silent: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transports, "TAKING_SECONDS", 0.05)
    queue(office)
    at, told = LATER, []
    with mail_server(after_message=falls_silent) as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        for _ in range(12):
            deliver(office, transport, at, tell=lambda _, news: told.append(news.kind))
            at += 6 * timedelta(hours=1)
    first, second = post.messages
    assert first["Message-ID"] == second["Message-ID"]
    (row,) = outbox(office)
    assert (row.state, row.last_error) == ("failed", f"Unanswered; {MAY_HAVE_LEFT}")


def test_the_second_copy_waits_an_hour_and_a_server_that_takes_it_ends_it(office: Office):
    queue(office)
    hand = Hand(failing=Unanswered("TimeoutError"))
    deliver(office, hand)
    hand.failing = None
    assert deliver(office, hand, LATER + timedelta(minutes=59)).handled == 0
    assert deliver(office, hand, LATER + timedelta(hours=1)).sent == 1
    (row,) = outbox(office)
    assert (row.state, row.last_error) == ("sent", "")


def test_a_copy_that_is_refused_for_now_goes_on_and_still_counts_as_the_second(office: Office):
    queue(office)
    hand = Hand(failing=Unanswered("TimeoutError"))
    deliver(office, hand)
    hand.failing = smtplib.SMTPDataError(451, b"not now")
    deliver(office, hand, LATER + timedelta(hours=1))
    (row,) = outbox(office)
    assert (row.state, row.last_error) == ("queued", f"SMTPDataError 451; {MAY_HAVE_LEFT}")
    hand.failing = Unanswered("TimeoutError")
    deliver(office, hand, row.next_try_at)
    assert outbox(office)[0].state == "failed"


def test_the_house_own_address_refused_blames_no_letter(office: Office):
    queue(office, 2)
    with mail_server(says_to_sender="530 log in first") as post:
        done = deliver(office, transport_for(f"smtp://127.0.0.1:{post.port}"))
    assert done.is_closed
    assert {(row.state, row.attempts) for row in outbox(office)} == {("queued", 0)}


def test_a_letter_too_large_for_the_server_blocks_no_other(office: Office):
    queue(office, 2)
    with mail_server(says_to_sender="552 too large") as post:
        done = deliver(office, transport_for(f"smtp://127.0.0.1:{post.port}"))
    assert (done.is_closed, done.failed) == (False, 2)
    assert {row.state for row in outbox(office)} == {"failed"}


@pytest.mark.both_databases
def test_a_letter_sent_twice_by_a_crash_is_one_file(office: Office, tmp_path: Path):
    queue(office)

    class Dying(Folder):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(office, Dying(tmp_path))
    deliver(office, Folder(tmp_path), LATER + LEASE)
    assert len(list(tmp_path.iterdir())) == 1
    assert outbox(office)[0].state == "sent"


def test_a_message_id_is_guessed_by_nobody_and_belongs_to_one_key():
    mine = OFFICE.message_id("receipt:1:5")
    assert mine == OFFICE.message_id("receipt:1:5")
    assert mine.endswith("@keluhan.example>")
    assert mine != OFFICE.message_id("receipt:1:6")
    assert mine != DeliverySettings("https://keluhan.example", "another key").message_id(
        "receipt:1:5"
    )


@pytest.mark.both_databases
def test_two_workers_send_each_letter_once(office: Office, engine: Engine):
    queue(office, 60)
    hand = Hand()

    def work() -> None:
        while deliver(office, hand, limit=7).handled:
            pass

    at_once(3, work)
    deliver(office, hand, limit=60)
    assert len(hand.sent) == 60
    assert len({message["Message-ID"] for message in hand.sent}) == 60
    assert {row.state for row in outbox(office)} == {"sent"}


def sent_of(office: Office, number: str, settings: DeliverySettings = OFFICE) -> list[EmailMessage]:
    """What leaves now, as it is handed over, oldest first."""
    hand = Hand()
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    deliver_waiting(sessions, hand, settings, at=office.at + timedelta(hours=1))
    return [each for each in hand.sent if number in each["Subject"]]


def write(office: Office, number: str, text: str = "Teknisi datang besok.") -> None:
    office.take(number, record_message, text=text, direction="out", method="email")


def test_the_letters_of_a_complaint_are_one_conversation(office: Office):
    number, other = office.receive(), office.receive()
    for each in (number, other):
        office.walk(each, to="020-1.6")
    (first,) = sent_of(office, number)
    assert (first["In-Reply-To"], first["References"]) == (None, None)
    write(office, number)
    (second,) = sent_of(office, number)
    assert second["In-Reply-To"] == first["Message-ID"]
    write(office, number, "Teknisi sudah datang.")
    (third,) = sent_of(office, number)
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]
    assert f"[{number}]" in third["Subject"]


def came_in(office: Office, number: str, name: str, **more: Any) -> None:
    """Mail of the customer's that was taken in."""
    told = {"action": "appended", "from_address": "Siti@pelanggan.example", **more}
    message = InboundMessage(
        source="pipe",
        fingerprint=name[-60:],
        sha256="0" * 64,
        size=1,
        message_id=name,
        received_at=office.at,
        taken_at=office.at,
        kind="mail",
        reason="token",
        complaint_id=office.complaint(number).id,
        **told,
    )
    office.session.add(message)
    office.session.commit()


def test_the_customers_own_mail_is_answered_letter_by_letter(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    (first,) = sent_of(office, number)
    office.at += timedelta(hours=2)
    theirs = f"<{'a1B2' * 26}@mail.pelanggan.example>"
    came_in(office, number, theirs)
    came_in(office, number, "<lain@x.example>", from_address="orang.lain@x.example")
    came_in(office, number, "<mesin@pelanggan.example>", action="auto_reply")
    write(office, number)
    (second,) = sent_of(office, number)
    assert second["References"].split() == [first["Message-ID"], theirs]
    assert second["In-Reply-To"] == theirs
    assert theirs.encode("ascii") in second.as_bytes()


def test_a_long_conversation_names_its_beginning_and_its_end(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    for count in range(12):
        write(office, number, f"Kabar {count}")
    ids = [each["Message-ID"] for each in sent_of(office, number)]
    write(office, number, "Kabar terakhir")
    (last,) = sent_of(office, number)
    assert last["References"].split() == [ids[0], *ids[-9:]]


def test_a_new_address_is_shown_nothing_of_what_went_elsewhere(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    (before,) = sent_of(office, number)
    office.take(number, amend_record, change=Amendment(email="siti.baru@pelanggan.example"))
    write(office, number)
    letters = sent_of(office, number, MAIL)
    new = [each for each in letters if "siti.baru@" in each["To"]]
    assert [bool(each["Reply-To"]) for each in new] == [True, True]
    assert [each["References"] for each in new] == [None, new[0]["Message-ID"]]
    # The old address is told that it hears no more, and has nothing to answer to.
    (old,) = [each for each in letters if each not in new]
    assert old["To"].addresses == before["To"].addresses
    assert (old["References"], old["Reply-To"]) == (None, None)
    assert "membalas" not in old.get_body(("plain",)).get_content()


def test_an_answer_by_mail_is_asked_for_where_something_reads_it(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    write(office, number)
    silent = sent_of(office, number)
    write(office, number, "Teknisi sudah datang.")
    (asking,) = sent_of(office, number, MAIL)
    for each in silent:
        assert each["Reply-To"] is None
        assert "membalas email" not in each.get_body(("plain",)).get_content()
    (address,) = asking["Reply-To"].addresses
    complaint_id = office.complaint(number).id
    assert complaint_id_of_reply(MAIL.secret_key, address.addr_spec) == complaint_id
    for kind in ("plain", "html"):
        assert "membalas email ini" in asking.get_body((kind,)).get_content()


def test_a_colleague_is_not_answered_as_the_customer(office: Office):
    number = office.receive()
    office.walk(number, to="asked")
    notices = [
        each
        for each in sent_of(office, number, MAIL)
        if "officer@" in each["To"].addresses[0].addr_spec
    ]
    assert notices
    assert {(each["Reply-To"], each["References"]) for each in notices} == {(None, None)}
