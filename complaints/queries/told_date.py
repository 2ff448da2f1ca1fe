"""The date told to the customer, where no clock runs for them."""

from sqlalchemy import ColumnElement, or_, select

from complaints.domain.lifecycle import Action
from complaints.models import Complaint, HistoryEntry

#: The acts that end a complaint.
_ENDS = [
    each.value
    for each in (Action.CLOSE, Action.REFER, Action.WITHDRAW, Action.MERGE, Action.RENAME)
]


def ended_after_told() -> ColumnElement[bool]:
    """Whether an ended complaint ended after the date told, or that it did was written down later.

    It decides where no clock runs for the customer; clocks note the moment of writing themselves.
    """
    promised = Complaint.promised_at
    is_written_later = (
        select(HistoryEntry.seq)
        .where(
            HistoryEntry.complaint_id == Complaint.id,
            HistoryEntry.at == Complaint.closed_at,
            HistoryEntry.what.in_(_ENDS),
            HistoryEntry.recorded_at.is_not(None),
            HistoryEntry.recorded_at > promised,
        )
        .correlate(Complaint)
        .exists()
    )
    return or_(Complaint.closed_at > promised, is_written_later)
