"""Review what matters about this customer (020-2.3)."""

from typing import Annotated

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Proving
from complaints.actions.fields import Reason
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.note_condition import note_condition


class Condition(Proving):
    """020-2.3"""

    content = (("relevant",), ("none",))

    relevant: Annotated[list[Reason], Field(max_length=50)] = []
    none: bool = Field(False, description=N_("True when nothing about this customer matters here."))


def _condition(case: Case, body: Condition) -> None:
    note_condition(case, relevant=body.relevant, none=body.none)


CONDITION = Act(
    noun="condition",
    body=Condition,
    take=_condition,
    history={
        Action.NOTE_CONDITION: N_("Customer's special needs reviewed"),
    },
    faces={
        "": Face(
            title=N_("Review the customer's special needs"),
            button=N_("Review the special needs"),
            icon="user-heart",
            conversation="analysis",
            criteria=("020-2.3",),
        ),
    },
    example={"relevant": ["Tinggal sendiri"]},
)
