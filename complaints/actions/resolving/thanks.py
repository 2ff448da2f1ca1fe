"""Thank the customer (020-3.6)."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Spoken
from complaints.actions.fields import Words
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.thank import SCRIPTS, thank_customer


class Thanks(Spoken):
    """020-3.6"""

    text: Words = Field("", description=N_("The words used; the script's words when absent."))


def _thank(case: Case, body: Thanks) -> None:
    thank_customer(case, text=body.text, unable=body.why_not, **body.means())


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
            scripts=SCRIPTS,
            criteria=("020-3.6",),
        ),
    },
    example={"method": "phone"},
    writes_letters=True,
    proposes_script=True,
)
