"""The envelope: names of any kind fit into it, and nobody writes a header of their own."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.outbox.mail.envelope import (
    ALONE,
    BadAddress,
    Place,
    Sender,
    one_line,
    put_in_envelope,
)
from complaints.outbox.mail.letters import Letter
from tests.conftest import NOW

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
]


def sent(
    name: str = "Siti Aminah",
    to: str = "siti@pelanggan.example",
    subject: str = "Tanda terima",
    text: str = "Selamat pagi.\n",
    place: Place = ALONE,
) -> EmailMessage:
    """The message as the receiver's programme reads it from the wire."""
    raw = on_the_wire(name, to, subject, text, place)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


def on_the_wire(
    name: str = "Siti Aminah",
    to: str = "siti@pelanggan.example",
    subject: str = "Tanda terima",
    text: str = "Selamat pagi.\n",
    place: Place = ALONE,
) -> bytes:
    """The bytes that go to the mail server."""
    message = put_in_envelope(
        Letter(subject, text, "<p>Selamat pagi.</p>\n"),
        to=to,
        name=name,
        sender=Sender("Layanan Pelanggan Nusantara", "layanan@tanggap.example"),
        message_id="<1@tanggap.example>",
        lang="id",
        at=NOW,
        place=place,
    )
    return message.as_bytes()


def test_the_headers_say_who_writes_to_whom():
    message = sent()
    assert sorted(message.keys()) == sorted(HEADERS)
    assert message["From"] == "Layanan Pelanggan Nusantara <layanan@tanggap.example>"
    assert message["To"] == "Siti Aminah <siti@pelanggan.example>"
    assert message["Date"] == "Thu, 19 Nov 2026 02:15:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    text, page = message.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")


@pytest.mark.parametrize(
    "name",
    [
        "Siti\r\nBcc: semua@pelanggan.example",
        "Siti\nSubject: lain",
        "Siti\r\n\r\nIsi yang lain",
        "Siti\x00Aminah",
        "Siti\u2028Bcc: semua@pelanggan.example",
        'Siti" <lain@pelanggan.example>, "',
    ],
)
def test_a_name_writes_no_header(name: str):
    message = sent(name=name, subject=f"Halo {name}")
    assert sorted(message.keys()) == sorted(HEADERS)
    (receiver,) = message["To"].addresses
    assert receiver.addr_spec == "siti@pelanggan.example"
    assert receiver.display_name == one_line(name)
    assert message["Subject"] == f"Halo {one_line(name)}"


@pytest.mark.parametrize(
    "address",
    [
        "siti@pelanggan.example\r\nBcc: lain@pelanggan.example",
        "siti@pelanggan.example, lain@pelanggan.example",
        "Siti <siti@pelanggan.example>",
        "siti pelanggan.example",
        "@pelanggan.example",
        "siti@",
        "",
    ],
)
def test_an_address_is_one_address_or_none(address: str):
    with pytest.raises(BadAddress):
        sent(to=address)


@given(
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co")),
        min_size=1,
        max_size=200,
    ).filter(lambda name: name.strip() == name and "  " not in name)
)
def test_any_name_arrives_as_it_was_written(name: str):
    message = sent(name=name, subject=name)
    (receiver,) = message["To"].addresses
    assert receiver.addr_spec == "siti@pelanggan.example"
    assert "".join(receiver.display_name.split()) == "".join(name.split())
    assert sorted(message.keys()) == sorted(HEADERS)


def test_long_lines_and_foreign_letters_arrive_whole():
    text = "Terima kasih — 谢谢 — شكرا. " * 200 + "\n"
    message = sent(name="Ñandú 王小明", subject="Keluhan " + "panjang sekali " * 20, text=text)
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text
    assert message["To"].addresses[0].display_name == "Ñandú 王小明"


#: As Exchange and telephones write them: longer than a line of mail should be.
LONG = f"<{'a1B2' * 26}.{'c' * 300}@mail.pelanggan.example>"


def test_an_answer_names_what_it_answers_letter_by_letter():
    place = Place([LONG, "<2@tanggap.example>", LONG.replace("a1", "z9")])
    raw = on_the_wire(place=place)
    for name in place.answers:
        assert name.encode("ascii") in raw
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]
    message = sent(place=place)
    assert message["In-Reply-To"].split() == [place.answers[-1]]
    assert message["References"].split() == list(place.answers)


@pytest.mark.parametrize(
    "name", ["", "x", "<a b@c>", "<a@b>\r\nBcc: x@y", "<é@c>", "<a@b><c@d>", f"<{'a' * 999}@b>"]
)
def test_what_is_no_name_of_a_mail_is_not_answered(name: str):
    message = sent(place=Place([name]))
    assert sorted(message.keys()) == sorted(HEADERS)


def test_answers_go_where_they_are_read():
    message = sent(place=Place(reply_to="keluhan+12-abc@tanggap.example"))
    (address,) = message["Reply-To"].addresses
    assert address.addr_spec == "keluhan+12-abc@tanggap.example"
    assert address.display_name == "Layanan Pelanggan Nusantara"


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("Keluhan KLH-2026-000123 selesai", "Keluhan [KLH-2026-000123] selesai"),
        ("Tanda terima", "[KLH-2026-000123] Tanda terima"),
    ],
)
def test_the_number_is_marked_in_the_subject(subject: str, told: str):
    assert sent(subject=subject, place=Place(number="KLH-2026-000123"))["Subject"] == told
