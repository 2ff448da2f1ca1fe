"""A page's stylesheets, scripts and icons: bytes on the wire and CPU, ours against Flask's own way.

Then the longest answer of the API, compressed against plain. All answer in this process, without a
server around them, and take turns.
"""

import os
import sys
import time
from collections.abc import Iterable

from flask import Flask
from werkzeug.test import EnvironBuilder

from complaints.places import STATIC
from tests.bench.measure import ROUNDS, WARM_UP

#: What every page of the staff asks for.
FILES = (
    "vendor/tabler.min.css",
    "css/tanggap.css",
    "vendor/icons.svg",
    "vendor/htmx.min.js",
    "js/tanggap.js",
    "js/theme.js",
)
CODINGS = ("identity", "gzip", "br")


def main(requests: int) -> None:
    """Measure each file in each coding, and print."""
    os.environ.update(DATABASE_URL="sqlite://", SECRET_KEY="a key for benchmarks only, long enough")
    from complaints import create_app
    from complaints.web.frame.static_files import address_of

    ours = create_app()
    bare = Flask("bare", static_folder=str(STATIC), static_url_path="/static")
    pages = [0, 0, 0]
    for name in FILES:
        bare_request = EnvironBuilder(path=f"/static/{name}")
        sizes = []
        for place, coding in enumerate(CODINGS):
            request = EnvironBuilder(path=address_of(name), headers={"Accept-Encoding": coding})
            sizes.append(len(answer(ours, request)))
            pages[place] += sizes[-1]
        ours_ms, bare_ms = in_turns((ours, request), (bare, bare_request), requests)
        print(
            f"{name:<24} {sizes[0]:7,} bytes   gzip {sizes[1]:7,}   brotli {sizes[2]:7,}"
            f"   {ours_ms:6.3f} ms   Flask's own {bare_ms:6.3f} ms   {ours_ms / bare_ms:5.2f} x"
        )
    print(
        f"{'all of a page':<24} {pages[0]:7,} bytes   gzip {pages[1]:7,}   brotli {pages[2]:7,}"
        f"   {pages[0] / pages[1]:.1f} and {pages[0] / pages[2]:.1f} times less"
    )
    path = "/api/v1/openapi.json"
    packed, plain = [
        EnvironBuilder(path=path, headers={"Accept-Encoding": coding}) for coding in CODINGS[1::-1]
    ]
    sizes = [len(answer(ours, request)) for request in (plain, packed)]
    packed_ms, plain_ms = in_turns((ours, packed), (ours, plain), requests // 4)
    print(
        f"{'the API described':<24} {sizes[0]:7,} bytes   gzip {sizes[1]:7,}   {packed_ms:6.3f} ms"
        f"   plain {plain_ms:6.3f} ms   {packed_ms / plain_ms:5.2f} x"
    )


def answer(app: Flask, request: EnvironBuilder) -> bytes:
    """Everything the application sends for a request; it has to be a 200."""
    said: list[str] = []
    body: Iterable[bytes] = app(request.get_environ(), lambda status, *_: said.append(status))
    whole = b"".join(body)
    getattr(body, "close", lambda: None)()
    assert said[0].startswith("200"), said
    return whole


def in_turns(
    ours: tuple[Flask, EnvironBuilder], bare: tuple[Flask, EnvironBuilder], requests: int
) -> tuple[float, float]:
    """CPU milliseconds a request of each, building the request left out."""
    spent = [0.0, 0.0]
    for turn in range(ROUNDS + 1):
        count = requests // ROUNDS if turn else WARM_UP
        for place, (app, request) in enumerate((ours, bare)):
            environments = [request.get_environ() for _ in range(count)]
            begun = time.process_time()
            for environment in environments:
                body = app(environment, lambda *_: None)
                for _ in body:
                    pass
                getattr(body, "close", lambda: None)()
            if turn:
                spent[place] += time.process_time() - begun
    share = ROUNDS * (requests // ROUNDS) / 1000
    return spent[0] / share, spent[1] / share


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_200)
