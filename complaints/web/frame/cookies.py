"""The signed cookie of a session: signed anew when it changes, and now and then as it ages."""

from typing import Any

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from complaints import clock

#: A session ends so long after the last request, or up to this much earlier.
REFRESHED_AFTER_SECONDS = 600


class AgingSession(SecureCookieSession):
    """What the cookie holds; `is_aged` when it was signed a while ago."""

    is_aged = False


class CookieSessions(SecureCookieSessionInterface):
    """Flask's, but a cookie that is still fresh is not signed and sent again with every answer."""

    session_class = AgingSession

    def __init__(self) -> None:
        self._signer: tuple[Any, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The one that signs with the keys of this app, kept."""
        keys = (app.secret_key, app.config["SECRET_KEY_FALLBACKS"])
        if self._signer[0] != keys:
            self._signer = (keys, super().get_signing_serializer(app))
        return self._signer[1]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the cookie, empty where there is none that we signed."""
        signer = self.get_signing_serializer(app)
        signed = request.cookies.get(self.get_cookie_name(app))
        if signer is None or not signed:
            return super().open_session(app, request)
        lifetime = int(app.permanent_session_lifetime.total_seconds())
        try:
            held, signed_at = signer.loads(signed, max_age=lifetime, return_timestamp=True)
        except BadSignature:
            return AgingSession()
        session = AgingSession(held)
        session.is_aged = (clock.now() - signed_at).total_seconds() > REFRESHED_AFTER_SECONDS
        return session

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether it changed, or is permanent and was signed a while ago.

        A page that asks by itself whether something is new keeps nobody logged in. What a script
        sends begins no session: its answer may come after that of the next page, whose forms would
        be refused because they belong to the session before.
        """
        is_of_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        if is_of_script and not request.cookies.get(self.get_cookie_name(app)):
            return False
        if request.path.startswith("/live/"):
            return session.modified
        return session.modified or (session.permanent and getattr(session, "is_aged", True))


#: The token of the forms → as it stands in them; tokens of sessions kept.
_signed: dict[tuple[str, str], str] = {}
_MOST_SIGNED = 5_000


def form_token() -> str:
    """The token of the forms of this page, as the pages of the session before carried it.

    Flask-WTF signs it anew for every page, which proves nothing more: our tokens do not age.
    """
    made: str | None = g.get("csrf_token")
    if made is not None:
        return made
    key = (str(current_app.secret_key), str(session.get("csrf_token", "")))
    signed = _signed.get(key) if key[1] else None
    if signed is None:
        signed = str(generate_csrf())
        while len(_signed) >= _MOST_SIGNED:
            _signed.pop(next(iter(_signed)), None)
        _signed[key[0], str(session["csrf_token"])] = signed
    g.csrf_token = signed
    return signed
