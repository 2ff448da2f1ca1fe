"""Take the customer's answer to the offer (020-3.4)."""

from typing import Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import OfferVersion, SpokenOrUnable
from complaints.actions.fields import Instant, Line, Reason
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.answer import take_answer
from complaints.steps.case import Case


class AnswerTaken(SpokenOrUnable):
    """020-3.4"""

    content = (("answer",),)

    answer: Literal["accepted", "refused", "thinking", "none"] | None = None
    reason: Reason = Field(
        "",
        description=N_(
            "The customer's words. Needed for a refusal, and for an answer in writing, whose words "
            "are kept as their message. Where their message since the offer is on record, it need "
            "not be given, and is quoted from there."
        ),
    )
    heard_by: Line = Field(
        "",
        description=N_(
            "The colleague who heard it or saw it signed, by name or email; whoever records it "
            "when absent. Kept for answers by phone, face to face and by signature."
        ),
    )
    version: OfferVersion = None
    deliver_by: Instant | None = Field(
        None,
        description=N_("By when an accepted remedy reaches the customer; the usual time else."),
    )


def _answer(case: Case, body: AnswerTaken) -> None:
    take_answer(
        case,
        answer=body.answer or "",
        reason=body.reason,
        deliver_by=body.deliver_by,
        heard_by=body.heard_by,
        unable=body.why_not,
        **body.means(),
    )


ANSWER = Act(
    noun="answer",
    body=AnswerTaken,
    take=_answer,
    history={
        Action.ACCEPT: N_("The customer accepts"),
        Action.REFUSE: N_("The customer refuses"),
        Action.STAY_UNDECIDED: N_("The customer has not decided"),
    },
    faces={
        "": Face(
            title=N_("Ask whether the customer accepts the solution"),
            button=N_("Record the answer"),
            icon="message-dots",
            conversation="resolution",
            scripts=(ScriptKey.ASK_ACCEPTANCE,),
            criteria=("020-3.4",),
        ),
    },
    details={
        "heard_by": N_("Witnessed by: %(words)s"),
        "copied_by": N_("In writing, as copied by: %(words)s"),
    },
    example={"answer": "accepted"},
)
