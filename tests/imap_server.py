"""A small IMAP server of our own, for tests: one mailbox, real sockets, and troubles on demand."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

USER, PASSWORD = "layanan@tanggap.example", "rahasia"


@dataclass
class Held:
    """What the server holds: messages by UID, and how it behaves."""

    uidvalidity: int = 1
    messages: dict[int, bytes] = field(default_factory=dict)
    dates: dict[int, str] = field(default_factory=dict)
    #: Commands that are answered with NO.
    refuses: set[str] = field(default_factory=set)
    #: The connection breaks off within the answer to so many more fetches of bodies.
    breaks_after: int | None = None
    idles: bool = True
    commands: list[str] = field(default_factory=list)
    news: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def add(self, raw: bytes, at: datetime | None = None) -> int:
        uid = max(self.messages, default=0) + 1
        self.messages[uid] = raw
        if at is not None:
            self.dates[uid] = at.astimezone(UTC).strftime("%d-%b-%Y %H:%M:%S +0000")
        self.news.set()
        return uid

    @property
    def url(self) -> str:
        user, password = USER.replace("@", "%40"), PASSWORD
        return f"imap://{user}:{password}@127.0.0.1:{self.port}/INBOX"


class _Connection(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.say("* OK siap")
        while line := self.rfile.readline():
            tag, command, rest = self.parse(line)
            self.server.held.commands.append(command)
            if command in self.server.held.refuses:
                self.say(f"{tag} NO ditolak")
                continue
            answer = getattr(self, f"do_{command.replace(' ', '_').lower()}", None)
            if answer is None:
                self.say(f"{tag} BAD tidak dikenal")
            elif answer(tag, rest) is False:
                return

    def parse(self, line: bytes) -> tuple[str, str, str]:
        tag, _, rest = line.decode("ascii", "replace").strip().partition(" ")
        command, _, rest = rest.partition(" ")
        if command.upper() == "UID":
            more, _, rest = rest.partition(" ")
            command = f"UID {more}"
        return tag, command.upper(), rest

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def do_capability(self, tag: str, rest: str) -> None:
        self.say(f"* CAPABILITY IMAP4rev1{' IDLE' if self.server.held.idles else ''}")
        self.say(f"{tag} OK selesai")

    def do_login(self, tag: str, rest: str) -> None:
        known = USER in rest and PASSWORD in rest
        self.say(f"{tag} {'OK' if known else 'NO'} masuk")

    def do_examine(self, tag: str, rest: str) -> None:
        held = self.server.held
        self.say(f"* {len(held.messages)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {held.uidvalidity}] berlaku")
        self.say(f"{tag} OK [READ-ONLY]")

    def do_uid_search(self, tag: str, rest: str) -> None:
        low = int(re.search(r"UID (\d+):\*", rest)[1])  # type: ignore[index]
        held = self.server.held.messages
        found = [uid for uid in sorted(held) if uid >= low] or sorted(held)[-1:]
        self.say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
        self.say(f"{tag} OK selesai")

    def do_uid_fetch(self, tag: str, rest: str) -> bool | None:
        held = self.server.held
        uids, _, what = rest.partition(" ")
        for uid in map(int, uids.split(",")):
            raw = held.messages.get(uid)
            if raw is None:
                continue
            if "BODY" not in what:
                date = held.dates.get(uid, "19-Nov-2026 02:10:00 +0000")
                about = f'UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE "{date}"'
                self.say(f"* {uid} FETCH ({about})")
                continue
            if held.breaks_after is not None:
                held.breaks_after -= 1
                if held.breaks_after < 0:
                    self.wfile.write(b"* 1 FETCH (UID 1 BODY[] {500}\r\npotong")
                    return False
            part = re.search(r"<0\.(\d+)>", what)
            sent = raw[: int(part[1])] if part else raw
            self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(sent)}}}\r\n".encode())
            self.wfile.write(sent + b")\r\n")
        self.say(f"{tag} OK selesai")
        return None

    def do_idle(self, tag: str, rest: str) -> None:
        held = self.server.held
        self.say("+ menunggu")
        if held.news.wait(0.2):
            held.news.clear()
            self.say(f"* {len(held.messages)} EXISTS")
        self.rfile.readline()
        self.say(f"{tag} OK selesai")

    def do_logout(self, tag: str, rest: str) -> bool:
        self.say("* BYE")
        self.say(f"{tag} OK selesai")
        return False


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, held: Held) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.held = held
        held.port = int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


@contextmanager
def imap_server() -> Iterator[Held]:
    """A server that listens until the test is over."""
    held = Held()
    with _Server(held) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield held
        server.shutdown()
        thread.join()
