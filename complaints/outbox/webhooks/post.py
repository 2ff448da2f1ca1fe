"""One call to an endpoint: to the address that was checked, in bounded time, never redirected."""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from http.client import HTTPException

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from complaints.domain.errors import Invalid
from complaints.domain.webhooks.addresses import AllowedHosts, Target, read_target
from complaints.domain.webhooks.retries import Attempt, Why, read_retry_after
from complaints.outbox.webhooks.lookup import ForbiddenAddress, NoAddress, addresses_of

CONNECT_SECONDS = 5
ANSWER_SECONDS = 8
#: However slowly an endpoint drips its answer, the call is over then; a worker that is told to stop
#: has twelve seconds.
WHOLE_SECONDS = 10
#: So much of a refusal's text is read, and kept.
MOST_READ = 1024
MOST_SAID = 200

_AGENT = "Tanggap webhooks"
#: Not one of the timers that stand in our tables.
_Alarm = threading.Timer


def post(
    url: str, body: bytes, headers: Mapping[str, str], allowed: AllowedHosts, at: datetime
) -> Attempt:
    """Call an endpoint once; whatever goes wrong is the attempt's `why`, nothing is raised.

    The address is looked up and judged anew at every call, and the connection made to just that
    address, while certificate and `Host` are those of the name.
    """
    began = time.monotonic()
    status, said, wait = None, "", None
    try:
        target = read_target(url, allowed)
        why, status, said, asked = _first_answer(target, body, headers, allowed, began)
        wait = read_retry_after(asked, at)
    except (ForbiddenAddress, Invalid):
        # Also an address that was allowed until a setting changed.
        why = Why.FORBIDDEN
    except NoAddress:
        why = Why.NO_NAME
    except (SSLError, ssl.SSLError):
        why = Why.NO_TLS
    except (NewConnectionError, ConnectionRefusedError):
        why = Why.NO_CONNECTION
    except (ConnectTimeoutError, ReadTimeoutError, TimeoutError):
        why = Why.TIMEOUT
    except (HTTPError, HTTPException, OSError) as error:
        why = _of_broken(error, began)
    took = int(1000 * (time.monotonic() - began))
    return Attempt(at, why, status, took, said, wait)


def _of_broken(error: Exception, began: float) -> Why:
    """A connection that ended by itself, or that we cut when its time was up."""
    if time.monotonic() - began >= WHOLE_SECONDS:
        return Why.TIMEOUT
    is_unreachable = isinstance(error, OSError) and not isinstance(error, ConnectionError)
    return Why.NO_CONNECTION if is_unreachable else Why.NO_ANSWER


def _first_answer(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    allowed: AllowedHosts,
    began: float,
) -> tuple[Why, int, str, str | None]:
    """The answer of the first address of the host that takes a connection."""
    *others, last = addresses_of(target, allowed)
    for address in others:
        try:
            return _answer(target, address, body, headers, began)
        except (ConnectTimeoutError, NewConnectionError):
            continue
    return _answer(target, last, body, headers, began)


def _answer(
    target: Target, address: str, body: bytes, headers: Mapping[str, str], began: float
) -> tuple[Why, int, str, str | None]:
    left = WHOLE_SECONDS - (time.monotonic() - began)
    if left <= 0:
        raise TimeoutError
    sent = {"User-Agent": _AGENT, "Host": target.host_header, "Connection": "close", **headers}
    connection = _connection(target, address, min(CONNECT_SECONDS, left))
    cut = _Alarm(left, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.connect()
        connection.timeout = min(ANSWER_SECONDS, left)
        connection.request("POST", target.path, body, sent, preload_content=False)
        return _read(connection.getresponse())
    finally:
        cut.cancel()
        connection.close()


def _connection(target: Target, address: str, seconds: float) -> HTTPConnection:
    """A connection to the address that speaks with whoever proves to be the host."""
    if not target.is_secure:
        return HTTPConnection(address, target.port, timeout=seconds)
    return HTTPSConnection(
        address,
        target.port,
        timeout=seconds,
        server_hostname=target.host,
        ssl_context=ssl.create_default_context(),
    )


def _cut(connection: HTTPConnection) -> None:
    """End a call whose time is up; whoever waits for its answer then gets an error."""
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _read(answer: HTTPResponse) -> tuple[Why, int, str, str | None]:
    """What an answer says; of one that takes the event nothing more is read."""
    if 200 <= answer.status < 300:
        return Why.DELIVERED, answer.status, "", None
    why = Why.REDIRECT if 300 <= answer.status < 400 else Why.STATUS
    said = ""
    with suppress(HTTPError, OSError):
        said = answer.read(MOST_READ, decode_content=False).decode("utf-8", "replace")
    said = " ".join("".join(each if each.isprintable() else " " for each in said).split())
    return why, answer.status, said[:MOST_SAID], answer.headers.get("Retry-After")
