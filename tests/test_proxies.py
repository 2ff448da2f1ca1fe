"""Who calls, as far as proxies are believed, and who knows that somebody handed a request on."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask, request

from complaints.proxies import (
    PROXY_HEADERS,
    BelieveProxies,
    came_through_a_known_proxy,
    came_through_a_stranger,
    client_address,
)

PEERS = ("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48")


def call(peer: str, headers: dict[str, str] | None = None, **trust: Any) -> dict[str, Any]:
    """How a request looks to the application."""
    app = Flask(__name__)

    @app.get("/")
    def tell() -> dict[str, Any]:
        return {
            "caller": client_address(),
            "host": request.host,
            "scheme": request.scheme,
            "is_known": came_through_a_known_proxy(),
            "is_stranger": came_through_a_stranger(),
        }

    trust = trust or {"peers": [ip_network(each) for each in PEERS], "hosts": {"keluhan.example"}}
    app.wsgi_app = BelieveProxies(app.wsgi_app, **trust)  # type: ignore[method-assign]
    answer = app.test_client().get("/", headers=headers or {}, environ_base={"REMOTE_ADDR": peer})
    assert isinstance(answer.json, dict)
    return answer.json


@pytest.mark.parametrize(
    ("peer", "told", "caller"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1::7", "2001:db8:9::1", "2001:db8:9::1"),
        # What a visitor made up stands further left than what our proxies saw.
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.5", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.9, 203.0.113.9, 10.0.0.5", "203.0.113.9"),
        # The call began at one of ours.
        ("127.0.0.1", "10.0.0.9, 10.0.0.5", "10.0.0.9"),
        ("127.0.0.1", "203.0.113.9:51234", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8:9::1]:51234", "2001:db8:9::1"),
        # No quote that a visitor opens hides what our proxy adds behind it.
        ("127.0.0.1", '", 203.0.113.9', "203.0.113.9"),
        ("127.0.0.1", '198.51.100.1, "\\", 203.0.113.9, 10.0.0.5', "203.0.113.9"),
        # Nothing that could be believed: it stays with the proxy.
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, <b>", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        # Nobody whom we know.
        ("11.0.0.1", "203.0.113.9", "11.0.0.1"),
        ("127.0.0.2", "127.0.0.1", "127.0.0.2"),
        ("", "203.0.113.9", ""),
    ],
)
def test_only_a_known_proxy_says_who_calls(peer: str, told: str, caller: str):
    assert call(peer, {"X-Forwarded-For": told})["caller"] == caller


def test_only_a_known_proxy_says_under_which_name_it_was_asked():
    headers = {
        "X-Forwarded-For": "203.0.113.9, 10.0.0.5",
        "X-Forwarded-Host": "keluhan.example",
        "X-Forwarded-Proto": "https",
    }
    seen = call("127.0.0.1", headers)
    assert (seen["host"], seen["scheme"]) == ("keluhan.example", "https")
    seen = call("11.0.0.1", headers)
    assert (seen["host"], seen["scheme"]) == ("localhost", "http")


@pytest.mark.parametrize(
    ("told", "host"),
    [
        ("keluhan.example:8443", "keluhan.example:8443"),
        ("KELUHAN.example", "KELUHAN.example"),
        ("keluhan.example, 10.0.0.5", "localhost"),
        ("jahat.example", "localhost"),
        ("jahat.example, keluhan.example", "keluhan.example"),
        ("keluhan.example.jahat.example", "localhost"),
        ("[keluhan.example", "localhost"),
        ("", "localhost"),
    ],
)
def test_a_known_proxy_that_hands_on_what_the_visitor_wrote_is_believed_a_name_of_ours_only(
    told: str, host: str
):
    assert call("127.0.0.1", {"X-Forwarded-Host": told})["host"] == host


@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_a_stranger_is_noticed_by_any_header_of_proxies(header: str):
    seen = call("11.0.0.1", {header: "1.1.1.1"})
    assert (seen["is_known"], seen["is_stranger"]) == (False, True)
    seen = call("127.0.0.1", {header: "1.1.1.1"})
    assert (seen["is_known"], seen["is_stranger"]) == (True, False)
    assert not call("11.0.0.1")["is_stranger"]


@pytest.mark.parametrize(
    ("count", "told", "caller"),
    [
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, x", "203.0.113.9"),
        (1, '", 203.0.113.9', "203.0.113.9"),
    ],
)
def test_a_bare_count_believes_whoever_connects_as_before(count: int, told: str, caller: str):
    seen = call("11.0.0.1", {"X-Forwarded-For": told}, count=count)
    assert (seen["caller"], seen["is_known"]) == (caller, True)
