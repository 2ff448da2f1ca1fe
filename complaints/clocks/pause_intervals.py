"""When a complaint's clocks stood still: the pauses that are over, and the one it is in.

A clock that starts late, or in the middle of a pause, asks here; nothing is changed.
"""

from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.ledger import EntryKind
from complaints.domain.lifecycle import Action
from complaints.models import Complaint, HistoryEntry
from complaints.queries.engine.running_clocks import pauses_of_cases


class Stop(NamedTuple):
    """The begin of a pause, until when it may last, and what is waited for."""

    at: datetime
    until: datetime | None
    reason: str


def stops_of(session: Session, complaint: Complaint) -> list[tuple[Stop, datetime | None]]:
    """The pauses of the present cycle with their ends, oldest first; the last may not have ended.

    The history tells the present one even when no clock could stand still, all of them being late.
    """
    known = pauses_of_cases(session, [complaint.id]).get(complaint.id, [])
    stops: list[tuple[Stop, datetime | None]] = [
        (Stop(begin.entry.at, begin.entry.until, begin.reason), end.entry.at)
        for begin, end in pairwise(known)
        if begin.entry.what is EntryKind.PAUSE
    ]
    present = present_pause(session, complaint.id) if complaint.waiting_customer else None
    return [*stops, (present, None)] if present is not None else stops


def present_pause(session: Session, complaint_id: int) -> Stop | None:
    """The latest pause of a complaint, as its history tells it; None when there never was one."""
    query = (
        select(HistoryEntry.at, HistoryEntry.detail)
        .where(HistoryEntry.complaint_id == complaint_id, HistoryEntry.what == Action.PAUSE.value)
        .order_by(HistoryEntry.seq.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    until = datetime.fromisoformat(row.detail["until"])
    return Stop(row.at, until, str(row.detail["reason"]))
