"""A customer complains by themselves, and nobody of us has seen or heard them.

What they wrote is the story. Nothing that a member of staff has to have done (listened, read back,
apologised) is proven by it; the clocks run from this moment.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.clocks.changes import Clocks
from complaints.domain.deadlines import Kind
from complaints.domain.permissions import CUSTOMER
from complaints.queries.told_before import find_told_before
from complaints.rulebook import RuleBook
from complaints.steps.case import Case
from complaints.steps.notify import letter_to_customer, tell_people
from complaints.steps.receive import ComplaintGiven, receive_complaint


def complain(
    session: Session,
    rules: RuleBook,
    given: ComplaintGiven,
    *,
    at: datetime,
    is_answered: bool = True,
) -> Case:
    """Receive it, tell whoever has to give it to somebody, and write the customer that it is here.

    It is nobody's yet. The caller commits, and has `given` with `is_unchecked` unless its channel
    knows who writes; where it says so, the customer is not answered by itself.
    """
    case = receive_complaint(session, rules, given, by=CUSTOMER, at=at)
    tell_people(case, [None], "from_customer", facts={})
    if is_answered:
        tell_arrived(case)
    return case


def tell_arrived(case: Case) -> None:
    """Write that the complaint is here, by e-mail where an address was told; nothing is proven.

    What they typed does not stand in the letter: anybody can name anybody's address, and our
    letters would carry any text there.
    """
    letter_to_customer(case, "arrived", facts=_facts(case))


def _facts(case: Case) -> dict[str, Any]:
    complaint = case.complaint
    live = case.started or Clocks.of(case.session, case.rules, complaint, case.by.id).live
    ack = [each.due_at for each in live if each.kind == Kind.ACK]
    earlier = find_told_before(
        case.session,
        case.rules,
        complaint.story,
        # Only whoever reads the mailbox in which that one is written to reads of it here.
        email=complaint.contact_email,
        at=case.at,
        without=complaint.id,
    )
    return {
        "received_at": complaint.received_at.isoformat(),
        "read_by": min(ack).isoformat() if ack else None,
        "earlier": earlier.number if earlier else "",
        "earlier_at": earlier.received_at.isoformat() if earlier else None,
    }
