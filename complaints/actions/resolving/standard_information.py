"""Give the information on our service standard (020-3.7)."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Spoken
from complaints.actions.fields import Codes
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.inform_standard import inform_standard


class StandardInformation(Spoken):
    """020-3.7"""

    content = (("items",), ("all",))

    items: Codes = []
    all: bool = Field(False, description=N_("True when the whole leaflet was given."))


def _inform_standard(case: Case, body: StandardInformation) -> None:
    inform_standard(case, items=body.items, all_items=body.all, **body.means())


STANDARD_INFORMATION = Act(
    noun="standard-information",
    body=StandardInformation,
    take=_inform_standard,
    history={
        Action.INFORM_STANDARD: N_("Service standard explained"),
    },
    faces={
        "": Face(
            title=N_("Give the information on our service standard"),
            button=N_("Record the information"),
            icon="book",
            conversation="resolution",
            scripts=(ScriptKey.GIVE_INFORMATION, ScriptKey.TELL_CONTACT_POINTS),
            standards=("std7-penutup",),
            criteria=("020-3.7",),
        ),
    },
    writes_letters=True,
    example={"all": True},
)
