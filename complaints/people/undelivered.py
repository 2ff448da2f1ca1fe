"""Who hears that a letter to a customer did not go: who wrote it, and who handles the complaint."""

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from complaints.models import Complaint, HistoryEntry
from complaints.outbox.on_the_way import Undelivered
from complaints.outbox.queue import notice_row, queue_notices
from complaints.people.reaching import reach
from complaints.people.staff import Assignment, Staff

#: Lines of history that one query asks for.
_AT_ONCE = 400


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
    author = authors_of(session, [(letter.key, letter.complaint_id)]).get(letter.key)
    reached = reach(Staff.read(session, letter.at), [handler, author], place)
    files = {"files": ", ".join(letter.files)} if letter.files else {}
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
                facts={"number": letter.number, **files, **reached.why(person)},
                at=letter.at,
            )
        )
    queue_notices(session, rows)


def authors_of(session: Session, letters: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Key → who wrote the letter, where a person did; letters are told by key and complaint.

    The key is the kind, the complaint, its line of history.
    """
    lines: dict[tuple[int, int], list[str]] = {}
    for key, complaint_id in letters:
        _, complaint, line, *_ = [*key.split(":"), "", ""]
        if complaint == str(complaint_id) and line.isdecimal():
            lines.setdefault((complaint_id, int(line)), []).append(key)
    found: dict[str, int] = {}
    places = list(lines)
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        query = select(HistoryEntry.complaint_id, HistoryEntry.seq, HistoryEntry.by_id).where(
            tuple_(HistoryEntry.complaint_id, HistoryEntry.seq).in_(some)
        )
        for complaint_id, seq, author in session.execute(query):
            if author is not None:
                found |= dict.fromkeys(lines[complaint_id, seq], author)
    return found
