"""The customer's own page behind the secret link: what happened, what comes next, by when.

It speaks the customer's language, needs no JavaScript and no large stylesheet, and says "our
staff" instead of names. What the customer does there stands in `acts.py`.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.portal.access import (
    draw_page,
    find_behind,
    language_of,
    quiet,
    refusal,
    unknown_link,
)
from complaints.channels.portal.after_end_lines import after_end_lines
from complaints.channels.portal.files import file_lines, files_hint
from complaints.channels.portal.lines import lines
from complaints.channels.portal.offer_lines import offer_lines
from complaints.channels.portal.outside import outside_of
from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import ENDED
from complaints.extensions import db
from complaints.queries.customer_page.view import CustomerView
from complaints.rulebook import current_rules

blueprint = Blueprint("portal", __name__)

#: What became of what the customer sent → what the page says of it.
SAID = {
    "yes": N_("Thank you for your answer. We go on with your complaint."),
    "corrected": N_(
        "Thank you. We have passed on what has to be corrected. We put the summary right and then "
        "ask you again."
    ),
    "changed": N_("The summary was changed in the meantime. Please read it again."),
    "accepted": N_("Thank you. You have accepted our offer, and our staff have been told."),
    "refused": N_("Thank you. Our staff have been told that you do not accept our offer, and why."),
    "thinking": N_(
        "Thank you. Our staff know that you need time to think. Our offer remains open."
    ),
    "question": N_("Thank you. Our staff have your question. Our offer remains open."),
    "replaced": N_("We have changed our offer in the meantime. Please read the new one."),
    "answered": N_("You have already answered this offer."),
    "no-offer": N_("No offer waits for your answer."),
    "written": N_("Thank you. Your message is with our staff."),
    "withdrawn": N_("You have withdrawn your complaint. Our staff have been told."),
    "reopened": N_(
        "Thank you for telling us. Your complaint is open again, and our staff have been told."
    ),
    "continued": N_(
        "Thank you for telling us. It goes on as a new complaint, whose number you see below, and "
        "our staff have been told."
    ),
    "settled": N_("Thank you. We are glad that it is settled."),
    "not-asked": N_("We have your answer already, or do not ask this at the moment."),
    "rated": N_("Thank you. Your rating is with our staff."),
    "not-rated": N_("Nothing was changed: this cannot be rated at the moment."),
    "consent-back": N_("We no longer publish anything of what you wrote."),
    "objected": N_(
        "Thank you for telling us. A manager looks at it, and the date of the answer is below."
    ),
    "objected-anew": N_(
        "Thank you for telling us. A manager looks at it. It goes on as a new complaint, whose "
        "number you see below."
    ),
    "not-objected": N_("Nothing was recorded: you cannot object here. Write to us, or call us."),
    "taken-back": N_("Thank you. We go on with your complaint, and our staff have been told."),
}


#: Where nothing was recorded, because what stood there has changed.
_NOT_RECORDED = ("changed", "replaced", "not-asked", "not-rated", "not-objected")


@blueprint.get("/portal/<token>")
def follow(token: str) -> Response:
    """The page of one complaint; whoever has no valid link learns nothing."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    return show(found, token, now, said=request.args.get("said", ""))


follow.guard = "public"  # type: ignore[attr-defined]


@blueprint.get("/portal/<token>/withdrawal")
def ask_withdrawal(token: str) -> Response | AnyResponse:
    """What a withdrawal means, before it is made; a complaint that has ended has none."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    return show_withdrawal(found, token)


ask_withdrawal.guard = "public"  # type: ignore[attr-defined]


def show_withdrawal(
    found: CustomerView,
    token: str,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response | AnyResponse:
    """The form of the withdrawal, with what was refused beside it."""
    language = language_of(found.language)
    if found.status in ENDED:
        return redirect(f"/portal/{token}?lang={language}", 303)
    rules = current_rules(db.session)
    with force_locale(language):
        page = draw_page(
            "portal/withdrawal.html",
            rules,
            language,
            f"/portal/{token}/withdrawal",
            found=found,
            token=token,
            days=rules.authority.withdrawal.take_back_days,
            typed=typed or {},
            **refusal(refused, language),
        )
    return quiet(make_response(page, refused.status if refused else 200))


def show(
    found: CustomerView,
    token: str,
    now: datetime,
    *,
    said: str = "",
    refused: Refused | None = None,
    form: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The page as it stands; what was refused stands there again with the reason beside it.

    `form` is the last part of the address that the refused form was sent to.
    """
    rules = current_rules(db.session)
    language = language_of(found.language)
    zone = rules.calendar_of(found.branch_id).value.tz
    with force_locale(language):
        page = draw_page(
            "portal/follow.html",
            rules,
            language,
            f"/portal/{token}",
            found=found,
            token=token,
            said=gettext(SAID[said]) if said in SAID else "",
            is_recorded=said not in _NOT_RECORDED,
            form=form,
            typed=typed or {},
            confirms=summary_mark(found.summary),
            has_ended=found.status in ENDED,
            outside=outside_of(rules, language) if found.objects else (),
            after=after_end_lines(
                found,
                rules,
                now,
                language,
                typed=typed if form == "rating" else None,
                asked=request.args.get("rating", ""),
            ),
            files=file_lines(found.id, language, zone),
            files_hint=files_hint(),
            offer=offer_lines(found, rules, now, language),
            zone=zone,
            **refusal(refused, language),
            **lines(found, rules, now, language),
        )
    return quiet(make_response(page, refused.status if refused else 200))


def summary_mark(summary: str) -> str:
    """Which summary an answer belongs to."""
    return sha256(summary.encode()).hexdigest()[:16]
