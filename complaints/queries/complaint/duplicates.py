"""Which complaint a complaint repeats, and which ones repeat it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import Actor
from complaints.domain.words.exits import ExitKind
from complaints.models import Complaint, Exit
from complaints.queries.complaint.same_customer import same_customer, told_by_the_same
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

#: More of a customer's open complaints than these no form lists.
_MOST = 5


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The number of the original and why it is that, and the numbers of the duplicates."""

    original: str | None = None
    reason: str = ""
    repeated_by: Sequence[str] = ()


class Candidate(NamedTuple):
    """An open complaint of the same customer, of which another may be a duplicate."""

    number: str
    category: str | None
    received_at: datetime


class OriginalLink(NamedTuple):
    """What the page of a duplicate's customer says of the original.

    `id` and `nonce` make the original's own link, and are there only for its own customer.
    """

    number: str
    id: int | None = None
    nonce: str = ""


def candidates_for(
    session: Session, rules: RuleBook, complaint: Complaint, actor: Actor
) -> list[Candidate]:
    """The customer's other open complaints that this person may see, the newest first."""
    query = (
        select(Complaint.id, Complaint.year, Complaint.category, Complaint.received_at)
        .where(
            Complaint.customer_id.in_(same_customer(complaint.customer)),
            Complaint.id != complaint.id,
            Complaint.status.in_([each.value for each in OPEN]),
            in_scope(actor),
        )
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
        .limit(_MOST)
    )
    return [
        Candidate(rules.numbers.write(row.year, row.id), row.category, row.received_at)
        for row in session.execute(query)
    ]


def original_link(session: Session, rules: RuleBook, duplicate_id: int) -> OriginalLink:
    """The original for the page of a duplicate's customer; strangers learn its number only."""
    duplicate = session.get_one(Complaint, duplicate_id)
    row = session.execute(
        select(
            Complaint.id,
            Complaint.year,
            Complaint.follow_nonce,
            told_by_the_same(duplicate).label("is_own"),
        ).where(Complaint.id == duplicate.duplicate_of_id)
    ).one()
    number = rules.numbers.write(row.year, row.id)
    return OriginalLink(number, row.id, row.follow_nonce) if row.is_own else OriginalLink(number)


def read_duplicates(session: Session, rules: RuleBook, complaint: Complaint) -> Duplicates:
    """What a complaint repeats and what repeats it; one query, two for a duplicate."""
    original_id = complaint.duplicate_of_id
    is_meant = [Complaint.duplicate_of_id == complaint.id]
    if original_id is not None:
        is_meant.append(Complaint.id == original_id)
    query = select(Complaint.id, Complaint.year).where(or_(*is_meant)).order_by(Complaint.id)
    numbers = {row.id: rules.numbers.write(row.year, row.id) for row in session.execute(query)}
    original = numbers.pop(original_id, None) if original_id is not None else None
    reason = "" if original is None else _reason(session, complaint.id)
    return Duplicates(original, reason, list(numbers.values()))


def _reason(session: Session, complaint_id: int) -> str:
    query = (
        select(Exit.reason)
        .where(Exit.complaint_id == complaint_id, Exit.kind == ExitKind.DUPLICATE.value)
        .order_by(Exit.id.desc())
        .limit(1)
    )
    return session.scalar(query) or ""
