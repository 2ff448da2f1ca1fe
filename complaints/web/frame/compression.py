"""Answers for programs, figures as files and pages, made smaller for whoever takes gzip.

A page holds a secret, the token of its forms, beside words that somebody else may have chosen; from
the length of such a page, compressed, the secret can be guessed letter by letter (the attack called
BREACH). It takes a browser that another site makes ask for our page, over and over. So a page is
compressed only where the browser says that one of our own pages asks, or the person themselves.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

#: The API's answers and refusals, and reports as files.
COMPRESSED = frozenset({"application/json", "application/problem+json", "text/csv"})
#: Compressed by who asks: what the browser says of that, and no page of another site can.
PAGE, ASKED_BY, OURSELVES = "text/html", "Sec-Fetch-Site", frozenset({"same-origin", "none"})
#: Below this a customer's page stands behind a secret, which is part of the page.
SECRET = "/portal/"
#: Shorter ones fit into one packet of the network as they are.
LEAST_BYTES = 1000
#: A list of fifty complaints shrinks to an eighth in 0.05 ms; level 6 takes three times as long for
#: a thirteenth less.
LEVEL = 3
#: So much of a stream is gathered, before compression, until something is sent.
PORTION_BYTES = 64 * 1024
#: zlib's number for the largest window inside a gzip frame.
GZIP_FRAME = 31
#: No content, a part of something, nothing new.
WITHOUT_WHOLE_BODY = frozenset({204, 206, 304})


def init_app(app: Flask) -> None:
    """Compress what the app answers."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The response as gzip where its kind, its length and the client allow; it still streams."""
    is_page = response.mimetype == PAGE and not request.path.startswith(SECRET)
    if not is_page and response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if is_page:
        response.vary.add(ASKED_BY)
        if request.headers.get(ASKED_BY) not in OURSELVES:
            return response
    if not _may_be_smaller(response):
        return response
    if response.is_streamed:
        pieces = response.iter_encoded()
        response.call_on_close(getattr(response.response, "close", lambda: None))
        response.response = _compressed(pieces)
        response.direct_passthrough = False
        response.headers.pop("Content-Length", None)
    else:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.content_encoding = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:
        # Other bytes than those sent to the next client, though they say the same.
        response.set_etag(tag, weak=True)
    return response


def _may_be_smaller(response: Response) -> bool:
    if response.status_code in WITHOUT_WHOLE_BODY or response.content_encoding is not None:
        return False
    if request.accept_encodings["gzip"] <= 0:
        return False
    return response.is_streamed or len(response.get_data()) >= LEAST_BYTES


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The gzip form of the pieces, given on portion by portion."""
    packer = zlib.compressobj(LEVEL, wbits=GZIP_FRAME)
    gathered = 0
    for piece in pieces:
        packed = packer.compress(piece)
        gathered += len(piece)
        if gathered >= PORTION_BYTES:
            packed += packer.flush(zlib.Z_SYNC_FLUSH)
            gathered = 0
        if packed:
            yield packed
    yield packer.flush()
