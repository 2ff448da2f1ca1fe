"""Headers and habits on every response: content policy, framing, caching, request id."""

import secrets

import structlog
from flask import Flask, Response, g, request

from complaints.db import begin_reading
from complaints.extensions import db

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: What a form of these pages may weigh at most, in bytes: blueprint → bytes; all others take what
#: the app takes. A text of a hundred thousand characters is up to six times as long on its way.
MOST_BYTES = {"login": 16 * 1024, "portal": 768 * 1024, "portal_acts": 768 * 1024}
#: Said over an encrypted connection: come back over an encrypted one only.
ENCRYPTED_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def init_app(app: Flask) -> None:
    """Hang the habits on the app."""
    # Before anything reads the form.
    app.before_request_funcs.setdefault(None, []).insert(0, _bound)
    app.before_request(_begin)
    app.after_request(_add_headers)


def _bound() -> None:
    """Take no more of a body than pages of this kind can need."""
    most = MOST_BYTES.get(request.blueprint or "")
    if most is not None:
        request.max_content_length = most


def _begin() -> None:
    """Give the request an id, and tell the database when it is only going to read."""
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if request.endpoint in (None, "static", "health.healthz"):
        return
    if request.method in ("GET", "HEAD", "OPTIONS"):
        begin_reading(db.session)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers["X-Request-Id"] = g.get("request_id", "")
    if request.is_secure:
        headers.update(ENCRYPTED_ONLY)
    # Pages hold personal data: nothing of them stays in a shared cache.
    headers["Cache-Control"] = "no-store"
    return response
