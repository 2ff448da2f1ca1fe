"""Clients that hold what they do not use, and what the others notice of it: nothing."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from complaints.commands import lanes, webserver
from complaints.commands.webserver import WebServer, open_listener

PATIENT_SECONDS = 10
HALF_HEADER = b"POST /complaints HTTP/1.1\r\nHost: x\r\nX-Story: "
HALF_BODY = b"POST /complaints HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nname=Si"
WHOLE = b"GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Office:
    """A server with an application whose slow pages wait until they are let go."""

    def __init__(self) -> None:
        self.listener = open_listener("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.stop = threading.Event()
        self.is_working = threading.Event()
        self.let_go = threading.Event()
        self.clients: list[socket.socket] = []
        self.server = WebServer(self.answer, self.listener)
        self.thread = threading.Thread(target=self.server.serve_until, args=(self.stop,))
        self.thread.start()

    def answer(self, environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            self.is_working.set()
            self.let_go.wait(PATIENT_SECONDS)
        body = b"ok"
        if environ["PATH_INFO"] == "/large":
            body = b"x" * 30_000_000
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def call(self, said: bytes) -> socket.socket:
        """Open a connection and say something, perhaps not all."""
        client = socket.create_connection(("127.0.0.1", self.port), PATIENT_SECONDS)
        self.clients.append(client)
        client.sendall(said)
        return client

    def ask(self, path: str) -> tuple[int, str]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENT_SECONDS)
        client.request("GET", path)
        answer = client.getresponse()
        try:
            return answer.status, answer.read().decode()
        finally:
            client.close()

    def close(self) -> None:
        for each in self.clients:
            each.close()
        self.let_go.set()
        self.stop.set()
        self.thread.join(PATIENT_SECONDS)
        assert not self.thread.is_alive()


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Office]]:
    monkeypatch.setattr(webserver, "LOOK_SECONDS", 0.05)
    with ExitStack() as opened:

        def open_office(**limits: float) -> Office:
            for name, value in limits.items():
                place = webserver if hasattr(webserver, name) else lanes
                monkeypatch.setattr(place, name, value)
            made = Office()
            opened.callback(made.close)
            return made

        yield open_office


def rest(client: socket.socket) -> bytes:
    """What comes until the other side closes."""
    said = b""
    try:
        while more := client.recv(65536):
            said += more
    except ConnectionResetError:
        pass
    return said


def test_forty_held_requests_stop_nobody(office):
    here = office()
    for number in range(40):
        here.call(HALF_HEADER if number % 2 else HALF_BODY)
    assert [here.ask("/page") for _ in range(6)] == [(200, "ok")] * 6
    assert here.ask("/healthz") == (200, "ok")


@pytest.mark.parametrize(
    ("half", "limits"),
    [
        (HALF_HEADER, {"HEADER_SECONDS": 0.1}),
        (HALF_BODY, {"SILENCE_SECONDS": 0.1}),
        (HALF_BODY, {"REQUEST_SECONDS": 0.1}),
    ],
    ids=["headers", "silence in a body", "a body in drops"],
)
def test_half_a_request_is_given_up_with_a_word(office, half, limits):
    here = office(**limits)
    client = here.call(half)
    said = rest(client)
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    head, body = said.split(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"tidak ada yang dicatat. Kirim sekali lagi.\n" in body
    assert b"nothing was recorded. Send it again.\n" in body


def test_a_program_hears_of_half_a_request_in_its_own_form(office):
    here = office(SILENCE_SECONDS=0.1)
    said = rest(here.call(HALF_BODY.replace(b"/complaints", b"/api/v1/complaints")))
    head, body = said.split(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    problem = json.loads(body)
    assert (problem["status"], problem["type"]) == (408, "urn:tanggap:problem:http-408")
    assert "Send it again" in problem["detail"]


def test_headers_in_drops_do_not_buy_time(office):
    here = office(HEADER_SECONDS=0.3)
    client = here.call(HALF_HEADER)
    until = time.monotonic() + PATIENT_SECONDS
    client.settimeout(0.02)
    said = b""
    while not said and time.monotonic() < until:
        try:
            client.send(b"a")
            said = client.recv(100)
        except TimeoutError:
            continue
    assert said.startswith(b"HTTP/1.1 408 ")


def test_a_connection_on_which_nothing_is_asked_is_closed(office):
    assert rest(office(IDLE_SECONDS=0.1).call(b"")) == b""


def test_an_answer_that_nobody_takes_frees_its_thread(office):
    here = office(UNREAD_SECONDS=0.2, THREADS=1)
    here.call(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    assert here.ask("/page") == (200, "ok")


def test_time_to_take_an_answer_begins_with_the_answer(office):
    here = office(UNREAD_SECONDS=5)
    client = here.call(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    here.is_working.wait(PATIENT_SECONDS)
    (connection,) = here.server.active_channels.values()
    connection.moved -= 100
    here.let_go.set()
    assert rest(client).endswith(b"ok")
    assert time.monotonic() - connection.moved < PATIENT_SECONDS


def test_health_and_files_answer_while_every_thread_waits(office):
    here = office()
    held = [here.call(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(lanes.THREADS + 2)]
    assert here.ask("/healthz") == (200, "ok")
    assert here.ask("/readyz") == (200, "ok")
    assert here.ask("/static/css/tanggap.css") == (200, "ok")
    here.let_go.set()
    assert all(each.recv(100).startswith(b"HTTP/1.1 200") for each in held)


def test_who_would_wait_too_long_hears_that_the_house_is_busy(office):
    here = office(THREADS=1, MOST_WAITING=1)
    here.call(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    here.is_working.wait(PATIENT_SECONDS)
    here.call(WHOLE)
    busy = rest(here.call(WHOLE.replace(b"/page", b"/api/v1/complaints")))
    assert busy.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 5" in busy
    assert b"application/problem+json" in busy
    assert b"nothing was recorded" in busy


def test_the_queue_is_bounded_in_time(office):
    here = office(THREADS=1, LONGEST_WAIT_SECONDS=0.0)
    assert b"Sistem sedang sibuk" in rest(here.call(WHOLE))


def test_too_many_connections_cost_those_that_have_waited_longest(office):
    here = office(MOST_CONNECTIONS=5)
    held = [here.call(HALF_HEADER) for _ in range(12)]
    assert rest(held[0]).startswith(b"HTTP/1.1 408 ")
    assert here.ask("/page") == (200, "ok")


def test_what_is_too_large_is_not_even_read(office):
    here = office()
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
    assert rest(here.call(sent)).startswith(b"HTTP/1.1 413 ")


FORM = b"Content-Type: multipart/form-data; boundary=x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("headers", "megabytes", "status"),
    [(FORM, 8, b"200"), (b"Connection: close\r\n", 8, b"413"), (FORM, 30, b"413")],
)
def test_a_form_with_files_may_be_larger_than_words(office, headers, megabytes, status):
    here = office()
    size = megabytes * 1024 * 1024
    sent = b"POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%b\r\n" % (size, headers)
    client = here.call(sent + (b"x" * size if status == b"200" else b""))
    assert rest(client).startswith(b"HTTP/1.1 " + status)


def test_a_form_with_files_has_the_time_that_its_bytes_need(office):
    here = office(REQUEST_SECONDS=0.1, SLOW_LINE_BYTES=10)
    head = b"POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n"
    files, words = (here.call(head + more + b"\r\nxxxxxx") for more in (FORM, b""))
    assert rest(words).startswith(b"HTTP/1.1 408 ")
    files.sendall(b"xxxxxx")
    assert rest(files).startswith(b"HTTP/1.1 200 ")


def test_the_end_comes_in_time_and_lets_a_request_end(office):
    here = office()
    held = [here.call(HALF_BODY) for _ in range(5)]
    working = here.call(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    assert here.ask("/healthz") == (200, "ok")
    here.stop.set()
    assert all(rest(each).startswith(b"HTTP/1.1 408") for each in held)
    with pytest.raises(ConnectionRefusedError):
        here.call(WHOLE)
    here.let_go.set()
    assert rest(working).startswith(b"HTTP/1.1 200 ")
    here.thread.join(PATIENT_SECONDS)
    assert not here.thread.is_alive()


def test_a_port_that_is_taken_is_refused_in_a_sentence():
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ValueError, match=f"Port {port} on 127.0.0.1 cannot be used: address"):
            open_listener("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"Port 8000 on 192\.0\.2\.1 cannot be used"):
        open_listener("192.0.2.1", 8000)
