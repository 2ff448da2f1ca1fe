"""Files that go with a letter by email: what the message carries, and what stays here."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from complaints.files.store import OBJECTS, open_store
from complaints.models import OutboxMessage
from complaints.outbox.deliver import LEASE
from complaints.outbox.mail.transports import transport_for
from complaints.outbox.purge import purge_letters
from complaints.people.undelivered import tell_undelivered
from complaints.queries.files.enclosures import sendings_of
from complaints.steps.files.attach import hide_attachment
from tests.office import Office
from tests.outbox.post import mail_server
from tests.outbox.test_deliver import DyingHand, Hand
from tests.outbox.test_deliver import deliver as deliver_as_told
from tests.steps.files.pictures import PHOTO
from tests.steps.files.test_attach import attach
from tests.steps.files.test_enclose import letter_of, send

pytestmark = pytest.mark.both_databases

deliver = partial(deliver_as_told, tell=tell_undelivered)
PAGES = b"%PDF-1.4\n" + bytes(range(256)) * 40
NOT_NOW = smtplib.SMTPDataError(451, b"not now")


def enclosed(message: Any) -> list[tuple[str, str, bytes]]:
    return [
        (each.get_filename(), each.get_content_type(), each.get_payload(decode=True))
        for each in message.iter_attachments()
    ]


def written(office: Office, **more: Any) -> tuple[str, int]:
    """A complaint with a message that waits, and its photo."""
    number = office.receive()
    photo = attach(office, number)
    send(office, number, enclose=[photo.id], **more)
    office.session.commit()
    return number, photo.id


def hide(office: Office, number: str, file: int) -> None:
    office.take(number, hide_attachment, attachment=file, reason="Milik pelanggan lain")
    office.session.commit()


def test_the_mail_carries_the_files_as_they_came_over_the_wire(office: Office):
    number = office.receive()
    photo = attach(office, number, name="foto modem “depan”.jpg")
    pages = attach(office, number, given=PAGES, name="../Berita acara.pdf")
    page = attach(office, number, given=b"<script>alert(1)</script>", name="a.html")
    attach(office, number, given=b"%PDF-1.4\nnot chosen", name="lain.pdf")
    send(office, number, enclose=[photo.id, pages.id, page.id])
    office.session.commit()
    with mail_server() as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        assert deliver(office, transport, office.at).sent == 1
        (message,) = post.messages
    assert enclosed(message) == [
        ("foto modem “depan”.jpg", "image/jpeg", PHOTO),
        ("Berita acara.pdf", "application/pdf", PAGES),
        ("a.html", "application/octet-stream", b"<script>alert(1)</script>"),
    ]
    text = message.get_body(("plain",)).get_content()
    assert "Lampiran: foto modem “depan”.jpg; Berita acara.pdf; a.html" in text
    assert "Lampiran: " in message.get_body(("html",)).get_content()
    (sending,) = sendings_of(office.session, office.complaint(number).id)
    assert [each.sha256 for each in sending.files] == [photo.sha256, pages.sha256, page.sha256]
    assert sending.left_at == office.at


def test_a_letter_without_files_says_nothing_of_any(office: Office):
    number = office.receive()
    send(office, number)
    office.session.commit()
    hand = Hand()
    deliver(office, hand, office.at)
    (message,) = hand.sent
    assert enclosed(message) == []
    assert "Lampiran" not in message.get_body(("plain",)).get_content()


def test_what_is_refused_for_now_goes_later_with_the_same_files(office: Office):
    written(office)
    deliver(office, Hand(failing=NOT_NOW), office.at)
    hand = Hand()
    deliver(office, hand, office.at + timedelta(minutes=2))
    assert [name for name, _, _ in enclosed(hand.sent[0])] == ["foto.jpg"]


def test_the_copy_after_a_crash_has_the_same_name_and_the_same_files(office: Office):
    written(office)
    first, second = DyingHand(), Hand()
    with suppress(KeyboardInterrupt):
        deliver(office, first, office.at)
    deliver(office, second, office.at + LEASE)
    assert first.sent[0]["Message-ID"] == second.sent[0]["Message-ID"]
    assert enclosed(first.sent[0]) == enclosed(second.sent[0]) != []


def test_a_file_hidden_before_the_letter_leaves_stays_here_and_the_writer_hears(office: Office):
    number = office.receive()
    photo, pages = attach(office, number), attach(office, number, given=PAGES, name="b.pdf")
    send(office, number, enclose=[photo.id, pages.id])
    office.session.commit()
    hide(office, number, photo.id)
    hand = Hand()
    deliver(office, hand, office.at)
    (message,) = hand.sent
    assert [name for name, _, _ in enclosed(message)] == ["b.pdf"]
    assert "foto.jpg" not in message.as_string()
    letter = letter_of(office, number)
    assert [each["held_back"] for each in letter.facts["enclosed"]] == [True, False]
    (notice,) = [each for each in office.notices("csr") if each.kind == "letter_file_held_back"]
    assert notice.facts["files"] == "foto.jpg"


def test_a_file_hidden_between_two_tries_does_not_go_with_the_second(office: Office):
    number, photo = written(office)
    deliver(office, Hand(failing=NOT_NOW), office.at)
    hide(office, number, photo)
    later = office.at + timedelta(minutes=2)
    deliver(office, Hand(failing=NOT_NOW), later)
    hand = Hand()
    deliver(office, hand, later + timedelta(minutes=10))
    assert enclosed(hand.sent[0]) == []
    told = [each.kind for each in office.notices("csr") if each.kind.startswith("letter_file")]
    assert told == ["letter_file_held_back"]


@pytest.mark.parametrize("what", ["lost", "other bytes"])
def test_no_letter_leaves_without_what_it_says_is_enclosed(office: Office, what: str):
    number, _ = written(office)
    (file,) = letter_of(office, number).facts["enclosed"]
    with open_store() as store:
        path = store.path(OBJECTS, file["sha256"])
        kept = store.fs.cat_file(path)
        store.fs.rm(path)
        if what == "other bytes":
            store.fs.pipe_file(path, b"other")
    hand = Hand()
    assert deliver(office, hand, office.at).failed == 1
    assert hand.sent == []
    letter = letter_of(office, number)
    assert (letter.state, letter.last_error) == (
        "queued",
        "Gone" if what == "lost" else "WrongBytes",
    )
    with open_store() as store:
        store.fs.pipe_file(path, kept)
    assert deliver(office, hand, office.at + timedelta(minutes=2)).sent == 1
    assert [name for name, _, _ in enclosed(hand.sent[0])] == ["foto.jpg"]


def test_a_letter_with_files_too_large_for_the_server_is_given_up_and_told(office: Office):
    number, _ = written(office)
    deliver(office, Hand(failing=smtplib.SMTPSenderRefused(552, b"too large", "a@b")), office.at)
    assert letter_of(office, number).state == "failed"
    assert [each.kind for each in office.notices("csr")][-1] == "letter_lost"


def test_an_emptied_letter_still_says_which_bytes_went(office: Office):
    number, photo = written(office)
    deliver(office, Hand(), office.at)
    before: OutboxMessage = letter_of(office, number)
    sha256 = before.facts["enclosed"][0]["sha256"]
    later = office.at + timedelta(days=40)
    assert purge_letters(office.session, sent_before=later, at=later) == 1
    office.session.commit()
    facts = letter_of(office, number).facts
    assert "foto" not in str(facts)
    (sending,) = sendings_of(office.session, office.complaint(number).id)
    assert [(each.file, each.sha256) for each in sending.files] == [(photo, sha256)]
