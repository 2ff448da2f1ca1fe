"""Files of a complaint: all of them with who opened them, adding some, saving one, its preview."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.actions.idempotency import Done, KeyReused, OneTime, do_once
from complaints.channels.downloads import hand_out, hand_out_preview, note_who_opened
from complaints.channels.uploads import take_uploads, takes_files
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.models import Attachment
from complaints.queries.files.attachments import find_attachment
from complaints.steps.case import Case, view_case
from complaints.steps.casework.pause import open_now
from complaints.steps.files.attach import attach_file
from complaints.web.complaint.files_shown import read_files
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.complaint.journey import may_do
from complaints.web.frame.form_parsing import errors_of
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("attachments", __name__)
_ADDRESS = "/complaints/<number>/attachments"


@blueprint.get(_ADDRESS)
@guarded(Permission.VIEW)
def listing(number: str) -> str:
    """Every file of a complaint, and who has opened it."""
    return _page(view_case(db.session, number, by=actor(), at=clock.now()))


@blueprint.post(_ADDRESS)
@takes_files
@guarded(Permission.NOTE)
def attach(number: str) -> AnyResponse | tuple[str, int]:
    """Attach the files of the form, all of them or none."""
    now, person, form = clock.now(), actor(), request.form
    number = view_case(db.session, number, by=person, at=now).number
    shown = form.get("shown_to_customer") == "1"
    try:
        kept = take_uploads(request.files.getlist("files"))
        if not kept:
            raise Invalid(N_("Choose at least one file."), field="files")
        sent = {"kind": form.get("kind", ""), "shown": shown}
        body = {**sent, "files": [each.as_body() for each in kept]}

        def do() -> Done:
            case = open_now(db.session, number, by=person, at=now)
            for each in kept:
                kind = form.get("kind", "")
                attach_file(case, each, kind=kind, shown_to_customer=shown, source="desk")
            return Done({"to": f"/complaints/{case.number}#files"}, case.complaint.id)

        key = form.get("one_time_key", "")[:120]
        done = do_once(db.session, do, OneTime(key, person.id, f"{number}/files", body), at=now)
    except (KeyReused, Refused) as error:
        case = view_case(db.session, number, by=person, at=now)
        return _page(case, error), error.status
    if not done.is_repeat:
        said = ngettext("%(num)d file attached.", "%(num)d files attached.", len(kept))
        flash(said)
    return redirect(done.answer["to"], 303)


@blueprint.get(f"{_ADDRESS}/<int:key>")
@guarded(Permission.VIEW)
def save(number: str, key: int) -> Response:
    """One file, to be saved; noted as opened by whoever asks."""
    row = _find(number, key)
    response = hand_out(row)
    note_who_opened(row.id, by=actor(), at=clock.now())
    return response


@blueprint.get(f"{_ADDRESS}/<int:key>/preview")
@guarded(Permission.VIEW)
def preview(number: str, key: int) -> Response:
    """The small picture of a file, which shows on pages."""
    return hand_out_preview(_find(number, key))


def _find(number: str, key: int) -> Attachment:
    case = view_case(db.session, number, by=actor(), at=clock.now())
    row = find_attachment(db.session, case.complaint.id, key)
    if row is None:
        raise NotFound(N_("There is no such file on this complaint."))
    return row


def _page(case: Case, error: Refused | None = None) -> str:
    complaint = case.complaint
    return render_template(
        "complaint/attachments.html",
        number=case.number,
        path=f"/complaints/{case.number}",
        shown=read_files(case, with_views=True),
        zone=case.rules.calendar_of(complaint.branch_id).value.tz,
        customer_word=gettext("the customer"),
        may_add=case.by.has(Permission.NOTE),
        may_hide=may_do(case.by, "attachments/hiding", complaint.status),
        key=new_key(),
        errors=errors_of(error) if error else [],
        typed=request.form,
    )
