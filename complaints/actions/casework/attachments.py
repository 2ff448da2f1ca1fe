"""Files on a complaint, taken from the customer's eyes and given back.

Attaching one is no act with a body.
"""

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import ReasonGiven, RowId
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.files.attach import hide_attachment, show_attachment

#: What the history keeps of a file: its name, and which bytes it was.
FILE_DETAILS = {"name": N_("File: %(words)s"), "sha256": N_("SHA-256: %(words)s")}


class AttachmentNamed(Body):
    """A file that the customer is no longer, or again, to see; colleagues do in any case."""

    attachment: RowId
    reason: ReasonGiven


def _hide(case: Case, body: AttachmentNamed) -> None:
    hide_attachment(case, attachment=body.attachment, reason=body.reason)


HIDING = Act(
    noun="attachments/hiding",
    body=AttachmentNamed,
    take=_hide,
    history={
        Action.HIDE_ATTACHMENT: N_("File hidden from the customer"),
    },
    faces={
        "": Face(
            title=N_("Hide a file from the customer"),
            button=N_("Hide the file from the customer"),
            icon="eye-off",
        ),
    },
    details=FILE_DETAILS,
    example={"attachment": 17, "reason": "Foto ini milik pelanggan lain"},
    is_kept_open=True,
)


def _show(case: Case, body: AttachmentNamed) -> None:
    show_attachment(case, attachment=body.attachment, reason=body.reason)


SHOWING = Act(
    noun="attachments/showing",
    body=AttachmentNamed,
    take=_show,
    history={
        Action.SHOW_ATTACHMENT: N_("File shown to the customer again"),
    },
    faces={
        "": Face(
            title=N_("Show the customer a hidden file again"),
            button=N_("Show the file to the customer again"),
            icon="eye",
        ),
    },
    details=FILE_DETAILS,
    example={"attachment": 17, "reason": "Foto ini memang milik pelanggan"},
    is_kept_open=True,
)
