"""Headers and habits on every response: content policy, framing, caching, request id.

Under which name we are asked: one of ours, and no answer repeats it.
"""

import secrets
from urllib.parse import urlsplit, urlunsplit

import structlog
from flask import Flask, Response, current_app, g, request

from complaints.channels.uploads import most_upload_bytes
from complaints.db import begin_reading
from complaints.domain.errors import N_, OtherHost
from complaints.extensions import db
from complaints.proxies import host_name

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
MOST_BYTES = {
    "login": 16 * 1024,
    "portal": 768 * 1024,
    "portal_acts": 768 * 1024,
    "portal_after_end": 768 * 1024,
    "portal_objection": 768 * 1024,
    "portal_form": 768 * 1024,
    "portal_lost": 16 * 1024,
}
#: Said over an encrypted connection: come back over an encrypted one only.
ENCRYPTED_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def init_app(app: Flask) -> None:
    """Hang the habits on the app."""
    # Before anything reads the form.
    app.before_request_funcs.setdefault(None, []).insert(0, _bound)
    app.before_request(_begin)
    app.before_request(_require_our_name)
    app.after_request(_add_headers)


def _bound() -> None:
    """Take no more of a body than pages of this kind can need."""
    most = MOST_BYTES.get(request.blueprint or "")
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False) and request.mimetype == "multipart/form-data":
        most = most_upload_bytes()
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


def _require_our_name() -> None:
    """Refuse a request to a name that is none of ours; probes ask by whatever address they know."""
    settings = current_app.config["SETTINGS"]
    if request.blueprint == "health" or not settings.hosts:
        return
    if host_name(request.host) not in settings.hosts:
        raise OtherHost(
            N_("This system is not opened by this address. Open %(address)s instead."),
            address=settings.base_url,
        )


def _add_headers(response: Response) -> Response:
    headers = response.headers
    if response.location and urlsplit(response.location).netloc:
        # All of ours lead within these pages; this is the router's, with the name we were asked by.
        _, _, path, query, fragment = urlsplit(response.location)
        # A path that begins with two slashes would name another host.
        response.location = urlunsplit(("", "", f"/{path.lstrip('/')}", query, fragment))
        response.set_data("")
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers["X-Request-Id"] = g.get("request_id", "")
    if request.is_secure:
        headers.update(ENCRYPTED_ONLY)
    # Pages hold personal data: nothing of them stays in a shared cache. A picture that a page shows
    # again and again may stay with whoever was let see it.
    if not headers.get("Cache-Control", "").startswith("private, "):
        headers["Cache-Control"] = "no-store"
    return response
