"""Corrective actions, as people and programs send them: bodies and their steps."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from complaints.actions.fields import (
    CLEAN,
    Address,
    Code,
    CodeGiven,
    Day,
    Part,
    ReasonGiven,
    Short,
    WordsGiven,
)
from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.improvement.acts import MOST_WHYS
from complaints.domain.improvement.effect import Effect
from complaints.domain.permissions import Actor
from complaints.queries.improvement.effect import read_effect
from complaints.rulebook import RuleBook
from complaints.steps.improvement.change import change_action, set_whys
from complaints.steps.improvement.finish import drop_action, finish_action, verify_action
from complaints.steps.improvement.raise_action import LONGEST_WHAT, ActionGiven, raise_action
from complaints.steps.improvement.record import ActionCase, require_lead
from complaints.steps.management_review.draft import link_action
from complaints.steps.management_review.record import open_review

SubjectCode = Literal["cause", "category", "channel", "branch", "team"]
Weeks = Literal[4, 8, 12]
WhatGiven = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WHAT), CLEAN]
Why = Annotated[str, StringConstraints(max_length=500), CLEAN]
OwnerGiven = Annotated[str, StringConstraints(min_length=1, max_length=254), CLEAN]


class ActionBody(Part):
    """What will be done against a cause, a category, a channel, a branch or a unit."""

    subject: SubjectCode
    code: CodeGiven = Field(description=N_("A code of that kind; GET /codes lists them."))
    what: WhatGiven = Field(description=N_("What will be done, in one line."))
    why: WordsGiven = Field(description=N_("Why it will help."))
    owner: OwnerGiven = Field(description=N_("Email address of who carries it out."))
    due_on: Day = Field(description=N_("The working day by whose end it is done."))
    branch: Code | None = Field(
        None, description=N_("A branch's code; absent for your own, for head office all branches.")
    )
    weeks: Weeks = Field(
        4, description=N_("So many weeks before and after it was done are compared; never changed.")
    )
    contact: Short = Field(
        "", description=N_("The number of a suggestion or praise that it rests on.")
    )
    review: Short = Field(
        "", description=N_("The number of the draft of a management review that agrees on it.")
    )

    def given(self) -> ActionGiven:
        """The same as the step takes it."""
        return ActionGiven(
            subject=self.subject,
            code=self.code,
            what=self.what,
            why=self.why,
            owner=self.owner,
            due_on=self.due_on,
            branch=self.branch or "",
            weeks=self.weeks,
            contact=self.contact,
            review=self.review,
        )


def raise_with(
    session: Session, rules: RuleBook, body: ActionBody, *, by: Actor, at: datetime
) -> ActionCase:
    """Raise it, and have the review that it names agree on it, where it names one."""
    if not body.review:
        return raise_action(session, rules, body.given(), by=by, at=at)
    try:
        review = open_review(session, body.review, by=by, at=at)
    except NotFound as error:
        raise Invalid(error.sentence, field="review", **error.params) from None
    # Its history names the review as it is written, however it was typed.
    given = replace(body.given(), review=review.number)
    case = raise_action(session, rules, given, by=by, at=at)
    link_action(review, case.number)
    return case


class ActionChangeBody(Part):
    """Another owner, another day, or both, and why."""

    reason: ReasonGiven
    owner: Address = Field("", description=N_("Email address of who carries it out from now on."))
    due_on: Day | None = Field(None, description=N_("The new day; the first one stays in sight."))


class WhysBody(Part):
    """The answers to “why?”: the cause first, then at most four that lie behind it."""

    cause: Code | None = Field(
        None, description=N_("The cause they begin with; of an action against a cause that one.")
    )
    whys: list[Why] = Field(default_factory=list, max_length=MOST_WHYS - 1)


class ActionDoneBody(Part):
    """That it was done, and what shows it."""

    evidence: WordsGiven
    done_on: Day | None = Field(
        None,
        description=N_("Today when absent; at most 3 working days back, not before it was raised."),
    )


class VerifyBody(Part):
    """Whether it worked, said by somebody who did not carry it out."""

    effective: bool
    reason: ReasonGiven


class DropBody(Part):
    """Why it is given up."""

    reason: ReasonGiven


def change_with(case: ActionCase, body: ActionChangeBody) -> None:
    """Give it to someone else or move its day."""
    change_action(case, reason=body.reason, owner=body.owner, due_on=body.due_on)


def set_whys_with(case: ActionCase, body: WhysBody) -> None:
    """Keep the answers to “why?”."""
    set_whys(case, cause=body.cause or "", whys=body.whys)


def finish_with(case: ActionCase, body: ActionDoneBody) -> None:
    """Record that it was done."""
    finish_action(case, evidence=body.evidence, done_on=body.done_on)


def verify_with(case: ActionCase, body: VerifyBody, effect: Effect | None = None) -> None:
    """Say whether it worked, by the figures read before."""
    verify_action(case, is_effective=body.effective, reason=body.reason, effect=effect)


def verifying(
    seen: ActionCase, reports: AbstractContextManager[Session]
) -> Callable[[ActionCase, VerifyBody], None]:
    """`verify_with`, by figures read now, where reports are read, and before its transaction.

    What takes long to read holds nothing that others wait for: the session's transaction ends here.
    Raises Forbidden, before anything is read, for whoever verifies nothing there.
    """
    require_lead(seen)
    with reports as figures:
        effect = read_effect(figures, seen.rules, seen.action, now=seen.at)
    seen.session.rollback()
    return partial(verify_with, effect=effect)


def drop_with(case: ActionCase, body: DropBody) -> None:
    """Give it up."""
    drop_action(case, reason=body.reason)
