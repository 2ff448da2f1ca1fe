"""Messages as customers and machines send them, for tests: invented people, odd headers and all."""

from __future__ import annotations

from collections.abc import Mapping

OURS = "layanan@tanggap.example"
CUSTOMER = "siti@pelanggan.example"
SENT = "Thu, 19 Nov 2026 09:10:00 +0700"


def mail(
    body: str | bytes = "Internet di rumah mati sejak kemarin sore.",
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> bytes:
    """A raw message; headers by name, `_` for `-`, an empty one left out; one line ends with LF."""
    told = {
        "From": f"Siti Aminah <{CUSTOMER}>",
        "To": OURS,
        "Subject": "Internet mati",
        "Date": SENT,
        "Message-ID": "<satu@pelanggan.example>",
    }
    told |= {name.replace("_", "-"): value for name, value in more.items()}
    told |= headers or {}
    lines = "".join(f"{name}: {value}\n" for name, value in told.items() if value)
    content = body.encode() if isinstance(body, str) else body
    return lines.encode("utf-8", "surrogateescape") + b"\n" + content


def multipart(*parts: str, kind: str = "mixed", headers: Mapping[str, str] | None = None) -> bytes:
    """A message of parts; each brings its own headers above an empty line."""
    told = {"Content-Type": f'multipart/{kind}; boundary="batas"', **(headers or {})}
    body = "".join(f"--batas\n{part}\n" for part in parts) + "--batas--\n"
    return mail(body, told)


def bounce(
    message_id: str,
    *,
    to: str = CUSTOMER,
    action: str = "failed",
    status: str = "5.1.1",
    subject: str = "",
    reply_to: str = "",
) -> bytes:
    """What a mail server sends when a letter did not arrive, with the letter's headers."""
    reply = f"Reply-To: {reply_to}\n" if reply_to else ""
    return multipart(
        "Content-Type: text/plain\n\nYour message could not be delivered.",
        "Content-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.pelanggan.example\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {status.replace('.', '')} no such user",
        "Content-Type: message/rfc822\n\n"
        f"From: {OURS}\nTo: {to}\n{reply}Subject: {subject}\nMessage-ID: {message_id}\n\nIsi surat",
        kind="report; report-type=delivery-status",
        headers={
            "From": "MAILER-DAEMON@mx.pelanggan.example",
            "Subject": "Undelivered Mail Returned to Sender",
            "Return-Path": "<>",
            "Message-ID": f"<pantul-{action}@mx.pelanggan.example>",
        },
    )
