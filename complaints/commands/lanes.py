"""Who waits behind whom: requests wait in lanes, so that a slow one stops none of another kind.

Each lane has threads and a queue of its own. A queue is bounded in length and in time: whoever
would wait longer is told at once that the server is busy, and nothing was recorded.
"""

import time
from http import HTTPStatus

import structlog
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error

from complaints.commands.unheard import BUSY, say_unheard

log = structlog.get_logger()

#: Threads of a web process for pages and programs; each may hold one database connection.
THREADS = 8
#: So many requests may wait in a lane, and so many seconds each.
MOST_WAITING = 100
LONGEST_WAIT_SECONDS = 5.0


class Busy(Error):
    """The answer to a request for which there is no room."""

    code = 503
    reason = "Service Unavailable"

    def __init__(self, is_for_program: bool) -> None:
        super().__init__("")
        self.is_for_program = is_for_program

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body, in both languages: nobody has been asked for theirs yet."""
        headers = [("Retry-After", "5"), ("Cache-Control", "no-store")]
        status = HTTPStatus.SERVICE_UNAVAILABLE
        kind, body = say_unheard(status, BUSY, is_for_program=self.is_for_program)
        return f"{status.value} {status.phrase}", [("Content-Type", kind), *headers], body


class Waiting:
    """A request in a queue, and since when."""

    def __init__(self, channel: HTTPChannel) -> None:
        self.channel = channel
        self.since = time.monotonic()

    def service(self) -> None:
        """Do it; too late, say so instead: whoever asked has waited long enough."""
        if time.monotonic() - self.since > LONGEST_WAIT_SECONDS:
            turn_away(self.channel)
        self.channel.service()

    def cancel(self) -> None:
        """The process ends before its turn came."""
        self.channel.cancel()


class Lane(ThreadedTaskDispatcher):
    """Threads with a queue of their own."""

    def __init__(self, threads: int, most: int | None) -> None:
        super().__init__()
        self.most = most
        self.set_thread_count(threads)

    def take(self, channel: HTTPChannel) -> bool:
        """Put a request into the queue, unless that is full."""
        with self.lock:
            if self.most is not None and len(self.queue) >= self.most:
                return False
            self.queue.append(Waiting(channel))
            self.queue_cv.notify()
        return True


class Lanes:
    """All lanes of a web process; what Waitress calls a dispatcher."""

    def __init__(self) -> None:
        #: What asks no database: whether the process lives, files, and every "busy".
        self.quick = Lane(2, None)
        self.probes = Lane(1, MOST_WAITING)
        #: A check of a password takes 64 MiB on purpose: one at a time.
        self.logins = Lane(1, MOST_WAITING)
        self.others = Lane(THREADS, MOST_WAITING)

    def add_task(self, channel: HTTPChannel) -> None:
        """Queue the first request of a connection; on the thread that reads all connections."""
        lane = self.lane_of(channel.requests[0])
        if not lane.take(channel):
            turn_away(channel)
            self.quick.take(channel)

    def lane_of(self, request: HTTPRequestParser) -> Lane:
        """The lane for a request; one that cannot be read is answered quickly."""
        path = getattr(request, "path", "")
        if request.error or path == "/healthz" or path.startswith("/static/"):
            return self.quick
        if path in ("/readyz", "/metrics"):
            return self.probes
        if path in ("/login", "/password") and request.command == "POST":
            return self.logins
        return self.others

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Let every thread end after what it does now."""
        until = time.monotonic() + timeout
        lanes = (self.quick, self.probes, self.logins, self.others)
        for lane in lanes:
            lane.set_thread_count(0)
        done = [lane.shutdown(cancel_pending, max(0.0, until - time.monotonic())) for lane in lanes]
        return all(done)


def turn_away(channel: HTTPChannel) -> None:
    """Have the waiting request answered with `Busy`."""
    request = channel.requests[0]
    log.warning("request turned away", method=getattr(request, "command", ""))
    request.error = request.error or Busy(request.path.startswith("/api/"))
