"""The page on which the customer objects, having read what comes then and who else there is."""

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.portal.access import (
    draw_page,
    find_behind,
    language_of,
    quiet,
    refusal,
    refuse_staff,
    unknown_link,
)
from complaints.channels.portal.acting import act_with_files, back
from complaints.channels.portal.files import files_hint
from complaints.channels.portal.outside import outside_of
from complaints.channels.uploads import takes_files
from complaints.domain.errors import Refused
from complaints.extensions import csrf, db
from complaints.formatting import say_instant
from complaints.queries.customer_page.view import CustomerView
from complaints.rulebook import current_rules
from complaints.steps.by_customer.come_back import CameBack
from complaints.steps.by_customer.object import answer_due, object_to

blueprint = Blueprint("portal_objection", __name__)
blueprint.before_request(refuse_staff)


@blueprint.get("/portal/<token>/objection")
def ask_objection(token: str) -> Response | AnyResponse:
    """What an objection sets off, before it is made."""
    found = find_behind(token)
    if found is None:
        return unknown_link(clock.now())
    return _show(found, token)


ask_objection.guard = "public"  # type: ignore[attr-defined]


@blueprint.post("/portal/<token>/objection")
@csrf.exempt
@takes_files
def objection(token: str) -> Response | AnyResponse:
    """The customer objects."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    text = request.form.get("text", "")
    came: list[CameBack] = []
    refused = act_with_files(
        found, now, lambda case, files: came.append(object_to(case, text=text, files=files))
    )
    if refused is not None and refused.field:
        return _show(found, token, refused=refused, typed=request.form)
    if refused is not None:
        return back(found, token, "not-objected")
    is_elsewhere = came[0].case.number != found.number
    return back(found, token, "objected-anew" if is_elsewhere else "objected")


objection.guard = "public"


def _show(
    found: CustomerView,
    token: str,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response | AnyResponse:
    """The form, with what was refused beside it; where nothing can be objected to, the page."""
    language = language_of(found.language)
    if not found.may_object:
        return redirect(f"/portal/{token}?lang={language}", 303)
    rules = current_rules(db.session)
    due = answer_due(rules, found.branch_id, clock.now())
    zone = rules.calendar_of(found.branch_id).value.tz
    with force_locale(language):
        page = draw_page(
            "portal/objection.html",
            rules,
            language,
            f"/portal/{token}/objection",
            found=found,
            token=token,
            until=say_instant(due, zone, language),
            outside=outside_of(rules, language),
            files_hint=files_hint(),
            typed=typed or {},
            **refusal(refused, language),
        )
    return quiet(make_response(page, refused.status if refused else 200))
