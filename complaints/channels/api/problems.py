"""How the API says no: every refusal as `application/problem+json`, never a traceback.

The sentences are those of the rules, in the language of the caller.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g, request
from flask.globals import request_ctx
from flask_babel import force_locale, gettext
from werkzeug.exceptions import HTTPException

from complaints.actions.reading import BodyErrors
from complaints.channels.accept_language import preferred_language
from complaints.domain.errors import N_, Busy, GateRefused, Refused, TooSoon
from complaints.domain.evidence import say_lacking
from complaints.steps.commitments.settle import StillOpen
from complaints.trouble import Trouble

_TITLES = {
    "refused": N_("Not possible now"),
    "invalid": N_("Some entries need correcting"),
    "forbidden": N_("Not allowed"),
    "not-found": N_("Not found"),
    "stale": N_("Changed in the meantime"),
    "gate": N_("Required steps are still to do"),
    "commitments": N_("Commitments are still open"),
    "key-reused": N_("Key already used"),
    "too-large": N_("Too large"),
    "other-host": N_("Another address"),
    "too-soon": N_("Too many calls"),
    "busy": N_("Busy"),
    "no-token": N_("Invalid API key"),
}

#: What goes wrong before any rule is asked: HTTP status → title and sentence.
_SENTENCES = {
    400: (
        N_("Not readable"),
        N_("The request cannot be read. Send JSON in UTF-8, as the reference describes it."),
    ),
    404: (N_("Not found"), N_("There is nothing at this address.")),
    405: (N_("Method not allowed"), N_("This address does not allow this method.")),
    413: (N_("Too large"), N_("The request is too large (at most %(most)d MB).")),
    415: (N_("Not JSON"), N_("Send the body as application/json.")),
    500: (
        N_("Our mistake"),
        N_("Something went wrong on our side; nothing was recorded. Try again later."),
    ),
    503: (N_("Busy"), N_("The system is busy; nothing was recorded. Try again in a moment.")),
}


_TROUBLES = {
    Trouble.READ_ONLY: (
        N_("Read only"),
        N_("The database can only be read at this moment; nothing was recorded."),
    ),
    Trouble.FULL: (N_("Disk full"), N_("The disk of the system is full; nothing was recorded.")),
    Trouble.FILE: (
        N_("Database file"),
        N_("The file of the database cannot be used; nothing was recorded."),
    ),
}


class NoToken(Refused):
    """Nobody can be recognised behind the request."""

    status = 401
    kind = "no-token"


def refused(error: Refused) -> Response:
    """The problem of a refusal by the rules."""
    detail = say(error)
    extra: dict[str, Any] = {}
    if isinstance(error, GateRefused):
        extra["missing"] = list(error.missing)
        lacking = "; ".join(
            f"{key} {say_lacking(key, error.because.get(key), translate)}" for key in error.missing
        )
        detail = f"{detail} {lacking}."
    if isinstance(error, StillOpen):
        extra["commitments"] = list(error.ids)
    if isinstance(error, BodyErrors):
        extra["errors"] = [{"field": field, "detail": say(each)} for field, each in error.errors]
    elif error.field:
        extra["errors"] = [{"field": error.field, "detail": detail}]
    if error.index is not None:
        extra |= {"index": error.index, "noun": error.noun}
    response = problem(error.status, error.kind, translate(_TITLES[error.kind]), detail, extra)
    if isinstance(error, TooSoon | Busy):
        response.headers["Retry-After"] = str(error.seconds)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Tanggap"'
    return response


def failed(error: HTTPException) -> Response:
    """The problem of a request that never reached the rules."""
    code = error.code or 500
    if code == HTTPStatus.METHOD_NOT_ALLOWED and _takes_method():
        # The router says so too where the number in an address is beyond every table.
        return plain(HTTPStatus.NOT_FOUND)
    response = plain(code)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _takes_method() -> bool:
    """Whether an address of this form takes the method after all."""
    adapter = request_ctx.url_adapter
    return adapter is not None and request.method in adapter.allowed_methods()


def plain(code: int) -> Response:
    """The problem that an HTTP status says it all about."""
    phrase = HTTPStatus(code).phrase
    title, sentence = _SENTENCES.get(code, (phrase, phrase))
    said = translate(sentence)
    if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        said = said % {"most": (request.max_content_length or 0) // (1024 * 1024)}
    return problem(code, f"http-{code}", translate(title), said, {})


def of_database(trouble: Trouble) -> Response:
    """The problem of a database that records nothing."""
    title, sentence = _TROUBLES.get(trouble, _SENTENCES[503])
    return problem(503, "http-503", translate(title), translate(sentence), {})


def problem(status: int, kind: str, title: str, detail: str, extra: Mapping[str, Any]) -> Response:
    """A response of RFC 9457."""
    body = {
        "type": f"urn:tanggap:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        **extra,
    }
    return Response(
        current_app.json.dumps(body), status=status, mimetype="application/problem+json"
    )


def say(error: Refused) -> str:
    """The sentence of a refusal in the caller's language."""
    return error.filled(translate(error.sentence), language())


def translate(sentence: str) -> str:
    """A sentence in the caller's language."""
    with force_locale(language()):
        return gettext(sentence)


def language() -> str:
    """What the request asks for, else what the token's holder speaks, else Indonesian."""
    asked = preferred_language(request.accept_languages)
    if asked is not None:
        return asked
    holder = g.get("holder")
    return holder.language if holder else "id"
