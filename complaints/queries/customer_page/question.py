"""What we have asked a customer in a letter, as long as they have not written since."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.words.letter_state import LetterState
from complaints.models import Complaint, Note, OutboxMessage
from complaints.queries.complaint.silence import state_of

#: The kind of letter that asks.
KIND = "question"

#: Whether a complaint, asked of its row, was ever asked something.
WAS_ASKED = (
    select(OutboxMessage.id)
    .where(OutboxMessage.complaint_id == Complaint.id, OutboxMessage.kind == KIND)
    .exists()
    .label("was_asked")
)


def open_question(session: Session, complaint_id: int) -> str:
    """The words of the last question that has reached the customer; empty once they have written.

    A letter whose words are kept no longer asks nothing.
    """
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.complaint_id == complaint_id, OutboxMessage.kind == KIND)
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
    letter = session.scalar(query)
    if letter is None or state_of(letter) is not LetterState.LEFT:
        return ""
    wrote = select(func.max(Note.at)).where(
        Note.complaint_id == complaint_id, Note.direction == "in"
    )
    last = session.scalar(wrote)
    is_answered = last is not None and last >= letter.created_at
    return "" if is_answered else str(letter.facts.get("text") or "")
