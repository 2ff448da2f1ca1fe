"""What a messenger or a telephone system sends, and what it is answered."""

import base64
import binascii
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from complaints.actions.fields import CLEAN, Instant, Name, Part, Story
from complaints.channels.api.values import Number, one_of
from complaints.domain.errors import N_

#: Files of one message; together with its words a request is at most 2 MB.
MOST_FILES = 5


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("string_type", "not base64") from None
    return text


class MessageFile(Part):
    """A file that came with a message."""

    name: Name = ""
    data: Annotated[
        str,
        StringConstraints(min_length=4),
        AfterValidator(_is_base64),
        Field(description=N_("Its bytes in base64.")),
    ]

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return base64.b64decode(self.data)


class MessageBody(Part):
    """A message of a customer, as its channel hands it in."""

    id: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        CLEAN,
        Field(description=N_("The channel's own name for it; the same one is taken in once.")),
    ]
    sender: Annotated[
        str,
        StringConstraints(min_length=3, max_length=254),
        CLEAN,
        Field(alias="from", description=N_("A telephone number, or an email address.")),
    ]
    name: Name = ""
    text: Story
    at: Instant | None = Field(None, description=N_("When it was written; now when absent."))
    attachments: Annotated[list[MessageFile], Field(max_length=MOST_FILES)] = []


class MessageAnswer(TypedDict):
    """What the message became, now and whenever it is handed in again."""

    action: Annotated[
        str,
        one_of(("created", "appended")),
        Field(description=N_("A new complaint, or a message on one they have.")),
    ]
    number: Number


MESSAGE: dict[str, Any] = {
    "id": "wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABIYFjNFQjBD",
    "from": "+62 812 3456 7890",
    "name": "Siti Aminah",
    "text": "Internet di rumah mati sejak kemarin sore.",
    "at": "2026-11-19T09:14:00+07:00",
}
MESSAGE_ANSWERS: dict[str, Any] = {
    "MessageAnswer": {"action": "created", "number": "KLH-2026-000123"}
}
