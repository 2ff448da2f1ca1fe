"""The next complaint of a person's queue, offered once one has been worked on."""

from dataclasses import dataclass
from datetime import datetime

from complaints.queries.lists.own_queue import next_of_queue
from complaints.steps.case import Case
from complaints.web.frame.filters import due_left


@dataclass(frozen=True, slots=True)
class NextUp:
    """Its number, and how long there is still; no words where no clock runs."""

    number: str
    left: str


def next_up(case: Case, now: datetime) -> NextUp | None:
    """What to go on with after this complaint; None where nothing waits for this person."""
    row = next_of_queue(case.session, case.by, case.rules, besides=case.complaint.id, now=now)
    if row is None:
        return None
    return NextUp(row.number, due_left(row.standing) if row.standing is not None else "")
