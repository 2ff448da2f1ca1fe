"""What customers do on their own page; opening a link alone does nothing.

The secret link is the only right there is, and no cookie stands for it, so that no other site could
send these forms in the customer's name. Nor does anybody who is logged in as staff.
"""

from datetime import datetime

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.portal.access import find_behind, refuse_staff, unknown_link
from complaints.channels.portal.acting import act, act_with_files, back
from complaints.channels.portal.files import write_with_files
from complaints.channels.portal.pages import SAID, show, show_withdrawal, summary_mark
from complaints.channels.uploads import takes_files
from complaints.domain.customer_page.coming_back import WayBack
from complaints.domain.errors import N_, Invalid, Stale
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import csrf
from complaints.queries.customer_page.view import CustomerView
from complaints.steps.by_customer.answer_offer import answer_offer, ask_about_offer
from complaints.steps.by_customer.come_back import CameBack
from complaints.steps.by_customer.withdraw import withdraw_on_page
from complaints.steps.case import Case
from complaints.steps.close import take_back_withdrawal
from complaints.steps.confirm import answer_confirmation

blueprint = Blueprint("portal_acts", __name__)
blueprint.before_request(refuse_staff)


@blueprint.post("/portal/<token>/take-back")
@csrf.exempt
def take_back(token: str) -> Response | AnyResponse:
    """The customer takes a withdrawal back."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    if request.form.get("confirm") != "yes" and found.status == Status.WITHDRAWN:
        unsure = Invalid(
            N_("Tick the box first, so that nobody does this by mistake."), field="confirm"
        )
        return show(found, token, now, refused=unsure, form="take-back")
    refused = act(found, now, take_back_withdrawal)
    # Taken back already, or too late: the page itself says how it stands.
    return back(found, token, "" if refused else "taken-back")


take_back.guard = "public"


@blueprint.post("/portal/<token>/confirmation")
@csrf.exempt
def confirm(token: str) -> Response | AnyResponse:
    """The customer says whether the summary that was sent to them is right (020-1.2).

    An answer to other words than those that stand there now counts for nothing: the page asks anew.
    """
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    answer, given = request.form.get("answer", ""), request.form.get("corrections", "")
    read = request.form.get("of", summary_mark(found.summary))

    def answered(case: Case) -> None:
        if read != summary_mark(case.complaint.summary):
            raise Stale(SAID["changed"])
        answer_confirmation(case, answer=answer, corrections=given)

    refused = act(found, now, answered)
    if isinstance(refused, Invalid):
        return show(found, token, now, refused=refused, form="confirmation", typed=request.form)
    if isinstance(refused, Stale):
        return back(found, token, "changed")
    # Answered already: the page itself says how it stands.
    return back(found, token, "" if refused else answer)


confirm.guard = "public"


@blueprint.post("/portal/<token>/answer")
@csrf.exempt
def answer(token: str) -> Response | AnyResponse:
    """The customer answers the offer that they read (020-3.4).

    Accepting asks for two inputs, the choice and a tick: programs that press the buttons of a page
    whose link stood in a letter accept nothing.
    """
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    form = request.form
    said, reason = form.get("answer", ""), form.get("reason", "")
    read = whole_number(form.get("offer", ""))
    if said == "accepted" and form.get("agree") != "yes" and _is_before_them(found, read):
        unsure = Invalid(
            N_("To accept, also tick that you agree with what we offer."), field="agree"
        )
        return show(found, token, now, refused=unsure, form="answer", typed=form)

    def answered(case: Case) -> None:
        if said == "question":
            ask_about_offer(case, question=reason, offer=read)
            return
        shown = _instant(form.get("shown", ""))
        answer_offer(case, answer=said, reason=reason, offer=read, shown=shown)

    refused = act(found, now, answered)
    if isinstance(refused, Invalid):
        return show(found, token, now, refused=refused, form="answer", typed=form)
    if isinstance(refused, Stale):
        return back(found, token, "replaced")
    if refused is not None:
        return back(found, token, "answered" if found.offer else "no-offer")
    return back(found, token, said)


answer.guard = "public"


@blueprint.post("/portal/<token>/withdrawal")
@csrf.exempt
def withdraw(token: str) -> Response | AnyResponse:
    """The customer withdraws the complaint, having read what that means."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    reason = request.form.get("reason", "")
    refused = act(found, now, lambda case: withdraw_on_page(case, reason=reason))
    if isinstance(refused, Invalid):
        return show_withdrawal(found, token, refused=refused, typed=request.form)
    # Ended already: the page itself says how it stands.
    return back(found, token, "" if refused else "withdrawn")


withdraw.guard = "public"


@blueprint.post("/portal/<token>/message")
@csrf.exempt
@takes_files
def write(token: str) -> Response | AnyResponse:
    """The customer writes to whoever handles the complaint, and may send files with it."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    text = request.form.get("text", "")
    came: list[CameBack] = []
    refused = act_with_files(
        found, now, lambda case, files: came.append(write_with_files(case, text, files))
    )
    if refused is not None:
        return show(found, token, now, refused=refused, form="message", typed=request.form)
    return back(found, token, WRITTEN[came[0].way])


#: Where the customer's words went → what the page says of it.
WRITTEN = {
    WayBack.KEPT: "written",
    WayBack.REOPENS: "reopened",
    WayBack.CONTINUES: "continued",
}


write.guard = "public"


def _is_before_them(found: CustomerView, read: int | None) -> bool:
    """Whether the offer that was read is the one that waits for an answer."""
    put = found.offer
    is_open = put is not None and put.is_open and found.status not in ENDED
    return is_open and read in (None, put.id if put else None)


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
