"""What customers do on their page after the end: say whether it is settled, and rate it.

A link in a letter may choose a number of stars; only what is sent by the form is kept.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.portal.access import find_behind, refuse_staff, unknown_link
from complaints.channels.portal.acting import act, act_with_files, back
from complaints.channels.portal.acts import WRITTEN
from complaints.channels.portal.pages import show
from complaints.channels.uploads import takes_files
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import csrf
from complaints.files.keep import KeptFile
from complaints.queries.customer_page.view import CustomerView
from complaints.steps.by_customer.come_back import CameBack
from complaints.steps.by_customer.follow_up import answer_follow_up
from complaints.steps.by_customer.rate import SCORES, RatingGiven, rate, take_consent_back
from complaints.steps.by_customer.send_files import send_files
from complaints.steps.case import Case

blueprint = Blueprint("portal_after_end", __name__)
blueprint.before_request(refuse_staff)


@blueprint.post("/portal/<token>/fixed")
@csrf.exempt
@takes_files
def fixed(token: str) -> Response | AnyResponse:
    """The customer says whether it is really settled."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    answer, text = request.form.get("answer", ""), request.form.get("text", "")
    came: list[CameBack] = []
    refused = act_with_files(
        found, now, lambda case, files: came.append(_answer(case, answer, text, files))
    )
    if refused is not None and (isinstance(refused, Invalid) or refused.field == "files"):
        return show(found, token, now, refused=refused, form="fixed", typed=request.form)
    if refused is not None:
        return back(found, token, "not-asked")
    way = came[0].way
    return back(found, token, "settled" if answer == "yes" else WRITTEN[way])


fixed.guard = "public"


@blueprint.post("/portal/<token>/rating")
@csrf.exempt
def rating(token: str) -> Response | AnyResponse:
    """The customer rates how they were dealt with."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    try:
        given = _rating_given()
    except Invalid as invalid:
        return show(found, token, now, refused=invalid, form="rating", typed=request.form)
    refused = act(found, now, lambda case: rate(case, given))
    if isinstance(refused, Invalid):
        return show(found, token, now, refused=refused, form="rating", typed=request.form)
    return _back(found, token, refused, "rated")


rating.guard = "public"


@blueprint.post("/portal/<token>/consent")
@csrf.exempt
def consent(token: str) -> Response | AnyResponse:
    """The customer takes back that their words may be published."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    return _back(found, token, act(found, now, take_consent_back), "consent-back")


consent.guard = "public"


def _answer(case: Case, answer: str, text: str, files: Sequence[KeptFile]) -> CameBack:
    """Keep the answer and, on the complaint that goes on with it, what came beside it."""
    came = answer_follow_up(case, answer=answer, text=text)
    send_files(came.case, files)
    return came


def _back(found: CustomerView, token: str, refused: Refused | None, said: str) -> AnyResponse:
    return back(found, token, "not-rated" if refused else said)


def _rating_given() -> RatingGiven:
    form = request.form
    scores: dict[str, int] = {}
    for name in SCORES:
        text = form.get(name, "").strip()
        score = whole_number(text)
        if text and score is None:
            raise Invalid(N_("Please choose a number from 1 to 5."), field=name)
        if score is not None:
            scores[name] = score
    return RatingGiven(
        scores, form.get("comment", ""), form.get("suggestion", ""), form.get("consent") == "yes"
    )
