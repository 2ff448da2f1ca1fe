"""Money in the reports: what was asked above a limit and decided, and what each person gave.

By branch and person, for whoever puts a report together; a complaint counts where it lies now.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import case, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.approval import GIVEN
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Offer, User
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope


class ApprovalSum(NamedTuple):
    """Requests of one person to one person in one branch; amounts in whole units.

    `decider` is who decided, else who was asked. `bound` says which limit was exceeded; it is empty
    for requests from before the limits were told apart.
    """

    branch_id: int
    asker_id: int | None
    asker: str | None
    decider_id: int | None
    decider: str | None
    bound: str
    asked: int
    approved: int
    rejected: int
    #: Replaced by another offer before anybody decided.
    overtaken: int
    waiting: int
    amount_asked: int
    amount_approved: int
    asker_email: str | None = None
    decider_email: str | None = None


class GivenSum(NamedTuple):
    """What one person offered with an amount that stands, in one branch; whole units."""

    branch_id: int
    person_id: int | None
    person: str | None
    offers: int
    amount: int
    agreed: int
    amount_agreed: int
    email: str | None = None


def approval_sums(session: Session, actor: Actor, period: Period) -> Sequence[ApprovalSum]:
    """Requests made in the period within the actor's scope, by branch, asker, decider and limit."""
    asker, decider = aliased(User), aliased(User)
    is_overtaken = Offer.decided_by_id.is_(None) & (Offer.state == "replaced")
    query = _scoped(
        select(
            Complaint.branch_id,
            Offer.by_id,
            asker.name,
            DECIDER_ID,
            decider.name,
            Offer.bound,
            func.count(),
            _count(IS_APPROVED),
            _count(IS_REJECTED),
            _count(is_overtaken),
            _count(Offer.state == "waiting_approval"),
            func.sum(Offer.amount),
            func.coalesce(func.sum(case((IS_APPROVED, Offer.amount), else_=0)), 0),
            asker.email,
            decider.email,
        )
        .join(Complaint, Complaint.id == Offer.complaint_id)
        .outerjoin(asker, asker.id == Offer.by_id)
        .outerjoin(decider, decider.id == DECIDER_ID),
        actor,
        period,
    )
    query = query.where(Offer.amount > literal_column("0"), IS_REQUEST).group_by(
        Complaint.branch_id, Offer.by_id, asker.name, DECIDER_ID, decider.name, Offer.bound
    )
    query = query.group_by(asker.email, decider.email)
    found = [ApprovalSum(*row) for row in session.execute(query)]
    return sorted(found, key=lambda each: (each.branch_id, -each.amount_asked, each.asker_id or 0))


def given_sums(session: Session, actor: Actor, period: Period) -> Sequence[GivenSum]:
    """What was offered with an amount in the period and stands, by branch and person."""
    query = _scoped(
        select(
            Complaint.branch_id,
            Offer.by_id,
            User.name,
            func.count(),
            func.sum(Offer.amount),
            _count(IS_AGREED),
            func.coalesce(func.sum(case((IS_AGREED, Offer.amount), else_=0)), 0),
            User.email,
        )
        .join(Complaint, Complaint.id == Offer.complaint_id)
        .outerjoin(User, User.id == Offer.by_id),
        actor,
        period,
    )
    query = query.where(Offer.amount > literal_column("0"), IS_GIVEN).group_by(
        Complaint.branch_id, Offer.by_id, User.name, User.email
    )
    found = [GivenSum(*row) for row in session.execute(query)]
    return sorted(found, key=lambda each: (each.branch_id, -each.amount, each.person_id or 0))


#: What was asked above a limit; offers of earlier versions name only who decided.
IS_REQUEST = or_(
    Offer.approver_id.is_not(None),
    Offer.decided_by_id.is_not(None),
    Offer.state == "waiting_approval",
)
#: Who decided, else who was asked.
DECIDER_ID = func.coalesce(Offer.decided_by_id, Offer.approver_id)
IS_APPROVED = Offer.decided_by_id.is_not(None) & (Offer.state != "rejected")
IS_REJECTED = Offer.state == "rejected"
#: What went to a customer and was not taken back.
IS_GIVEN = Offer.state.in_(GIVEN)
IS_AGREED = Offer.state == "accepted"


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _scoped(query: Any, actor: Actor, period: Period) -> Any:
    return query.where(period.holds(Offer.at), in_scope(actor))
