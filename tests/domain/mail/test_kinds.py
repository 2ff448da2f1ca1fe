"""A person's words are told from what machines send, by what the machines say of themselves."""

from __future__ import annotations

import pytest

from complaints.domain.mail.message import read_message
from tests.mails import OURS, bounce, mail, multipart

OWN = {OURS}


def kind(raw: bytes) -> str:
    return read_message(raw, own=OWN).verdict.kind.value


@pytest.mark.parametrize(
    "headers",
    [
        {},
        # T21: who is no machine says so.
        {"Auto-Submitted": "no"},
        {"X-Auto-Response-Suppress": "All"},
        {"Subject": "Undeliverable: saya tidak terima tagihan"},
        {"Subject": "Auto debit gagal"},
        {"Return-Path": "<siti@pelanggan.example>"},
        {"X-Autoreply": "no"},
        # A group whose address is ours hands customers' mail on.
        {"List-Id": "Layanan <layanan.tanggap.example>", "Precedence": "list"},
        {"From": "noreply@formulir.example", "Reply-To": "siti@pelanggan.example"},
    ],
)
def test_a_person_is_a_person(headers):
    assert kind(mail("Internet mati.", headers)) == "person"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; rule=libur"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "Saya sedang cuti"},
        {"Precedence": "auto_reply"},
        {"Subject": "Automatic reply: Keluhan Anda"},
        {"Subject": "Balasan otomatis: Keluhan Anda"},
        # Responders write with an empty return path, as reports do.
        {"Auto-Submitted": "auto-replied", "Return-Path": "<>"},
    ],
)
def test_an_automatic_reply_is_no_person(headers):
    assert kind(mail("Saya sedang cuti.", headers)) == "auto_reply"


@pytest.mark.parametrize(
    "headers",
    [
        {"Return-Path": "<>"},
        {"From": "MAILER-DAEMON@mx.example"},
        {"From": "Mail Delivery System <kirim@mx.example>"},
        {"From": "postmaster@mx.example"},
        {"X-Failed-Recipients": "siti@pelanggan.example"},
    ],
)
def test_a_report_on_delivery_is_no_person(headers):
    assert kind(mail("Surat tidak terkirim.", headers)) == "bounce"


def test_a_report_without_any_header_is_known_by_what_it_sends_back():
    body = "550 5.1.1 no such user\n\nMessage-ID: <klh-1@tanggap.example>\nSubject: Kabar"
    assert kind(mail(body, Subject="Undeliverable: Kabar")) == "bounce"
    assert kind(mail(body, Subject="Re: Undeliverable: Kabar", In_Reply_To="<x@y>")) == "person"


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Id": "<warta.toko.example>"},
        {"Precedence": "bulk"},
        {"Mailing-List": "contact warta@toko.example"},
    ],
)
def test_mail_of_a_list_is_no_persons(headers):
    assert kind(mail("Diskon besar!", headers)) == "list"


def test_what_we_send_ourselves_is_ours():
    # T23.
    assert kind(mail("Halo", From=f"Layanan <{OURS.upper()}>")) == "own"


def test_a_read_receipt_is_automatic():
    read = multipart(
        "Content-Type: text/plain\n\nSurat Anda dibaca.",
        "Content-Type: message/disposition-notification\n\nDisposition: automatic-action",
        kind="report; report-type=disposition-notification",
    )
    assert kind(read) == "auto_reply"


def test_a_report_names_the_letter_that_came_back_and_whether_for_good():
    # T20: which letter it was stands in what came back, not in the report's own headers.
    failed = read_message(bounce("<klh-1@tanggap.example>", subject="Kabar KLH-2026-000001"))
    assert failed.verdict.kind == "bounce"
    assert failed.bounce is not None
    assert failed.bounce.is_final
    assert failed.bounce.ids == ("klh-1@tanggap.example",)
    assert failed.bounce.recipients == ("siti@pelanggan.example",)
    assert failed.bounce.subject == "Kabar KLH-2026-000001"
    delayed = read_message(bounce("<klh-1@tanggap.example>", action="delayed", status="4.4.1"))
    assert delayed.bounce is not None
    assert not delayed.bounce.is_final


@pytest.mark.parametrize(
    ("body", "is_final"),
    [
        ("550 user unknown\n", True),
        ("Warning: could not send message for past 4 hours; will keep trying\n", False),
        ("451 4.7.1 try again later\n", False),
        ("There is no such person here.\n", True),
    ],
)
def test_a_report_in_words_says_whether_it_is_for_good(body, is_final):
    read = read_message(mail(body, From="MAILER-DAEMON@mx.example"))
    assert read.bounce is not None
    assert read.bounce.is_final is is_final
