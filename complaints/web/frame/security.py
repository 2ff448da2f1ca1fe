"""Headers and habits on every response: content policy, framing, caching, request id."""

import secrets

import structlog
from flask import Flask, Response, g, request

from complaints.db import begin_reading
from complaints.extensions import db

POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def init_app(app: Flask) -> None:
    """Hang the habits on the app."""
    app.before_request(_begin)
    app.after_request(_add_headers)


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
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Request-Id"] = g.get("request_id", "")
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        # Pages hold personal data: nothing of them stays in a shared cache.
        headers["Cache-Control"] = "no-store"
    return response
