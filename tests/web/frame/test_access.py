"""One line for each request, by its route, counted over all processes; nobody's key in either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import structlog
from flask import Flask
from structlog.testing import capture_logs

from complaints.web.frame import access
from complaints.web.frame.access import counts_of
from complaints.web.frame.request_counts import NO_ROUTE, RequestCounts

TOKEN = "secret-token-of-a-customer"


@pytest.fixture(autouse=True)
def a_log_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command tried earlier in this process may have set a level and bound the logger to it."""
    before = structlog.get_config()
    structlog.reset_defaults()
    monkeypatch.setattr(access, "log", structlog.get_logger())
    yield
    structlog.configure(**before)


def lines(app: Flask, path: str, **more: Any) -> list[Mapping[str, Any]]:
    with capture_logs() as logs:
        app.test_client().open(path, **more)
    return [each for each in logs if each["event"] == "request"]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/healthz", "/healthz", 200),
        ("GET", f"/portal/{TOKEN}?q=Siti", "/portal/<token>", 404),
        ("GET", "/complaints/KLH-2026-000001?view=history", "/complaints/<number>", 302),
        ("POST", "/login", "/login", 400),
        ("GET", f"/nowhere/{TOKEN}", "-", 404),
        ("GET", "/api/v1/me", "/api/v1/me", 401),
        ("GET", "/static/none.css?v=Siti", "/static/<path:path>", 404),
    ],
)
def test_each_request_is_one_line_with_its_route(app, method, path, route, status):
    (line,) = lines(app, path, method=method)
    told = {name: line[name] for name in ("method", "route", "status")}
    assert told == {"method": method, "route": route, "status": status}
    assert line["ms"] >= 0
    assert TOKEN not in str(line)
    assert "Siti" not in str(line)


def test_a_page_that_breaks_is_a_line_too(app, monkeypatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "health.healthz", lambda: 1 / 0)
    (line,) = lines(app, "/healthz")
    assert line["status"] == 500


def figure(app: Flask, begin: str) -> float:
    said = app.test_client().get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in said if line.startswith(begin))


def test_the_metrics_tell_rate_errors_and_how_long_it_took(app):
    client = app.test_client()
    for _ in range(3):
        client.get("/healthz")
    client.get(f"/portal/{TOKEN}")
    named = 'method="GET",route="/healthz"'
    assert figure(app, f'tanggap_http_requests_total{{{named},status="2xx"}}') == 3
    assert figure(app, f'tanggap_http_request_seconds_bucket{{le="+Inf",{named}}}') == 3
    assert figure(app, f"tanggap_http_request_seconds_count{{{named}}}") == 3
    failed = 'tanggap_http_requests_total{method="GET",route="/portal/<token>",status="4xx"}'
    assert figure(app, failed) == 1
    assert TOKEN not in client.get("/metrics").text


def test_every_process_counts_in_its_own_place_and_any_tells_the_whole():
    counts = RequestCounts([("GET", "/")])
    counts.spread(3)
    for number in (0, 2, 2):
        counts.take_slot(number)
        counts.add(("GET", "/"), 200, 0.2)
    counts.add(("GET", "/unheard-of"), 404, 99.0)
    totals = counts.totals()
    assert totals["GET", "/"].by_status == {"2xx": 3, "3xx": 0, "4xx": 0, "5xx": 0}
    assert sum(totals["GET", "/"].buckets) == 3
    assert totals["GET", "/"].seconds == pytest.approx(0.6)
    assert totals[NO_ROUTE].buckets[-1] == 1


def test_every_route_has_a_place_of_its_own(app):
    rules = {(m, rule.rule) for rule in app.url_map.iter_rules() for m in rule.methods or ()}
    counts = counts_of(app)
    for method, rule in rules:
        counts.add((method, rule), 200, 0)
    assert set(counts.totals()) == rules
