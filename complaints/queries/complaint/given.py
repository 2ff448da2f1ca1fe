"""The money of one complaint and of its customer: what was offered, by whom, on whose word.

Rules ask for the sums before an amount is offered; the page and the API show the rows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, and_, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from complaints.domain.approval import GIVEN, Rejection, Standing
from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.config.authority import Authority
from complaints.models import Answer, Branch, Commitment, Complaint, Offer, User
from complaints.queries.complaint.same_customer import contacts_of, who_receives

#: More rows than these nobody weighs; the sums count all of them.
MOST_ROWS = 50


class GivenRow(NamedTuple):
    """An offer as the ledger of a complaint or of a customer shows it."""

    id: int
    complaint_id: int
    year: int
    branch: str
    cycle: int
    remedy: str
    #: Whole units.
    amount: int
    state: str
    at: datetime
    by: str | None
    decided_by: str | None
    granted_at: datetime | None
    #: When the customer accepted it, and who took the answer.
    agreed_at: datetime | None
    agreed_by: str | None
    description: str
    alternative_to_id: int | None
    #: Who was asked to approve it, and which limit it exceeded.
    approver: str | None
    bound: str
    decided_at: datetime | None
    decision_reason: str
    #: When it has to be delivered; when, by whom and by which transfer or order it was.
    deliver_by: datetime | None
    delivered_at: datetime | None
    delivered_by: str | None
    reference: str | None

    @property
    def is_given(self) -> bool:
        """Whether the amount counts as given."""
        return self.state in GIVEN


def customer_since(authority: Authority, now: datetime) -> datetime:
    """From when on an amount counts in the customer's sum."""
    return now - timedelta(days=authority.sums.customer_days)


def _with_receiver(complaint: Complaint) -> CompoundSelect[int]:
    """The ids of the complaints of whoever is given something on this one.

    A complaint that is moved to another record keeps the contacts told of it, and counts with those
    that were told the same.
    """
    phones, addresses = contacts_of(complaint)
    ids = select(Complaint.id)
    # Each part has an index, which an OR of them has not on PostgreSQL.
    return union(
        ids.where(Complaint.customer_id.in_(who_receives(complaint))),
        ids.where(Complaint.contact_phone.in_(sorted(phones))),
        ids.where(Complaint.contact_email.in_(sorted(addresses))),
    )


def standing_of(
    session: Session, complaint: Complaint, *, since: datetime, without: Collection[int] = ()
) -> Standing:
    """What stands beside a new amount; offers in `without` are about to be replaced by it."""
    own = session.execute(
        select(Offer.id, Offer.state, Offer.amount, Offer.decided_by_id).where(
            Offer.complaint_id.in_(_with_duplicates(complaint)), Offer.amount > 0
        )
    ).all()
    return Standing(
        on_complaint=sum(
            each.amount for each in own if each.state in GIVEN and each.id not in without
        ),
        to_customer=_sum_of_customer(session, complaint, since, without),
        rejected=[
            Rejection(each.amount, each.decided_by_id) for each in own if each.state == "rejected"
        ],
    )


def offers_on_complaint(session: Session, complaint_id: int) -> Sequence[GivenRow]:
    """Every offer made on a complaint, over all its cycles, in the order made."""
    query = _ROWS.where(Offer.complaint_id == complaint_id).order_by(Offer.id, Commitment.id)
    return _once(session.execute(query))


def given_to_customer(
    session: Session, complaint: Complaint, *, since: datetime
) -> Sequence[GivenRow]:
    """What counts in the customer's sum on other complaints, newest first, in any branch."""
    query = (
        _ROWS.where(
            Offer.complaint_id.in_(_with_receiver(complaint)),
            Offer.complaint_id != complaint.id,
            Offer.state.in_(GIVEN),
            Offer.granted_at >= since,
            Offer.amount > 0,
        )
        .order_by(Offer.granted_at.desc(), Offer.id.desc())
        .limit(MOST_ROWS)
    )
    return _once(session.execute(query))


def _with_duplicates(complaint: Complaint) -> Select[int]:
    """The ids of the complaint, of what it repeats, and of whatever repeats the same."""
    first = complaint.duplicate_of_id or complaint.id
    return select(Complaint.id).where(
        or_(Complaint.id == first, Complaint.duplicate_of_id == first)
    )


def _once(rows: Iterable[Any]) -> list[GivenRow]:
    """Each offer once; of several deliveries the latest one tells."""
    return list({row.id: GivenRow(*row) for row in rows}.values())


def _sum_of_customer(
    session: Session, complaint: Complaint, since: datetime, without: Collection[int]
) -> int:
    query = select(func.coalesce(func.sum(Offer.amount), 0)).where(
        Offer.complaint_id.in_(_with_receiver(complaint)),
        Offer.state.in_(GIVEN),
        Offer.granted_at >= since,
        Offer.id.not_in(without),
    )
    return int(session.scalar(query) or 0)


def _rows() -> Any:
    asker, decider, taker, asked = aliased(User), aliased(User), aliased(User), aliased(User)
    deliverer = aliased(User)
    is_delivery = and_(
        Commitment.offer_id == Offer.id,
        # A complaint's commitments have an index, an offer's do not.
        Commitment.complaint_id == Offer.complaint_id,
        Commitment.kind == CommitmentKind.DELIVERY.value,
        Commitment.dropped_at.is_(None),
    )
    return (
        select(
            Offer.id,
            Offer.complaint_id,
            Complaint.year,
            Branch.name.label("branch"),
            Offer.cycle,
            Offer.remedy,
            Offer.amount,
            Offer.state,
            Offer.at,
            asker.name.label("by"),
            decider.name.label("decided_by"),
            Offer.granted_at,
            Answer.at.label("agreed_at"),
            taker.name.label("agreed_by"),
            Offer.description,
            Offer.alternative_to_id,
            asked.name.label("approver"),
            Offer.bound,
            Offer.decided_at,
            Offer.decision_reason,
            Commitment.due_at,
            Commitment.done_at,
            deliverer.name.label("delivered_by"),
            Commitment.reference,
        )
        .join(Complaint, Complaint.id == Offer.complaint_id)
        .join(Branch, Branch.id == Complaint.branch_id)
        .outerjoin(asker, asker.id == Offer.by_id)
        .outerjoin(decider, decider.id == Offer.decided_by_id)
        .outerjoin(Answer, (Answer.offer_id == Offer.id) & (Answer.answer == "accepted"))
        .outerjoin(taker, taker.id == Answer.by_id)
        .outerjoin(asked, asked.id == Offer.approver_id)
        .outerjoin(Commitment, is_delivery)
        .outerjoin(deliverer, deliverer.id == Commitment.done_by_id)
    )


_ROWS = _rows()


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was offered on a complaint, what its customer was given beside it, and the sums."""

    own: Sequence[GivenRow]
    others: Sequence[GivenRow]
    on_complaint: int
    to_customer: int
    days: int

    @property
    def agreed(self) -> int:
        """What the customer has accepted on this complaint."""
        return sum(each.amount for each in self.own if each.state == "accepted")

    @property
    def delivered(self) -> int:
        """What of it is known to have reached the customer."""
        return sum(each.amount for each in self.own if each.delivered_at is not None)

    @property
    def amounts(self) -> list[GivenRow]:
        """The complaint's own offers of money."""
        return [each for each in self.own if each.amount]


def read_ledger(
    session: Session, authority: Authority, complaint: Complaint, *, now: datetime
) -> Ledger:
    """The rows and sums that somebody who decides on an amount has in sight (four queries)."""
    since = customer_since(authority, now)
    standing = standing_of(session, complaint, since=since)
    return Ledger(
        own=offers_on_complaint(session, complaint.id),
        others=given_to_customer(session, complaint, since=since),
        on_complaint=standing.on_complaint,
        to_customer=standing.to_customer,
        days=authority.sums.customer_days,
    )
