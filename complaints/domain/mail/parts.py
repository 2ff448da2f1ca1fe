"""The parts of a message: what is its text, and what was attached to it.

A message that is attached is an attachment: its words are not those of whoever attached it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any

from complaints.domain.mail.charset import Guess, one_line, to_text
from complaints.domain.mail.flowed import unflow
from complaints.domain.mail.headers import Headers, decode_words

#: A message of more parts, or of parts deeper within each other, is no letter.
MOST_PARTS = 200
DEEPEST = 20
#: So much of a text is read; a story is never longer.
LONGEST_TEXT = 400_000

_OF_DELIVERY = (
    "message/delivery-status",
    "text/rfc822-headers",
    "message/disposition-notification",
)


@dataclass(frozen=True, slots=True)
class MailPart:
    """One part that is not made of parts."""

    message: "Message[Any, Any]"
    content_type: str
    charset: str
    is_attached: bool
    #: The name told for the file, as one line; not to be used as the name of one.
    filename: str
    content_id: str

    def data(self) -> bytes:
        """The bytes, decoded from how they were sent; what cannot be decoded as it came."""
        if self.content_type == "message/rfc822":
            return attached_message(self.message)
        try:
            found = self.message.get_payload(decode=True)
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
            found = None
        if isinstance(found, bytes):
            return found
        return str(self.message.get_payload()).encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message."""

    #: As told, in one line; not to be used as the name of a file.
    name: str
    content_type: str
    part: MailPart
    content_id: str = ""

    def data(self) -> bytes:
        """The bytes, decoded when they are asked for: most are large."""
        return self.part.data()


def parts_of(message: "Message[Any, Any]", guess: Guess | None = None) -> Iterator[MailPart]:
    """Every part that holds something itself, in order; stops at `MOST_PARTS`."""
    left = [(message, 0)]
    seen = 0
    while left and seen < MOST_PARTS:
        part, depth = left.pop()
        seen += 1
        kind = content_type(part)
        below = part.get_payload()
        if kind.startswith("multipart/") and isinstance(below, list) and depth < DEEPEST:
            left += [(each, depth + 1) for each in reversed(below) if isinstance(each, Message)]
            continue
        # Of several parts without a boundary between them the text is all there is.
        is_whole = kind.startswith("multipart/") and isinstance(below, str)
        yield _part(part, "text/plain" if is_whole else kind, guess)


def content_type(part: "Message[Any, Any]") -> str:
    """Kind of content in small letters; plain text where none can be read."""
    try:
        return part.get_content_type().lower()
    except (ValueError, LookupError, TypeError, AttributeError):
        return "text/plain"


def parameter(part: "Message[Any, Any]", name: str, header: str = "content-type") -> str:
    """A parameter of a header as told; empty where it is none or cannot be read."""
    try:
        found = part.get_param(name, "", header)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    if isinstance(found, tuple):
        charset, _, value = found
        try:
            return str(value).encode("latin-1").decode(charset or "utf-8", "replace")
        except (UnicodeError, LookupError):
            return str(value)
    return str(found or "")


def attached_message(part: "Message[Any, Any]") -> bytes:
    """The source of a message that was attached to another."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else payload
    if isinstance(inner, Message):
        try:
            return inner.as_bytes()
        except (ValueError, LookupError, TypeError, AttributeError, KeyError):
            return inner.as_string().encode("utf-8", "surrogateescape")
    return str(inner or "").encode("utf-8", "surrogateescape")


def text_of(part: MailPart, guess: Guess | None = None) -> str:
    """The text of a part, lines that were broken for the way put together again."""
    text = to_text(part.data()[:LONGEST_TEXT], part.charset, guess)
    if parameter(part.message, "format").lower() == "flowed":
        text = unflow(text, delete_space=parameter(part.message, "delsp").lower() == "yes")
    return text


def is_text(part: MailPart) -> bool:
    """Whether a part is what somebody wrote, and not a file."""
    return part.content_type in ("text/plain", "text/html") and not part.is_attached


def is_report(part: MailPart) -> bool:
    """Whether a part is what mail servers tell each other."""
    return part.content_type in _OF_DELIVERY


def attachment_of(part: MailPart, number: int) -> Attachment:
    """The part as a file; one without a name is called by its place."""
    name = part.filename
    if not name and part.content_type == "message/rfc822":
        inner = part.message.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        subject = Headers(first).get("subject") if isinstance(first, Message) else ""
        name = f"{one_line(subject, 80) or f'message-{number}'}.eml"
    return Attachment(name or f"file-{number}", part.content_type, part, part.content_id)


def _part(part: "Message[Any, Any]", kind: str, guess: Guess | None) -> MailPart:
    told = parameter(part, "filename", "content-disposition") or parameter(part, "name")
    headers = Headers(part, guess)
    disposition = headers.get("content-disposition").partition(";")[0].strip().lower()
    filename = one_line(decode_words(told, guess), 200)
    return MailPart(
        part,
        kind,
        parameter(part, "charset"),
        disposition == "attachment" or bool(filename and kind != "text/plain"),
        filename,
        headers.get("content-id").strip("<> "),
    )
