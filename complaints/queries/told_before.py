"""What somebody has told us lately with the same contact, in similar words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import Status
from complaints.domain.words.likeness import is_alike
from complaints.models import Complaint
from complaints.rulebook import RuleBook

#: What is told again after so long is a new complaint.
LATELY = timedelta(days=28)
#: So many complaints of one contact are read.
MOST = 20


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """A complaint that tells of the same thing, as it seems."""

    id: int
    number: str
    received_at: datetime
    follow_nonce: str


def find_told_before(
    session: Session,
    rules: RuleBook,
    story: str,
    *,
    email: str | None,
    at: datetime,
    phone: str | None = None,
    among: tuple[int, ...] | None = None,
    without: int | None = None,
) -> ToldBefore | None:
    """The latest complaint of the last weeks with this phone or address and a similar story.

    Phone and address as they are stored. With `among` only these complaints are looked at, and
    never the one that is `without`. What was withdrawn is not told any more. Whether whoever asks
    may know of it is for the caller to say: a contact alone is no right to it.
    """
    contacts: list[ColumnElement[bool]] = []
    if phone:
        contacts.append(Complaint.contact_phone == phone)
    if email:
        contacts.append(Complaint.contact_email == email)
    if not contacts or among == ():
        return None
    query = select(
        Complaint.id,
        Complaint.year,
        Complaint.story,
        Complaint.received_at,
        Complaint.follow_nonce,
    ).where(
        or_(*contacts),
        Complaint.received_at > at - LATELY,
        Complaint.status != Status.WITHDRAWN.value,
    )
    if among is not None:
        query = query.where(Complaint.id.in_(among))
    if without is not None:
        query = query.where(Complaint.id != without)
    for row in session.execute(query.order_by(Complaint.id.desc()).limit(MOST)):
        if is_alike(row.story, story):
            number = rules.numbers.write(row.year, row.id)
            return ToldBefore(row.id, number, row.received_at, row.follow_nonce)
    return None
