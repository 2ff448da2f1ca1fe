"""What was read, as JSON with an entity tag: whoever holds that tag already is spared the rest."""

from collections.abc import Mapping
from hashlib import blake2b

from flask import Response, request
from pydantic_core import to_json

JSON = "application/json"


def read_answer(body: Mapping[str, object], *, tag: str | None = None) -> Response:
    """What a GET is answered with: the body and its ETag, or 304 when If-None-Match names it.

    The tag is a digest of the body unless one is given.
    """
    tag = tag or digest(body)
    if request.if_none_match.contains_weak(tag):
        # It varies as the whole answer does, which may be compressed.
        response = Response(status=304, headers={"Vary": "Accept-Encoding"})
        del response.headers["Content-Type"]
    else:
        response = Response(to_json(body), mimetype=JSON)
    response.set_etag(tag)
    return response


def written_answer(body: Mapping[str, object]) -> Response:
    """What is answered to something that was written: the body as it stands now, with its ETag."""
    response = Response(to_json(body), mimetype=JSON)
    response.set_etag(digest(body))
    return response


def digest(value: object) -> str:
    """Sixteen letters that change with whatever the value holds."""
    return blake2b(to_json(value), digest_size=8).hexdigest()


def version_in(tag: str) -> str:
    """The version in an If-Match header, as text; what is no tag of ours comes back as it is.

    It is never blank: a blank version would count as not given, and nothing would be guarded.
    """
    return tag.removeprefix("W/").strip('"').partition("-")[0].strip() or tag
