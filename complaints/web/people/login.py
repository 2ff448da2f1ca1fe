"""Staff log in, throttled, and log out."""

import structlog
from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from complaints import clock
from complaints.db import begin_reading
from complaints.domain.errors import N_, Busy, Invalid, Refused, TooSoon
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.models import User
from complaints.people.account_upkeep import change_password
from complaints.people.accounts import end_sessions
from complaints.people.logins import begin_login, finish_login
from complaints.people.passwords import LONGEST_PASSWORD, check_password, hash_password
from complaints.people.sightings import forget_sighting, note_sighting
from complaints.proxies import (
    came_through_a_known_proxy,
    came_through_a_stranger,
    client_address,
)
from complaints.queries.people.sightings import UNTRUSTED_PROXY
from complaints.web.frame.device import known_device, remember_device
from complaints.web.frame.errors import say
from complaints.web.frame.guards import guarded, let_in, own_account, public
from complaints.web.frame.language import is_local

blueprint = Blueprint("login", __name__)
log = structlog.get_logger()

LONGEST_EMAIL = 512


@blueprint.get("/login")
@public
def login() -> Response | str:
    """Ask who is there; whoever is logged in already goes on."""
    if current_user.is_authenticated:
        return redirect(following())
    return ask()


@blueprint.post("/login")
@public
def log_in() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Let in whoever knows the password; failures count, and who fails often has to wait."""
    email = request.form.get("email", "").strip()[:LONGEST_EMAIL]
    try:
        user = check_login(email, request.form.get("password", ""))
    except (TooSoon, Busy) as error:
        db.session.rollback()
        return ask(email, say(error)), error.status, {"Retry-After": str(error.seconds)}
    db.session.commit()
    if user is None:
        return ask(
            email, gettext("The email or password is incorrect. Check both and try again.")
        ), 422
    response = redirect(following())
    language = session.get("language")
    # A session begun before the login must not live on: someone else may have planted it.
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    let_in(user)
    remember_device(response, user.id)
    return response


@blueprint.post("/logout")
@public
def log_out() -> Response:
    """End every session of the account: a cookie that somebody copied is worth nothing any more."""
    if current_user.is_authenticated:
        end_sessions(own_account())
        db.session.commit()
    logout_user()
    session.clear()
    flash(gettext("You are logged out on all your devices."), "done")
    return redirect("/login")


@blueprint.get("/password")
@guarded(Permission.VIEW)
def own_password() -> str:
    """The form for one's own new password."""
    return render_template("people/password.html", errors=[])


@blueprint.post("/password")
@guarded(Permission.VIEW)
def change_own_password() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Set one's own new password; every other session of the account ends."""
    try:
        old, new = (request.form.get(name, "") for name in ("old_password", "new_password"))
        if new == old:
            raise Invalid(N_("Choose another password than the present one."), field="password")
        new_hash = hash_password(new)
        user = check_login(current_user.email, old)
        change_password(db.session, user, new_hash, clock.now())
    except Refused as error:
        # A wrong old password has to count as a failed login does.
        db.session.commit()
        field = {"password": "new_password"}.get(error.field or "", error.field or "")
        page = render_template("people/password.html", errors=[(field, say(error))])
        seconds = getattr(error, "seconds", None)
        return page, error.status, {"Retry-After": str(seconds)} if seconds else {}
    db.session.commit()
    let_in(own_account())
    flash(gettext("Your password has been changed. Other devices must log in again."), "done")
    return redirect("/")


def check_login(email: str, password: str) -> User | None:
    """Who has come with this password, or None; raises TooSoon while that is not looked at.

    Nothing is locked while the password is checked: that takes its time on purpose.
    """
    now = clock.now()
    db.session.rollback()
    begin_reading(db.session)
    address, device = client_address(), known_device()
    begun = begin_login(db.session, email=email, address=address, at=now, device=device)
    db.session.rollback()
    # One character more than any password has is as wrong as a million of them.
    checked = check_password(begun.password_hash, password[: LONGEST_PASSWORD + 1])
    user = finish_login(db.session, begun, checked, now)
    _look_for_a_proxy()
    return user


def _look_for_a_proxy() -> None:
    """Note that a proxy seems to stand in front of which nobody has told us.

    Every login then seems to come from its address, and one office would pass for one person. Once
    a login comes through a proxy that is known, that has been mended.
    """
    if came_through_a_known_proxy():
        forget_sighting(db.session, UNTRUSTED_PROXY)
    elif came_through_a_stranger() and note_sighting(db.session, UNTRUSTED_PROXY, clock.now()):
        log.warning(
            "forwarded requests by a proxy that is not known: every login counts for its address",
            setting="TANGGAP_TRUSTED_PROXIES",
        )


def ask(email: str = "", error: str = "") -> str:
    """The login form, with the e-mail address typed last."""
    return render_template("people/login.html", email=email, error=error, following=following())


def following() -> str:
    """The page somebody wanted before the login; only ever one of ours."""
    wanted = request.values.get("next", "/")
    return wanted if is_local(wanted) else "/"
