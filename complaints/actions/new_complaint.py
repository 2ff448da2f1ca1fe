"""What people and programs may tell of a complaint and its customer at the first moment."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from complaints.actions.fields import (
    Address,
    Code,
    CodeGiven,
    Codes,
    Instant,
    Line,
    Name,
    NameGiven,
    Part,
    Reason,
    Short,
    Story,
)
from complaints.domain.errors import N_
from complaints.people.customers import CustomerGiven
from complaints.steps.receive import ComplaintGiven


class CustomerBody(Part):
    """What the customer told of themselves."""

    name: NameGiven
    salutation: Short = ""
    phone: Short = ""
    email: Address = ""
    number: Short = ""
    tier: Short = Field("", description=N_("A code; GET /codes lists them."))
    needs: Codes = []
    language: Literal["id", "en"] | None = None
    no_contact_reason: Name = Field(
        "", description=N_("Why the customer cannot be reached, when there is no way to.")
    )

    same_person: bool | None = Field(
        None,
        description=N_(
            "Whether this is the customer of that number although name, phone and email differ. "
            "Absent, they get a record of their own and the complaint keeps the number in doubt."
        ),
    )

    def given(self) -> CustomerGiven:
        """The customer as the step takes it."""
        return CustomerGiven(
            name=self.name,
            salutation=self.salutation,
            phone=self.phone,
            email=self.email,
            number=self.number,
            tier=self.tier,
            needs=tuple(dict.fromkeys(self.needs)),
            language=self.language or "",
            no_contact_reason=self.no_contact_reason,
            same_person=self.same_person,
        )


class ComplaintBody(Part):
    """A complaint as told at the first moment."""

    customer: CustomerBody
    channel: CodeGiven
    category: Code | None = None
    story: Story
    product: Line = ""
    incident_at: Instant | None = None
    remedy_wanted: Reason = ""
    received_at: Instant | None = Field(None, description=N_("Now when absent, never later."))
    branch: Code | None = Field(None, description=N_("A branch's code; your own when absent."))
    external_id: Line | None = Field(None, description=N_("The number another system gave it."))

    def given(self, *, branch: str, now: datetime, source: str) -> ComplaintGiven:
        """The complaint as the step takes it; `branch` and `now` stand where nothing was sent."""
        return ComplaintGiven(
            customer=self.customer.given(),
            channel=self.channel,
            story=self.story,
            branch=self.branch or branch,
            received_at=self.received_at or now,
            category=self.category,
            product=self.product,
            incident_at=self.incident_at,
            remedy_wanted=self.remedy_wanted,
            external_id=self.external_id,
            source=source,
        )
