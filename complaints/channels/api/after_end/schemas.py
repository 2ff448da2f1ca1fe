"""What the customer said after an end, as the API answers it; nothing here changes it."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.values import At, Number, one_of
from complaints.domain.errors import N_

_SCORE = Field(ge=1, le=5)


class RatingAnswer(TypedDict):
    """How the customer was dealt with, 1 to 5; what they did not rate is null."""

    cycle: int
    handler: Annotated[str | None, Field(description=N_("Who handled it at that closing."))]
    listening: Annotated[int, _SCORE] | None
    courtesy: Annotated[int, _SCORE] | None
    cause: Annotated[int, _SCORE] | None
    next_step: Annotated[int, _SCORE] | None
    overall: Annotated[int, _SCORE]
    comment: str
    suggestion: str
    may_be_published: Annotated[
        bool, Field(description=N_("Whether the words may be published, without the name."))
    ]
    at: At
    changed_at: At | None


class FollowUpAnswer(TypedDict):
    """Whether the customer says that it is really settled."""

    cycle: int
    answer: Annotated[str, one_of(("yes", "partly", "no"))]
    text: str
    at: At


class AfterEndAnswer(TypedDict):
    """The part of a complaint's answer that came after its end."""

    continues: Number | None
    continued_by: list[Number]
    follow_ups: list[FollowUpAnswer]
    ratings: list[RatingAnswer]
