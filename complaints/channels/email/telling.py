"""Who hears that a message waits to be sorted: whoever is in charge of the branch it came to."""

from datetime import datetime

from sqlalchemy.orm import Session

from complaints.models import InboundMessage
from complaints.outbox.queue import notice_row, queue_notices
from complaints.people.reaching import in_charge
from complaints.people.staff import Assignment, Staff
from complaints.queries.mail.belonging import known_notices


def tell_sorters(session: Session, row: InboundMessage, at: datetime) -> None:
    """Notify them on their pages, once an hour however much comes in."""
    assert row.branch_id is not None
    place = Assignment(row.branch_id, None, None, None)
    people = in_charge(Staff.read(session, at), place)
    rows = [
        notice_row(
            "mail_to_sort",
            f"mail_to_sort:{row.branch_id}:{at:%Y%m%d%H}:{person.id}",
            user_id=person.id,
            complaint_id=None,
            facts={},
            at=at,
        )
        for person in sorted(people, key=lambda each: each.id)
    ]
    known = known_notices(session, [each["key"] for each in rows])
    queue_notices(session, [each for each in rows if each["key"] not in known])
