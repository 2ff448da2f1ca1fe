"""When something cannot be done: a calm page that says what happened and what to do.

Nothing typed is lost where it can be kept, and no page shows how the programme is built.
"""

from typing import Any

import structlog
from flask import Flask, current_app, g, render_template, request, session
from flask_babel import force_locale, gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from complaints.channels.accept_language import preferred_language
from complaints.domain.config.sentences import KINDS, read_sentence
from complaints.domain.errors import N_, GateRefused, Refused, Stale
from complaints.domain.evidence import say_lacking
from complaints.domain.scripts import LANGUAGES
from complaints.domain.words.kept_refusals import read_refusal
from complaints.extensions import db
from complaints.formats.import_sentences import read_import_sentence
from complaints.logs import place_of
from complaints.trouble import Trouble, code_of, trouble_of
from complaints.web.frame.guards import LoggedOut, is_guarded
from complaints.web.frame.translations import lang

log = structlog.get_logger()

#: HTTP status → (title, what to do)
_PAGES = {
    400: (
        N_("The request cannot be read"),
        N_("Go back, reload the page and try again."),
    ),
    403: (
        N_("You do not have access to this page"),
        N_("If you need it for your work, ask your supervisor."),
    ),
    404: (
        N_("Page not found"),
        N_(
            "The number or address may have been mistyped. Search for it, or "
            "go back to the home page."
        ),
    ),
    405: (
        N_("This page cannot be opened directly"),
        N_("Open the page from the home page and use its buttons."),
    ),
    409: (
        N_("This is not possible now"),
        N_("Go back to the complaint and see what comes next."),
    ),
    413: (
        N_("What was sent is too large"),
        N_("At most %(most)s kB fit into this form. Shorten it or send a smaller file."),
    ),
    421: (
        N_("Another address"),
        N_("If this address should open it as well, ask the administrator (TANGGAP_HOSTS)."),
    ),
    422: (
        N_("Please correct the form"),
        N_("Go back, correct it and send again; your text is still in the form."),
    ),
    429: (
        N_("Too many attempts"),
        N_("Wait 15 minutes, then try again."),
    ),
    503: (
        N_("The system is busy at this moment"),
        N_("Nothing was recorded. Send it again in a moment."),
    ),
}
_BUSY = _PAGES[503]
_TROUBLES = {
    Trouble.BUSY: _BUSY,
    Trouble.READ_ONLY: (
        N_("Nothing can be recorded at this moment"),
        N_("The database can only be read. Tell the administrator, then send it again."),
    ),
    Trouble.FULL: (
        N_("The disk of the system is full"),
        N_("Nothing was recorded. Tell the administrator, then send it again."),
    ),
    Trouble.FILE: (
        N_("The file of the database cannot be used"),
        N_("Nothing was recorded. Tell the administrator, then send it again."),
    ),
}
_OLD_PAGE = N_("This page was open too long, so the form was not sent.")
_LOGGED_OUT = N_("Your session has ended, so the form was not sent.")
_NEVER_SHOWN = {"csrf_token", "password", "old_password", "new_password"}


def init_app(app: Flask) -> None:
    """Answer everything that goes wrong outside of the API."""
    app.register_error_handler(CSRFError, old_page)
    app.register_error_handler(LoggedOut, old_page)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(StaleDataError, stale)
    app.register_error_handler(DBAPIError, in_trouble)
    app.register_error_handler(NoConnectionFree, in_trouble)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(500, broken)


def say(error: Refused) -> str:
    """The sentence of a refusal in the language of this page, one within it too."""
    params: dict[str, Any] = {
        name: say(each) if isinstance(each, Refused) else each
        for name, each in error.params.items()
    }
    if isinstance(params.get("why"), str):
        params["why"] = say_why(params["why"])
    return Refused(error.sentence, **params).filled(gettext(error.sentence), lang())


def say_why(text: str) -> str:
    """What a reader of `config/` or of an import says, in this page's language; else as it is."""
    read = read_sentence(text)
    if read is None:
        of_import = read_import_sentence(text)
        return text if of_import is None else gettext(of_import[0]) % of_import[1]
    place, sentence, filled = read
    words = {name: gettext(each) if each in KINDS else each for name, each in filled.items()}
    return f"{place}: {gettext(sentence) % words}"


def say_kept(kept: object) -> str:
    """A refusal that was kept with a record, in the language of this page; empty without one."""
    error = read_refusal(kept)
    return "" if error is None else say(error)


def lacking(error: Refused) -> list[str]:
    """What a gate says is missing, in words; empty for every other refusal."""
    if not isinstance(error, GateRefused):
        return []
    return [say_lacking(key, error.because.get(key), gettext) for key in error.missing]


def refused(error: Refused) -> tuple[str, int]:
    """A refusal that the page itself did not answer."""
    db.session.rollback()
    title, advice = _PAGES.get(error.status, _PAGES[409])
    return _page(error.status, title, say(error), advice, lacking=lacking(error)), error.status


def stale(error: StaleDataError) -> tuple[str, int]:
    """Two people recorded something on the same complaint at the same moment."""
    return refused(
        Stale(
            N_("Someone else recorded something at the same time. Check the changes and try again.")
        )
    )


def in_trouble(error: SQLAlchemyError) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The database could not be reached, stayed locked, only reads or has no room."""
    trouble = trouble_of(error)
    if trouble is None:
        return broken(error)
    db.session.close()
    log.warning("database_trouble", kind=trouble.value, code=code_of(error))
    return _plain(*_TROUBLES[trouble]), 503, {"Retry-After": "5"}


def failed(error: HTTPException) -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """An HTTP error such as 404 or 405."""
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if code >= 500:
        return _plain(*_BUSY), code
    db.session.rollback()
    title, advice = _PAGES.get(code, _PAGES[400])
    most = (request.max_content_length or 0) // 1024
    headers = {
        name: value
        for name, value in error.get_headers(request.environ)
        if name in ("Allow", "Retry-After")
    }
    return _page(code, title, "", advice, most=most), code, headers


def old_page(error: CSRFError | LoggedOut) -> tuple[str, int]:
    """A form that came too late, or after the session: what was typed, ready to be sent again.

    Words may come from a page of somebody else's, so whoever is logged out gets them back only
    where the browser vouches that the form was ours.
    """
    db.session.rollback()
    is_known = current_user.is_authenticated
    is_logged_out = not is_known and is_guarded(request.endpoint)
    site = request.headers.get("Sec-Fetch-Site", "same-origin" if is_known else "")
    is_ours = (is_known and site == "none") or site == "same-origin"
    typed = request.form.items(multi=True) if is_ours and (is_known or is_logged_out) else ()
    page = render_template(
        "frame/errors/old_page.html",
        sentence=gettext(_LOGGED_OUT if is_logged_out else _OLD_PAGE),
        is_logged_out=is_logged_out,
        action=request.path,
        fields=[(name, value) for name, value in typed if name not in _NEVER_SHOWN],
    )
    return page, error.code or 400


def broken(error: Exception) -> tuple[str, int]:
    """A mistake of ours; the request id leads to it in the log."""
    db.session.rollback()
    cause = getattr(error, "original_exception", None) or error
    log.error("page_failure", endpoint=request.endpoint, where=place_of(cause))
    title = N_("Something went wrong on our side")
    advice = N_("Nothing was recorded. Try again; if it happens again, report the code below.")
    return _plain(title, advice), 500


def _page(code: int, title: str, sentence: str, advice: str, most: int = 0, **more: Any) -> str:
    """A page of the frame; `most` is the size of a form in kB where the advice tells it."""
    return render_template(
        "frame/errors/page.html",
        code=code,
        heading=gettext(title),
        sentence=sentence,
        advice=gettext(advice, most=most) if "%(most)s" in advice else gettext(advice),
        **more,
    )


def _plain(title: str, advice: str) -> str:
    """A page that asks the database for nothing: it may be what is broken."""
    language = session.get("language") or preferred_language(request.accept_languages)
    with force_locale(language or LANGUAGES[0]):
        # Not through Flask, which would look up who is there for every template.
        return current_app.jinja_env.get_template("frame/errors/plain.html").render(
            heading=gettext(title),
            advice=gettext(advice),
            request_id=g.get("request_id", ""),
        )
