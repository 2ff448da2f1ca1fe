"""What the API says of files, and what is sent with one."""

from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from complaints.channels.api.one_file import StoredFile
from complaints.channels.api.values import FileSent, one_of
from complaints.domain.attachments import AttachmentKind
from complaints.domain.errors import N_


class AttachmentAnswer(StoredFile):
    """A file on a complaint; its bytes are under its own address."""

    kind: Annotated[str, one_of(AttachmentKind)]
    shown_to_customer: Annotated[
        bool, Field(description=N_("Whether the customer sees it on their page."))
    ]


class Attachments(TypedDict):
    """The files of one complaint, oldest first."""

    items: list[AttachmentAnswer]


class AttachmentSent(BaseModel):
    """A file for a complaint, sent as a form."""

    file: FileSent
    kind: Annotated[
        AttachmentKind | None,
        Field(description=N_("Without it, what the type of the file suggests.")),
    ] = None
    shown_to_customer: Annotated[
        bool, Field(description=N_("Whether the customer sees it on their page."))
    ] = False
