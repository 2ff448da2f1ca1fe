"""What the API says of files, and what is sent with one."""

from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from complaints.channels.api.values import At, one_of
from complaints.domain.attachments import AttachmentKind
from complaints.domain.errors import N_


class AttachmentAnswer(TypedDict):
    """A file on a complaint; its bytes are under its own address."""

    id: int
    name: Annotated[str, Field(description=N_("As it is saved: without a path, cleaned."))]
    type: Annotated[str, Field(description=N_("What it is by its first bytes, whatever was sent."))]
    size: Annotated[int, Field(description=N_("Bytes."))]
    sha256: str
    kind: Annotated[str, one_of(AttachmentKind)]
    by: Annotated[str, Field(description=N_("Who attached it."))]
    at: At
    shown_to_customer: Annotated[
        bool, Field(description=N_("Whether the customer sees it on their page."))
    ]


class Attachments(TypedDict):
    """The files of one complaint, oldest first."""

    items: list[AttachmentAnswer]


class AttachmentSent(BaseModel):
    """A file for a complaint, sent as a form."""

    file: Annotated[
        bytes,
        Field(
            description=N_("The file; one with each call."),
            json_schema_extra={"format": "binary"},
        ),
    ]
    kind: Annotated[
        AttachmentKind | None,
        Field(description=N_("Without it, what the type of the file suggests.")),
    ] = None
    shown_to_customer: Annotated[
        bool, Field(description=N_("Whether the customer sees it on their page."))
    ] = False
