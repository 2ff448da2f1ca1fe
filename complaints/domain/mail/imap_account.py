"""How a mailbox is reached: read from its address, such as imaps://user:password@host/INBOX."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"imaps": 993, "imap": 143}


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """A mailbox on a server; `address` is the one that customers write to, where it is known."""

    host: str
    port: int
    is_secure: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    address: str = ""

    @property
    def name(self) -> str:
        """By which it is known here; holds no password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"[:180]


def read_imap_urls(text: str) -> tuple[ImapAccount, ...]:
    """The mailboxes of addresses with spaces between them; ValueError says what is wrong.

    What stands behind a # is the address that customers write to; else the user, when it is one.
    """
    accounts = [read_imap_url(each) for each in text.split()]
    names = [each.name for each in accounts]
    if len(set(names)) < len(names):
        raise ValueError("names a mailbox twice")
    return tuple(accounts)


def read_imap_url(url: str) -> ImapAccount:
    """One mailbox; ValueError says what is wrong, without its password."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("must begin with imaps:// or imap:// and name a server")
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise ValueError("has a port that is no number from 1 to 65535") from None
    user = unquote(parts.username or "")
    if not user or not parts.password:
        raise ValueError("must hold user and password: imaps://user:password@server/INBOX")
    address = unquote(parts.fragment) or (user if "@" in user else "")
    return ImapAccount(
        parts.hostname,
        port,
        parts.scheme == "imaps",
        user,
        unquote(parts.password),
        unquote(parts.path.strip("/")) or "INBOX",
        address.lower(),
    )
