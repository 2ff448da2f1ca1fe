"""Who is to be told next, and which complaints of one customer are told together."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.incidents.rules import Telling
from complaints.domain.lifecycle import OPEN
from complaints.models import Complaint, IncidentTelling, OutboxMessage
from complaints.queries.complaint.same_customer import told_by_the_same
from complaints.queries.paging import at_most
from complaints.rulebook import RuleBook


class Together(NamedTuple):
    """Another complaint of the same customer; `is_told` where its letter was written."""

    id: int
    year: int
    is_told: bool


def waiting_tellings(
    session: Session, *, now: datetime, limit: int, message_id: int | None = None
) -> Sequence[int]:
    """The ids of those whose turn it is, the longest waiting first."""
    query = select(IncidentTelling.id).where(
        IncidentTelling.state == Telling.WAITING.value, IncidentTelling.next_try_at <= now
    )
    if message_id is not None:
        query = query.where(IncidentTelling.message_id == message_id)
    query = query.order_by(IncidentTelling.next_try_at, IncidentTelling.id)
    return session.scalars(query.limit(at_most(limit))).all()


def told_together(session: Session, message_id: int, complaint: Complaint) -> list[Together]:
    """The customer's other complaints that the same words are for, at the same address.

    Those that have their letter come first.
    """
    if not complaint.contact_email:
        return []
    is_told = IncidentTelling.state == Telling.TOLD.value
    query = (
        select(Complaint.id, Complaint.year, is_told.label("is_told"))
        .join(IncidentTelling, IncidentTelling.complaint_id == Complaint.id)
        .where(
            IncidentTelling.message_id == message_id,
            IncidentTelling.state.in_([Telling.WAITING.value, Telling.TOLD.value]),
            Complaint.id != complaint.id,
            Complaint.status.in_([each.value for each in OPEN]),
            func.lower(Complaint.contact_email) == complaint.contact_email.lower(),
            told_by_the_same(complaint),
        )
        .order_by(is_told.desc(), Complaint.id)
        .limit(at_most(20))
    )
    return [Together(row.id, row.year, bool(row.is_told)) for row in session.execute(query)]


def letter_names(session: Session, key: str, number: str) -> bool:
    """Whether the letter with this key names a further complaint; no longer known, it does not."""
    facts = session.scalar(select(OutboxMessage.facts).where(OutboxMessage.key == key))
    return number in (facts or {}).get("together", ())


def number_to_tell(session: Session, rules: RuleBook, complaint_id: int) -> str:
    """The number of a complaint whose customer is to be told."""
    year = session.scalars(select(Complaint.year).where(Complaint.id == complaint_id)).one()
    return rules.numbers.write(year, complaint_id)
