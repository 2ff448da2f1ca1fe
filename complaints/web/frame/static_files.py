"""Stylesheets, scripts and drawings: served ahead of the application, compressed ahead of time.

`make install` writes every file of `static/` once more into `static_packed/`, with its gzip and
Brotli forms, under a name that holds a hash of its content, so that browsers keep it for ever.
A file that was not packed, or has changed since, is served as it is under its plain name.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask, Response, send_from_directory
from markupsafe import Markup
from servestatic import ServeStatic
from servestatic.manifest_hash import get_hashed_name

from complaints.places import PACKED, STATIC
from complaints.web.frame.security import ENCRYPTED_ONLY, HEADERS

#: What stands in for the server during an outage may do so for every page, not only for its folder.
_FOR_ALL_PAGES = re.compile(r"^/?static/js/service-worker(\.[0-9a-f]{12})?\.js$")
#: The hash in the name of a packed file.
MARK = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


def init_app(app: Flask) -> None:
    """Serve the files, and tell every template their addresses; the last to wrap the app."""
    sprite = address_of("vendor/icons.svg")
    app.jinja_env.globals.update(asset=address_of, icon=_icons(sprite))
    app.add_url_rule("/static/<path:path>", endpoint="static", view_func=under_another_mark)
    server = ServeStatic(app.wsgi_app)
    server.files = _found(app.config["SETTINGS"].base_url.startswith("https"))
    app.wsgi_app = server  # type: ignore[method-assign]


@cache
def address_of(path: str, static: Path = STATIC, packed: Path = PACKED) -> str:
    """`/static/css/tanggap.1a2b3c4d5e6f.css`; its plain address where it is not packed as it is."""
    file = static / path
    if file.is_file():
        marked = get_hashed_name(path, file.read_bytes())
        if (packed / marked).is_file():
            return f"/static/{marked}"
    return f"/static/{path}"


def under_another_mark(path: str) -> Response:
    """A file asked for under the mark of another version, as it is now and not to be kept.

    Pages opened before an upgrade ask for it, and pages of a newer node while nodes are upgraded.
    """
    return send_from_directory(STATIC, MARK.sub("", path))


@cache
def _found(is_encrypted: bool) -> dict[str, Any]:
    """Every file by its address, with the headers of its answer; looked for once a process."""
    wanted = {**HEADERS, **(ENCRYPTED_ONLY if is_encrypted else {})}

    def add_headers(headers: Headers, path: str, url: str) -> None:
        for name, value in wanted.items():
            headers[name] = value
        if _FOR_ALL_PAGES.match(url):
            headers["Service-Worker-Allowed"] = "/"

    server = ServeStatic(None, max_age=0, allow_all_origins=False, add_headers_function=add_headers)
    for folder in (STATIC, PACKED):
        if folder.is_dir():
            server.add_files(folder, "static")
    return dict(server.files)


def _icons(sprite: str) -> Callable[..., Markup]:
    drawn: dict[tuple[str, str], Markup] = {}

    def icon(name: str, css: str = "") -> Markup:
        """A drawing from the sprite, silent for screen readers: the word stands beside it."""
        kept = drawn.get((name, css))
        if kept is None:
            kept = drawn[name, css] = Markup(
                '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>'
            ).format(f"i {css}".strip(), sprite, name)
        return kept

    return icon
