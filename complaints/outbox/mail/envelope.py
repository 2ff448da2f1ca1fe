"""Putting a letter into an envelope: a mail message whose headers nobody can write into."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from complaints.outbox.mail.letters import Letter

#: One address and nothing else: no spaces, quotes, commas, brackets or second @.
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class BadAddress(ValueError):
    """Not an address a message can be sent to."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the organisation's name and address."""

    name: str
    email: str


def put_in_envelope(
    letter: Letter,
    *,
    to: str,
    name: str,
    sender: Sender,
    message_id: str,
    lang: str,
    at: datetime,
) -> EmailMessage:
    """The letter as a message with a text and a page; raises BadAddress.

    Answers from machines are not wanted, and the header says so (RFC 3834).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender.name, sender.email)
    message["To"] = _address(name, to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    # Setting the content forgets every Content header that stood there before.
    message["Content-Language"] = lang
    return message


def one_line(text: str) -> str:
    """Text for a header: line breaks and other control characters become spaces."""
    return _CONTROL.sub(" ", text).strip()


def _address(name: str, email: str) -> Address:
    if not _ADDRESS.fullmatch(email):
        raise BadAddress("not one e-mail address")
    return Address(display_name=one_line(name), addr_spec=email)
