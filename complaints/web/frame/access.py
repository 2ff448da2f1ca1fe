"""One line in the log for every request, and its count: the route's pattern, never the address.

The address of a customer's page is their key, and a query may hold a name.
"""

import time

import structlog
from flask import Flask, Response, current_app, g, request
from flask.sansio.app import App

from complaints.web.frame.request_counts import NO_ROUTE, RequestCounts, Route

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Measure every request of the app."""
    app.extensions["request_counts"] = RequestCounts(
        (method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()
    )
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_note)


def counts_of(app: App) -> RequestCounts:
    """The counts of the app's requests."""
    counts: RequestCounts = app.extensions["request_counts"]
    return counts


def _begin() -> None:
    g.began = time.perf_counter()


def _note(response: Response) -> Response:
    began = g.pop("began", None)
    if began is None:
        return response
    seconds = time.perf_counter() - began
    method, route = _route()
    counts_of(current_app).add((method, route), response.status_code, seconds)
    log.info(
        "request",
        method=request.method,
        route=route or "-",
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )
    return response


def _route() -> Route:
    rule = request.url_rule
    return (request.method, rule.rule) if rule is not None else NO_ROUTE
