"""What is known of a customer that may change the handling (020-2.3): shown, and kept as it was.

What nobody has stated (a contract, arrears) is not guessed.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import OPEN
from complaints.models import Complaint, CustomerFact
from complaints.models.customer import FACTS

#: So many complaints of one kind at one branch within a day look like an incident.
INCIDENT_HOURS = 24


@dataclass(frozen=True, slots=True)
class Condition:
    """The customer's condition at a moment; `same_matter` are earlier ones of the same category.

    `since`, `contract`, `arrears` and `notes` are what was stated of them, `as_of` by when: a fact
    that nobody has stated is None, or empty, and has no date. `around` counts complaints of other
    customers of this category at the branch in the last INCIDENT_HOURS, `products` are those that
    any complaint of theirs was about.
    """

    tier: str
    needs: list[str]
    language: str
    known_since: str
    since: str | None
    contract: list[str]
    arrears: int | None
    notes: str
    as_of: dict[str, str]
    products: list[str]
    open_complaints: int
    earlier_complaints: int
    complaints_30_days: int
    complaints_90_days: int
    same_matter: int
    around: int

    def snapshot(self) -> dict[str, Any]:
        """As it is kept with the record."""
        return asdict(self)


def read_condition(session: Session, complaint: Complaint, at: datetime) -> Condition:
    """Read it in four queries; the complaint itself is counted nowhere.

    Customers without any contact cannot be told apart, so nothing earlier is said of them.
    """
    customer = complaint.customer
    is_known = bool(customer.number or customer.phone or customer.email)
    others = (
        Complaint.customer_id == customer.id,
        Complaint.id != complaint.id,
        *(() if is_known else (Complaint.id.is_(None),)),
    )

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(when((condition, 1)))

    row = session.execute(
        select(
            func.count().label("all"),
            counted(Complaint.status.in_([each.value for each in OPEN])).label("open"),
            counted(Complaint.received_at >= at - timedelta(days=30)).label("in_30_days"),
            counted(Complaint.received_at >= at - timedelta(days=90)).label("in_90_days"),
            counted(Complaint.category == complaint.category).label("same_matter"),
        ).where(*others)
    ).one()
    products = session.scalars(
        select(Complaint.product).where(*others, Complaint.product != "").distinct()
    )
    return Condition(
        tier=customer.tier,
        needs=list(customer.needs),
        language=customer.language,
        known_since=customer.created_at.isoformat(),
        since=customer.since.isoformat() if customer.since else None,
        contract=list(customer.products),
        arrears=customer.arrears,
        notes=customer.notes,
        as_of=_as_of(session, customer.id),
        products=sorted({*products, *([complaint.product] if complaint.product else [])}),
        open_complaints=row.open,
        earlier_complaints=row.all - row.open,
        complaints_30_days=row.in_30_days,
        complaints_90_days=row.in_90_days,
        same_matter=row.same_matter,
        around=_around(session, complaint, at),
    )


def _as_of(session: Session, customer_id: int) -> dict[str, str]:
    """Fact → when it was stated last."""
    rows = session.execute(
        select(CustomerFact.fact, func.max(CustomerFact.at).label("at"))
        .where(CustomerFact.customer_id == customer_id, CustomerFact.fact.in_(FACTS))
        .group_by(CustomerFact.fact)
    )
    return {row.fact: row.at.isoformat() for row in rows}


def _around(session: Session, complaint: Complaint, at: datetime) -> int:
    """Complaints of others of the same kind, at the same branch, a short while ago."""
    if complaint.category is None:
        return 0
    query = select(func.count()).where(
        Complaint.branch_id == complaint.branch_id,
        Complaint.received_at >= at - timedelta(hours=INCIDENT_HOURS),
        Complaint.category == complaint.category,
        Complaint.customer_id != complaint.customer_id,
    )
    return session.scalar(query) or 0
