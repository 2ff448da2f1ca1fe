"""Lists of management reviews: those of a state, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.management_review.acts import ReviewState
from complaints.domain.permissions import Actor
from complaints.models import ManagementReview
from complaints.queries.management_review.scope import reviews_in_scope
from complaints.queries.paging import at_most, behind_newest
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class ReviewsAsked:
    """What the list is narrowed by; None for all."""

    state: str | None = None
    branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in a list."""

    id: int
    number: str
    branch_id: int | None
    from_on: date
    to_on: date
    state: str
    held_on: date | None
    next_on: date | None
    chaired_by: str
    drafted_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of them; `more` is the cursor of the next one, None at the end."""

    items: Sequence[ReviewLine]
    more: str | None


_NAMES = tuple(name for name in ReviewLine.__dataclass_fields__ if name != "number")
_LINE = (ManagementReview.year, *(getattr(ManagementReview, name) for name in _NAMES))


def list_reviews(
    session: Session,
    rules: RuleBook,
    actor: Actor,
    asked: ReviewsAsked,
    *,
    limit: int,
    after: str | None = None,
) -> ReviewPage:
    """The reviews within the person's scope, the newest first; one query."""
    query = select(*_LINE).where(reviews_in_scope(actor))
    if asked.state is None:
        query = query.where(ManagementReview.state != ReviewState.DROPPED.value)
    else:
        query = query.where(ManagementReview.state == asked.state)
    if asked.branch_id is not None:
        query = query.where(ManagementReview.branch_id == asked.branch_id)
    if after:
        query = query.where(behind_newest(ManagementReview.id, after))
    query = query.order_by(ManagementReview.id.desc()).limit(at_most(limit + 1))
    rows = session.execute(query).all()
    items = []
    for row in rows[:limit]:
        found = dict(row._mapping)
        number = rules.numbers.of_reviews.write(found.pop("year"), found["id"])
        items.append(ReviewLine(number=number, **found))
    return ReviewPage(items, str(items[-1].id) if len(rows) > limit else None)
