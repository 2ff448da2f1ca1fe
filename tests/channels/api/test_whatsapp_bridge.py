"""The example of a bridge, as a process between a fake of WhatsApp's gateway and Tanggap."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from complaints import clock
from complaints.domain.webhooks.secrets import InboundRule
from complaints.models import Complaint, Note
from tests.channels.api.test_inbound import SECRET
from tests.office import Office

SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "examples" / "whatsapp_bridge.py"
APP_SECRET = "what Meta signs with"


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Gateway:
    """WhatsApp's side: messages in Meta's form, sent again until they are answered with 200."""

    port: int

    def send(self, name: str, text: str, *, secret: str = APP_SECRET) -> int:
        told = {
            "object": "whatsapp_business_account",
            "entry": [
                {
                    "changes": [
                        {
                            "field": "messages",
                            "value": {
                                "contacts": [
                                    {"wa_id": "6281234567890", "profile": {"name": "Siti Aminah"}}
                                ],
                                "messages": [
                                    {
                                        "id": name,
                                        "from": "6281234567890",
                                        "timestamp": str(int(time.time())),
                                        "type": "text",
                                        "text": {"body": text},
                                    }
                                ],
                            },
                        }
                    ]
                }
            ],
        }
        body = json.dumps(told).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/",
            data=body,
            headers={"X-Hub-Signature-256": f"sha256={signature}"},
        )
        return status_of(request)


def status_of(request: Any) -> int:
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.fixture
def tanggap(app: Flask) -> Iterator[int]:
    object.__setattr__(app.config["SETTINGS"], "inbound", {"whatsapp": InboundRule("", (SECRET,))})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield int(server.port)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gateway(tanggap: int) -> Iterator[Gateway]:
    port = free_port()
    settings = {
        "TANGGAP_URL": f"http://127.0.0.1:{tanggap}",
        "TANGGAP_SECRET": SECRET,
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": "ours",
    }
    bridge = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(port)],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Gateway(port)
    finally:
        bridge.terminate()
        bridge.wait()


def test_a_conversation_becomes_one_complaint(
    gateway: Gateway, office: Office, monkeypatch: pytest.MonkeyPatch
):
    # The bridge is another process and signs by its own clock.
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC).replace(microsecond=0))
    assert gateway.send("wamid.1", "Internet di rumah mati sejak kemarin.") == 200
    assert gateway.send("wamid.1", "Internet di rumah mati sejak kemarin.") == 200
    assert gateway.send("wamid.2", "Sampai sekarang masih mati 😞") == 200
    assert gateway.send("wamid.3", "Saya bukan dari Meta", secret="another") == 401
    office.session.expire_all()
    (complaint,) = office.session.scalars(select(Complaint)).all()
    assert (complaint.channel, complaint.contact_name) == ("whatsapp", "Siti Aminah")
    assert complaint.contact_phone.endswith("6281234567890")
    assert [each.text for each in office.session.scalars(select(Note))] == [
        "Sampai sekarang masih mati 😞"
    ]
    asked = f"http://127.0.0.1:{gateway.port}/?hub.verify_token=ours&hub.challenge=7"
    assert status_of(asked) == 200
    assert status_of(asked.replace("ours", "theirs")) == 403
