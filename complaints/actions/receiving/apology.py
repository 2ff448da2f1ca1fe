"""Apologise, at intake (020-1.3) and with the resolution (020-3.1)."""

from typing import Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import SpokenOrUnable
from complaints.actions.fields import Reason, Words
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.apologise import SCRIPTS, send_apology
from complaints.steps.case import Case


class Apology(SpokenOrUnable):
    """020-1.3 and 020-3.1"""

    stage: Literal["intake", "resolution"]
    text: Words = Field("", description=N_("The words used; the script's words when absent."))
    anyway: Reason = Field(
        "", description=N_("Why a text was used although the courtesy check found something.")
    )


def _apologise(case: Case, body: Apology) -> None:
    send_apology(
        case,
        stage=body.stage,
        text=body.text,
        anyway=body.anyway,
        unable=body.why_not,
        **body.means(),
    )


APOLOGY = Act(
    noun="apology",
    body=Apology,
    take=_apologise,
    history={
        Action.APOLOGISE: N_("Apologised for the inconvenience"),
        Action.APOLOGISE_AGAIN: N_("Apologised with the resolution"),
    },
    faces={
        "intake": Face(
            title=N_("Apologise for the inconvenience"),
            button=N_("Record the apology"),
            icon="heart",
            scripts=SCRIPTS["intake"],
            standards=("std4-empati",),
            criteria=("020-1.3",),
        ),
        "resolution": Face(
            title=N_("Apologise with the resolution"),
            button=N_("Record the second apology"),
            icon="heart-handshake",
            conversation="resolution",
            scripts=SCRIPTS["resolution"],
            standards=("std4-empati",),
            criteria=("020-3.1",),
        ),
    },
    example={"stage": "intake", "method": "spoken"},
    writes_letters=True,
    details={"anyway": N_("Used although the courtesy check found something: %(words)s")},
    proposes_script=True,
)
