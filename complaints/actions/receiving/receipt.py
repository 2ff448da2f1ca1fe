"""Register the complaint and hand over the receipt (020-1.6)."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import SpokenOrUnable
from complaints.actions.fields import Instant
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.register import register_complaint


class Receipt(SpokenOrUnable):
    """020-1.6: the record is complete and the complaint registered."""

    bring_by: Instant | None = Field(
        None,
        description=N_("By when the customer brings what is not at hand; the usual time else."),
    )


def _receipt(case: Case, body: Receipt) -> None:
    register_complaint(case, bring_by=body.bring_by, unable=body.why_not, **body.means())


RECEIPT = Act(
    noun="receipt",
    body=Receipt,
    take=_receipt,
    history={
        Action.REGISTER: N_("Registered, receipt made out"),
    },
    faces={
        "": Face(
            title=N_("Register the complaint"),
            button=N_("Register"),
            icon="receipt",
            scripts=(ScriptKey.HAND_RECEIPT, ScriptKey.TELL_NUMBER),
            criteria=("020-1.6",),
        ),
    },
    example={"method": "print"},
)
