"""Thank the customer (020-3.6)."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Spoken
from complaints.actions.fields import Reason, Words
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.thank import SCRIPTS, thank_customer


class Thanks(Spoken):
    """020-3.6"""

    text: Words = Field("", description=N_("The words used; the script's words when absent."))
    anyway: Reason = Field(
        "", description=N_("Why a text was used although the courtesy check found something.")
    )


def _thank(case: Case, body: Thanks) -> None:
    thank_customer(case, text=body.text, anyway=body.anyway, **body.means())


THANKS = Act(
    noun="thanks",
    body=Thanks,
    take=_thank,
    history={
        Action.THANK: N_("Customer thanked"),
    },
    faces={
        "": Face(
            title=N_("Thank the customer"),
            button=N_("Record the thanks"),
            icon="mood-smile",
            conversation="resolution",
            scripts=(SCRIPTS["solution"],),
            standards=("std7-penutup",),
            criteria=("020-3.6",),
        ),
        "alternative": Face(
            title=N_("Thank the customer for accepting the alternative"),
            button=N_("Record the thanks"),
            icon="mood-smile",
            conversation="resolution",
            scripts=(SCRIPTS["alternative"],),
            standards=("std7-penutup",),
        ),
        "nothing": Face(
            title=N_("Thank the customer for the conversation"),
            button=N_("Record the thanks"),
            icon="mood-smile",
            conversation="resolution",
            scripts=(SCRIPTS[""],),
            standards=("std7-penutup",),
        ),
    },
    example={"method": "phone"},
    writes_letters=True,
    details={"anyway": N_("Used although the courtesy check found something: %(words)s")},
    proposes_script=True,
)
