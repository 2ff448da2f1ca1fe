"""Which host a call goes to: looked up and judged at adding, changing, testing and every call."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.webhooks.addresses import AllowedHosts
from complaints.domain.webhooks.retries import Why
from complaints.outbox.webhooks import lookup, post
from complaints.outbox.webhooks.endpoints import edit_webhook, send_test
from tests.outbox.webhooks.conftest import Hooks
from tests.outbox.webhooks.endpoint import listening

INSIDE = ["127.0.0.1", "::ffff:10.0.0.5", "64:ff9b::a00:5", "169.254.169.254"]
Named = Callable[..., None]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Named:
    """A name server that says these addresses of every host."""

    def say(*addresses: str) -> None:
        monkeypatch.setattr(lookup, "ask_name_server", lambda host, port: list(addresses))

    return say


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_at_adding_changing_and_testing(
    hooks: Hooks, named: Named, address: str
) -> None:
    """T37: also where one of several addresses does."""
    hooks.allowed = AllowedHosts()
    named("8.8.8.8")
    webhook_id, _ = hooks.add("https://hooks.example.com/in")
    named("8.8.8.8", address)
    by, at = hooks.admin, hooks.at
    with pytest.raises(Invalid) as refused, hooks.sessions.begin() as session:
        edit_webhook(
            session, hooks.settings, webhook_id, url="https://evil.example.com/", by=by, at=at
        )
    assert "10.0.0.5" not in str(refused.value)
    assert "evil.example.com" in str(refused.value)
    with pytest.raises(Invalid), hooks.sessions.begin() as session:
        send_test(session, hooks.settings, webhook_id, by=by, at=at)
    with pytest.raises(Invalid):
        hooks.add("https://other.example.com/")
    assert hooks.webhook(webhook_id).url == "https://hooks.example.com/in"


@pytest.mark.parametrize(
    "url",
    ["https://169.254.169.254/", "https://[::ffff:10.0.0.5]/", "https://[::1]/", "https://0x7f.1/"],
)
def test_an_inner_address_written_out_is_refused(hooks: Hooks, url: str) -> None:
    hooks.allowed = AllowedHosts()
    with pytest.raises(Invalid):
        hooks.add(url)


def test_a_name_that_leads_inside_only_later_is_not_called(hooks: Hooks, named: Named) -> None:
    """T37: a name whose answer changes after it was checked."""
    with listening() as endpoint:
        hooks.allowed = AllowedHosts()
        named("8.8.8.8")
        hooks.add(f"https://hooks.example.com:{endpoint.port}/in")
        hooks.receive()
        named("127.0.0.1")
        hooks.deliver()
        assert not endpoint.calls
    (attempt,) = hooks.attempts()
    assert (attempt.why, attempt.status, attempt.said) == (Why.FORBIDDEN, None, "")
    assert hooks.deliveries()[0].state == "queued"


def test_a_host_that_was_allowed_and_is_no_more_is_not_called(hooks: Hooks) -> None:
    with listening() as endpoint:
        hooks.add(endpoint.url)
        hooks.receive()
        hooks.allowed = AllowedHosts()
        hooks.deliver()
        assert not endpoint.calls
    assert hooks.attempts()[0].why == Why.FORBIDDEN


def test_the_call_goes_to_the_address_that_was_judged(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second look-up, between the check and the connection, would be somebody else's answer."""
    asked: list[str] = []

    def ask(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with listening() as endpoint:
        hooks.allowed = AllowedHosts(frozenset({"hooks.kantor"}))
        monkeypatch.setattr(lookup, "ask_name_server", ask)
        hooks.add(f"http://hooks.kantor:{endpoint.port}/in")
        hooks.receive()
        asked.clear()
        hooks.deliver()
    assert asked == ["hooks.kantor"]
    assert endpoint.calls[0].headers["host"] == f"hooks.kantor:{endpoint.port}"


def test_a_host_without_an_address_is_told_as_such(hooks: Hooks, named: Named) -> None:
    hooks.allowed = AllowedHosts()
    named("8.8.8.8")
    hooks.add("https://hooks.example.com/")
    hooks.receive()
    named()
    hooks.deliver()
    assert hooks.attempts()[0].why == Why.NO_NAME


def test_a_name_server_that_says_nothing_is_not_waited_for(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()

    def ask(host: str, port: int) -> list[str]:
        answered.wait(10)
        return []

    monkeypatch.setattr(lookup, "ask_name_server", ask)
    monkeypatch.setattr(lookup, "LOOKUP_SECONDS", 0.1)
    with pytest.raises(Invalid, match="cannot be found"):
        hooks.add("https://hooks.example.com/")
    answered.set()


def certificate(folder: Path, host: str) -> Path:
    file = folder / f"{host}.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9999"]
    made += ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    made += ["-keyout", str(file), "-out", str(folder / f"{host}.crt")]
    subprocess.run(made, check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + (folder / f"{host}.crt").read_bytes())
    return file


@pytest.mark.parametrize("shown", ["hooks.kantor", "evil.example.com"])
def test_the_certificate_has_to_be_that_of_the_name(
    hooks: Hooks, named: Named, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    """The connection goes to an address, and still only to whoever proves to have the name."""
    try:
        file = certificate(tmp_path, shown)
    except FileNotFoundError:
        pytest.skip("openssl makes the certificate")
    asked_for: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    trusting = ssl.create_default_context(cafile=str(tmp_path / f"{shown}.crt"))
    monkeypatch.setattr(post.ssl, "create_default_context", lambda: trusting)
    hooks.allowed = AllowedHosts(frozenset({"hooks.kantor"}))
    named("127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        hooks.add(f"https://hooks.kantor:{server.getsockname()[1]}/")
        hooks.receive()

        def answer() -> None:
            taken, _ = server.accept()
            try:
                with context.wrap_socket(taken, server_side=True) as secured:
                    secured.recv(65536)
                    secured.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                    while secured.recv(65536):
                        pass
            except OSError:
                taken.close()

        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        hooks.at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        hooks.deliver()
        answering.join(5)
    is_right = shown == "hooks.kantor"
    assert asked_for == ["hooks.kantor"]
    assert hooks.attempts()[0].why == (Why.DELIVERED if is_right else Why.NO_TLS)
