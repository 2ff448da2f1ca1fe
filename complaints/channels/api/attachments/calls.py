"""The calls about files, as the table of all calls has them (`operations.py`)."""

from collections.abc import Mapping
from typing import Any

from complaints.channels.api.attachments import schemas
from complaints.domain.errors import N_

_PATH = "/complaints/{number}/attachments"

CALLS: tuple[Mapping[str, Any], ...] = (
    {
        "method": "get",
        "path": _PATH,
        "name": "getAttachments",
        "tag": "Beside the protocol",
        "summary": N_("The files of a complaint."),
        "answer": schemas.Attachments,
    },
    {
        "method": "post",
        "path": _PATH,
        "name": "attachFile",
        "tag": "Beside the protocol",
        "summary": N_("Attach one file; the body is a form with it."),
        "answer": schemas.AttachmentAnswer,
        "status": 201,
        "body": schemas.AttachmentSent,
        "example": {"file": "tagihan.pdf", "kind": "bill"},
        "is_form": True,
    },
    {
        "method": "get",
        "path": f"{_PATH}/{{id}}",
        "name": "getAttachment",
        "tag": "Beside the protocol",
        "summary": N_("The bytes of one file; who opens it is noted."),
        "answer": bytes,
    },
)
