"""Conclude a management review: from then on nothing changes, and corrections stand beside it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.management_review.acts import (
    DECISIONS,
    INPUTS,
    LONGEST,
    ReviewAct,
    ReviewState,
)
from complaints.domain.words.substance import require_substance, says_something
from complaints.models import ManagementReview
from complaints.queries.management_review.actions import facts_of_all, follow_up, last_review
from complaints.queries.management_review.scope import same_scope
from complaints.steps.improvement.record import due_time
from complaints.steps.management_review.draft import digest_of
from complaints.steps.management_review.record import (
    ReviewCase,
    note_act,
    require_review_state,
)

#: So long before the next one is due somebody is reminded to prepare it.
AHEAD = timedelta(days=14)


def conclude_review(case: ReviewCase, *, seen: int | None = None) -> None:
    """Let the record stand as it is: who met, by which figures, what was decided, when again.

    Kept with it are the corrective actions agreed on and those of the review before, as they stand
    now. Raises Invalid for what is missing or cannot be, and Refused where the draft has changed
    since it was read.
    """
    require_review_state(case, ReviewState.DRAFT)
    review = case.review
    # Of two concluded at once the second one sees the first, so that one of them is reminded of.
    take_turns(case.session, f"management reviews {review.branch_id}")
    if seen is not None and seen != review.history_seq:
        raise Refused(N_("This review has changed meanwhile. Reload the page to see how."))
    _require_whole(case)
    next_due_at = _next_due(case)
    review.followed = follow_up(case.session, case.rules, review, case.at)
    review.agreed = [*facts_of_all(case.session, case.rules, review.action_ids, case.at)]
    review.state, review.ended_at = ReviewState.CONCLUDED.value, case.at.replace(microsecond=0)
    review.ended_by_id, review.ended_by_name = case.by.id, case.by.name
    later = last_review(case.session, review.branch_id, ManagementReview.held_on > review.held_on)
    if later is None:
        review.next_at = max(case.calendar.next_opening(next_due_at - AHEAD), review.ended_at)
    note_act(
        case,
        ReviewAct.CONCLUDE,
        {
            "held_on": str(review.held_on),
            "next_on": str(review.next_on),
            "chaired_by": review.chaired_by,
            "participants": review.participants,
            "figures": digest_of(review.figures),
            "actions": [each["number"] for each in review.agreed],
        },
    )
    # Whoever held the later one need not be reminded of it by the one before.
    earlier = (
        select(ManagementReview)
        .where(
            same_scope(review.branch_id),
            ManagementReview.id != review.id,
            ManagementReview.next_at.is_not(None),
            ManagementReview.held_on <= review.held_on,
        )
        .order_by(ManagementReview.id)
        .with_for_update()
    )
    for each in case.session.scalars(earlier):
        each.next_at = None


def correct_review(case: ReviewCase, *, text: str) -> None:
    """Say what in a concluded record is wrong and what is right; the record itself stays."""
    if case.review.state != ReviewState.CONCLUDED:
        raise Refused(N_("Only what is concluded is corrected. Change the draft itself."))
    said = require_substance(text, N_("Enter what is wrong and what is right."), field="text")
    if len(said) > LONGEST:
        raise Invalid(
            N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
            field="text",
            length=len(said),
            most=LONGEST,
        )
    note_act(case, ReviewAct.CORRECT, {"text": said})


def _require_whole(case: ReviewCase) -> None:
    review = case.review
    if review.held_on is None:
        raise Invalid(N_("Enter on which day the review was held."), field="held_on")
    if review.held_on > case.today:
        raise Invalid(N_("It cannot have been held in the future."), field="held_on")
    if review.held_on <= review.to_on:
        raise Invalid(N_("It cannot have been held before the period was over."), field="held_on")
    if not review.chaired_by:
        raise Invalid(N_("Enter who chaired the review."), field="chaired_by")
    if not review.participants:
        raise Invalid(N_("Enter who took part, a name on each line."), field="participants")
    for name in INPUTS:
        require_substance(
            review.minutes.get(name, ""),
            N_("Say something here, even that there is nothing to report."),
            field=name,
        )
    if not any(says_something(review.minutes.get(name, "")) for name in DECISIONS):
        raise Invalid(
            N_("Write down at least one decision, even that all stays as it is."), field="process"
        )


def _next_due(case: ReviewCase) -> datetime:
    review = case.review
    if review.next_on is None:
        raise Invalid(N_("Choose by when the next review is held."), field="next_on")
    try:
        return due_time(case.at, case.calendar, review.next_on)
    except Invalid as error:
        error.field = "next_on"
        raise
