"""Management reviews, as people and programs send them: bodies and their steps."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from complaints.actions.fields import CLEAN, Code, Day, Line, Part, ReasonGiven, without_blanks
from complaints.domain.errors import N_
from complaints.domain.management_review.acts import LONGEST, LONGEST_NAME, MOST_PEOPLE
from complaints.domain.permissions import Actor
from complaints.rulebook import RuleBook
from complaints.steps.management_review.conclude import conclude_review, correct_review
from complaints.steps.management_review.draft import (
    ReviewChanged,
    branch_of_review,
    change_review,
    draft_review,
    drop_review,
    link_action,
    renew_figures,
    unlink_action,
)
from complaints.steps.management_review.figures import keep_figures
from complaints.steps.management_review.record import ReviewCase

Text = Annotated[str, StringConstraints(max_length=LONGEST), CLEAN]
MinutesPart = Literal[
    "changes", "audits", "resources", "discussed", "process", "products", "staffing"
]
Person = Annotated[str, StringConstraints(max_length=LONGEST_NAME), CLEAN]
ActionNumber = Annotated[str, StringConstraints(min_length=1, max_length=40), CLEAN]
Seen = Annotated[int | None, Field(ge=0, le=2_147_483_647)]
_SEEN = N_("`history_seq` as it was read: refused where the draft has changed since.")


class ReviewBody(Part):
    """Of which period, and of which branch."""

    from_on: Day = Field(alias="from", description=N_("The first day, in each branch's own zone."))
    to_on: Day = Field(alias="to", description=N_("The last day; the period has to be over."))
    branch: Code | None = Field(
        None, description=N_("A branch's code; absent for your own, for head office all branches.")
    )


class ReviewFiguresBody(Part):
    """The figures are read again, of the same period or of another one."""

    from_on: Day | None = Field(None, alias="from", description=N_("As it is when absent."))
    to_on: Day | None = Field(None, alias="to", description=N_("As it is when absent."))


class ReviewChangeBody(Part):
    """What the draft says from now on; what is absent stays as it is, an empty text empties it."""

    chaired_by: Line | None = Field(None, description=N_("Who chaired the review."))
    participants: Annotated[list[Person], Field(max_length=MOST_PEOPLE)] | None = None
    held_on: Day | None = Field(None, description=N_("On which day it was held."))
    next_on: Day | None = Field(None, description=N_("By which working day the next one is held."))
    minutes: dict[MinutesPart, Text] = Field(
        default_factory=dict, description=N_("Part of the minutes → text.")
    )
    seen: Seen = Field(None, description=_SEEN)

    @model_validator(mode="before")
    @classmethod
    def _drop_blank(cls, given: Any) -> Any:
        """Without its blank texts, but for the name that an empty text takes out."""
        kept = without_blanks(given)
        if isinstance(given, Mapping) and isinstance(given.get("chaired_by"), str):
            kept["chaired_by"] = given["chaired_by"]
        return kept


class ReviewActionBody(Part):
    """A corrective action that was raised."""

    number: ActionNumber = Field(description=N_("The number of the corrective action."))


class ReviewConclusionBody(Part):
    """Nothing more is said: the draft as it is."""

    seen: Seen = Field(None, description=_SEEN)


class ReviewCorrectionBody(Part):
    """What in a concluded record is wrong, and what is right."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), CLEAN]


class ReviewDropBody(Part):
    """Why it is given up."""

    reason: ReasonGiven


Reports = AbstractContextManager[Session]


def drafting(
    rules: RuleBook, body: ReviewBody, reports: Reports, *, by: Actor, now: datetime
) -> Callable[[Session], ReviewCase]:
    """The step that drafts it, by figures read now, where reports are read, before its transaction.

    What takes long to read holds nothing that others wait for.
    """
    branch_id = branch_of_review(rules, body.branch or "", by)
    with reports as session:
        figures = keep_figures(session, rules, branch_id, body.from_on, body.to_on, now=now)
    return lambda session: draft_review(session, rules, figures, by=by, at=now)


def renewing(
    seen: ReviewCase, body: ReviewFiguresBody, reports: Reports
) -> Callable[[ReviewCase], None]:
    """The step that takes the figures again, read alike."""
    review, rules = seen.review, seen.rules
    days = (body.from_on or review.from_on, body.to_on or review.to_on)
    branch_id = review.branch_id
    seen.session.rollback()
    with reports as session:
        figures = keep_figures(session, rules, branch_id, *days, now=seen.at)
    return lambda case: renew_figures(case, figures)


def change_with(case: ReviewCase, body: ReviewChangeBody, *, may_be_same: bool = False) -> None:
    """Write down who met and what was said and decided."""
    change_review(
        case,
        ReviewChanged(
            minutes={str(name): text for name, text in body.minutes.items()},
            chaired_by=body.chaired_by,
            participants=body.participants,
            held_on=body.held_on,
            next_on=body.next_on,
            seen=body.seen,
        ),
        may_be_same=may_be_same,
    )


def link_with(case: ReviewCase, body: ReviewActionBody) -> None:
    """Agree on a corrective action."""
    link_action(case, body.number)


def unlink_with(case: ReviewCase, body: ReviewActionBody) -> None:
    """Take a corrective action out of the list."""
    unlink_action(case, body.number)


def conclude_with(case: ReviewCase, body: ReviewConclusionBody) -> None:
    """Let the record stand as it is."""
    conclude_review(case, seen=body.seen)


def correct_with(case: ReviewCase, body: ReviewCorrectionBody) -> None:
    """Add a correction."""
    correct_review(case, text=body.text)


def drop_with(case: ReviewCase, body: ReviewDropBody) -> None:
    """Give the draft up."""
    drop_review(case, reason=body.reason)
