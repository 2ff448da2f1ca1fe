"""Who hears of a message: of one to sort, whoever is in charge of the branch it came to.

Of one that names mailboxes of several branches, whoever is in charge of the others.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from complaints.channels.email.arrival import Arrival
from complaints.models import Complaint, InboundMessage
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


def tell_other_branches(arrival: Arrival, complaint_id: int) -> None:
    """Notify the branches whose mailboxes the message names as well that it is seen to, and where.

    They read number and branch and nothing of the message, which may not be theirs to see; once for
    a complaint, however many messages go to and fro.
    """
    rules, session = arrival.rules, arrival.session
    named = {
        rules.branches_by_code[code].id if code else rules.default_branch.id
        for code in rules.mailboxes.branches_of(arrival.mail.recipients)
        if not code or code in rules.branches_by_code
    }
    if len(named) < 2:
        return
    complaint = session.get_one(Complaint, complaint_id)
    facts = {
        "number": rules.numbers.write(complaint.year, complaint.id),
        "branch": rules.branches[complaint.branch_id].name,
    }
    staff = Staff.read(session, arrival.at)
    rows = [
        notice_row(
            "mail_elsewhere",
            f"mail_elsewhere:{complaint_id}:{branch_id}:{person.id}",
            user_id=person.id,
            complaint_id=None,
            facts=facts,
            at=arrival.at,
        )
        for branch_id in sorted(named - {complaint.branch_id})
        for person in in_charge(staff, Assignment(branch_id, None, None, None))
    ]
    known = known_notices(session, [each["key"] for each in rows])
    queue_notices(session, [each for each in rows if each["key"] not in known])
