"""Signing mail with the organisation's DKIM key (RFC 6376), so that receivers know it is ours.

The public half stands in the DNS, as `<selector>._domainkey.<domain>`.
"""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import dkim

#: What must not change on the way; those that a message does not have are passed over.
_SIGNED = (
    b"from to reply-to subject date message-id in-reply-to references auto-submitted"
    b" list-unsubscribe list-unsubscribe-post mime-version content-type content-language"
).split()
_HEADER = b"DKIM-Signature: "


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key, and where in the DNS its public half is found."""

    domain: str
    selector: str
    pem: bytes

    @classmethod
    def read(cls, domain: str, selector: str, path: Path) -> "DkimKey":
        """The key of this file; raises ValueError with one line where it is not one."""
        try:
            key = cls(domain, selector, path.read_bytes())
        except OSError as problem:
            raise ValueError(f"{path} cannot be read: {problem.strerror}") from None
        try:
            key.signature_of(b"From: a@b\r\nSubject: c\r\n\r\nd\r\n")
        except (dkim.DKIMException, ValueError, IndexError, TypeError):
            # An index or type error is what the library says of a file that is no key at all.
            raise ValueError(f"{path} holds no RSA private key in PEM form") from None
        return key

    def signature_of(self, raw: bytes) -> str:
        """The value of the header that signs these bytes, in one line."""
        header = dkim.sign(
            raw,
            self.selector.encode("ascii"),
            self.domain.encode("ascii"),
            self.pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=list(_SIGNED),
        )
        return re.sub(r"\s+", " ", header.removeprefix(_HEADER).decode("ascii")).strip()

    def sign(self, message: EmailMessage) -> None:
        """Add the signature; whatever is changed in the message after that breaks it."""
        message["DKIM-Signature"] = self.signature_of(message.as_bytes())
