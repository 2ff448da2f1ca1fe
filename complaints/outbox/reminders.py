"""Letters that tell colleagues of a clock: their keys, and when they are no longer true."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import DeadlineState
from complaints.models import Complaint, Deadline, OutboxMessage

_HEAD = "deadline"


def reminder_key(deadline_id: int, rung: str, due_at: datetime, person_id: int) -> str:
    """One per clock, rung, due time and person; whoever missed a moved date hears of that too."""
    return f"{_HEAD}:{deadline_id}:{rung}:{int(due_at.timestamp())}:{person_id}"


def is_outdated(session: Session, message: OutboxMessage) -> bool:
    """Whether a letter reminds of what was done, dropped, moved or paused since it was written.

    One that names several clocks is true as long as the complaint is open.
    """
    head, *parts = message.key.split(":")
    if message.kind != "notice" or head != _HEAD or len(parts) < 4:
        return False
    query = (
        select(Deadline.ended_at, Deadline.due_at, Deadline.state, Complaint.closed_at)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(Deadline.id == int(parts[0]))
    )
    clock = session.execute(query).first()
    if clock is None:
        return False
    is_over = (
        clock.ended_at is not None
        or clock.state == DeadlineState.PAUSED.value
        or int(clock.due_at.timestamp()) != int(parts[-2])
    )
    return is_over and (not message.facts.get("others") or clock.closed_at is not None)
