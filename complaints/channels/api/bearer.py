"""Who calls the API: the holder of a bearer token, known for the length of one request."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState

from complaints import clock
from complaints.channels.api.problems import NoToken
from complaints.channels.call_limits import Allowed, CallLimits
from complaints.domain.accounts.tokens import fingerprint, may_hand_in, only_hands_in
from complaints.domain.errors import N_, Forbidden, TooSoon
from complaints.domain.permissions import Actor, Permission, require
from complaints.extensions import db
from complaints.queries.people.tokens import Holder, find_holder

View = TypeVar("View", bound=Callable[..., Any])

LIMITS = "calls of the API"
_READING = ("GET", "HEAD", "OPTIONS")


def with_token(permission: Permission | None = None) -> Callable[[View], View]:
    """Let in whoever sends a valid token and, when one is named, holds the permission."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(*args: Any, **kwargs: Any) -> Any:
            recognise()
            if permission is not None:
                require(caller(), permission)
            return view(*args, **kwargs)

        inner.guard = "token"  # type: ignore[attr-defined]
        return inner  # type: ignore[return-value]

    return wrap


def holder() -> Holder:
    """Whose token came with this request."""
    found: Holder = g.holder
    return found


def caller() -> Actor:
    """The person behind the token as the rules need to know them."""
    return holder().actor


def caller_id() -> int:
    """The id of the person behind the token, for what belongs to them."""
    person_id = caller().id
    assert person_id is not None
    return person_id


def recognise(*, hands_in: bool = False) -> None:
    """Know whose valid token came with the request, and whether it is good for this call.

    `hands_in` is the call by which messages are handed in; a token may be good for it alone. Raises
    NoToken, Forbidden, and TooSoon for more calls than a key may make.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NoToken(N_("Send your API key as Authorization: Bearer."))
    found = find_holder(db.session, fingerprint(token.strip()), clock.now())
    if found is None:
        raise NoToken(N_("This API key is no longer valid."))
    g.holder = found
    _count_call(found)
    if hands_in:
        if not may_hand_in(found.scope):
            raise Forbidden(N_("This API key is read-only."))
        return
    if only_hands_in(found.scope):
        raise Forbidden(N_("This API key can only hand in messages."))
    if found.reads_only and request.method not in _READING:
        raise Forbidden(N_("This API key is read-only."))


def limit_calls(blueprint: Blueprint) -> None:
    """Let every app with the blueprint count the calls of each key, and tell how it stands."""

    @blueprint.record
    def make_room(state: BlueprintSetupState) -> None:
        settings = state.app.config["SETTINGS"]
        state.app.extensions[LIMITS] = CallLimits(settings.api_calls_per_minute)

    @blueprint.after_request
    def tell(response: Response) -> Response:
        taken: Allowed | None = g.get("calls")
        if taken is not None:
            response.headers.update(taken.headers)
        return response


def _count_call(found: Holder) -> None:
    """Count a call of a key that is valid; nobody else's takes up any room."""
    limits: CallLimits = current_app.extensions[LIMITS]
    g.calls = taken = limits.take(found.token_id)
    if taken is not None and not taken.is_allowed:
        raise TooSoon(
            N_("This API key makes too many calls. Try again in %(wait)s seconds."),
            seconds=taken.seconds,
            wait=taken.seconds,
        )
