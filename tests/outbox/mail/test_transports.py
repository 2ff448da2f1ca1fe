"""The ways out for mail, against a real server of a few lines and a real folder."""

from __future__ import annotations

import shutil
import smtplib
import socket
import subprocess
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from complaints.outbox.mail.transports import Folder, Unreachable, transport_for
from tests.outbox.post import mail_server


def letter(to: str = "siti@pelanggan.example", number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "layanan@tanggap.example"
    message["To"] = to
    message["Subject"] = f"Surat {number}"
    message["Message-ID"] = f"<{number}@tanggap.example>"
    message.set_content("Selamat pagi.\n.\nSatu titik sendirian.\n")
    return message


def test_a_letter_arrives_whole():
    with mail_server() as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        transport.send(letter())
        transport.close()
    (message,) = post.messages
    assert message["Subject"] == "Surat 1"
    assert message.get_content().splitlines() == ["Selamat pagi.", ".", "Satu titik sendirian."]
    assert post.envelopes[0][1] == ["siti@pelanggan.example"]
    assert post.logins == []


def test_one_connection_carries_many_letters():
    with mail_server() as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        for number in range(3):
            transport.send(letter(number=number))
        transport.close()
    assert (len(post.received), post.connections) == (3, 1)


def test_a_server_that_hung_up_meanwhile_is_called_again():
    with mail_server(messages_per_connection=1) as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        for number in range(3):
            transport.send(letter(number=number))
        transport.close()
    assert [message["Subject"] for message in post.messages] == ["Surat 0", "Surat 1", "Surat 2"]


def test_the_name_and_password_may_hold_any_character():
    with mail_server() as post:
        transport = transport_for(f"smtp://desk%40tanggap:right%2F%3A%40@127.0.0.1:{post.port}")
        transport.send(letter())
        transport.close()
    assert post.logins == ["\0desk@tanggap\0right/:@"]


def test_a_wrong_password_closes_the_way_and_blames_no_letter():
    with mail_server() as post:
        transport = transport_for(f"smtp://desk:wrong@127.0.0.1:{post.port}")
        with pytest.raises(Unreachable, match="SMTPAuthenticationError 535"):
            transport.send(letter())
    assert post.received == []


def test_nobody_at_home_closes_the_way():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        transport_for(f"smtp://127.0.0.1:{port}").send(letter())


def test_a_refused_receiver_is_the_letters_own_trouble_and_the_next_one_goes_out():
    refusals = {"pindah@pelanggan.example": "550 <pindah@pelanggan.example> unknown"}
    with mail_server(refusals=refusals) as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            transport.send(letter("pindah@pelanggan.example"))
        transport.send(letter())
        transport.close()
    assert len(post.received) == 1


def test_a_letter_that_makes_the_server_hang_up_blocks_no_other():
    with mail_server(hangs_up_on="DATA") as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        with pytest.raises(smtplib.SMTPServerDisconnected):
            transport.send(letter())
    assert post.received == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that proves nothing, like that of many a mail server."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl on the PATH")
    path = tmp_path / "post.pem"
    make = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=post.example"
    command = ["openssl", *make.split(), "-keyout", str(path), "-out", str(tmp_path / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return path


def test_encryption_is_used_where_it_is_offered(certificate: Path):
    with mail_server(certificate=certificate) as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        transport.send(letter())
        transport.close()
    assert (len(post.received), post.encrypted) == (1, 1)


def test_a_folder_holds_each_letter_as_a_file(tmp_path: Path):
    folder = tmp_path / "surat keluar"
    transport = transport_for(f"file://{str(folder).replace(' ', '%20')}")
    transport.send(letter())
    transport.send(letter(number=2))
    transport.send(letter())
    assert sorted(path.name for path in folder.iterdir()) == [
        "1@tanggap.example.eml",
        "2@tanggap.example.eml",
    ]
    raw = (folder / "1@tanggap.example.eml").read_bytes()
    assert message_from_bytes(raw, policy=default)["Subject"] == "Surat 1"


def test_a_message_id_never_leaves_the_folder(tmp_path: Path):
    message = letter()
    message.replace_header("Message-ID", "<../../x@y>")
    Folder(tmp_path / "mail").send(message)
    assert [path.parent for path in tmp_path.rglob("*.eml")] == [tmp_path / "mail"]


def test_a_folder_that_cannot_be_written_closes_the_way(tmp_path: Path):
    (tmp_path / "mail").write_text("a file stands here")
    with pytest.raises(Unreachable, match="folder"):
        Folder(tmp_path / "mail").send(letter())


@pytest.mark.parametrize("url", ["ftp://x", "smtp://", "mail"])
def test_an_unknown_way_is_refused(url: str):
    with pytest.raises(ValueError, match="smtp://"):
        transport_for(url)
