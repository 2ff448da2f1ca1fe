"""Explain the main cause to the customer (020-3.2)."""

from typing import Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import SpokenOrUnable
from complaints.actions.enclosing import ENCLOSED_DETAILS, Enclosing
from complaints.actions.fields import Line, Said
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.explain import explain_cause


class CauseExplanation(SpokenOrUnable, Enclosing):
    """020-3.2"""

    content = (("text",),)

    text: Said = ""
    view: Literal["agrees", "disagrees", "unclear"] | None = None
    heard_by: Line = Field("", description=N_("Who heard it, when it was not the customer."))


def _explain(case: Case, body: CauseExplanation) -> None:
    explain_cause(
        case,
        text=body.text,
        view=body.view,
        heard_by=body.heard_by,
        unable=body.why_not,
        method=body.method or "spoken",
        enclose=body.enclose,
        enclose_internal=body.enclose_internal,
    )


CAUSE_EXPLANATION = Act(
    noun="cause-explanation",
    body=CauseExplanation,
    take=_explain,
    history={
        Action.EXPLAIN_CAUSE: N_("Cause explained to the customer"),
    },
    faces={
        "": Face(
            title=N_("Explain the main cause to the customer"),
            button=N_("Record the explanation"),
            icon="bulb",
            conversation="resolution",
            scripts=(ScriptKey.EXPLAIN_CAUSE,),
            criteria=("020-3.2",),
        ),
    },
    writes_letters=True,
    details={
        "heard_by": N_("Heard on the customer's behalf by: %(words)s"),
        **ENCLOSED_DETAILS,
    },
    example={"text": "Kabel terputus oleh galian", "view": "agrees"},
)
