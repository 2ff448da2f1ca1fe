"""Answering "nothing new" before anything else is done: 304 without a session, a query or a page.

Pages ask again and again whether something has changed. What the last answer to the same cookie
and address hung on is remembered here; while none of it has changed, the answer is 304. It carries
nothing, so it may be given before anybody knows who asks, and each minute the whole way is gone
once, on which a session that has ended is found out.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable
from datetime import datetime
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine

from complaints import clock
from complaints.extensions import db
from complaints.web.frame.access import counts_of
from complaints.web.frame.changes import Changes, Scope
from complaints.web.frame.request_counts import Route

#: Where pages ask whether something has changed.
PREFIX = "/live/"
#: Answers remembered; whoever was forgotten is answered the whole way once more.
MOST_REMEMBERED = 20_000
_MARK_BYTES = 12
_COUNT = "tanggap.changes"
_HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
_ROUTES: dict[str, Route] = {
    name: ("GET", f"{PREFIX}{name}{rest}")
    for name, rest in (
        ("counts", ""),
        ("board", ""),
        ("complaints", "/<number>"),
        ("here", "/<number>"),
    )
}


#: What an answer was marked with, what it hung on, what that had come to, and until when it is
#: true whatever happens; None for one that nothing ends.
_Answer = tuple[str, Collection[Scope], Hashable, datetime | None]


class Unchanged:
    """WSGI middleware, and what it remembers."""

    def __init__(self, app: Flask) -> None:
        self.flask = app
        self.app = app.wsgi_app
        self.changes = Changes()
        self._kept: OrderedDict[bytes, _Answer] = OrderedDict()
        self._reader: Engine | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """304 where the one who asks has seen all there is; else the page."""
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX) or environ.get("REQUEST_METHOD") != "GET":
            return self.app(environ, start_response)
        began = time.perf_counter()
        self.changes.look(self.reader)
        environ[_COUNT] = self.changes.count
        asked, kept = environ.get("HTTP_IF_NONE_MATCH"), self._kept.get(_key(environ))
        if kept is None or kept[0] != asked or not self._is_true(kept):
            return self.app(environ, start_response)
        start_response("304 NOT MODIFIED", [("ETag", asked), *_HEADERS])
        route = _ROUTES[path.removeprefix(PREFIX).partition("/")[0]]
        counts_of(self.flask).add(route, 304, time.perf_counter() - began)
        return ()

    def _is_true(self, kept: _Answer) -> bool:
        _, scopes, mark, until = kept
        return self.changes.mark(scopes) == mark and (until is None or clock.now() < until)

    def hangs_on(self, *scopes: Scope, until: datetime | None = None) -> None:
        """Note what the answer hangs on, unless something changed since the request came."""
        if request.environ.get(_COUNT) == self.changes.count:
            g.live = (scopes, self.changes.mark(scopes), until)

    def remember(self, response: Response) -> Response:
        """Mark an answer by what it says, and answer 304 where that is what the asker has."""
        if not request.path.startswith(PREFIX) or response.status_code != 200:
            return response
        tag = f'"{_mark_of(response.get_data())}"'
        noted, kept = g.pop("live", None), self._kept
        if noted is not None:
            kept[_key(request.environ)] = (tag, *noted)
        while len(kept) > MOST_REMEMBERED:
            kept.popitem(last=False)
        if request.headers.get("If-None-Match") == tag:
            response = Response(status=304)
        response.headers["ETag"] = tag
        return response

    @property
    def reader(self) -> Engine:
        """Connections that only read, and begin no transaction where the database allows it."""
        if self._reader is None:
            with self.flask.app_context():
                engine = db.engine
            is_sqlite = engine.dialect.name == "sqlite"
            reading = {"writes": False} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}
            self._reader = engine.execution_options(**reading)
        return self._reader


def init_app(app: Flask) -> None:
    """Put it in front of the app."""
    unchanged = app.extensions["unchanged"] = Unchanged(app)
    app.wsgi_app = unchanged  # type: ignore[method-assign]
    app.after_request(unchanged.remember)


def unchanged() -> Unchanged:
    """What this app remembers of the answers it gave."""
    found: Unchanged = current_app.extensions["unchanged"]
    return found


def _key(environ: dict[str, Any]) -> bytes:
    """Who asked for what; the cookie itself is not kept."""
    asked = (environ.get(name, "") for name in ("HTTP_COOKIE", "PATH_INFO", "QUERY_STRING"))
    return hashlib.blake2b("\n".join(asked).encode("latin-1", "replace"), digest_size=20).digest()


def _mark_of(body: bytes) -> str:
    """A mark of what is said, which tells nobody what that is: it takes our key to make one.

    The token of the forms is another one each time and says nothing.
    """
    token = str(g.get(current_app.config["WTF_CSRF_FIELD_NAME"], ""))
    plain = body.replace(token.encode(), b"") if token else body
    key = str(current_app.config["SECRET_KEY"]).encode()[:64]
    return hashlib.blake2b(plain, key=key, digest_size=_MARK_BYTES).hexdigest()
