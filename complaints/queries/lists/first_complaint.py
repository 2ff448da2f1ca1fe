"""Whether there has ever been a complaint: until then a desk says how to begin."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Complaint


def is_any_complaint(session: Session) -> bool:
    """Whether any complaint is on record, of whatever branch."""
    return session.scalar(select(Complaint.id).limit(1)) is not None
