"""What a mail server says of a letter that did not arrive: which one, for good or not yet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any

from complaints.domain.mail.charset import Guess
from complaints.domain.mail.headers import Headers
from complaints.domain.mail.parts import MailPart, content_type

#: So much of a report is looked through.
_MOST = 200_000
_ACTION = re.compile(r"^action:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^status:\s*([245])\.\d", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient:\s*(?:[a-z0-9]+\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+)",
    re.IGNORECASE | re.MULTILINE,
)
_ID_LINE = re.compile(
    r"^[>\s]*message-id:\s*<\s*([^<>\s]{1,900})\s*>", re.IGNORECASE | re.MULTILINE
)
_SUBJECT_LINE = re.compile(r"^[>\s]*subject:\s*(.{1,300})$", re.IGNORECASE | re.MULTILINE)
_REPLY_LINE = re.compile(r"^[>\s]*reply-to:\s*(.{1,300})$", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"(?:\b|#)([45])(?:\d\d[ -]|\.\d{1,3}\.\d{1,3}\b)")
_LATER = re.compile(
    r"\b(delayed|will (?:be|keep) (?:retried|retry|trying)|still trying|not yet been delivered|"
    r"warning: could not send|has been deferred|will continue to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report on the delivery of a letter.

    `is_final` when the letter is given up. `ids` are the names of the letter, `recipients` whom it
    was for, `subject` and `reply_to` what the letter itself says, as far as it was sent back.
    """

    is_final: bool
    ids: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: str = ""
    reply_to: tuple[str, ...] = ()


def read_bounce(
    headers: Headers, parts: Sequence[MailPart], text: str, guess: Guess | None = None
) -> Bounce:
    """What a report says, in the form for machines where it has one, else in its words."""
    report = "\n".join(_lines(each) for each in parts if each.content_type.startswith("message/d"))
    said = f"{report}\n{text}"[:_MOST]
    original = _original(parts, guess)
    recipients = [*_RECIPIENT.findall(said), *headers.addresses("x-failed-recipients")]
    if original is not None:
        return Bounce(
            is_final(report, said),
            tuple(original.ids("message-id")),
            tuple(dict.fromkeys(each.lower() for each in recipients))
            or tuple(original.addresses("to")),
            original.get("subject"),
            tuple(original.addresses("reply-to")),
        )
    subject, reply = _SUBJECT_LINE.search(said), _REPLY_LINE.search(said)
    return Bounce(
        is_final(report, said),
        tuple(_ID_LINE.findall(said)[:10]),
        tuple(dict.fromkeys(each.lower() for each in recipients)),
        subject[1].strip() if subject else "",
        (reply[1].strip(),) if reply else (),
    )


def is_final(report: str, said: str) -> bool:
    """Whether a letter is given up: by what stands for machines, else by codes and words."""
    actions = {each.lower() for each in _ACTION.findall(report)}
    if actions:
        return "failed" in actions
    statuses = set(_STATUS.findall(report))
    if statuses:
        return "5" in statuses
    codes = set(_CODE.findall(said))
    if "5" in codes:
        return True
    return not (_LATER.search(said) or "4" in codes)


def _lines(part: MailPart) -> str:
    """The text of a report; the standard library takes its blocks for messages."""
    payload = part.message.get_payload()
    if isinstance(payload, list):
        blocks = [each for each in payload if isinstance(each, Message)]
        return "\n".join(
            "\n".join(f"{name}: {value}" for name, value in block.raw_items())
            + f"\n{block.get_payload() if isinstance(block.get_payload(), str) else ''}"
            for block in blocks
        )[:_MOST]
    return part.data()[:_MOST].decode("utf-8", "replace")


def _original(parts: Sequence[MailPart], guess: Guess | None) -> Headers | None:
    """The headers of the letter that came back, where it or they were attached."""
    for part in parts:
        if part.content_type == "message/rfc822":
            payload = part.message.get_payload()
            first: Any = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(first, Message):
                return Headers(first, guess)
        if part.content_type in ("text/rfc822-headers", "message/rfc822-headers"):
            from email import message_from_bytes

            return Headers(message_from_bytes(part.data()), guess)
    return None


def is_delivery_report(message: "Message[Any, Any]", report_type: str) -> bool:
    """Whether a message is a report on delivery by its own word."""
    return content_type(message) == "multipart/report" and report_type in (
        "delivery-status",
        "delivery-report",
    )
