"""One management review whole: what was agreed and what becomes of it, corrections, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.management_review.acts import ReviewAct, ReviewState
from complaints.domain.permissions import Actor
from complaints.models import CorrectiveAction, ManagementReview, ManagementReviewEntry
from complaints.queries.improvement.scope import actions_in_scope
from complaints.queries.management_review.actions import facts_of_all, follow_up
from complaints.queries.paging import at_most
from complaints.rulebook import RuleBook

#: A page shows the newest of them.
MOST_ENTRIES = 200
#: So many actions can be chosen to agree on, the newest.
MOST_CHOICES = 100


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What a page shows beside the review itself.

    `agreed` are the corrective actions as the record has them, `now` how each of theirs and of
    those of the review before stands at this moment, by number. `corrections` are the oldest first.
    """

    review: ManagementReview
    number: str
    agreed: Sequence[Mapping[str, Any]]
    followed: Mapping[str, Any]
    now: Mapping[str, Mapping[str, Any]]
    corrections: Sequence[ManagementReviewEntry]
    entries: Sequence[ManagementReviewEntry]


def read_review(
    session: Session, rules: RuleBook, review: ManagementReview, *, at: datetime
) -> ReviewView:
    """Everything about a review that its reader may see already."""
    own = (
        select(ManagementReviewEntry)
        .where(ManagementReviewEntry.review_id == review.id)
        .order_by(ManagementReviewEntry.seq.desc())
    )
    entries = session.scalars(own.limit(at_most(MOST_ENTRIES))).all()
    corrected = own.where(ManagementReviewEntry.what == ReviewAct.CORRECT.value)
    followed = follow_up(session, rules, review, at)
    live = facts_of_all(session, rules, review.action_ids, at)
    is_over = review.state == ReviewState.CONCLUDED
    before = [each["number"] for each in followed.get("actions", ())]
    known = {each["number"] for each in live}
    numbers = [number for number in before if number not in known]
    read = [found[1] for number in numbers if (found := rules.numbers.of_actions.read(number))]
    now = [*live, *(facts_of_all(session, rules, read, at) if is_over else ())]
    return ReviewView(
        review=review,
        number=rules.numbers.of_reviews.write(review.year, review.id),
        agreed=review.agreed if is_over else live,
        followed=followed,
        now={each["number"]: each for each in now},
        corrections=[*reversed(session.scalars(corrected).all())],
        entries=entries,
    )


def actions_to_agree(
    session: Session, rules: RuleBook, review: ManagementReview, actor: Actor
) -> Sequence[tuple[str, str]]:
    """Corrective actions that can still be agreed on, the newest first: number and what is done."""
    query = (
        select(CorrectiveAction.year, CorrectiveAction.id, CorrectiveAction.what)
        .where(actions_in_scope(actor), CorrectiveAction.state.in_(["open", "done"]))
        .order_by(CorrectiveAction.id.desc())
        .limit(at_most(MOST_CHOICES))
    )
    if review.branch_id is not None:
        query = query.where(CorrectiveAction.branch_id == review.branch_id)
    return [
        (number, f"{number} · {row.what}")
        for row in session.execute(query)
        if row.id not in review.action_ids
        for number in (rules.numbers.of_actions.write(row.year, row.id),)
    ]
