"""The customer declines to be asked how it was: by the page that a letter leads to, or their mail
program for them (RFC 8058). To open the page changes nothing.
"""

from flask import Blueprint, Response, make_response
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.portal.access import (
    draw_page,
    find_behind,
    language_of,
    quiet,
    refuse_staff,
    unknown_link,
)
from complaints.channels.portal.acting import act
from complaints.extensions import csrf, db
from complaints.queries.customer_page.view import CustomerView
from complaints.rulebook import current_rules
from complaints.steps.letters.survey import decline_surveys

blueprint = Blueprint("portal_no_surveys", __name__)
blueprint.before_request(refuse_staff)


@blueprint.get("/portal/<token>/no-surveys")
def ask(token: str) -> Response | AnyResponse:
    """Whether they mean it; mail scanners open this page as well."""
    found = find_behind(token)
    return _page(found, token, is_done=False) if found else unknown_link(clock.now())


ask.guard = "public"  # type: ignore[attr-defined]


@blueprint.post("/portal/<token>/no-surveys")
@csrf.exempt
def decline(token: str) -> Response | AnyResponse:
    """The customer is asked no more."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    act(found, now, decline_surveys)
    return _page(found, token, is_done=True)


decline.guard = "public"


def _page(found: CustomerView, token: str, *, is_done: bool) -> Response:
    language = language_of(found.language)
    rules = current_rules(db.session)
    with force_locale(language):
        here = f"/portal/{token}/no-surveys"
        page = draw_page(
            "portal/no_surveys.html", rules, language, here, token=token, is_done=is_done
        )
    return quiet(make_response(page))
