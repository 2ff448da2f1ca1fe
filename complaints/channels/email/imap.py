"""A mailbox on a server: what is new in it, each message as it came, and waiting for more.

Nothing is ever marked, moved or deleted there; what was taken is known by our own record.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from complaints.domain.mail.imap_account import ImapAccount
from complaints.domain.mail.message import MOST_BYTES

#: What goes wrong with a server, and not with a message.
TROUBLES = (imaplib.IMAP4.error, ImapToolsError, OSError, ssl.SSLError)
#: How long a server may say nothing.
TIMEOUT_SECONDS = 30
#: So many messages are asked about at once.
_AT_ONCE = 50
#: Of a message that is too large to be read, so much is fetched.
_HEAD_BYTES = 65_536
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
_UID = re.compile(rb"UID (\d+)", re.IGNORECASE)
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"', re.IGNORECASE)


class NotEncrypted(OSError):
    """The server offers no encryption, so that the password was not sent."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message on the server: its raw bytes, or only their beginning where it is too large."""

    uid: int
    raw: bytes
    size: int
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder; its UIDs count within `uidvalidity`."""

    mailbox: BaseMailBox
    uidvalidity: int

    def new_uids(self, last: int) -> list[int]:
        """The UIDs of what came behind `last`, in the order they came."""
        kind, found = self.mailbox.client.uid("search", f"UID {last + 1}:*")
        if kind != "OK":
            raise imaplib.IMAP4.error("search refused")
        words = b" ".join(each for each in found if isinstance(each, bytes)).split()
        # The highest one is found whatever is asked for.
        return sorted(uid for uid in map(int, words) if uid > last)

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """The messages of these UIDs, one by one; what was deleted meanwhile is left out."""
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            told = {each.uid: each for each in self._heads(some)}
            for uid in some:
                if uid in told:
                    head = told[uid]
                    raw = self._body(uid, head.size > MOST_BYTES)
                    if raw is not None:
                        yield Fetched(uid, raw, head.size, head.received_at)

    def can_wait(self) -> bool:
        """Whether the server tells by itself that something came."""
        _, told = self.mailbox.client.capability()
        return b"IDLE" in b" ".join(each for each in told if isinstance(each, bytes)).split()

    def wait(self, seconds: float) -> bool:
        """Wait so long that something comes; whether it did."""
        return bool(self.mailbox.idle.wait(timeout=seconds))

    def _heads(self, uids: Sequence[int]) -> Iterator[Fetched]:
        for line, _ in self._ask(",".join(map(str, uids)), "(UID RFC822.SIZE INTERNALDATE)"):
            uid, size = _UID.search(line), _SIZE.search(line)
            if uid and size:
                yield Fetched(int(uid[1]), b"", int(size[1]), _instant(line))

    def _body(self, uid: int, only_head: bool) -> bytes | None:
        what = f"BODY.PEEK[]<0.{_HEAD_BYTES}>" if only_head else "BODY.PEEK[]"
        bodies = [body for _, body in self._ask(str(uid), f"(UID {what})") if body is not None]
        return bodies[0] if bodies else None

    def _ask(self, uids: str, what: str) -> Iterator[tuple[bytes, bytes | None]]:
        kind, found = self.mailbox.client.uid("fetch", uids, what)
        if kind != "OK":
            raise imaplib.IMAP4.error("fetch refused")
        for each in found:
            if isinstance(each, tuple):
                yield each[0], each[1]
            elif isinstance(each, bytes):
                yield each, None


@contextmanager
def open_folder(account: ImapAccount) -> Iterator[Folder]:
    """Log in and open the folder for reading only; raises one of TROUBLES."""
    mailbox = _connect(account)
    try:
        mailbox.login(account.user, account.password, initial_folder=None)
        mailbox.folder.set(account.folder, readonly=True)
        _, told = mailbox.client.response("UIDVALIDITY")
        if not told or told[0] is None:
            raise imaplib.IMAP4.error("no UIDVALIDITY")
        yield Folder(mailbox, int(told[0]))
    finally:
        try:
            mailbox.logout()
        except TROUBLES:
            # It has gone already.
            mailbox.client.shutdown()


def _connect(account: ImapAccount) -> BaseMailBox:
    """A connection that nobody listens to; without one a password goes to this machine only."""
    if account.is_secure:
        context = ssl.create_default_context()
        return MailBox(account.host, account.port, TIMEOUT_SECONDS, ssl_context=context)
    plain = MailBoxUnencrypted(account.host, account.port, TIMEOUT_SECONDS)
    if "STARTTLS" in plain.client.capabilities:
        plain.client.shutdown()
        return MailBoxStartTls(account.host, account.port, TIMEOUT_SECONDS)
    if not _is_here(account.host):
        plain.client.shutdown()
        raise NotEncrypted("no encryption offered; the password was not sent")
    return plain


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _instant(line: bytes) -> datetime | None:
    """When the server took the message in."""
    found = _DATE.search(line)
    if found is None:
        return None
    try:
        told = datetime.strptime(found[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z")
    except (ValueError, UnicodeError):
        return None
    return told.astimezone(UTC)
