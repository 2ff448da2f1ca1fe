"""Who hears that a letter to a customer did not go: who wrote it, and who handles the complaint."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Complaint, HistoryEntry
from complaints.outbox.deliver import Undelivered
from complaints.outbox.queue import notice_row, queue_notices
from complaints.people.reaching import reach
from complaints.people.staff import Assignment, Staff


def tell_undelivered(session: Session, letter: Undelivered) -> None:
    """Notify them on their pages, or whoever stands in for them; once for each letter and kind."""
    complaint = session.execute(
        select(
            Complaint.branch_id,
            Complaint.team_id,
            Complaint.handler_id,
            Complaint.received_by_id,
        ).where(Complaint.id == letter.complaint_id)
    ).one()
    place = Assignment(*complaint)
    handler = complaint.handler_id or complaint.received_by_id
    reached = reach(Staff.read(session, letter.at), [handler, *_author(session, letter)], place)
    rows = []
    for person in sorted(reached.people.values(), key=lambda each: each.id):
        # A letter that was sent again by hand may be lost again.
        key = f"{letter.kind}:{letter.message_id}:{int(letter.at.timestamp())}:{person.id}"
        rows.append(
            notice_row(
                letter.kind,
                key,
                user_id=person.id,
                complaint_id=letter.complaint_id,
                facts={"number": letter.number, **reached.why(person)},
                at=letter.at,
            )
        )
    queue_notices(session, rows)


def _author(session: Session, letter: Undelivered) -> list[int]:
    """Who wrote it, where a person did: the key is the kind, the complaint, its line of history."""
    _, complaint, line, *_ = [*letter.key.split(":"), "", ""]
    if complaint != str(letter.complaint_id) or not line.isdecimal():
        return []
    by_id = session.scalar(
        select(HistoryEntry.by_id).where(
            HistoryEntry.complaint_id == letter.complaint_id, HistoryEntry.seq == int(line)
        )
    )
    return [] if by_id is None else [by_id]
