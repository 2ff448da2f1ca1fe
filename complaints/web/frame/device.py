"""The browser that is known again: a signed cookie of its own that outlives sessions.

It lets nobody in. It says that somebody has logged in from here with the right password, so that
wrong passwords tried elsewhere do not keep them waiting.
"""

import secrets

from flask import current_app, request
from werkzeug.wrappers import Response

from complaints.people.logins import KnownDevice
from complaints.signing import device_text, read_device

COOKIE = "tanggap_device"
#: A counter is shared by a shift; whoever came longest ago makes room.
MOST_PEOPLE = 12
_LIFETIME_SECONDS = 180 * 24 * 3600


def known_device() -> KnownDevice | None:
    """The device that this request comes from, if we have met it."""
    text = request.cookies.get(COOKIE, "")
    found = read_device(_key(), text) if text else None
    return KnownDevice(*found) if found else None


def remember_device(response: Response, user_id: int) -> None:
    """Know this browser again as one that somebody has logged in from."""
    device = known_device() or KnownDevice(secrets.token_hex(8))
    others = [each for each in device.user_ids if each != user_id]
    people = [user_id, *others][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        device_text(_key(), device.id, people),
        max_age=_LIFETIME_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
