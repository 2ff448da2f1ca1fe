"""Handing out a file: never as something that a browser would run, and never from a hash alone.

Whoever calls has found the row for this reader; previews are pictures that we wrote ourselves.
"""

import unicodedata
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from urllib.parse import quote

import structlog
from flask import Response, request

from complaints.domain.attachments import PREVIEW_TYPE, UNKNOWN, handed_out_type
from complaints.domain.errors import N_, NotFound
from complaints.domain.permissions import Actor
from complaints.extensions import db
from complaints.files.store import OBJECTS, PREVIEWS, Gone, open_store
from complaints.models import Attachment, ContactFile
from complaints.steps.files.see import has_opened, note_opened

log = structlog.get_logger()

_CHUNK = 64 * 1024
#: A browser may keep for itself what it has; every other window asks again.
_KEPT = "private, max-age=3600"

#: On every file: whatever it holds, it does nothing here.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": _KEPT,
}


def hand_out(row: Attachment | ContactFile, *, is_typed: bool = True) -> Response:
    """The file as it came, to be saved under its name; NotFound when the store has lost it.

    It goes under its type where that is harmless and asked for, else as so many bytes.
    """
    type_ = handed_out_type(row.type) if is_typed else UNKNOWN
    response = _stream(row, OBJECTS, type_)
    response.headers.set("Content-Disposition", "attachment", **_named(row.name))
    if response.status_code == 200:
        response.content_length = row.size
    return response


def note_who_opened(row_id: int, *, by: Actor, at: datetime) -> None:
    """Note who opens a file, the first time, and commit; what was only read before ends here.

    Whoever only asks whether it is there has not opened it.
    """
    if request.method == "HEAD" or has_opened(db.session, row_id, by):
        return
    # It was begun to read in, and writes nothing.
    db.session.rollback()
    note_opened(db.session, row_id, by=by, at=at)
    db.session.commit()


def hand_out_preview(row: Attachment) -> Response:
    """The small picture that the worker made; NotFound where there is none."""
    if row.preview != "made":
        raise NotFound(N_("There is no preview of this file."))
    response = _stream(row, PREVIEWS, PREVIEW_TYPE)
    response.headers.set("Content-Disposition", "inline", **_named("preview.webp"))
    return response


def _named(name: str) -> dict[str, str]:
    """A name as a header may carry it; what is not ASCII a second time, for who understands it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").strip()
    if plain == name:
        return {"filename": plain}
    return {"filename": plain or "file", "filename*": f"UTF-8''{quote(name, safe='')}"}


def _stream(row: Attachment | ContactFile, where: str, type_: str) -> Response:
    tag = f"{where}-{row.sha256}"
    if tag in request.if_none_match:
        response = Response(status=304)
    else:
        stack = ExitStack()
        try:
            file = stack.enter_context(stack.enter_context(open_store()).open(where, row.sha256))
        except Gone:
            log.error("file_gone", where=where, sha256=row.sha256)
            raise NotFound(
                N_("The store has lost this file. Tell an administrator; the history names it.")
            ) from None
        response = Response(iter(partial(file.read, _CHUNK), b""), mimetype=type_)
        response.call_on_close(stack.close)
    response.set_etag(tag)
    response.headers.update(HEADERS)
    return response
