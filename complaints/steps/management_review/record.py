"""A management review on the desk: the row, locked, with the rules, the person and the instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, NotFound, Refused
from complaints.domain.management_review.acts import CHAIN, ReviewAct, ReviewState
from complaints.domain.permissions import Actor, Permission, may_lead_review, may_read_review
from complaints.domain.worktime.calendar import WorkCalendar
from complaints.history import append_to_own_chain
from complaints.models import ManagementReview, ManagementReviewEntry
from complaints.rulebook import RuleBook, current_rules


@dataclass(slots=True)
class ReviewCase:
    """What every step on a management review works on."""

    session: Session
    rules: RuleBook
    review: ManagementReview
    by: Actor
    at: datetime

    @property
    def number(self) -> str:
        """The review's number."""
        return self.rules.numbers.of_reviews.write(self.review.year, self.review.id)

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar its days go by: its branch's, or that of the first."""
        return self.rules.own_calendar(self.review.branch_id)

    @property
    def today(self) -> date:
        """Today by that calendar's zone."""
        return self.at.astimezone(self.calendar.tz).date()


def open_review(session: Session, number: str, *, by: Actor, at: datetime) -> ReviewCase:
    """Lock a review for a step of whoever leads it; raises NotFound and Forbidden."""
    case = _find(session, number, by, at, lock=True)
    refuse_lead_of_review(by, case.review.branch_id)
    case.at = max(at, case.review.drafted_at)
    return case


def view_review(session: Session, number: str, *, by: Actor, at: datetime) -> ReviewCase:
    """Open a review for reading only; raises NotFound and Forbidden."""
    return _find(session, number, by, at, lock=False)


def note_act(case: ReviewCase, act: ReviewAct, detail: Mapping[str, Any] | None = None) -> None:
    """Append an entry to the history of a review, in the transaction of the act itself."""
    append_to_own_chain(
        case.session,
        case.review,
        ManagementReviewEntry,
        CHAIN,
        act.value,
        detail,
        by=case.by,
        at=case.at,
    )


def refuse_lead_of_review(by: Actor, branch_id: int | None) -> None:
    """Raise Forbidden with the reason where somebody writes no reviews of that branch."""
    if may_lead_review(by, branch_id):
        return
    if not by.has(Permission.REVIEW):
        raise Forbidden(N_("Only managers write the record of a management review."))
    if branch_id is None:
        raise Forbidden(N_("A management review of all branches belongs to head office."))
    raise Forbidden(N_("This management review belongs to another branch."))


def require_review_state(case: ReviewCase, state: ReviewState) -> None:
    """Raise Refused where it does not stand so any more."""
    if case.review.state == state:
        return
    if case.review.state == ReviewState.CONCLUDED:
        raise Refused(
            N_("This review is concluded and cannot be changed. Add a correction instead.")
        )
    raise Refused(N_("This review has changed meanwhile. Reload the page to see how."))


def _find(session: Session, number: str, by: Actor, at: datetime, *, lock: bool) -> ReviewCase:
    rules = current_rules(session)
    read = rules.numbers.of_reviews.read(number)
    year, review_id = read or (0, 0)
    query = select(ManagementReview).where(
        ManagementReview.id == review_id, ManagementReview.year == year
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    review = session.scalar(query) if read else None
    if review is None:
        raise NotFound(N_("There is no management review %(number)s."), number=number[:40])
    if not may_read_review(by, review.branch_id):
        raise Forbidden(
            N_("You cannot read this management review: it counts complaints beyond your branch.")
            if review.branch_id is None
            else N_("This management review belongs to another branch.")
        )
    return ReviewCase(session, rules, review, by, at)
