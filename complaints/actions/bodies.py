"""What several acts share of what is sent for them.

Only the form of things is checked here (types, lengths, choices); what they mean for a complaint
is the steps' matter. Blank text counts as not given.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from complaints.actions.fields import (
    Code,
    Instant,
    Line,
    Method,
    Part,
    Reason,
    ReasonGiven,
    RowId,
    needs_content,
)
from complaints.domain.errors import N_
from complaints.domain.words.exits import Unable
from complaints.steps.commitments.undertake import StepGiven


class Body(Part):
    """What every body shares: when it happened and which version of the complaint was seen."""

    at: Instant | None = Field(
        None,
        description=N_(
            "When it happened; now when absent, never later. Only what is written down in time "
            "keeps a deadline."
        ),
    )
    version: RowId | None = Field(
        None,
        description=N_("The version you read; the call is refused when it has moved on since."),
    )


#: Of an act that speaks of an offer, which a colleague may have changed meanwhile.
OfferVersion = Annotated[
    RowId | None,
    Field(
        description=N_(
            "The version you read; the call is refused when it has moved on since. Without it, or "
            "If-Match, the call is refused with 409 where the offer has taken the place of an "
            "earlier one: read the complaint, and send its `version`."
        )
    ),
]


class UnableSaid(Part):
    """The honest way out: a reason of the list, and a sentence on what happened."""

    reason: ReasonGiven = Field(description=N_("What happened, in a sentence."))
    code: Code = Field(
        "",
        description=N_(
            "The reason's code, or its words; needed where the sentence does not name one."
        ),
    )


class Proving(Body):
    """A body that proves a criterion, which is not skipped unless the body is `Skippable`."""

    model_config = ConfigDict(json_schema_extra=needs_content)

    #: The fields without which nothing has been told, in each of the ways to tell it; empty where
    #: the act itself is enough.
    content: ClassVar[tuple[tuple[str, ...], ...]] = ()

    not_taken: ClassVar[Mapping[str, str]] = {"unable": N_("This step cannot be skipped.")}

    def has_content(self) -> bool:
        """Whether the body holds what the noun is about."""
        return any(all(getattr(self, name) for name in names) for names in self.content)


class Skippable(Proving):
    """A body that may carry an honest reason instead of its content."""

    unable: UnableSaid | None = None

    @property
    def why_not(self) -> Unable | None:
        """The reason given instead of the content, or None."""
        return Unable(self.unable.reason, self.unable.code) if self.unable else None


class Spoken(Proving):
    """A body about something said or sent to the customer."""

    method: Method | None = Field(None, description=N_("By which means it reached the customer."))

    def means(self) -> dict[str, str]:
        """The method as an argument of a step, when one was given."""
        return {"method": self.method} if self.method else {}


class SpokenOrUnable(Spoken, Skippable):
    """Something said or sent to the customer, or the honest reason why it was not."""


class Step(Part):
    """One step promised or planned."""

    what: ReasonGiven
    owner: Line = ""
    due_at: Instant | None = None

    def given(self) -> StepGiven:
        """The step as the steps take it."""
        return StepGiven(self.what, self.owner, self.due_at)


Steps = Annotated[list[Step], Field(max_length=50)]


class Approval(Body):
    """A decision on something that waits for one."""

    answer: Literal["approved", "rejected"]
    reason: Reason = ""


class Reasoned(Body):
    """Something done for a reason: escalation, reopening, withdrawal."""

    reason: ReasonGiven


class Plain(Body):
    """Nothing but the act itself: acknowledgement, resumption."""
