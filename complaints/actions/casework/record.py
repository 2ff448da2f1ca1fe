"""Complete or correct the written record."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body, UnableSaid
from complaints.actions.fields import (
    Address,
    Code,
    Codes,
    Instant,
    Line,
    Name,
    Reason,
    Short,
    without_blanks,
)
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
    cleared: list[Literal["phone", "email"]] = Field(
        [],
        description=N_(
            "What is no longer a contact; an empty text in the field says the same. Needs a reason."
        ),
    )
    reason: Reason = Field("", description=N_("Why a phone or email is removed; kept and shown."))
    no_letter: bool = Field(
        False, description=N_("Do not write to an address that is no longer used.")
    )
    unable: UnableSaid | None = Field(
        None, description=N_("Why the record stays incomplete, after an excuse came back unsigned.")
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_blank(cls, given: Any) -> Any:
        """An emptied box takes back the contact that stood in it."""
        kept = without_blanks(given)
        if not isinstance(given, Mapping) or "cleared" in kept:
            return kept
        emptied = [
            name
            for name in ("phone", "email")
            if isinstance(given.get(name), str) and not given[name].strip()
        ]
        return {**kept, "cleared": emptied} if emptied else kept

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
            cleared=tuple(self.cleared),
            reason=self.reason,
            no_letter=self.no_letter,
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
    details={
        "reason": N_("Reason: %(words)s"),
        "unwritten": N_("Addresses before that were not written to: %(words)s"),
    },
    example={"product": "INTERNET_RUMAH"},
)
