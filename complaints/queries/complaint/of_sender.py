"""Which complaint a message belongs to that names none: by who sent it."""

from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import OPEN
from complaints.models import ChannelMessage, Complaint, Customer

Numbered = tuple[int, int]


def find_message(session: Session, channel: str, external_id: str) -> tuple[str, Numbered] | None:
    """What a message that was handed in before became: action, id and year of its complaint."""
    query = (
        select(ChannelMessage.action, Complaint.id, Complaint.year)
        .join(Complaint, Complaint.id == ChannelMessage.complaint_id)
        .where(ChannelMessage.channel == channel, ChannelMessage.external_id == external_id)
    )
    row = session.execute(query).first()
    return None if row is None else (row.action, (row.id, row.year))


def complaint_of_sender(
    session: Session,
    *,
    mark: str,
    phone: str | None,
    email: str | None,
    ended_since: datetime,
    within: int | None = None,
) -> Numbered | None:
    """The complaint that a sender goes on with, as id and year; None for a new one.

    Who sent it is told by a telephone number, or else by an e-mail address. `within` is the one
    branch of which whoever hands it in may see complaints; None for every branch.

    1. the one that their last message went to, while it is open;
    2. else the only open one known by this telephone number or address;
    3. else, where none of theirs is open, the one that their last message went to, when it has
       ended at `ended_since` or later: a message names none, and what comes long after the end is
       as likely about something else.

    Which of several is meant nobody can tell, so that these words become a complaint of their own.
    """
    last = (
        select(ChannelMessage.complaint_id)
        .where(ChannelMessage.sender_mark == mark)
        .order_by(ChannelMessage.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    stages = [each.value for each in OPEN]
    is_open = Complaint.status.in_(stages)
    is_seen = true() if within is None else Complaint.branch_id == within
    latest = session.execute(
        select(Complaint.id, Complaint.year, Complaint.status, Complaint.closed_at).where(
            Complaint.id == last, is_seen
        )
    ).first()
    if latest is not None and latest.status in stages:
        return latest.id, latest.year
    found: set[Numbered] = set()
    told = Complaint.contact_phone == phone if phone else Complaint.contact_email == email
    known = Customer.phone == phone if phone else Customer.email == email
    for query in (
        select(Complaint.id, Complaint.year).where(told, is_open, is_seen),
        select(Complaint.id, Complaint.year)
        .join(Complaint.customer)
        .where(known, is_open, is_seen),
    ):
        found |= {(row.id, row.year) for row in session.execute(query.limit(2))}
    if found:
        return found.pop() if len(found) == 1 else None
    if latest is None or latest.closed_at is None or latest.closed_at < ended_since:
        return None
    return latest.id, latest.year
