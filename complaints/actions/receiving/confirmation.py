"""Confirm the complaint back to the customer (020-1.2)."""

from typing import Literal

from complaints.actions.act import Act, Face
from complaints.actions.bodies import SpokenOrUnable
from complaints.actions.fields import Said, Words
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.confirm import SCRIPTS, confirm_back


class Confirmation(SpokenOrUnable):
    """020-1.2"""

    content = (("summary", "answer"),)

    summary: Said = ""
    answer: Literal["yes", "corrected"] | None = None
    corrections: Words = ""


def _confirm(case: Case, body: Confirmation) -> None:
    confirm_back(
        case,
        summary=body.summary,
        answer=body.answer or "",
        corrections=body.corrections,
        unable=body.why_not,
        **body.means(),
    )


CONFIRMATION = Act(
    noun="confirmation",
    body=Confirmation,
    take=_confirm,
    history={
        Action.CONFIRM: N_("Read back to the customer"),
    },
    faces={
        "": Face(
            title=N_("Read the complaint back to the customer"),
            button=N_("Record the confirmation"),
            icon="checks",
            scripts=SCRIPTS,
            criteria=("020-1.2",),
        ),
    },
    example={"summary": "Internet mati sejak kemarin sore", "answer": "yes"},
    writes_letters=True,
    details={
        "corrections": N_("The customer corrected: %(words)s"),
    },
)
