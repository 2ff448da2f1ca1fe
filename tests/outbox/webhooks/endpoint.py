"""An endpoint of another program, of a few lines: what it was sent, and how it is to misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def is_signed_by(self, secret: str) -> bool:
        """By the words of the standard, without the library that signs."""
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        signed = b".".join(
            [self.id.encode(), self.headers["webhook-timestamp"].encode(), self.body]
        )
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{expected}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Endpoint:
    port: int = 0
    calls: list[Call] = field(default_factory=list)
    #: The answers in their order; the last one goes on.
    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    text: bytes = b""
    sleeps: float = 0
    #: Seconds between the bytes of an answer.
    drips: float = 0
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=tanggap"


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        endpoint: Endpoint = self.server.endpoint  # type: ignore[attr-defined]
        with endpoint.lock:
            endpoint.at_once += 1
            endpoint.most_at_once = max(endpoint.most_at_once, endpoint.at_once)
        try:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            given = {name.lower(): value for name, value in self.headers.items()}
            endpoint.calls.append(Call(self.path, given, body))
            time.sleep(endpoint.sleeps)
            statuses = endpoint.statuses
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            self.send_response(status)
            for name, value in endpoint.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(endpoint.text)))
            if endpoint.drips:
                for each in b"".join(self._headers_buffer):  # type: ignore[attr-defined]
                    self.wfile.write(bytes([each]))
                    self.wfile.flush()
                    time.sleep(endpoint.drips)
                return
            self.end_headers()
            self.wfile.write(endpoint.text)
        except OSError:
            pass
        finally:
            with endpoint.lock:
                endpoint.at_once -= 1

    def log_message(self, *given: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    endpoint: Endpoint


@contextmanager
def listening(**given: Any) -> Iterator[Endpoint]:
    """An endpoint on this machine for as long as the block takes."""
    server = _Server(("127.0.0.1", 0), _Answering)
    server.endpoint = Endpoint(server.server_address[1], **given)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
