"""Requests for an approval that lie with somebody who is away or has left."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, literal_column, or_, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import OPEN
from complaints.models import Absence, Complaint, Offer, User


class Stranded(NamedTuple):
    """The complaint on which a request waits."""

    complaint_id: int
    year: int


def stranded_requests(session: Session, at: datetime) -> Sequence[Stranded]:
    """Open complaints with an offer that waits for somebody who cannot decide now."""
    is_away = exists().where(
        Absence.user_id == Offer.approver_id, Absence.from_at <= at, Absence.until_at > at
    )
    query = (
        select(Complaint.id, Complaint.year)
        .join(Offer, Offer.complaint_id == Complaint.id)
        .join(User, User.id == Offer.approver_id)
        .where(
            # Written out, so that the index of waiting offers is used.
            Offer.state == literal_column("'waiting_approval'"),
            Offer.cycle == Complaint.cycle,
            Complaint.status.in_([each.value for each in OPEN]),
            or_(User.is_active.is_(False), is_away),
        )
        .order_by(Complaint.id)
    )
    return [Stranded(*row) for row in session.execute(query)]
