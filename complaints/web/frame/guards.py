"""Who may open a page: every view says it, and a test sees to it that every view does."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, redirect, request, url_for
from flask_login import current_user, login_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from complaints.domain.errors import N_, Refused
from complaints.domain.permissions import Actor, Permission, require
from complaints.extensions import db, login_manager
from complaints.models import User
from complaints.queries.people.session_user import SessionUser, find_session_user

#: The one page of whoever has a password that somebody else knows.
OWN_PASSWORD = "/password"

View = TypeVar("View", bound=Callable[..., Any])


class LoggedOut(Unauthorized):
    """Something was sent by nobody who is logged in; the answer keeps what was typed."""


def guarded(permission: Permission) -> Callable[[View], View]:
    """Let in who is logged in and holds the permission; others go to the login or are refused."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(*args: Any, **kwargs: Any) -> Any:
            is_reading = request.method in ("GET", "HEAD")
            if not current_user.is_authenticated:
                if not is_reading:
                    raise LoggedOut
                return to_login()
            if current_user.must_change_password and request.path != OWN_PASSWORD:
                if not is_reading:
                    raise Refused(N_("Nothing was saved: first choose a password of your own."))
                return redirect(OWN_PASSWORD)
            require(actor(), permission)
            return view(*args, **kwargs)

        inner.guard = permission  # type: ignore[attr-defined]
        return inner  # type: ignore[return-value]

    return wrap


def public(view: View) -> View:
    """Mark a view that anybody may open; the list of them is short and tested."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def planned_once(is_once: Callable[[], bool] = lambda: True) -> Callable[[View], View]:
    """Mark a view whose statements are planned once for all values (`statement_plans`).

    `is_once` says of the request whether it is such a one. The mark stands below `guarded`.
    """

    def mark(view: View) -> View:
        view.is_planned_once = is_once  # type: ignore[attr-defined]
        return view

    return mark


def actor() -> Actor:
    """The logged-in person as the rules need to know them."""
    person: Actor = current_user.actor
    return person


def to_login() -> Response:
    """Ask for a login and come back here afterwards."""
    return redirect(url_for("login.login", next=request.full_path.rstrip("?")))


def is_guarded(endpoint: str | None) -> bool:
    """Whether only people who are logged in may open what the endpoint leads to."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "guard", "public") != "public"


class LoggedIn:
    """What Flask-Login asks of a user, around who has come in."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, found: SessionUser) -> None:
        self.actor = found.actor
        self.email = found.email
        self.language = found.language
        self.counts = found.counts
        self.session_number = found.session_number
        self.must_change_password = found.must_change_password

    def get_id(self) -> str:
        """The user and the number of their present session; a new number ends older ones."""
        return f"{self.actor.id}:{self.session_number}"


@login_manager.user_loader
def load_user(key: str) -> LoggedIn | None:
    """The person of a session cookie, unless the account was closed or the session ended."""
    user_id, _, number = key.partition(":")
    if not (user_id.isdigit() and number.isdigit()):
        return None
    found = find_session_user(db.session, int(user_id))
    if found is None or found.session_number != int(number):
        return None
    return LoggedIn(found)


def let_in(user: User) -> None:
    """Begin the session of this person."""
    login_user(load_user(f"{user.id}:{user.session_number}"))


def own_account() -> User:
    """The account of whoever is logged in, to be changed."""
    user = db.session.get(User, actor().id)
    assert user is not None
    return user
