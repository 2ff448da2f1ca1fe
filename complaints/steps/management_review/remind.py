"""Reminders of the next management review: before it is due, on the day, and then every week."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from complaints.domain.management_review.acts import ReviewAct
from complaints.domain.permissions import Actor, Permission, Role, may_read_review
from complaints.models import ManagementReview
from complaints.outbox.queue import notify
from complaints.people.staff import Assignment, Person, Staff
from complaints.put_off import see_to_due
from complaints.steps.management_review.record import ReviewCase, note_act

#: So often is reminded once the day is over.
AGAIN = timedelta(days=7)


def remind_of_reviews(session: Session, *, at: datetime) -> list[int]:
    """Tell of the oldest that are due; by how many seconds each was late."""
    is_due = ManagementReview.next_at < at
    return see_to_due(
        session, ManagementReview, is_due, ReviewCase, _tell, at=at, what="management review"
    )


def _tell(case: ReviewCase, staff: Staff) -> int:
    review = case.review
    assert review.next_at is not None
    assert review.next_on is not None
    lag = max(0, int((case.at - review.next_at).total_seconds()))
    if review.branch_id is not None and case.rules.branches[review.branch_id].retired:
        # No review of it can be drafted until it is used again.
        review.next_at = case.at + AGAIN
        return lag
    # Calendars change: the day may be closed by now.
    due_at = case.calendar.closing_of(review.next_on) or case.calendar.next_opening(case.at)
    review.next_at = due_at if case.at < due_at else case.at + AGAIN
    people = _managers(case, staff)
    names = [each.name for each in people]
    note_act(case, ReviewAct.REMIND, {"to": names} if names else {"nobody": True})
    facts = {
        "number": case.number,
        "due_at": due_at.isoformat(),
        "zone": case.calendar.tz.key,
    }

    def of(person: Person) -> dict[str, str]:
        reader = Actor(person.id, person.name, Role(person.role), person.branch_id, person.team_id)
        reads = may_read_review(reader, review.branch_id)
        return {**facts, "review": case.number} if reads else facts

    told = [
        (f"review_due:{review.id}:{review.history_seq}:{each.id}", each, of(each))
        for each in people
    ]
    notify(case.session, "review_due", told, complaint_id=None, at=case.at)
    return lag


def _managers(case: ReviewCase, staff: Staff) -> Sequence[Person]:
    """Whoever writes the reviews of that branch, of head office for all; or who represents them."""
    branch_id = case.review.branch_id
    place = Assignment(branch_id or case.rules.default_branch.id, None, None, None)
    writers = [
        each
        for each in staff.by_id.values()
        if each.is_active and each.has(Permission.REVIEW) and each.branch_id in (None, branch_id)
    ]
    own = [each for each in writers if each.branch_id == branch_id] or writers
    found = {each.id: each for one in own for each in staff.acting_for(one.id, place)}
    return [*found.values()] or staff.last_resort(place)
