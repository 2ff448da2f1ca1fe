"""Under which name the pages are opened, and that no answer repeats one that somebody made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, redirect
from flask.testing import FlaskClient

EVIL = "jahat.example"
PUBLIC = {"TANGGAP_BASE_URL": "https://keluhan.example"}
PROXY = {"TANGGAP_TRUSTED_PROXIES": "127.0.0.1"}

Open = Callable[..., FlaskClient]


@pytest.fixture
def opened(database_url, tmp_path) -> Iterator[Open]:
    """A browser before an installation with these settings."""
    from complaints import create_app
    from complaints.extensions import db

    apps: list[Flask] = []

    def open_(**settings: str) -> FlaskClient:
        given = {
            "TESTING": True,
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a key for tests only, long enough",
            "SMTP_URL": f"file://{tmp_path}",
        }
        apps.append(create_app({**given, **settings}))
        return apps[-1].test_client()

    yield open_
    for app in apps:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def status(client: FlaskClient, host: str, path: str = "/login", **more: Any) -> int:
    return client.get(path, headers={"Host": host, **more}).status_code


@pytest.mark.parametrize("behind", [{}, PROXY])
def test_a_name_that_is_none_of_ours_is_told_the_right_address(opened, behind):
    client = opened(**PUBLIC, **behind)
    answer = client.get("/login", headers={"Host": EVIL, "Accept-Language": "en"})
    assert answer.status_code == 421
    assert "Open https://keluhan.example instead." in answer.text
    assert EVIL not in answer.text
    problem = client.get("/api/v1/complaints", headers={"Host": EVIL, "Accept-Language": "en"})
    assert (problem.status_code, problem.json["type"]) == (421, "urn:tanggap:problem:other-host")
    for host in ("keluhan.example", "KELUHAN.example:443", "127.0.0.1:8000", "[::1]:8000"):
        assert status(client, host) == 200, host


@pytest.mark.parametrize("host", ["", "keluhan.example.jahat.example", "@", "[", "keluhan"])
def test_what_only_looks_like_our_name_is_none(opened, host):
    assert status(opened(**PUBLIC), host) == 421


def test_further_names_are_those_of_the_settings(opened):
    client = opened(**PUBLIC, TANGGAP_HOSTS="keluhan.kantor, 10.0.0.5:8000")
    assert status(client, "keluhan.kantor") == status(client, "10.0.0.5") == 200
    assert status(client, "10.0.0.6") == 421


def test_probes_ask_by_whatever_address_they_know(opened):
    client = opened(**PUBLIC)
    assert status(client, "10.1.2.3:8000", "/healthz") == 200
    assert status(client, "10.1.2.3:8000", "/readyz") in (200, 503)


def test_as_long_as_no_address_was_given_any_name_will_do(opened):
    assert status(opened(), "192.168.1.7:8000") == 200


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ({}, {"Host": EVIL}),
        ({}, {"X-Forwarded-Host": EVIL}),
        (PROXY, {"X-Forwarded-Host": EVIL}),
        (PUBLIC | PROXY, {"Host": "keluhan.example", "X-Forwarded-Host": EVIL}),
        (PUBLIC | PROXY, {"Host": "keluhan.example", "Forwarded": f"host={EVIL}"}),
    ],
)
def test_no_redirect_and_no_page_holds_the_name_somebody_was_asked_by(opened, settings, headers):
    client = opened(**settings)
    for path, leads_to in (
        ("/complaints", "/login?next=/complaints"),
        ("/admin/rules/authority", "/admin/rules/authority/"),
        ("/portal/unknown", None),
        ("/nowhere", None),
    ):
        answer = client.get(path, headers=headers)
        assert answer.location == leads_to, path
        assert EVIL not in answer.text


def test_a_path_with_two_slashes_in_front_names_no_other_host(app):
    with app.test_request_context():
        answer = app.process_response(redirect(f"http://localhost//{EVIL}/a?b=1"))
    assert answer.location == f"/{EVIL}/a?b=1"


def test_the_customers_link_is_of_the_settings_whoever_asks(at_desk, app, office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    cookie = at_desk("csr").client.get_cookie("tanggap")
    assert cookie is not None
    headers = {"Host": EVIL, "X-Forwarded-Host": EVIL, "Cookie": f"tanggap={cookie.value}"}
    client = app.test_client(use_cookies=False)
    answer = client.get(f"/complaints/{number}/receipt", headers=headers)
    assert answer.status_code == 200
    assert EVIL not in answer.text
    assert f"{app.config['SETTINGS'].base_url}/portal/" in answer.text
