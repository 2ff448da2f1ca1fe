"""Putting a letter into an envelope: a mail message whose headers nobody can write into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from complaints.outbox.mail.letters import Letter

#: One address and nothing else: no spaces, quotes, commas, brackets or second @.
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
#: A Message-ID as others may write it, as long as a line of mail may be.
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")
#: Headers that have to arrive letter by letter: a word to a line, nothing encoded.
_LITERAL = frozenset(
    {"message-id", "in-reply-to", "references", "dkim-signature", "list-unsubscribe"}
)


class BadAddress(ValueError):
    """Not an address a message can be sent to."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the organisation's name and address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter stands in a conversation.

    `answers` are the Message-IDs of what was written before, oldest first; `reply_to` is where an
    answer goes, empty where nothing reads mail; `number` is marked in the subject. `unsubscribe` is
    where one declines letters of this kind; empty where they are not to be declined.
    """

    answers: Sequence[str] = ()
    reply_to: str = ""
    number: str = ""
    unsubscribe: str = ""


#: A letter that belongs to no conversation.
ALONE = Place()


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter; `type` is its media type."""

    name: str
    type: str
    content: bytes


class _Literal(EmailPolicy):
    """SMTP's rules, but for Message-IDs and signatures.

    The standard library encodes words longer than a line. A mail program looks for the literal
    name; an encoded one belongs to no conversation, and an encoded signature to nobody.
    """

    def fold(self, name: str, value: Any) -> str:
        """The header as it goes over the wire."""
        return self._literal(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same in bytes."""
        literal = self._literal(name, value)
        return literal.encode("ascii") if literal else super().fold_binary(name, value)

    def _literal(self, name: str, value: Any) -> str:
        words = str(value).split() if name.lower() in _LITERAL and str(value).isascii() else []
        return f"{name}: " + f"{self.linesep} ".join(words) + self.linesep if words else ""


SMTP = _Literal(linesep="\r\n")


def put_in_envelope(
    letter: Letter,
    *,
    to: str,
    name: str,
    sender: Sender,
    message_id: str,
    lang: str,
    at: datetime,
    place: Place = ALONE,
    enclosed: Sequence[Enclosure] = (),
) -> EmailMessage:
    """The letter as a message with a text, a page, and the files enclosed; raises BadAddress.

    Answers from machines are not wanted, and the header says so (RFC 3834).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender.name, sender.email)
    message["To"] = _address(name, to)
    if place.reply_to:
        message["Reply-To"] = _address(sender.name, place.reply_to)
    message["Subject"] = one_line(marked(letter.subject, place.number))
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    answers = [each for each in place.answers if _MESSAGE_ID.fullmatch(each)]
    if place.unsubscribe:
        message["List-Unsubscribe"] = f"<{place.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if answers:
        message["In-Reply-To"] = answers[-1]
        message["References"] = " ".join(answers)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for each in enclosed:
        family, _, kind = each.type.partition("/")
        message.add_attachment(each.content, maintype=family, subtype=kind, filename=each.name)
    # Setting the content forgets every Content header that stood there before.
    message["Content-Language"] = lang
    return message


def marked(subject: str, number: str) -> str:
    """The subject with the complaint's number in brackets, by which an answer is known again."""
    if not number:
        return subject
    mark = f"[{number}]"
    return subject.replace(number, mark, 1) if number in subject else f"{mark} {subject}"


def one_line(text: str) -> str:
    """Text for a header: line breaks and other control characters become spaces."""
    return _CONTROL.sub(" ", text).strip()


def _address(name: str, email: str) -> Address:
    if not _ADDRESS.fullmatch(email):
        raise BadAddress("not one e-mail address")
    return Address(display_name=one_line(name), addr_spec=email)
