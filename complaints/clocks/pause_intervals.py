"""When a complaint's clocks stood still: the pauses that are over, and the one it is in.

A clock that starts late, or in the middle of a pause, asks here; nothing is changed.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.ledger import EntryKind
from complaints.domain.lifecycle import Action
from complaints.models import Complaint, HistoryEntry
from complaints.queries.engine.running_clocks import pauses_of_cases


@dataclass(frozen=True, slots=True)
class PauseInterval:
    """A pause: since when, until when it may last, what is waited for, and when it ended."""

    at: datetime
    until: datetime | None
    reason: str
    ended_at: datetime | None = None


def pauses_of(session: Session, complaint: Complaint) -> list[PauseInterval]:
    """The pauses of the present cycle, oldest first; the last may not have ended.

    The history tells the present one even when no clock could stand still, all of them being late.
    """
    known = pauses_of_cases(session, [complaint.id]).get(complaint.id, [])
    over = [
        PauseInterval(begin.at, begin.until, begin.reason, end.at)
        for begin, end in pairwise(known)
        if begin.what is EntryKind.PAUSE
    ]
    present = present_pause(session, complaint.id) if complaint.waiting_customer else None
    return [*over, present] if present is not None else over


def present_pause(session: Session, complaint_id: int) -> PauseInterval | None:
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
    return PauseInterval(row.at, until, str(row.detail["reason"]))
