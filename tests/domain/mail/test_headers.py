"""Headers as they come: encoded, broken, forged; none raises, and one line stays one line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from complaints.domain.mail.headers import Sender, decode_words, read_sender
from complaints.domain.mail.message import read_message
from tests.mails import mail


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?Tagihan_=C3=A9?=", "Tagihan é"),
        ("=?utf-8?b?VGFnaWhhbg==?=", "Tagihan"),
        # A character cut in two by the length of a line.
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?x-tidak-ada?q?caf=C3=A9?=", "café"),
        ("=?utf-8?b?%%%?= sisa", " sisa"),
        ("=?utf-8?q?tak selesai", "=?utf-8?q?tak selesai"),
        ("=?utf-8*id?q?apa?=", "apa"),
    ],
)
def test_encoded_words_are_read(raw, text):
    assert decode_words(raw) == text


def test_a_subject_with_nul_and_line_ends_is_one_clean_line():
    # T35: what is decoded may hold what no header and no database takes.
    read = read_message(mail(Subject="=?utf-8?q?a=00b=0d=0aBcc:_x@y.example?="))
    assert read.subject == "ab Bcc: x@y.example"


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("Sari <SARI@pelanggan.example>", Sender("Sari", "sari@pelanggan.example")),
        ('"Sari, Dewi" <a@b.example>', Sender("Sari, Dewi", "a@b.example")),
        ('"Sari', Sender("Sari", "")),
        ("a@b.example (Budi)", Sender("Budi", "a@b.example")),
        ("(c):", Sender("(c):", "")),
        ("<a@b.example>", Sender("", "a@b.example")),
        ("a@b.example <c@d.example>", Sender("a@b.example", "c@d.example")),
        ("", Sender()),
    ],
)
def test_a_sender_has_name_and_address_as_far_as_there_are_any(value, sender):
    assert read_sender(value) == sender


@pytest.mark.parametrize(
    ("date", "sent"),
    [
        ("Thu, 19 Nov 2026 09:10:00 +0700", datetime(2026, 11, 19, 2, 10, tzinfo=UTC)),
        ("Thu, 19 Nov 2026 09:10:00", datetime(2026, 11, 19, 9, 10, tzinfo=UTC)),
        ("kemarin", None),
        ("Thu, 99 Nov 2026 99:10:00 +9999", None),
        ("", None),
    ],
)
def test_a_date_that_is_none_is_none(date, sent):
    # T29: no complaint is from 1900.
    assert read_message(mail(Date=date)).sent_at == sent


def test_names_of_messages_longer_than_a_line_are_read_encoded_or_not():
    # T27: programs encode what is longer than a line.
    long = "x" * 110 + "@outlook.example"
    encoded = "=?utf-8?q?=3C" + "x" * 110 + "=40outlook=2Eexample=3E?="
    assert read_message(mail(In_Reply_To=f"<{long}>")).answers == (long,)
    assert read_message(mail(In_Reply_To=encoded)).answers == (long,)
    folded = read_message(mail(References="<a@x.example>\n <b@x.example>"))
    assert folded.answers == ("b@x.example", "a@x.example")


ODD = {
    "unclosed": {"From": '"Sari'},
    "brackets": {"Message-ID": "<[a@b]>"},
    "star": {"Content-Type": "text/plain; name*"},
    "charset": {"Content-Type": "text/plain; charset=x-tidak-ada"},
    "continued": {"Content-Type": "text/plain; name*0*=utf-8''%; name*2=\"b\""},
    "group": {"To": "(c):"},
    "boundary": {"Content-Type": "multipart/mixed"},
    "empty boundary": {"Content-Type": 'multipart/mixed; boundary=""'},
    "transfer": {"Content-Transfer-Encoding": "x-uuencode"},
    "base64": {"Content-Transfer-Encoding": "base64"},
    "message": {"Content-Type": "message/rfc822"},
    "delivery": {"Content-Type": "message/delivery-status"},
    "external": {"Content-Type": "message/external-body"},
    "type": {"Content-Type": "ini bukan jenis"},
    "slash": {"Content-Type": "/"},
    "long": {"Subject": "x" * 100_000},
    "many": {"To": ", ".join(f"a{n}@b.example" for n in range(5_000))},
    "surrogates": {"Subject": b"\xff\xfe\xe9".decode("utf-8", "surrogateescape")},
}


@pytest.mark.parametrize("headers", ODD.values(), ids=ODD)
def test_odd_headers_never_raise(headers):
    # T28.
    read = read_message(mail("Isi surat", headers))
    assert "\n" not in read.subject
    assert len(read.subject) <= 300
    assert len(read.recipients) <= 200


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0", b"\n\n\n", b"tanpa kepala", b"\xff" * 5_000, b"From: a@b.example", b":\n:\n\n:"],
)
def test_what_is_no_message_is_read_all_the_same(raw):
    assert read_message(raw).sender.address in ("", "a@b.example")
