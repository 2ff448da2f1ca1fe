"""Attach a file to a complaint, or take it from the customer's eyes; nothing is ever removed."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from complaints.domain.attachments import PICTURES, read_kind
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import CUSTOMER
from complaints.domain.short_reason import require_reason
from complaints.files.in_use import file_settings
from complaints.files.keep import KeptFile
from complaints.models import Attachment, ContactFile, Note
from complaints.steps.advance import advance
from complaints.steps.case import Case


def attach_file(
    case: Case,
    kept: KeptFile,
    *,
    kind: str = "",
    shown_to_customer: bool,
    source: str = "",
    note: Note | None = None,
    came_with: ContactFile | None = None,
) -> Attachment:
    """Put a file that `keep_file` has stored on the complaint, with one line in its history.

    `kind` is one of AttachmentKind, else what its type suggests; `source` the way it came in. What
    the customer sends is theirs to see. What `came_with` a contact stays with whoever attached it
    there, is shown as told whoever acts now, and has its room. Raises Invalid for a kind there is
    not and beyond what one complaint may hold.
    """
    complaint = case.complaint
    is_sent = came_with is None and case.by is CUSTOMER
    by_id, by_name = (
        (case.by.id, case.by.name) if came_with is None else (came_with.by_id, came_with.by_name)
    )
    row = Attachment(
        complaint_id=complaint.id,
        sha256=kept.sha256,
        size=kept.size,
        type=kept.type,
        name=kept.name,
        kind=read_kind(kind, kept.type),
        source=source,
        note_id=_id_of(case, note),
        shown_to_customer=shown_to_customer or is_sent,
        at=case.at,
        by_id=by_id,
        by_name=by_name,
        preview="waiting" if kept.type in PICTURES else "",
    )
    advance(
        case,
        Action.ATTACH,
        detail={
            "name": row.name,
            "sha256": row.sha256,
            "size": row.size,
            "file_kind": row.kind,
            "shown": row.shown_to_customer,
            "source": source,
        },
        guard=lambda: _require_room(case, kept) if came_with is None else None,
    )
    case.session.add(row)
    case.session.flush()
    return row


def attach_to_written(case: Case, files: Iterable[KeptFile], *, source: str) -> list[Attachment]:
    """Attach files to the note or message that this case has just written.

    What came with a message the customer sees; what came with a note stays among colleagues.
    """
    note = case.written
    is_message = note is not None and note.direction in ("in", "out")
    return [
        attach_file(case, each, shown_to_customer=is_message, source=source, note=note)
        for each in files
    ]


def hide_attachment(case: Case, *, attachment: int, reason: str) -> None:
    """Take a file from the customer's eyes; colleagues and the history keep it.

    Other rows with the same bytes stay as they are. Raises NotFound for a file of another
    complaint, Refused for one that the customer does not see.
    """
    row = _of_complaint(case, attachment)
    if not row.shown_to_customer:
        raise Refused(N_("The customer does not see this file."))
    reason = require_reason(reason, N_("Enter why the customer is no longer to see this file."))
    row.shown_to_customer, row.hidden_at, row.hidden_by_id = False, case.at, case.by.id
    row.hide_reason = reason
    _note(case, row, Action.HIDE_ATTACHMENT, reason)


def show_attachment(case: Case, *, attachment: int, reason: str) -> None:
    """Let the customer see a file again that was hidden from them; the history keeps both.

    What was internal from the beginning is not shown by this. Raises NotFound for a file of another
    complaint, Refused for one that is not hidden.
    """
    row = _of_complaint(case, attachment)
    if not row.is_hidden:
        raise Refused(N_("This file is not hidden from the customer."))
    reason = require_reason(reason, N_("Enter why the customer is to see this file again."))
    row.shown_to_customer, row.hidden_at, row.hidden_by_id = True, None, None
    row.hide_reason = ""
    _note(case, row, Action.SHOW_ATTACHMENT, reason)


def _of_complaint(case: Case, attachment: int) -> Attachment:
    row = case.session.scalar(
        select(Attachment)
        .where(Attachment.id == attachment, Attachment.complaint_id == case.complaint.id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(N_("There is no such file on this complaint."))
    return row


def _note(case: Case, row: Attachment, action: Action, reason: str) -> None:
    advance(case, action, detail={"name": row.name, "sha256": row.sha256, "reason": reason})


def _require_room(case: Case, kept: KeptFile) -> None:
    of_complaint = Attachment.complaint_id == case.complaint.id
    require_room(case.session, Attachment, of_complaint, kept)


def require_room(
    session: Session,
    table: type[Attachment | ContactFile],
    of_one: ColumnElement[bool],
    kept: KeptFile,
) -> None:
    """Raise Invalid for a file beyond what one complaint, or contact, may hold."""
    limits = file_settings().limits
    held = select(func.count(), func.coalesce(func.sum(table.size), 0)).where(of_one)
    count, size = session.execute(held).one()
    if count >= limits.most_of_complaint:
        raise Invalid(
            N_("A complaint takes at most %(most)d files.")
            if table is Attachment
            else N_("A contact takes at most %(most)d files."),
            field="file",
            most=limits.most_of_complaint,
        )
    if size + kept.size > limits.most_bytes_of_complaint:
        raise Invalid(
            N_("The files of a complaint may have at most %(most)d MB together.")
            if table is Attachment
            else N_("The files of a contact may have at most %(most)d MB together."),
            field="file",
            most=limits.most_bytes_of_complaint // (1024 * 1024),
        )


def _id_of(case: Case, note: Note | None) -> int | None:
    if note is None:
        return None
    if note.id is None:
        case.session.flush()
    return note.id
