"""A file that is sent as a form, and what is said of one that is kept."""

from typing import Annotated

from flask import request
from pydantic import Field
from typing_extensions import TypedDict

from complaints.actions.reading import BodyErrors
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At
from complaints.channels.uploads import take_uploads
from complaints.domain.errors import N_, Invalid
from complaints.files.keep import KeptFile
from complaints.models import Attachment, ContactFile


class StoredFile(TypedDict):
    """A file of a complaint or of a contact."""

    id: int
    name: Annotated[str, Field(description=N_("As it is saved: without a path, cleaned."))]
    type: Annotated[str, Field(description=N_("What it is by its first bytes, whatever was sent."))]
    size: Annotated[int, Field(description=N_("Bytes."))]
    sha256: str
    by: Annotated[str, Field(description=N_("Who attached it."))]
    at: At


def take_one_file() -> KeptFile:
    """Keep the one file that came as `file`; raises BodyErrors for none, and as `take_uploads`."""
    kept = take_uploads(request.files.getlist("file"), most=1, field="file")
    if not kept:
        raise BodyErrors(
            [("file", Invalid(N_("Send one file as `file`, in a form."), field="file"))]
        )
    return kept[0]


def stored_file(row: Attachment | ContactFile) -> StoredFile:
    """What every file is told with."""
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "size": row.size,
        "sha256": row.sha256,
        "by": row.by_name,
        "at": stamp(row.at),
    }
