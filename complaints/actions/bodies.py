"""What people and programs may send: one pydantic model for each noun of a complaint.

Only the form of things is checked here (types, lengths, choices); what they mean for a complaint
is the steps' matter. Blank text counts as not given.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from complaints.actions.fields import (
    Address,
    Amount,
    Code,
    CodeGiven,
    Codes,
    Instant,
    Line,
    Method,
    Part,
    Reason,
    ReasonGiven,
    RowId,
    Short,
    Words,
    WordsGiven,
    content_or_unable,
)
from complaints.domain.errors import N_
from complaints.steps.amend import Amendment
from complaints.steps.promise import StepGiven


class Body(Part):
    """What every body shares: when it happened and which version of the complaint was seen."""

    at: Instant | None = Field(
        None, description=N_("When it happened; now when absent, never later.")
    )
    version: RowId | None = Field(
        None,
        description=N_("The version you read; the call is refused when it has moved on since."),
    )


class Unable(Part):
    """The honest way out: why this could not be done."""

    reason: ReasonGiven


class Skippable(Body):
    """A body that may carry an honest reason instead of its content."""

    model_config = ConfigDict(json_schema_extra=content_or_unable)

    #: The fields without which nothing has been told, in each of the ways to tell it; empty where
    #: the act itself is enough.
    content: ClassVar[tuple[tuple[str, ...], ...]] = ()

    unable: Unable | None = None

    def has_content(self) -> bool:
        """Whether the body holds what the noun is about."""
        return any(all(getattr(self, name) for name in names) for names in self.content)

    @property
    def why_not(self) -> str | None:
        """The reason given instead of the content, or None."""
        return self.unable.reason if self.unable else None


class Spoken(Skippable):
    """A body about something said or sent to the customer."""

    method: Method | None = Field(None, description=N_("By which means it reached the customer."))

    def means(self) -> dict[str, str]:
        """The method as an argument of a step, when one was given."""
        return {"method": self.method} if self.method else {}


class Attestation(Spoken):
    """020-1.1"""

    content = (("listened",),)

    listened: bool = False


class Confirmation(Spoken):
    """020-1.2"""

    content = (("summary", "answer"),)

    summary: Words = ""
    answer: Literal["yes", "corrected"] | None = None
    corrections: Words = ""


class Apology(Spoken):
    """020-1.3 and 020-3.1"""

    stage: Literal["intake", "resolution"]
    text: Words = Field("", description=N_("The words used; the script's words when absent."))


class Step(Part):
    """One step promised or planned."""

    what: ReasonGiven
    owner: Line = ""
    due_at: Instant | None = None

    def given(self) -> StepGiven:
        """The step as the steps take it."""
        return StepGiven(self.what, self.owner, self.due_at)


Steps = Annotated[list[Step], Field(max_length=50)]


class Promise(Spoken):
    """020-1.4 and 020-1.5"""

    content = (("steps",),)

    steps: Steps = []
    due_at: Instant | None = Field(
        None,
        description=N_("Earlier than the policy's deadline, never later; that one when absent."),
    )


class Receipt(Spoken):
    """020-1.6: the record is complete and the complaint registered."""


class Parties(Skippable):
    """020-2.1"""

    content = (("teams",),)

    teams: Codes = []
    reason: Reason = ""


class Acceptance(Body):
    """A team's answer to 020-2.1"""

    team: CodeGiven
    answer: Literal["accepted", "returned"]
    reason: Reason = ""


class CauseFound(Skippable):
    """020-2.2, and the confirmed cause behind 020-3.2"""

    content = (("code", "text"),)

    stage: Literal["preliminary", "confirmed"]
    code: Code = ""
    text: Words = ""
    quote: Words = Field("", description=N_("The customer's own words on which it rests."))


class Condition(Skippable):
    """020-2.3"""

    content = (("relevant",), ("none",))

    relevant: Annotated[list[Line], Field(max_length=50)] = []
    none: bool = Field(False, description=N_("True when nothing about this customer matters here."))


class PrioritySet(Body):
    """020-2.4: computed from the matrix, or overridden by a supervisor with a reason."""

    override: Literal["P1", "P2", "P3", "P4"] | None = None
    reason: Reason = ""


class Plan(Skippable):
    """020-2.5"""

    content = (("steps",),)

    steps: Steps = []


class CauseExplanation(Spoken):
    """020-3.2"""

    content = (("text",),)

    text: Words = ""
    view: Literal["agrees", "disagrees", "unclear"] | None = None


class OfferMade(Spoken):
    """020-3.3 and 020-3.5"""

    content = (("remedy", "description"),)

    remedy: Code = ""
    description: Words = ""
    amount: Amount = Field(0, description=N_("Whole rupiah."))
    alternative_to: RowId | None = None


class Approval(Body):
    """A decision on something that waits for one."""

    answer: Literal["approved", "rejected"]
    reason: Reason = ""


class AnswerTaken(Spoken):
    """020-3.4"""

    content = (("answer",),)

    answer: Literal["accepted", "refused", "thinking", "none"] | None = None
    reason: Reason = ""


class Thanks(Spoken):
    """020-3.6"""

    text: Words = Field("", description=N_("The words used; the script's words when absent."))


class StandardInformation(Spoken):
    """020-3.7"""

    content = (("items",), ("all",))

    items: Codes = []
    all: bool = Field(False, description=N_("True when the whole leaflet was given."))


class Closure(Body):
    """The end of the complaint; without `outcome` it follows from the customer's answer."""

    outcome: Code | None = None


class Reasoned(Body):
    """Something done for a reason: escalation, reopening, withdrawal."""

    reason: ReasonGiven


class Returned(Body):
    """An escalation handed back to the handler with an instruction."""

    instruction: ReasonGiven


class Plain(Body):
    """Nothing but the act itself: acknowledgement, resumption."""


class Assignment(Body):
    """To whom the complaint is given: a person's e-mail address, a team's code, or both."""

    handler: Address | None = None
    team: Code | None = None
    reason: Reason = ""


class Pause(Body):
    """The clocks stop while the customer has to do something."""

    reason: ReasonGiven
    until: Instant


class ExtensionAsked(Body):
    """The promised date is asked to be moved."""

    until: Instant
    reason: ReasonGiven
    condition: Reason = Field(
        "",
        description=N_(
            "The rule's condition for it, in the rule's words; needed where it names some."
        ),
    )


class DocumentsComplete(Body):
    """The customer's documents are complete since `at`; the clocks that waited start then."""

    note: Reason = Field("", description=N_("Which documents there are."))


class NoteWritten(Body):
    """A note that only staff can read."""

    text: WordsGiven


class Message(Body):
    """What passed between us and the customer outside the eight steps."""

    text: WordsGiven
    direction: Literal["in", "out"]
    method: Method | None = None


class Amended(Body):
    """What to complete or correct in the written record; absent fields stay as they are."""

    category: Code | None = None
    product: Line | None = None
    remedy_wanted: Reason | None = None
    incident_at: Instant | None = None
    phone: Short | None = None
    email: Address | None = None
    salutation: Short | None = None
    needs: Codes | None = None

    def change(self) -> Amendment:
        """The amendment as the step takes it."""
        return Amendment(
            category=self.category,
            product=self.product,
            remedy_wanted=self.remedy_wanted,
            incident_at=self.incident_at,
            phone=self.phone,
            email=self.email,
            salutation=self.salutation,
            needs=tuple(self.needs) if self.needs is not None else None,
        )
