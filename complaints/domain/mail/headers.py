"""The headers of a message as they were told: odd ones never raise, and one line stays one line."""

import binascii
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from quopri import decodestring
from typing import Any

from complaints.domain.mail.charset import Guess, one_line, to_text

#: No header that means anything is longer.
LONGEST = 20_000
#: So many names of messages are read of a header.
MOST_IDS = 60
#: So many addresses are read of all headers together.
MOST_ADDRESSES = 200

_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,253}")
_BRACKETED = re.compile(r"^\s*(.*?)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says they wrote: a name as told, and an address in small letters; either may be empty."""

    name: str = ""
    address: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a message or of one of its parts; each is read once, as it is asked for."""

    message: "Message[Any, Any]"
    guess: Guess | None = None
    _raw: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)
    _lines: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)

    def raw(self, name: str) -> Sequence[str]:
        """Each header of this name as it came, lines unfolded."""
        if not self._raw:
            for key, value in self.message.raw_items():
                self._raw.setdefault(key.lower(), []).append(str(value)[:LONGEST])
        return self._raw.get(name, ())

    def all(self, name: str) -> Sequence[str]:
        """Each header of this name as one clean line."""
        found = self._lines.get(name)
        if found is None:
            raw = self.raw(name)
            found = [one_line(decode_words(each, self.guess), LONGEST) for each in raw]
            self._lines[name] = found
        return found

    def get(self, name: str) -> str:
        """The first header of this name as one clean line; empty without one."""
        return next(iter(self.all(name)), "")

    def has(self, name: str) -> bool:
        """Whether there is a header of this name."""
        return bool(self.raw(name))

    def ids(self, name: str) -> list[str]:
        """The names of messages in the headers of this name, without brackets."""
        found = [_ID.findall(each) for each in self.all(name)]
        return [each for ids in found for each in ids][:MOST_IDS]

    def addresses(self, *names: str) -> list[str]:
        """The addresses in the headers of these names, in small letters, each once."""
        found: dict[str, None] = {}
        for name in names:
            for value in self.all(name):
                found |= dict.fromkeys(each.lower() for each in _ADDRESS.findall(value))
                if len(found) >= MOST_ADDRESSES:
                    return list(found)[:MOST_ADDRESSES]
        return list(found)

    def sender(self) -> Sender:
        """Who wrote, by From; by Sender where that holds no address."""
        for name in ("from", "sender", "x-sender", "resent-from"):
            for value in self.all(name):
                sender = read_sender(value)
                if sender.address:
                    return sender
        return Sender(name=one_line(self.get("from"), 200))

    def message_id(self) -> str:
        """The message's own name; as it stands where it has no brackets, empty without one."""
        ids = self.ids("message-id")
        return ids[0] if ids else one_line(self.get("message-id"), 900).strip("<> ")

    def sent_at(self) -> datetime | None:
        """When it says it was sent; None where that is no instant."""
        try:
            told = parsedate_to_datetime(self.get("date"))
            told = told if told.tzinfo else told.replace(tzinfo=UTC)
            return told.astimezone(UTC).replace(microsecond=0)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None


def read_sender(value: str) -> Sender:
    """Name and address of one header; what stands in brackets is the address."""
    bracketed = _BRACKETED.search(value)
    if bracketed:
        found = _ADDRESS.search(bracketed[2])
        name = bracketed[1].strip().strip("\"'").replace('\\"', '"').strip()
        return Sender(one_line(name, 200), found[0].lower() if found else "")
    found = _ADDRESS.search(value)
    if found is None:
        return Sender(name=one_line(value.strip("\"' "), 200))
    comment = re.search(r"\(([^()]{1,200})\)", value)
    return Sender(one_line(comment[1], 200) if comment else "", found[0].lower())


def decode_words(raw: str, guess: Guess | None = None) -> str:
    """A header with its encoded words decoded and its bytes read; never raises.

    A long text is cut into words between two bytes of one character, so that neighbours of one
    character set are read together.
    """
    text = raw
    if not raw.isascii():
        text = to_text(raw.encode("utf-8", "surrogateescape"), "", guess)
    if "=?" not in text:
        return text
    pieces: list[str] = []
    held, charset = b"", ""
    end = 0
    text = _BETWEEN.sub(r"\1\2", text)
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        name = found[1].partition("*")[0].lower()
        if held and (between or name != charset):
            pieces.append(to_text(held, charset, guess))
            held = b""
        pieces.append(between)
        held, charset = held + _bytes_of(found[2], found[3]), name
        end = found.end()
    if held:
        pieces.append(to_text(held, charset, guess))
    return "".join(pieces) + text[end:]


def _bytes_of(encoding: str, content: str) -> bytes:
    plain = content.encode("ascii", "ignore")
    if encoding in "qQ":
        return decodestring(plain, header=True)
    try:
        return b64decode(plain + b"=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""
