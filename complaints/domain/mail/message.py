"""A message as it came, read once: who, what, when, and what kind of message it is.

Nothing raises: what cannot be read is left out, and `problem` says so. Whoever takes it in decides
what becomes of it.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

from complaints.domain.mail.bounces import Bounce, read_bounce
from complaints.domain.mail.charset import Guess
from complaints.domain.mail.headers import Headers, Sender
from complaints.domain.mail.kinds import Kind, Verdict, classify
from complaints.domain.mail.parts import (
    Attachment,
    MailPart,
    attachment_of,
    is_report,
    is_text,
    parts_of,
    text_of,
)

#: A larger message is not read; whoever sent it is asked by a person.
MOST_BYTES = 25 * 1024 * 1024
#: So many boundaries stand in no letter: each line is held against all that are open.
_MOST_BOUNDARIES = 60
_HEAD = 64 * 1024
_RECIPIENTS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "apparently-to",
    "resent-to",
)


@dataclass(frozen=True, slots=True)
class MailMessage:
    """What stands in a message.

    `text` is what was written as plain text and `html` as a page, not cleaned; a person's words are
    the first, or the second's where there is none. `answers` are the names of the messages it
    refers to, the nearest first. `problem` says why it could not be read wholly.
    """

    verdict: Verdict
    sender: Sender
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    answers: tuple[str, ...]
    sent_text: str
    sent_at: datetime | None
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    fingerprint: str
    bounce: Bounce | None = None
    problem: str = ""


def read_message(
    raw: bytes, *, own: Collection[str] = (), guess: Guess | None = None
) -> MailMessage:
    """Read a message; `own` are the addresses from which only we write."""
    problem = "oversized" if len(raw) > MOST_BYTES else ""
    if not problem and raw.lower().count(b"boundary=") > _MOST_BOUNDARIES:
        problem = "unreadable"
    if not problem:
        try:
            return _read(message_from_bytes(raw), raw, own, guess)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
            problem = "unreadable"
    return _only_headers(raw, problem, guess)


def _read(
    message: "Message[Any, Any]", raw: bytes, own: Collection[str], guess: Guess | None
) -> MailMessage:
    headers = Headers(message, guess)
    parts = list(parts_of(message, guess))
    text, html = _words(parts, guess)
    verdict = classify(message, headers, parts, text or html, own)
    is_bounce = verdict.kind is Kind.BOUNCE
    return MailMessage(
        verdict,
        **_told(headers),
        text=text,
        html=html,
        attachments=_attachments(parts),
        fingerprint=_fingerprint(headers, raw),
        bounce=read_bounce(headers, parts, text or html, guess) if is_bounce else None,
    )


def _only_headers(raw: bytes, problem: str, guess: Guess | None) -> MailMessage:
    """What the headers say of a message whose body is left alone."""
    end = re.search(rb"\r?\n\r?\n", raw[:_HEAD])
    try:
        headers = Headers(message_from_bytes(raw[: end.end() if end else _HEAD]), guess)
        told = _told(headers)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        headers = Headers(Message(), guess)
        told = _told(headers)
    return MailMessage(
        Verdict(Kind.PERSON),
        **told,
        text="",
        html="",
        attachments=(),
        fingerprint=hashlib.sha256(raw).hexdigest(),
        problem=problem,
    )


def _told(headers: Headers) -> dict[str, Any]:
    return {
        "sender": headers.sender(),
        "recipients": tuple(headers.addresses(*_RECIPIENTS)),
        "subject": headers.get("subject")[:300],
        "message_id": headers.message_id(),
        "answers": tuple(
            dict.fromkeys([*headers.ids("in-reply-to"), *reversed(headers.ids("references"))])
        ),
        "sent_text": headers.get("date")[:100],
        "sent_at": headers.sent_at(),
    }


def _words(parts: list[MailPart], guess: Guess | None) -> tuple[str, str]:
    """The plain texts of a message, and its pages where there are none."""
    plain = [text_of(each, guess) for each in parts if _is_of(each, "text/plain")]
    pages = [text_of(each, guess) for each in parts if _is_of(each, "text/html")]
    text = "\n\n".join(each.strip("\n") for each in plain if each.strip())
    return text, "\n".join(pages)


def _is_of(part: MailPart, kind: str) -> bool:
    return part.content_type == kind and is_text(part)


def _attachments(parts: list[MailPart]) -> tuple[Attachment, ...]:
    files = [each for each in parts if not is_text(each) and not is_report(each)]
    return tuple(attachment_of(each, number) for number, each in enumerate(files, 1))


def _fingerprint(headers: Headers, raw: bytes) -> str:
    """What tells a message from every other, whichever mailbox it came to.

    What the way adds stands above the body in headers that are left out. One without a name and
    without a date is told by all of it.
    """
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    body = body.replace(b"\r\n", b"\n").rstrip()
    told = [headers.message_id(), headers.get("date")]
    if not any(told):
        return hashlib.sha256(raw).hexdigest()
    told += [headers.sender().address, headers.get("subject")]
    mark = hashlib.sha256("\n".join(told).encode("utf-8", "replace"))
    mark.update(body)
    return mark.hexdigest()
