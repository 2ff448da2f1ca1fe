"""Who comes in by the customer's secret link, and what everybody else sees."""

from datetime import datetime

from flask import Response, current_app, make_response, render_template, request
from flask_babel import force_locale, gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from complaints import clock
from complaints.channels.accept_language import preferred_language
from complaints.domain.customer_page.link_life import is_link_over
from complaints.domain.errors import Refused
from complaints.domain.scripts import LANGUAGES
from complaints.extensions import db
from complaints.people.failed_logins import ThrottleKeys, note_failure, seconds_left
from complaints.proxies import client_address
from complaints.queries.customer_page.view import CustomerView, find_customer_view
from complaints.rulebook import RuleBook, current_rules
from complaints.signing import complaint_id_in, opens


def find_behind(token: str) -> CustomerView | None:
    """The complaint that a valid link leads to; None also when the link has expired."""
    found = _signed_for(token)
    return None if found is None or _is_over(found) else found


def _is_over(found: CustomerView) -> bool:
    days = current_rules(db.session).authority.portal.link_days
    return is_link_over(found.closed_at, found.link_given_at, clock.now(), days)


def _signed_for(token: str) -> CustomerView | None:
    complaint_id = complaint_id_in(token)
    found = find_customer_view(db.session, complaint_id) if complaint_id is not None else None
    key = str(current_app.config["SECRET_KEY"])
    return found if found is not None and opens(key, token, found.id, found.nonce) else None


def unknown_link(now: datetime) -> Response:
    """A calm page for a link that opens nothing; too many of them from one place have to wait."""
    token = str((request.view_args or {}).get("token", ""))
    if _signed_for(token) is not None:
        # Somebody had it rightly: nothing of the complaint is said, and nobody has to wait.
        return quiet(make_response(_calm_page("portal/unknown.html", is_over=True), 410))
    throttle = ThrottleKeys.of_portal(client_address())
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    seconds = seconds_left(db.session, throttle, now)
    is_waiting = seconds > 0
    try:
        if not is_waiting:
            note_failure(db.session, throttle, now)
        db.session.commit()
    except IntegrityError:
        # Two first failures at the same moment; one of them counts.
        db.session.rollback()
    page = _calm_page("portal/unknown.html", is_waiting=is_waiting)
    response = quiet(make_response(page, 429 if is_waiting else 404))
    if is_waiting:
        response.headers["Retry-After"] = str(seconds)
    return response


def refuse_staff() -> Response | None:
    """A page for whoever is logged in as staff in this browser: nobody acts as the customer here.

    Staff see the link, on the receipt for instance; what is done by it is the customer's own act.
    """
    if current_user.is_authenticated:
        return quiet(make_response(_calm_page("portal/staff.html"), 403))
    return None


def _calm_page(template: str, **more: object) -> str:
    """A page that shows nothing of the complaint, in the reader's language."""
    language = language_of(preferred_language(request.accept_languages) or LANGUAGES[0])
    rules = current_rules(db.session)
    # A form that was sent cannot be read again at its address.
    here = f"/portal/{(request.view_args or {}).get('token', '')}"
    with force_locale(language):
        return draw_page(template, rules, language, here, **more)


def draw_page(template: str, rules: RuleBook, language: str, here: str, **more: object) -> str:
    """A page in the frame of customers' pages; `here` reads it in the other language."""
    return render_template(
        template,
        language=language,
        other=other_language(language),
        here=here,
        contact=rules.organisation.values,
        organisation=rules.organisation.name,
        **more,
    )


def refusal(refused: Refused | None, language: str) -> dict[str, str | None]:
    """Why a form was refused, and at which field, as its page says it."""
    if refused is None:
        return {"refused": "", "field": None}
    words = refused.filled(gettext(refused.sentence), language)
    return {"refused": words, "field": refused.field}


def language_of(own: str) -> str:
    """As asked in the address, else the customer's own."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else own if own in LANGUAGES else LANGUAGES[0]


def other_language(language: str) -> str:
    """The one the page can be read in besides."""
    return next(each for each in LANGUAGES if each != language)


def quiet(response: Response) -> Response:
    """Not for search engines, and the address with its secret goes nowhere."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
