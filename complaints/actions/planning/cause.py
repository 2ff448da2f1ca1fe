"""Find the main cause (020-2.2) and confirm it."""

from typing import Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Proving
from complaints.actions.fields import Code, Said, Words
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.find_cause import find_cause


class CauseFound(Proving):
    """020-2.2, and the confirmed cause behind 020-3.2"""

    content = (("code", "text"),)

    stage: Literal["preliminary", "confirmed"]
    code: Code = ""
    text: Said = ""
    quote: Words = Field("", description=N_("The customer's own words on which it rests."))


def _cause(case: Case, body: CauseFound) -> None:
    find_cause(
        case,
        stage=body.stage,
        code=body.code,
        text=body.text,
        quote=body.quote,
    )


CAUSE = Act(
    noun="cause",
    body=CauseFound,
    take=_cause,
    history={
        Action.FIND_CAUSE: N_("Likely cause recorded"),
        Action.CONFIRM_CAUSE: N_("Cause confirmed"),
    },
    faces={
        "preliminary": Face(
            title=N_("Identify the likely cause from what the customer said"),
            button=N_("Enter the likely cause"),
            icon="route",
            conversation="analysis",
            criteria=("020-2.2",),
        ),
        "confirmed": Face(
            title=N_("Confirm the main cause"),
            button=N_("Enter the confirmed cause"),
            icon="report-search",
            conversation="resolution",
        ),
    },
    details={
        "was": N_("Confirmed before: %(words)s. The explanation and the offer are open again.")
    },
    example={"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus oleh galian"},
)
