"""What happens to the letters of the demonstration: printed at the desk, or come back unread."""

from sqlalchemy import select

from complaints.models import OutboxMessage
from complaints.seed import words
from complaints.steps.case import Case
from complaints.steps.casework.letters import note_return, print_letter


def print_waiting(case: Case) -> None:
    """Print what was written on paper since the last time."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.complaint_id == case.complaint.id, OutboxMessage.state == "to_print"
    )
    for letter in case.session.scalars(query.order_by(OutboxMessage.id)).all():
        print_letter(case, letter=letter)


def last_letter_comes_back(case: Case) -> None:
    """The mailbox is full: the last letter that left by e-mail has not reached anybody."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.complaint_id == case.complaint.id,
        OutboxMessage.kind == "conversation",
        OutboxMessage.state == "sent",
    )
    letter = case.session.scalar(query.order_by(OutboxMessage.id.desc()).limit(1))
    assert letter is not None
    note_return(case, letter=letter, reason=words.MAILBOX_FULL)
