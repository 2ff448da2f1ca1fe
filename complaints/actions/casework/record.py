"""Complete or correct the written record."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body, UnableSaid
from complaints.actions.fields import Address, Code, Codes, Instant, Line, Name, Reason, Short
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import Unable
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.case import Case


class Amended(Body):
    """What to complete or correct in the written record; absent fields stay as they are."""

    category: Code | None = None
    product: Line | None = None
    remedy_wanted: Reason | None = None
    incident_at: Instant | None = None
    name: Name | None = Field(None, description=N_("The customer's name, as of this complaint."))
    phone: Short | None = None
    email: Address | None = None
    salutation: Short | None = None
    needs: Codes | None = None
    in_record: bool | None = Field(
        None,
        description=N_(
            "Whether name and contacts change on the customer's record too; absent, they do where "
            "both were the same."
        ),
    )
    unable: UnableSaid | None = Field(
        None, description=N_("Why the record stays incomplete, after an excuse came back unsigned.")
    )

    def change(self) -> Amendment:
        """The amendment as the step takes it."""
        return Amendment(
            category=self.category,
            product=self.product,
            remedy_wanted=self.remedy_wanted,
            incident_at=self.incident_at,
            name=self.name,
            phone=self.phone,
            email=self.email,
            salutation=self.salutation,
            needs=tuple(self.needs) if self.needs is not None else None,
            in_record=self.in_record,
        )


def _amend(case: Case, body: Amended) -> None:
    said = body.unable
    unable = Unable(said.reason, said.code) if said else None
    amend_record(case, body.change(), unable=unable)


RECORD = Act(
    noun="record",
    body=Amended,
    take=_amend,
    history={
        Action.AMEND: N_("Record amended"),
    },
    faces={
        "": Face(
            title=N_("Complete or correct the record"),
            button=N_("Save the record"),
            icon="pencil",
        ),
    },
    example={"product": "INTERNET_RUMAH"},
)
