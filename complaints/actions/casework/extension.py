"""Ask for more time, and decide on it."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Approval
from complaints.actions.enclosing import ENCLOSED_DETAILS, TO_ENCLOSE_DETAILS, Enclosing
from complaints.actions.fields import Instant, Reason, ReasonGiven
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.casework.extend import ask_extension, decide_extension


class ExtensionAsked(Enclosing):
    """The promised date is asked to be moved."""

    until: Instant
    reason: ReasonGiven
    condition: Reason = Field(
        "",
        description=N_(
            "The rule's condition for it, in the rule's words; needed where it names some."
        ),
    )


def _ask_extension(case: Case, body: ExtensionAsked) -> None:
    ask_extension(
        case,
        until=body.until,
        reason=body.reason,
        condition=body.condition,
        enclose=body.enclose,
        enclose_internal=body.enclose_internal,
    )


def _decide_extension(case: Case, body: Approval) -> None:
    decide_extension(case, answer=body.answer, reason=body.reason)


EXTENSION = Act(
    noun="extension",
    counts_now=True,
    body=ExtensionAsked,
    take=_ask_extension,
    history={
        Action.ASK_EXTENSION: N_("Extension requested"),
    },
    faces={
        "": Face(
            title=N_("Request an extension"),
            button=N_("Request an extension"),
            icon="calendar-event",
            scripts=(ScriptKey.MOVE_DEADLINE,),
        ),
    },
    details=TO_ENCLOSE_DETAILS,
    example={"until": "2026-12-01T09:00:00+07:00", "reason": "Suku cadang belum datang"},
)


EXTENSION_APPROVAL = Act(
    noun="extension/approval",
    counts_now=True,
    body=Approval,
    take=_decide_extension,
    history={
        Action.DECIDE_EXTENSION: N_("Extension decided"),
    },
    faces={
        "": Face(
            title=N_("Decide on the extension asked for"),
            button=N_("Decide on the extension"),
            icon="scale",
        ),
    },
    details=ENCLOSED_DETAILS,
    example={"answer": "approved"},
)
