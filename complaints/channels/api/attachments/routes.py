"""The files of a complaint over the API: listed, sent as a form, handed out."""

from flask import Blueprint, Response, request

from complaints import clock
from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.actions.reading import BodyErrors
from complaints.channels.api.attachments.schemas import AttachmentAnswer
from complaints.channels.api.bearer import caller, caller_id, with_token
from complaints.channels.api.conditional import read_answer
from complaints.channels.api.idempotent import answer_done, sent_key
from complaints.channels.api.one_file import stored_file, take_one_file
from complaints.channels.downloads import hand_out, note_who_opened
from complaints.channels.uploads import takes_files
from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import Permission, require
from complaints.extensions import db
from complaints.models import Attachment
from complaints.queries.files.attachments import attachments_of, find_attachment
from complaints.steps.case import view_case
from complaints.steps.casework.pause import open_now
from complaints.steps.files.attach import attach_file

_YES = {"true": True, "1": True, "false": False, "0": False, "": False}


def add_attachments(blueprint: Blueprint) -> None:
    """Add the addresses to the blueprint."""
    address = "/complaints/<number>/attachments"
    blueprint.get(address)(attachments)
    blueprint.post(address)(attach)
    blueprint.get(f"{address}/<int:key>")(attachment)


@with_token(Permission.VIEW)
def attachments(number: str) -> Response:
    """The files of a complaint."""
    case = view_case(db.session, number, by=caller(), at=clock.now())
    rows = attachments_of(db.session, case.complaint.id)
    return read_answer({"items": [attachment_answer(each) for each in rows]})


@takes_files
@with_token()
def attach(number: str) -> Response:
    """Attach one file, and answer with what is kept of it."""
    require(caller(), PERMISSION_FOR[Action.ATTACH])
    now = clock.now()
    number = view_case(db.session, number, by=caller(), at=now).number
    shown = _shown()
    kept = take_one_file()
    kind = request.form.get("kind", "")
    sent = {"file": kept.as_body(), "kind": kind, "shown_to_customer": shown}
    once = OneTime(sent_key(), caller_id(), f"{number}/attachments", sent)

    def do() -> Done:
        case = open_now(db.session, number, by=caller(), at=now)
        row = attach_file(case, kept, kind=kind, shown_to_customer=shown, source="api")
        return Done(dict(attachment_answer(row)), case.complaint.id)

    done = do_once(db.session, do, once, at=now)
    return answer_done(done, f"/complaints/{number}/attachments/{done.answer['id']}")


@with_token(Permission.VIEW)
def attachment(number: str, key: int) -> Response:
    """The bytes of one file, noted as opened by whose key this is."""
    now = clock.now()
    case = view_case(db.session, number, by=caller(), at=now)
    row = find_attachment(db.session, case.complaint.id, key)
    if row is None:
        raise NotFound(N_("There is no such file on this complaint."))
    response = hand_out(row, is_typed=False)
    note_who_opened(row.id, by=caller(), at=now)
    return response


def attachment_answer(row: Attachment) -> AttachmentAnswer:
    """One file as the API tells it."""
    shown = row.shown_to_customer
    return {**stored_file(row), "kind": row.kind, "shown_to_customer": shown}


def _shown() -> bool:
    told = request.form.get("shown_to_customer", "").strip().lower()
    if told not in _YES:
        sentence = N_("Send true or false.")
        raise BodyErrors([("shown_to_customer", Invalid(sentence, field="shown_to_customer"))])
    return _YES[told]
