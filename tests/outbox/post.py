"""A mail server of a few lines, for tests of what goes over the wire."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any


@dataclass
class Post:
    """What the server took in, and how it is to misbehave."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    connections: int = 0
    encrypted: int = 0
    certificate: Path | None = None
    #: Recipient → the answer to RCPT.
    refusals: dict[str, str] = field(default_factory=dict)
    #: Hang up instead of answering this verb.
    hangs_up_on: str = ""
    #: The answer to every sender, and to every whole message.
    says_to_sender: str = "250 ok"
    says_to_message: str = "250 taken"
    #: What follows a whole message instead of an answer: "hangs up", "says nothing".
    after_message: str = ""
    #: Whose letters that befalls; empty: everybody's.
    after_message_to: frozenset[str] = frozenset()
    #: Hang up after this many messages on one connection.
    messages_per_connection: int = 1000

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.received]  # type: ignore[misc]


class Conversation(socketserver.StreamRequestHandler):
    """One connection, line by line."""

    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]
        post.connections += 1
        sender, recipients, taken = "", [], 0
        self.say("220 post.example ESMTP")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            if verb == post.hangs_up_on:
                return
            if verb == "EHLO":
                offers = ["250-post.example", "250-8BITMIME", "250-AUTH PLAIN"]
                if post.certificate and not isinstance(self.request, ssl.SSLSocket):
                    offers.append("250-STARTTLS")
                for offer in offers:
                    self.say(offer)
                self.say("250 SMTPUTF8")
            elif verb == "STARTTLS":
                self.say("220 go on")
                self.encrypt(post)
            elif verb == "AUTH":
                post.logins.append(base64.b64decode(rest.split()[-1]).decode())
                self.say("235 welcome" if "\0right" in post.logins[-1] else "535 wrong")
            elif verb == "MAIL":
                sender, recipients = rest, []
                self.say(post.says_to_sender)
            elif verb == "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                answer = post.refusals.get(address, "250 ok")
                if answer.startswith("250"):
                    recipients.append(address)
                self.say(answer)
            elif verb == "DATA":
                self.say("354 go on")
                post.received.append(self.read_message())
                post.envelopes.append((sender, recipients))
                after = self.after_message(recipients)
                if after == "hangs up":
                    return
                if after == "says nothing":
                    continue
                self.say(post.says_to_message)
                taken += 1
                if taken >= post.messages_per_connection:
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def after_message(self, recipients: list[str]) -> str:
        post: Post = self.server.post  # type: ignore[attr-defined]
        is_meant = not post.after_message_to or post.after_message_to.intersection(recipients)
        return post.after_message if is_meant else ""

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def read_message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def encrypt(self, post: Post) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert post.certificate is not None
        context.load_cert_chain(post.certificate)
        self.request: Any = context.wrap_socket(self.request, server_side=True)
        self.rfile.close()
        self.wfile.close()
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        post.encrypted += 1


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def mail_server(**behaviour: Any) -> Iterator[Post]:
    """A server on a free port of this machine while the block runs."""
    post = Post(**behaviour)
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.post = post  # type: ignore[attr-defined]
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
