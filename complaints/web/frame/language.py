"""Indonesian first, English beside it: which language this request speaks, and the switch."""

from flask import Blueprint, redirect, request, session
from flask_login import current_user
from werkzeug.wrappers import Response

from complaints.channels.accept_language import preferred_language
from complaints.domain.scripts import LANGUAGES
from complaints.extensions import db
from complaints.web.frame.guards import own_account, public

blueprint = Blueprint("language", __name__)

LONGEST_PATH = 2000


def choose_language() -> str:
    """The language chosen, the person's own, what the browser prefers, or Indonesian."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    return preferred_language(request.accept_languages) or "id"


@blueprint.post("/language/<code>")
@public
def switch(code: str) -> Response:
    """Speak another language from now on, and for the person also next time."""
    if code in LANGUAGES:
        session["language"] = code
        if current_user.is_authenticated:
            own_account().language = code
            db.session.commit()
    back = request.form.get("back", "/")
    return redirect(back if is_local(back) else "/")


def is_local(path: str) -> bool:
    """Whether a path leads back into this site and nowhere else.

    Browsers take a backslash for a slash and pass over tabs and line ends.
    """
    is_plain = path.isprintable() and "\\" not in path and len(path) <= LONGEST_PATH
    return is_plain and path.startswith("/") and not path.startswith("//")
