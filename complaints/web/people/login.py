"""The door for staff: logging in, throttled, and logging out."""

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from complaints import clock
from complaints.db import begin_reading
from complaints.domain.errors import Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.models import User
from complaints.people.account_upkeep import change_password
from complaints.people.accounts import begin_login, check_password, finish_login, hash_password
from complaints.web.frame.errors import say
from complaints.web.frame.guards import guarded, let_in, own_account, public
from complaints.web.frame.language import is_local

blueprint = Blueprint("login", __name__)

#: How long a session lasts is a setting of the app; longer texts than these are no credentials.
LONGEST = 512


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
    """Let in whoever knows the password; failures count, and too many shut the door."""
    email = request.form.get("email", "").strip()[:LONGEST]
    password = request.form.get("password", "")[:LONGEST]
    try:
        user = check_login(email, password)
    except Refused as error:
        db.session.rollback()
        return ask(email, say(error)), 429, {"Retry-After": "900"}
    db.session.commit()
    if user is None:
        return ask(
            email, gettext("The email or password is incorrect. Check both and try again.")
        ), 422
    onward = following()
    language = session.get("language")
    # A session begun before the login must not live on: someone else may have planted it.
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    let_in(user)
    return redirect(onward)


@blueprint.post("/logout")
@public
def log_out() -> Response:
    """End the session on this device."""
    logout_user()
    session.clear()
    flash(gettext("You are logged out."), "done")
    return redirect("/login")


@blueprint.get("/password")
@guarded(Permission.VIEW)
def own_password() -> str:
    """The form for one's own new password."""
    return render_template("people/password.html", errors=[])


@blueprint.post("/password")
@guarded(Permission.VIEW)
def change_own_password() -> Response | tuple[str, int]:
    """Set one's own new password; every other session of the account ends."""
    typed = {
        name: request.form.get(name, "")[:LONGEST] for name in ("old_password", "new_password")
    }
    try:
        new_hash = hash_password(typed["new_password"])
        user = check_login(current_user.email, typed["old_password"])
        change_password(user, new_hash)
    except Refused as error:
        # A wrong old password has to count at the door.
        db.session.commit()
        field = {"password": "new_password"}.get(error.field or "", error.field or "")
        return render_template("people/password.html", errors=[(field, say(error))]), error.status
    db.session.commit()
    let_in(own_account())
    flash(gettext("Your password has been changed. Other devices must log in again."), "done")
    return redirect("/")


def check_login(email: str, password: str) -> User | None:
    """Who has come with this password, or None; raises Refused while the door is shut.

    Nothing is locked while the password is checked: that takes its time on purpose.
    """
    now = clock.now()
    db.session.rollback()
    begin_reading(db.session)
    begun = begin_login(db.session, email=email, address=request.remote_addr or "", at=now)
    db.session.rollback()
    return finish_login(db.session, begun, check_password(begun, password), now)


def ask(email: str = "", error: str = "") -> str:
    """The login form, with the e-mail address typed last."""
    return render_template("people/login.html", email=email, error=error, following=following())


def following() -> str:
    """The page somebody wanted before the login; only ever one of ours."""
    wanted = request.values.get("next", "/")
    is_plain = wanted.isprintable() and len(wanted) <= 2000
    return wanted if is_plain and is_local(wanted) else "/"
