"""A signature that the receiver can check with what stands in the DNS, on whatever we send."""

from __future__ import annotations

import base64
import subprocess
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from complaints.outbox.mail.dkim_key import DkimKey
from complaints.outbox.mail.envelope import Place, Sender, put_in_envelope
from complaints.outbox.mail.letters import Letter
from complaints.outbox.mail.transports import transport_for
from tests.conftest import NOW
from tests.outbox.post import mail_server


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(
        ["openssl", "genrsa", "-traditional", "-out", str(path), "2048"],
        check=True,
        capture_output=True,
    )
    return path


@pytest.fixture(scope="module")
def dns(key_file: Path):
    """What the DNS says of the key."""
    found = subprocess.run(
        ["openssl", "rsa", "-in", str(key_file), "-pubout", "-outform", "DER"],
        check=True,
        capture_output=True,
    )
    public = base64.b64encode(found.stdout)

    def answer(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"surat._domainkey.tanggap.example."
        return b"v=DKIM1; k=rsa; p=" + public

    return answer


def letter(subject: str = "Tanda terima", text: str = "Selamat pagi.\n") -> EmailMessage:
    return put_in_envelope(
        Letter(subject, text, "<p>Selamat pagi.</p>\n"),
        to="siti@pelanggan.example",
        name="Siti Aminah",
        sender=Sender("Layanan Pelanggan Nusantara", "layanan@tanggap.example"),
        message_id="<1@tanggap.example>",
        lang="id",
        at=NOW,
        place=Place([f"<{'long' * 40}@pelanggan.example>"], "keluhan+1-a@tanggap.example"),
    )


@pytest.mark.parametrize("subject", ["Tanda terima", "Keluhan " + "panjang — sekali " * 20])
@pytest.mark.parametrize("text", ["Selamat pagi.\n", ".titik\n\n谢谢 " * 60 + "\n\n\n"])
def test_what_the_mail_server_gets_carries_a_good_signature(key_file, dns, subject, text):
    message = letter(subject, text)
    DkimKey.read("tanggap.example", "surat", key_file).sign(message)
    with mail_server() as post:
        transport = transport_for(f"smtp://127.0.0.1:{post.port}")
        transport.send(message)
        transport.close()
    (raw,) = post.received
    assert dkim.verify(raw, dnsfunc=dns)
    assert not dkim.verify(raw.replace(b"Siti", b"Tini"), dnsfunc=dns)
    assert not dkim.verify(raw.replace(b"keluhan+1-a", b"keluhan+1-b"), dnsfunc=dns)


def test_a_file_that_is_no_key_is_named(tmp_path: Path):
    file = tmp_path / "key.pem"
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        DkimKey.read("tanggap.example", "surat", file)
    for content in (
        "",
        "x",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
    ):
        file.write_text(content, encoding="ascii")
        with pytest.raises(ValueError, match="holds no RSA private key"):
            DkimKey.read("tanggap.example", "surat", file)
