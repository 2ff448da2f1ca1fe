"""The customer's own page behind the secret link: what happened, what comes next, by when.

They read it, answer whether the summary is right, and take a withdrawal back. It speaks the
customer's language, needs no JavaScript and no large stylesheet, and says "our staff" instead of
names.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import force_locale, gettext
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.accept_language import preferred_language
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import ENDED
from complaints.domain.permissions import CUSTOMER
from complaints.domain.scripts import LANGUAGES
from complaints.extensions import csrf, db
from complaints.formatting import say_date, say_instant
from complaints.people.accounts import is_locked_out, note_failure
from complaints.queries.complaint.customer_view import (
    CustomerView,
    PromisedStep,
    find_customer_view,
)
from complaints.queries.complaint.duplicates import OriginalLink
from complaints.rulebook import RuleBook, current_rules
from complaints.signing import complaint_id_in, follow_token, opens
from complaints.steps.case import open_case
from complaints.steps.close import take_back_withdrawal
from complaints.steps.confirm import answer_confirmation

blueprint = Blueprint("portal", __name__)

#: status → what it means for the customer
_HAPPENED = {
    "received": N_("We have received your complaint and are writing it down in full."),
    "registered": N_("Your complaint is registered and is being looked into."),
    "in_handling": N_("We are working on your complaint."),
    "offered": N_("We have offered you a solution."),
    "accepted": N_("You have accepted our solution; we are carrying it out."),
    "closed": N_("Your complaint was resolved on %(day)s."),
    "withdrawn": N_("You withdrew your complaint on %(day)s."),
    "referred": N_("Your complaint was passed on to another body on %(day)s."),
}


def _behind(token: str) -> CustomerView | None:
    """The complaint that a valid link leads to."""
    complaint_id = complaint_id_in(token)
    found = find_customer_view(db.session, complaint_id) if complaint_id is not None else None
    key = str(current_app.config["SECRET_KEY"])
    return found if found is not None and opens(key, token, found.id, found.nonce) else None


@blueprint.get("/portal/<token>")
def follow(token: str) -> Response:
    """The page of one complaint; whoever has no valid link learns nothing."""
    now = clock.now()
    found = _behind(token)
    if found is None:
        return _unknown(now)
    rules = current_rules(db.session)
    language, said = _language(found.language), request.args.get("said", "")
    with force_locale(language):
        page = render_template(
            "portal/follow.html",
            language=language,
            other=_other(language),
            found=found,
            token=token,
            said=gettext(_SAID[said]) if said in _SAID else "",
            confirms=_mark(found.summary),
            zone=rules.calendar_of(found.branch_id).value.tz,
            contact=rules.organisation.values,
            organisation=rules.organisation.name,
            **_lines(found, rules, now, language),
        )
    return _quiet(make_response(page))


follow.guard = "public"  # type: ignore[attr-defined]


@blueprint.post("/portal/<token>/take-back")
@csrf.exempt
def take_back(token: str) -> Response | AnyResponse:
    """The customer takes a withdrawal back; opening the link alone does nothing.

    The secret link is the only right there is, and no cookie stands for it, so that no other site
    could send this form in the customer's name.
    """
    now = clock.now()
    found = _behind(token)
    if found is None:
        return _unknown(now)
    language = _language(found.language)
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    if request.form.get("confirm") == "yes":
        try:
            case = open_case(db.session, found.number, by=CUSTOMER, at=now)
            take_back_withdrawal(case)
            db.session.commit()
        except Refused:
            # Taken back already, or too late: the page itself says how it stands.
            db.session.rollback()
    return redirect(f"/portal/{token}?lang={language}", 303)


take_back.guard = "public"


@blueprint.post("/portal/<token>/confirmation")
@csrf.exempt
def confirm(token: str) -> Response | AnyResponse:
    """The customer says whether the summary that was sent to them is right (020-1.2).

    As above, the secret link is the only right there is. An answer to other words than those that
    stand there now counts for nothing: the page asks anew.
    """
    now = clock.now()
    found = _behind(token)
    if found is None:
        return _unknown(now)
    language = _language(found.language)
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    answer, given = request.form.get("answer", ""), request.form.get("corrections", "")
    said = answer
    try:
        case = open_case(db.session, found.number, by=CUSTOMER, at=now)
        if request.form.get("of", _mark(case.complaint.summary)) == _mark(case.complaint.summary):
            answer_confirmation(case, answer=answer, corrections=given)
            db.session.commit()
        else:
            said = "changed"
            db.session.rollback()
    except Refused as refused:
        # Answered already, or without words: the page itself says how it stands.
        said = "empty" if isinstance(refused, Invalid) else ""
        db.session.rollback()
    return redirect(f"/portal/{token}?lang={language}&said={said}", 303)


confirm.guard = "public"

#: What became of the customer's answer → what the page says of it.
_SAID = {
    "yes": N_("Thank you for your answer."),
    "corrected": N_("Thank you. We have passed on what has to be corrected."),
    "changed": N_("The summary was changed in the meantime. Please read it again."),
    "empty": N_("Please choose an answer, and write what has to be corrected."),
}


def _mark(summary: str) -> str:
    """Which summary an answer belongs to."""
    return sha256(summary.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class StepLine:
    """What was undertaken, as the customer reads it; `how` says how it stands."""

    what: str
    how: str
    state: str


def _steps(found: CustomerView, zone: tzinfo, now: datetime, language: str) -> list[StepLine]:
    """What we told the customer we would do, what they will bring, what they are to receive."""
    lines = [_step(each, zone, now, language) for each in found.steps]
    if not found.is_waiting:
        return lines
    # What is due with the promise stands still with it; a date would no longer be true.
    paused = gettext("Paused with our deadline")
    return [
        replace(line, how=paused)
        if step.follows_promise and line.state in ("open", "late")
        else line
        for step, line in zip(found.steps, lines, strict=True)
    ]


def _step(step: PromisedStep, zone: tzinfo, now: datetime, language: str) -> StepLine:
    if step.done_at is not None:
        day = say_date(step.done_at.astimezone(zone), language)
        words = gettext("Received on %(day)s") if step.is_theirs else gettext("Done on %(day)s")
        return StepLine(step.what, words % {"day": day}, "done")
    if step.is_dropped:
        return StepLine(step.what, gettext("No longer needed"), "dropped")
    if step.due_at is None:
        return StepLine(step.what, "", "open")
    at = say_instant(step.due_at, zone, language)
    if step.is_theirs:
        return StepLine(step.what, gettext("Please bring it by %(at)s", at=at), "theirs")
    if step.due_at < now:
        late = gettext("Should have been done by %(at)s. We are sorry for the delay.", at=at)
        return StepLine(step.what, late, "late")
    return StepLine(step.what, gettext("No later than %(at)s", at=at), "open")


def _lines(found: CustomerView, rules: RuleBook, now: datetime, language: str) -> dict[str, Any]:
    """What happened, what comes next, by when — in the customer's words."""
    zone = rules.calendar_of(found.branch_id).value.tz
    category = rules.taxonomy.categories.get(found.category or "")
    day = say_date((found.closed_at or now).astimezone(zone), language)
    happened = gettext(_HAPPENED[found.status], day=day)
    if found.original is not None:
        happened = _goes_on(found.original)
    if found.awaits_delivery:
        happened = gettext("You have accepted our solution; we are carrying it out.")
    has_ended = found.status in ENDED
    promised = found.promised_at
    late = not has_ended and promised is not None and promised < now and not found.is_waiting
    return {
        "steps": _steps(found, zone, now, language),
        "about": found.summary or (category.label(language) if category else ""),
        "received": say_instant(found.received_at, zone, language),
        "happened": happened,
        "next": None if has_ended else _next(found, rules, now, language),
        "by_when": None if has_ended or promised is None else say_instant(promised, zone, language),
        "late": _sorry(found) if late else None,
        "original_link": _original_link(found, language),
        "take_back_until": _take_back_until(found, rules, now, zone, language),
        "paused": None
        if found.paused_until is None
        else _paused(found.paused_until, zone, language),
    }


def _goes_on(original: OriginalLink) -> str:
    if original.id is None:
        return gettext(
            "It is about the same matter as complaint %(number)s; we go on with that one.",
            number=original.number,
        )
    return gettext(
        "It is about the same matter as your complaint %(number)s; we go on with that one.",
        number=original.number,
    )


def _original_link(found: CustomerView, language: str) -> str | None:
    """The original's own page, for its own customer only."""
    original = found.original
    if original is None or original.id is None:
        return None
    key = str(current_app.config["SECRET_KEY"])
    return f"/portal/{follow_token(key, original.id, original.nonce)}?lang={language}"


def _next(found: CustomerView, rules: RuleBook, now: datetime, language: str) -> str:
    if found.is_waiting:
        awaited = rules.exits.awaited.get(found.awaited or "")
        if awaited is not None:
            what = awaited.told[language]
            return gettext("We are waiting for %(what)s. Please contact us.", what=what)
        return gettext("We are waiting for your answer or documents. Please contact us.")
    if found.status == "offered":
        return gettext("Please tell us whether you accept it.")
    if found.status == "accepted":
        return gettext("We will complete the work and let you know when it is done.")
    ahead = [step for step in found.steps if step.done_at is None and not step.is_dropped]
    if ahead:
        return ahead[0].what
    return gettext("Our staff will tell you the result.")


def _paused(until: datetime, zone: tzinfo, language: str) -> str:
    return gettext(
        "Our deadline is paused while we wait for your reply, until %(until)s at the latest. It "
        "then resumes automatically.",
        until=say_instant(until, zone, language),
    )


def _take_back_until(
    found: CustomerView, rules: RuleBook, now: datetime, zone: tzinfo, language: str
) -> str | None:
    """Until when a withdrawal may be taken back; None where it may not."""
    if found.status != "withdrawn" or found.closed_at is None:
        return None
    until = found.closed_at + timedelta(days=rules.authority.withdrawal.take_back_days)
    return say_instant(until, zone, language) if now <= until else None


def _sorry(found: CustomerView) -> str:
    if found.escalation_level:
        return gettext("We are sorry that we missed this date. A manager is now involved.")
    return gettext("We are sorry that we missed this date. We are still working on your complaint.")


def _unknown(now: datetime) -> Response:
    """A calm page for a link that opens nothing; too many of them from one place have to wait."""
    door = f"portal:{request.remote_addr or ''}"
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    is_waiting = is_locked_out(db.session, door, now)
    try:
        if not is_waiting:
            note_failure(db.session, door, now)
        db.session.commit()
    except IntegrityError:
        # Two first failures at the same moment; one of them counts.
        db.session.rollback()
    language = _language(preferred_language(request.accept_languages) or LANGUAGES[0])
    with force_locale(language):
        page = render_template(
            "portal/unknown.html",
            language=language,
            other=_other(language),
            is_waiting=is_waiting,
            contact=current_rules(db.session).organisation.values,
            organisation=current_rules(db.session).organisation.name,
        )
    response = _quiet(make_response(page, 429 if is_waiting else 404))
    if is_waiting:
        response.headers["Retry-After"] = "900"
    return response


def _language(own: str) -> str:
    """As asked in the address, else the customer's own."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else own if own in LANGUAGES else LANGUAGES[0]


def _other(language: str) -> str:
    return next(each for each in LANGUAGES if each != language)


def _quiet(response: Response) -> Response:
    """Not for search engines, and the address with its secret goes nowhere."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
