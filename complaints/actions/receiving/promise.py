"""Tell the customer the steps (020-1.4) and the deadline (020-1.5)."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Spoken, Steps
from complaints.actions.fields import Instant
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.promise import promise_deadline


class Promise(Spoken):
    """020-1.4 and 020-1.5; a step without owner or date is the handler's, due with the promise."""

    content = (("steps",),)

    steps: Steps = []
    due_at: Instant | None = Field(
        None,
        description=N_("Earlier than the policy's deadline, never later; that one when absent."),
    )


def _promise(case: Case, body: Promise) -> None:
    promise_deadline(
        case,
        steps=[step.given() for step in body.steps],
        due_at=body.due_at,
        **body.means(),
    )


PROMISE = Act(
    noun="promise",
    body=Promise,
    take=_promise,
    history={
        Action.PROMISE: N_("Customer told the steps and deadline"),
    },
    faces={
        "": Face(
            title=N_("Tell the customer the steps and the deadline"),
            button=N_("Tell the customer the deadline"),
            icon="calendar-due",
            scripts=(ScriptKey.TELL_STEPS, ScriptKey.TELL_DEADLINE),
            criteria=("020-1.4", "020-1.5"),
        ),
    },
    writes_letters=True,
    example={
        "steps": [{"what": "Memeriksa jaringan", "owner": "TEKNIK"}],
        "due_at": "2026-11-20T16:00:00+07:00",
    },
)
