"""Files of a contact that is no complaint: added by the form of its page, and saved."""

from flask import Blueprint, Response, flash, redirect, request
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.channels.downloads import hand_out
from complaints.channels.uploads import take_uploads, takes_files
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.other_contacts.files import find_contact_file
from complaints.steps.other_contacts.files import attach_to_contact
from complaints.steps.other_contacts.record import open_contact, view_contact
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.guards import actor, guarded
from complaints.web.other_contacts.forms import said_errors
from complaints.web.other_contacts.one import show_contact

blueprint = Blueprint("contact_files", __name__, url_prefix="/contacts")


@blueprint.post("/<number>/files")
@takes_files
@guarded(Permission.NOTE)
def attach(number: str) -> AnyResponse | tuple[str, int]:
    """Attach the files of the form, all of them or none."""
    now, person, form = clock.now(), actor(), request.form
    number = view_contact(db.session, number, by=person, at=now).number
    try:
        kept = take_uploads(request.files.getlist("files"))
        if not kept:
            raise Invalid(N_("Choose at least one file."), field="files")

        def do() -> Done:
            case = open_contact(db.session, number, by=person, at=now)
            for each in kept:
                attach_to_contact(case, each, source="desk", from_customer=False)
            return Done({})

        body = {"files": [each.as_body() for each in kept]}
        key = form.get("one_time_key", "")[:120]
        once = OneTime(key, person.id, f"contacts/{number}/files"[:60], body)
        done = do_once(db.session, do, once, at=now)
    except Refused as error:
        db.session.rollback()
        case = view_contact(db.session, number, by=person, at=now)
        return show_contact(case, "files", Filled(errors=said_errors(error))), error.status
    if not done.is_repeat:
        flash(ngettext("%(num)d file attached.", "%(num)d files attached.", len(kept)), "done")
    return redirect(f"/contacts/{number}#files", 303)


@blueprint.get("/<number>/files/<int:key>")
@guarded(Permission.VIEW)
def save(number: str, key: int) -> Response:
    """One file, to be saved."""
    case = view_contact(db.session, number, by=actor(), at=clock.now())
    row = find_contact_file(db.session, case.contact.id, key)
    if row is None:
        raise NotFound(N_("There is no such file on this contact."))
    return hand_out(row)
