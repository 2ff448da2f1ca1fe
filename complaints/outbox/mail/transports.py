"""How mail leaves: a mail server (smtp, smtps) or a folder of files (file).

A transport takes a finished message. `Unreachable` means that the way itself is closed, so no
message is to blame; `Unanswered` that it may have arrived; any other error is about the one
message.
"""

import os
import re
import smtplib
import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

#: How long to wait for a mail server that does not answer.
TIMEOUT_SECONDS = 30
#: How long to wait for its word on a whole message: until then it may be taking it in, and a
#: second copy would be a double (RFC 1047).
TAKING_SECONDS = 120
#: "The message is larger than I take", said of the sender's line: the message's own trouble.
_TOO_LARGE = 552


class Unreachable(Exception):
    """Nothing can be sent this way at present; the words name no person."""


class Unanswered(Exception):
    """The whole message went over and no answer came: it may have arrived."""


class Transport(Protocol):
    """Something that takes mail away."""

    def send(self, message: EmailMessage) -> None:
        """Hand the message over, or raise; after that it is somebody else's."""

    def close(self) -> None:
        """Put the receiver down; `send` picks it up again."""


def transport_for(url: str) -> Transport:
    """The transport an `SMTP_URL` names; ValueError when there is none."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return MailServer(parts)
    raise ValueError("a mail address begins with smtp://, smtps:// or file:///")


class Folder:
    """Writes each message as `<message-id>.eml`; the same message is the same file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, message: EmailMessage) -> None:
        """Write the message beside its place and move it there, so that none is ever half."""
        name = str(message["Message-ID"]).strip("<>").replace("/", "_")
        unfinished = self.path / f".{name}.{os.getpid()}"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(message.as_bytes())
            unfinished.replace(self.path / f"{name}.eml")
        except OSError as error:
            raise Unreachable(f"folder: {error.strerror}") from error

    def close(self) -> None:
        """Nothing to put down."""


class MailServer:
    """Speaks SMTP over one connection for as many messages as there are."""

    def __init__(self, url: SplitResult) -> None:
        self.host = url.hostname or ""
        self.is_secure = url.scheme == "smtps"
        self.port = url.port or (465 if self.is_secure else 25)
        self.user = unquote(url.username or "")
        self.password = unquote(url.password or "")
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Send one message; whatever goes wrong, the next one gets a fresh connection."""
        is_fresh = self._server is None
        try:
            self._talk(message)
        except smtplib.SMTPServerDisconnected:
            # A server hangs up on those who have been silent for a while; a fresh connection
            # that breaks is the message's own trouble.
            if is_fresh:
                raise
            self._talk(message)

    def _talk(self, message: EmailMessage) -> None:
        if self._server is None:
            self._server = self._connect()
        try:
            self._server.send_message(message)
        except smtplib.SMTPSenderRefused as error:
            self.close()
            if 500 <= error.smtp_code != _TOO_LARGE or error.smtp_code == 421:
                # It is the organisation's own address: what is refused there concerns every letter.
                raise Unreachable(f"SMTPSenderRefused {error.smtp_code}") from error
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Say goodbye; a server that has gone already is not an error."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            if self.is_secure:
                return self._greet(
                    _SecureConversation(
                        self.host,
                        self.port,
                        timeout=TIMEOUT_SECONDS,
                        context=ssl.create_default_context(),
                    )
                )
            return self._greet(_Conversation(self.host, self.port, timeout=TIMEOUT_SECONDS))
        except smtplib.SMTPResponseException as error:
            raise Unreachable(f"{type(error).__name__} {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from error

    def _greet(self, server: smtplib.SMTP) -> smtplib.SMTP:
        """Turn encryption on where it is offered, and log in where a password is given."""
        try:
            server.ehlo()
            if not self.is_secure and server.has_extn("starttls"):
                server.starttls(context=self._context())
                server.ehlo()
            elif self.password and not self.is_secure and not self._is_here():
                raise Unreachable("no encryption offered; the password was not sent")
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        """Who gets our password must prove who he is; other servers often cannot."""
        context = ssl.create_default_context()
        if not self.password or self._is_here():
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _is_here(self) -> bool:
        """Whether the server runs on this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class _Conversation(smtplib.SMTP):
    """SMTP that tells a server that refuses from one that falls silent after the last byte."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the bytes of a whole message; raises Unanswered when nothing is said to it."""
        self.putcmd("data")
        code, said = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, said)
        text = re.sub(rb"(?m)^\.", b"..", msg)
        self.send((text if text.endswith(b"\r\n") else text + b"\r\n") + b".\r\n")
        assert self.sock is not None
        self.sock.settimeout(TAKING_SECONDS)
        try:
            answer = self.getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise Unanswered(type(error).__name__) from error
        self.sock.settimeout(TIMEOUT_SECONDS)
        return answer


class _SecureConversation(_Conversation, smtplib.SMTP_SSL):
    """The same over an encrypted connection."""
