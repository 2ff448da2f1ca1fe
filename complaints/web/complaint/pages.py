"""The complaint page and its nouns: look, open a form, record, hand over the receipt."""

import io

import segno
from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask_babel import force_locale, gettext
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.actions.idempotency import Done, KeyReused, do_once
from complaints.actions.recording import record_given, require_role
from complaints.actions.registry import find_act
from complaints.channels.office import this_office
from complaints.channels.printed_pages import attach_printed, keep_printed
from complaints.channels.uploads import take_uploads, takes_files
from complaints.domain.errors import N_, Refused, Stale
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.models import Complaint
from complaints.queries.complaint.letters import receipt_to_print
from complaints.signing import follow_token
from complaints.steps.case import Case, open_case, view_case
from complaints.steps.colleagues.follow import follow_complaint, is_followed, unfollow_complaint
from complaints.steps.files.attach import attach_to_written
from complaints.web.complaint.conversations.next_up import next_up
from complaints.web.complaint.form_on_page import open_form
from complaints.web.complaint.forms.known_words import date_typed
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.complaint.journey import may_do
from complaints.web.complaint.money import amount_words, needs_approval
from complaints.web.complaint.page import read_page, render_page
from complaints.web.complaint.recorded import say_recorded
from complaints.web.complaint.scripts import GAP, language_of, scripts_for
from complaints.web.complaint.timeline import CONVERSATION, LinesAsked
from complaints.web.frame.errors import say
from complaints.web.frame.form_parsing import one_time, read_typed
from complaints.web.frame.guards import actor, guarded, planned_once

blueprint = Blueprint("complaint", __name__)


@blueprint.get("/complaints/<number>")
@guarded(Permission.VIEW)
@planned_once()
def show(number: str) -> str:
    """One complaint."""
    now = clock.now()
    case = view_case(db.session, number, by=actor(), at=now)
    # After a conversation was recorded, the next complaint is one key away.
    upcoming = next_up(case, now) if "next" in request.args else None
    return render_page(read_page(case, now, _lines_asked()), now, upcoming=upcoming)


@blueprint.get("/complaints/<number>/offer/approver")
@guarded(Permission.HANDLE)
def approver(number: str) -> str:
    """Whose word an amount will need, while it is being typed; nothing is stored."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    # A page with several offers names the part before the field.
    sums = (text for name, text in request.args.items() if name.rpartition(".")[2] == "amount")
    typed = next(sums, "")
    words = escape(amount_words(case, typed))
    return f"<span data-waits>{words}</span>" if needs_approval(case, typed) else str(words)


@blueprint.get("/complaints/<number>/extension/date")
@guarded(Permission.HANDLE)
def extension_date(number: str) -> str:
    """A new date as the customer will be told it, while it is being typed; nothing is stored."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    return str(escape(date_typed(case, request.args.get("until", "")) or GAP))


@blueprint.get("/complaints/<number>/follow")
@guarded(Permission.VIEW)
def following(number: str) -> str:
    """Whether the person follows the complaint, and the button that begins or ends it."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    return render_template(
        "complaint/follow.html", number=case.number, is_followed=is_followed(case)
    )


@blueprint.post("/complaints/<number>/follow")
@guarded(Permission.VIEW)
def follow(number: str) -> AnyResponse:
    """Begin or end following."""
    case = open_case(db.session, number, by=actor(), at=clock.now(), is_now=True)
    if request.form.get("do") == "end":
        unfollow_complaint(case)
        flash(gettext("You do not follow this complaint any more."))
    else:
        follow_complaint(case)
        flash(gettext("You follow this complaint now."))
    db.session.commit()
    return redirect(f"/complaints/{case.number}", 303)


@blueprint.get("/complaints/<number>/<path:noun>")
@guarded(Permission.VIEW)
@planned_once()
def ask(number: str, noun: str) -> str | AnyResponse:
    """The complaint with one of its forms open; the receipt, once there is one."""
    find_act(noun)
    now = clock.now()
    case = view_case(db.session, number, by=actor(), at=now)
    if noun == "receipt" and case.complaint.status != Status.RECEIVED:
        return _receipt(case)
    require_role(case.by, noun)
    page = read_page(case, now, _lines_asked())
    if noun == "letters/printing" and page.to_print is not None:
        return redirect(f"{page.path}/letters/{page.to_print}", 303)
    open_form(page, noun, request.args.get("stage", ""), now)
    return render_page(page, now)


@blueprint.post("/complaints/<number>/<path:noun>")
@guarded(Permission.VIEW)
def record(number: str, noun: str) -> AnyResponse | tuple[str, int]:
    """Record a noun; a refusal shows the page again with every word still in the form."""
    find_act(noun)
    now, person, form = clock.now(), actor(), request.form
    case = view_case(db.session, number, by=person, at=now)
    require_role(person, noun)
    number = case.number
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    try:
        currency = case.rules.organisation.currency
        given = read_typed(form, calendar.tz, currency, calendar=calendar)
        kept = keep_printed(case, noun, given, this_office())
        files = take_uploads(request.files.getlist("files"))

        def do() -> Done:
            recorded = record_given(db.session, number, noun, given, by=person, now=now)
            attach_printed(recorded, kept)
            said = say(recorded.said) if recorded.said else say_recorded(recorded)
            attach_to_written(recorded, files, source="desk")
            answer = {"to": _onward(recorded, noun, form.get("back")), "said": said}
            return Done(answer, recorded.complaint.id)

        once = one_time(form, f"{number}/{noun}", person, [each.as_body() for each in files])
        done = do_once(db.session, do, once, at=now)
    except KeyReused:
        error = Stale(
            N_(
                "This form was already recorded. Read what is new, then send again if "
                "something is still to be added."
            )
        )
        return _again(number, noun, error), error.status
    except Refused as error:
        return _again(number, noun, error), error.status
    if not done.is_repeat:
        flash(done.answer["said"])
    return redirect(done.answer["to"], 303)


@blueprint.post("/complaints/<number>/<any(note, message):noun>")
@takes_files
@guarded(Permission.VIEW)
def record_with_files(number: str, noun: str) -> AnyResponse | tuple[str, int]:
    """Record a note or a message, with which files may come."""
    return record(number, noun)


@blueprint.get("/complaints/<number>/receipt/qr.svg")
@guarded(Permission.VIEW)
def receipt_code(number: str) -> Response:
    """The customer's link as a square code for the printed receipt."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    drawing = io.BytesIO()
    segno.make(follow_link(case.complaint), error="m").save(
        drawing, kind="svg", scale=4, border=2, dark="#000", light="#fff"
    )
    return Response(drawing.getvalue(), mimetype="image/svg+xml")


def follow_link(complaint: Complaint) -> str:
    """The secret address under which the customer follows this complaint."""
    token = follow_token(
        str(current_app.config["SECRET_KEY"]), complaint.id, complaint.follow_nonce
    )
    return f"{current_app.config['SETTINGS'].base_url}/portal/{token}"


def _lines_asked() -> LinesAsked:
    asked = request.args
    return LinesAsked(
        asked.get("view", CONVERSATION), asked.get("before", ""), is_whole="whole" in asked
    )


def _onward(case: Case, noun: str, back: str | None) -> str:
    """Where a recording leads: to the receipt when it was made, else back to where it was sent."""
    if back == "desk":
        return "/"
    path = f"/complaints/{case.number}"
    return f"{path}/receipt" if "receipt" in (noun, back) else path


def _again(number: str, noun: str, error: Refused) -> str:
    """The page after a refusal: the form open, its words kept, the sentence beside the field."""
    now = clock.now()
    page = read_page(view_case(db.session, number, by=actor(), at=now), now)
    form = request.form
    open_form(page, noun, form.get("stage", ""), now, typed=form, error=error)
    return render_page(page, now)


def _receipt(case: Case) -> str:
    page = read_page(case, case.at)
    complaint = case.complaint
    with force_locale(language_of(case)):
        # What the customer takes home speaks the customer's language, whatever the desk speaks.
        sheet = render_template(
            "complaint/receipt_sheet.html",
            page=page,
            complaint=complaint,
            customer=complaint.customer,
            dossier=page.dossier,
            zone=page.zone,
            link=follow_link(complaint),
            steps=page.dossier.steps("step"),
            branch=case.rules.branches[complaint.branch_id],
            contact=case.rules.organisation.values,
            organisation=case.rules.organisation,
        )
    return render_template(
        "complaint/receipt.html",
        page=page,
        complaint=complaint,
        customer=complaint.customer,
        sheet=Markup(sheet),
        scripts=scripts_for(case, "receipt"),
        to_print=receipt_to_print(case.session, complaint.id)
        if may_do(case.by, "letters/printing", complaint.status)
        else None,
        key=new_key(),
        handles=complaint.status == Status.REGISTERED
        and may_do(case.by, "cause", complaint.status),
    )
