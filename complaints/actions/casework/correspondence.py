"""Notes among colleagues, and what passed between us and the customer."""

from typing import Annotated, Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.enclosing import ENCLOSED_DETAILS, Enclosing
from complaints.actions.fields import Method, Short, WordsGiven
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.mentions import MOST_NAMED
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.letters.about import About


class NoteWritten(Body):
    """A note that only staff can read."""

    text: WordsGiven = Field(
        description=N_(
            "`@` and the part of a colleague's email address before its @, or all of the address, "
            "notifies that colleague of the note. Whoever may not read the complaint cannot be "
            "named."
        )
    )
    mention: Annotated[list[Short], Field(max_length=MOST_NAMED)] = Field(
        [],
        description=N_("Email addresses of colleagues whose names are written behind the text."),
    )


class Message(Enclosing):
    """What passed between us and the customer outside the eight steps."""

    text: WordsGiven
    direction: Literal["in", "out"]
    method: Method | None = None
    about: About = Field(
        About.NEWS,
        description=N_(
            "What a letter of ours is about. A `decision` names cause, solution and where the "
            "customer may go next; a `question` pauses no deadline."
        ),
    )


def _note(case: Case, body: NoteWritten) -> None:
    write_note(case, text=body.text, mention=body.mention)


def _message(case: Case, body: Message) -> None:
    record_message(
        case,
        text=body.text,
        direction=body.direction,
        method=body.method or "spoken",
        about=body.about,
        enclose=body.enclose,
        enclose_internal=body.enclose_internal,
    )


NOTE = Act(
    noun="note",
    body=NoteWritten,
    take=_note,
    history={
        Action.NOTE: N_("Internal note written"),
    },
    faces={
        "": Face(
            title=N_("Write an internal note for colleagues"),
            button=N_("Save the note"),
            icon="note",
        ),
    },
    details={"named": N_("told by name: %(words)s")},
    example={"text": "Sudah ditelepon, tidak diangkat"},
    is_kept_open=True,
)


MESSAGE = Act(
    noun="message",
    body=Message,
    take=_message,
    history={
        Action.MESSAGE: N_("Message recorded"),
    },
    faces={
        "": Face(
            title=N_("Record a message to or from the customer"),
            button=N_("Record the message"),
            icon="message-circle",
            scripts=(ScriptKey.BEFORE_LEAVING, ScriptKey.AFTER_LEAVING),
            standards=("std3-meninggalkan",),
        ),
    },
    writes_letters=True,
    details=ENCLOSED_DETAILS,
    example={"text": "Teknisi datang besok pagi", "direction": "out", "method": "phone"},
    is_kept_open=True,
)
