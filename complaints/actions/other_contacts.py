"""Contacts that are no complaint, as people and programs send them: bodies and their steps."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from complaints.actions.fields import (
    Address,
    Code,
    CodeGiven,
    Instant,
    Line,
    Name,
    Part,
    Reason,
    ReasonGiven,
    Short,
    Story,
    Words,
    WordsGiven,
)
from complaints.actions.new_complaint import CustomerBody
from complaints.domain.errors import N_
from complaints.people.customers import CustomerGiven
from complaints.steps.other_contacts.end import Ending, end_contact, hand_over, note_on
from complaints.steps.other_contacts.record import ContactCase
from complaints.steps.other_contacts.take import ContactGiven
from complaints.steps.renaming.make_complaint import MadeComplaint, make_complaint


class ContactPerson(Part):
    """Who said it; for praise and suggestions nobody has to be named."""

    name: Name = ""
    salutation: Short = ""
    phone: Short = ""
    email: Address = ""
    number: Short = ""
    language: Literal["id", "en"] | None = None

    def given(self, known_id: int | None = None) -> CustomerGiven:
        """The same as the step takes it."""
        return CustomerGiven(
            name=self.name,
            salutation=self.salutation,
            phone=self.phone,
            email=self.email,
            number=self.number,
            language=self.language or "",
            known_id=known_id,
        )


class EndBody(Part):
    """How it ended. A question takes words and the means, a request words, a suggestion the unit it
    concerns, praise the person or the unit."""

    words: Words = ""
    method: Literal["spoken", "phone", "email", "message", "letter"] | None = None
    team: Code | None = None
    person: Line = Field("", description=N_("Name or email address of who is praised."))
    reference: Line = ""

    def given(self) -> Ending:
        """The same as the step takes it."""
        return Ending(
            words=self.words,
            method=self.method or "",
            team=self.team or "",
            person=self.person,
            reference=self.reference,
        )


class ContactBody(Part):
    """Something that is no complaint, as it was told; with `end` it was answered at once."""

    kind: CodeGiven = Field(description=N_("A code of `not_complaints`; GET /codes lists them."))
    channel: CodeGiven
    words: Story
    customer: ContactPerson = ContactPerson()
    received_at: Instant | None = Field(None, description=N_("Now when absent, never later."))
    branch: Code | None = Field(None, description=N_("A branch's code; your own when absent."))
    end: EndBody | None = None

    def given(
        self, *, branch: str, now: datetime, source: str, known_id: int | None = None
    ) -> ContactGiven:
        """The contact as the step takes it; `branch` and `now` stand where nothing was sent."""
        return ContactGiven(
            kind=self.kind,
            channel=self.channel,
            words=self.words,
            branch=self.branch or branch,
            received_at=self.received_at or now,
            customer=self.customer.given(known_id),
            source=source,
            end=self.end.given() if self.end else None,
        )


class HandOverBody(Part):
    """The unit that gets it, and under which number it has it."""

    team: CodeGiven
    note: Reason = ""
    reference: Line = ""


class NoteBody(Part):
    """What became known, for whoever goes on with it."""

    text: WordsGiven


class MakeComplaintBody(Part):
    """Why it is a complaint; who complains where the contact named nobody."""

    reason: ReasonGiven
    category: Code | None = None
    customer: CustomerBody | None = None


def give_over(case: ContactCase, body: HandOverBody) -> None:
    """Give it to a unit."""
    hand_over(case, team=body.team, note=body.note, reference=body.reference)


def end_with(case: ContactCase, body: EndBody) -> None:
    """End it as its kind ends."""
    end_contact(case, body.given())


def note_with(case: ContactCase, body: NoteBody) -> None:
    """Keep a note."""
    note_on(case, text=body.text)


def complain_with(case: ContactCase, body: MakeComplaintBody) -> str:
    """Make it a complaint; returns the complaint's number."""
    customer = body.customer.given() if body.customer else None
    made = MadeComplaint(body.reason, body.category, customer)
    return make_complaint(case, made).number
