"""What a customer has said after the end of their complaint, and where it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from complaints.models import Complaint, FollowUp, Rating, User
from complaints.queries.complaint.duplicates import OriginalLink
from complaints.queries.complaint.same_customer import told_by_the_same
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class AfterEnd:
    """What the customer has said of this closing: both None where they have not."""

    answer: str | None = None
    rating: Rating | None = None
    #: Of whichever closing: some of their words may be published.
    has_consented: bool = False


def read_after_end(session: Session, complaint_id: int, cycle: int) -> AfterEnd:
    """What was said of the closing of this cycle; one query."""
    consented = (
        select(Rating.id)
        .where(Rating.complaint_id == complaint_id, Rating.consented_at.is_not(None))
        .exists()
    )
    query = (
        select(FollowUp.answer, Rating, consented.label("has_consented"))
        .select_from(Complaint)
        .outerjoin(FollowUp, and_(FollowUp.complaint_id == Complaint.id, FollowUp.cycle == cycle))
        .outerjoin(Rating, and_(Rating.complaint_id == Complaint.id, Rating.cycle == cycle))
        .where(Complaint.id == complaint_id)
    )
    return AfterEnd(*session.execute(query).one())


def continued_link(session: Session, rules: RuleBook, complaint_id: int) -> OriginalLink | None:
    """The complaint that goes on from this one, for its own customer; others learn nothing."""
    goes_on = Complaint.continues_id == complaint_id
    last = session.scalar(select(func.max(Complaint.id)).where(goes_on))
    if last is None:
        return None
    complaint = session.get_one(Complaint, complaint_id)
    row = session.execute(
        select(Complaint.id, Complaint.year, Complaint.follow_nonce).where(
            Complaint.id == last, told_by_the_same(complaint)
        )
    ).first()
    if row is None:
        return None
    return OriginalLink(rules.numbers.write(row.year, row.id), row.id, row.follow_nonce)


@dataclass(frozen=True, slots=True)
class Successions:
    """The number of the complaint that this one goes on from, and of what goes on from it."""

    continues: str | None = None
    continued_by: Sequence[str] = ()


def read_successions(session: Session, rules: RuleBook, complaint: Complaint) -> Successions:
    """From which complaint this one goes on, and which go on from it; one query."""
    is_meant = Complaint.continues_id == complaint.id
    if complaint.continues_id is not None:
        is_meant |= Complaint.id == complaint.continues_id
    query = select(Complaint.id, Complaint.year).where(is_meant).order_by(Complaint.id)
    numbers = {row.id: rules.numbers.write(row.year, row.id) for row in session.execute(query)}
    before = numbers.pop(complaint.continues_id or 0, None)
    return Successions(before, list(numbers.values()))


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer said after one closing, for whoever reads it here."""

    cycle: int
    answer: str | None
    text: str
    answered_at: datetime | None
    rating: Rating | None
    handler: str | None


def all_after_end(session: Session, complaint_id: int) -> list[Said]:
    """What the customer said after each closing, in order; two small queries."""
    follow_ups = {
        each.cycle: each
        for each in session.scalars(select(FollowUp).where(FollowUp.complaint_id == complaint_id))
    }
    rated = {
        row.Rating.cycle: row
        for row in session.execute(
            select(Rating, User.name.label("handler"))
            .outerjoin(User, User.id == Rating.handler_id)
            .where(Rating.complaint_id == complaint_id)
        )
    }
    return [
        Said(
            cycle,
            follow_ups[cycle].answer if cycle in follow_ups else None,
            follow_ups[cycle].text if cycle in follow_ups else "",
            follow_ups[cycle].at if cycle in follow_ups else None,
            rated[cycle].Rating if cycle in rated else None,
            rated[cycle].handler if cycle in rated else None,
        )
        for cycle in sorted({*follow_ups, *rated})
    ]
