"""A customer has lost their link: asked by number and contact, answered alike whatever is true.

Whether the two belong together is looked up by the worker, later, so that neither the page nor the
time it takes tells anybody that there is such a complaint.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.accept_language import preferred_language
from complaints.channels.portal.access import draw_page, language_of, quiet
from complaints.domain.accounts.login_delay import place_of
from complaints.domain.errors import N_
from complaints.domain.scripts import LANGUAGES
from complaints.domain.words.folding import clean
from complaints.extensions import csrf, db
from complaints.models import LinkRequest
from complaints.proxies import client_address
from complaints.rate_limits import Taken, take_one
from complaints.rulebook import current_rules

blueprint = Blueprint("portal_lost", __name__)

#: So often an address may ask, whoever sits behind it; and so often anybody for one number.
PER_ADDRESS, PER_NUMBER, WITHIN = 10, 3, timedelta(hours=1)
#: No number and no contact is longer.
LONGEST_NUMBER, LONGEST_CONTACT = 40, 254


@blueprint.get("/portal/lost")
def ask() -> Response:
    """The form, or what is said to everybody who has sent it."""
    return _show(is_sent=request.args.get("sent") == "1")


ask.guard = "public"  # type: ignore[attr-defined]


@blueprint.post("/portal/lost")
@csrf.exempt
def send() -> Response | AnyResponse:
    """Keep the request, and say the same to everybody."""
    now = clock.now()
    number = clean(request.form.get("number", "")).upper()
    contact = clean(request.form.get("contact", ""))
    for name, text, most in (
        ("number", number, LONGEST_NUMBER),
        ("contact", contact, LONGEST_CONTACT),
    ):
        if not text or len(text) > most:
            return _show(field=name, typed=request.form)
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    address = f"lost:address:{place_of(client_address())}"
    taken = take_one(db.session, address, limit=PER_ADDRESS, per=WITHIN, now=now)
    if not taken.is_allowed:
        db.session.rollback()
        return _too_often(taken, now)
    of_number = take_one(db.session, f"lost:number:{number}", limit=PER_NUMBER, per=WITHIN, now=now)
    if of_number.is_allowed:
        db.session.add(LinkRequest(number=number, contact=contact, at=now))
    db.session.commit()
    return redirect(f"/portal/lost?lang={_language()}&sent=1", 303)


send.guard = "public"


def _too_often(taken: Taken, now: datetime) -> Response:
    seconds = max(1, taken.seconds_to_wait(now))
    response = _show(minutes=-(-seconds // 60), typed=request.form)
    response.headers["Retry-After"] = str(seconds)
    return response


def _language() -> str:
    return language_of(preferred_language(request.accept_languages) or LANGUAGES[0])


def _show(
    *,
    is_sent: bool = False,
    field: str = "",
    minutes: int = 0,
    typed: Mapping[str, str] | None = None,
) -> Response:
    language = _language()
    rules = current_rules(db.session)
    sentences = {
        "number": N_("Enter the number of your complaint, as on the receipt."),
        "contact": N_("Enter the phone number or email address that you gave us."),
    }
    with force_locale(language):
        page = draw_page(
            "portal/lost.html",
            rules,
            language,
            "/portal/lost",
            is_sent=is_sent,
            minutes=minutes,
            field=field,
            refused=gettext(sentences[field]) if field else "",
            typed=typed or {},
            example=rules.numbers.example,
        )
    return quiet(make_response(page, 429 if minutes else 422 if field else 200))
