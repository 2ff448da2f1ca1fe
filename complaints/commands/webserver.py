"""The web server of one process: Waitress, with limits on how long and how much anybody may hold.

Waitress reads and writes all connections on one thread and hands whole requests to the lanes, so
that a slow client costs a file handle and no thread. What it does not limit by itself is limited
here: time for headers, for a body, for reading an answer, and the number of connections.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import structlog
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

from complaints.commands.lanes import Lanes
from complaints.commands.unheard import HALF, say_unheard
from complaints.files.in_use import file_settings

log = structlog.get_logger()

#: From the first byte of a request to the last of its headers.
HEADER_SECONDS = 10.0
#: From the first byte of a request to its last; a form of 2 MB on a slow line takes a minute.
REQUEST_SECONDS = 120.0
#: What comes with files has besides as long as its bytes need on a slow line.
SLOW_LINE_BYTES = 32 * 1024
#: Without a byte in the middle of a request.
SILENCE_SECONDS = 10.0
#: A kept connection on which nothing is asked.
IDLE_SECONDS = 60.0
#: An answer of which nothing is taken any more.
UNREAD_SECONDS = 30.0
#: Beyond this many connections those that have waited longest without asking are closed.
MOST_CONNECTIONS = 400
#: What is more than that is not even read; what is less, but too much, gets our own page.
MOST_BODY_BYTES = 4 * 1024 * 1024
#: The same for a form with files, beyond what the settings let come with one.
MORE_WITH_FILES = 4 * 1024 * 1024
MOST_HEADER_BYTES = 32 * 1024
#: Requests under way when the process is asked to stop have this long to end.
STOPPING_SECONDS = 8.0
LOOK_SECONDS = 0.5

App = Callable[..., Iterable[bytes]]


class Request(HTTPRequestParser):
    """A request that is being read; one with files may be larger, and may take longer."""

    adj: Any

    @property
    def has_files(self) -> bool:
        """Whether it says that it is a form with files."""
        return str(self.headers.get("CONTENT_TYPE", "")).lower().startswith("multipart/form-data")

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers; how large the body may be follows from them."""
        super().parse_header(header_plus)
        if self.has_files:
            self.adj = _WithFiles(self.adj)

    @property
    def seconds(self) -> float:
        """From its first byte to its last."""
        return REQUEST_SECONDS + (self.content_length / SLOW_LINE_BYTES if self.has_files else 0)


class _WithFiles:
    """The limits of the server for a form with files."""

    def __init__(self, adjustments: Any) -> None:
        self._others = adjustments
        self.max_request_body_size = file_settings().limits.most_bytes_at_once + MORE_WITH_FILES

    def __getattr__(self, name: str) -> Any:
        return getattr(self._others, name)


class Connection(HTTPChannel):
    """One connection, which knows since when it holds what it holds."""

    parser_class = Request

    def __init__(self, *given: Any, **more: Any) -> None:
        #: When the request that is being read began; and when the last byte went either way.
        self.begun = self.moved = time.monotonic()
        super().__init__(*given, **more)

    def received(self, data: bytes) -> bool:
        """Bytes came; a request may begin or end with them."""
        self.moved = time.monotonic()
        before = self.request
        if before is None:
            self.begun = self.moved
        is_taken = bool(super().received(data))
        if self.request is not before:
            self.begun = self.moved
        return is_taken

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what the client takes."""
        sent = int(super().send(data, do_close))
        if sent:
            self.moved = time.monotonic()
        return sent

    def write_soon(self, data: bytes) -> int:
        """Hand on a piece of the answer; the client's time for taking it begins with the first."""
        if not self.total_outbufs_len:
            self.moved = time.monotonic()
        return int(super().write_soon(data))

    @property
    def is_waiting(self) -> bool:
        """Whether it has neither asked for something whole nor anything left to take."""
        return not self.requests and not self.total_outbufs_len

    def is_overdue(self, now: float) -> bool:
        """Whether the other side has had its time."""
        silent = now - self.moved
        if self.total_outbufs_len:
            return silent > UNREAD_SECONDS
        if self.requests:
            return False
        if self.request is None:
            return silent > IDLE_SECONDS
        under_way = now - self.begun
        if not self.request.headers_finished:
            return under_way > HEADER_SECONDS
        return under_way > self.request.seconds or silent > SILENCE_SECONDS

    def end(self) -> None:
        """Close it, with a sentence where half a request came."""
        self.will_close = True
        if self.is_waiting and self.request is not None:
            with contextlib.suppress(OSError):
                self.socket.send(_given_up(self.request))
        self.handle_close()


def _given_up(request: HTTPRequestParser) -> bytes:
    """The answer to half a request, whole: it is given up, and nothing of it was done."""
    status = HTTPStatus.REQUEST_TIMEOUT
    # Before the headers have come nobody knows what was asked for.
    is_for_program = getattr(request, "path", "").startswith("/api/")
    kind, body = say_unheard(status, HALF, is_for_program=is_for_program)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body


class WebServer(TcpWSGIServer):
    """Waitress on a socket that listens already."""

    channel_class = Connection

    def __init__(self, app: App, listener: socket.socket) -> None:
        adjustments = Adjustments(
            sockets=[listener],
            ident=None,
            # The app itself says whose word about the client counts, by TANGGAP_TRUSTED_PROXIES.
            clear_untrusted_proxy_headers=False,
            max_request_body_size=MOST_BODY_BYTES,
            max_request_header_size=MOST_HEADER_BYTES,
            inbuf_overflow=64 * 1024,
            log_socket_errors=False,
        )
        (kept,) = adjustments.sockets
        where = (kept.family, kept.type, kept.proto, kept.getsockname())
        super().__init__(
            app,
            {},
            _sock=kept,
            dispatcher=Lanes(),
            adj=adjustments,
            sockinfo=where,
            bind_socket=False,
        )

    def readable(self) -> bool:
        """Whether new connections are taken: always, until the end."""
        return bool(self.accepting)

    def serve_until(self, stop: threading.Event) -> None:
        """Answer until `stop` is set; then take nobody new, and end what is under way."""
        while not stop.is_set():
            wasyncore.poll2(LOOK_SECONDS, self._map)
            self.look_after(time.monotonic())
        self.accepting = False
        self.del_channel()
        self.socket.close()
        until = time.monotonic() + STOPPING_SECONDS
        while self.send_home() and time.monotonic() < until:
            wasyncore.poll2(0.05, self._map)
        if self.active_channels:
            log.warning("requests cut off at the end", count=len(self.active_channels))
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)

    def look_after(self, now: float) -> None:
        """Close what is overdue, and what waits longest when there are too many."""
        connections = list(self.active_channels.values())
        for each in connections:
            if each.is_overdue(now):
                each.end()
        too_many = len(self.active_channels) - MOST_CONNECTIONS
        if too_many > 0:
            waiting = [each for each in self.active_channels.values() if each.is_waiting]
            for each in sorted(waiting, key=lambda each: float(each.begun))[:too_many]:
                each.end()
            log.warning("too many connections", closed=min(too_many, len(waiting)))

    def send_home(self) -> bool:
        """Close every connection on which nothing is under way; whether any is left."""
        for each in list(self.active_channels.values()):
            if each.is_waiting:
                each.end()
        return bool(self.active_channels)


def open_listener(host: str, port: int) -> socket.socket:
    """A socket that listens, bound once for all web processes; ValueError when it cannot.

    Without SO_REUSEPORT: with it a second installation would share the port in silence, and two
    databases would answer in turn.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise ValueError(f"There is no address {host} on this machine.") from None
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as problem:
        listener.close()
        reason = (problem.strerror or "it is refused").lower()
        raise ValueError(
            f"Port {port} on {host} cannot be used: {reason}. "
            "Is Tanggap already running there? Choose another one with --port."
        ) from None
    return listener
