"""Whether it is our turn with a summary that was put to the customer: they have corrected it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import Action
from complaints.models import HistoryEntry


def is_corrected(session: Session, complaint_id: int) -> bool:
    """Whether the customer said what has to be corrected since the summary was put to them."""
    query = select(HistoryEntry.what, HistoryEntry.detail).where(
        HistoryEntry.complaint_id == complaint_id,
        HistoryEntry.what.in_([Action.CONFIRM.value, Action.MESSAGE.value]),
    )
    for entry in session.execute(query.order_by(HistoryEntry.seq.desc()).limit(50)):
        if entry.what == Action.CONFIRM.value:
            return False
        if entry.detail.get("corrects"):
            return True
    return False
