"""The customer writes to us on their own page: kept as theirs, and the handler hears of it."""

from datetime import timedelta

from sqlalchemy import select

from complaints.domain.errors import N_, Refused
from complaints.domain.words.length import require_at_most
from complaints.domain.words.letter_state import OWN_PAGE
from complaints.models import Note
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message

#: So many messages are read within the time; whoever has more to say is better off on the phone.
MOST_MESSAGES, WITHIN = 10, timedelta(hours=1)
LONGEST_TEXT = 5_000


def write_message(case: Case, *, text: str) -> None:
    """Keep what the customer writes; the same words sent twice are one message.

    Any word of theirs ends a pause, and the handler hears that it did.
    """
    text = text.strip()
    require_at_most(text, LONGEST_TEXT, field="text")
    query = (
        select(Note.text)
        .where(
            Note.complaint_id == case.complaint.id,
            Note.direction == "in",
            Note.method == OWN_PAGE,
            Note.at > case.at - WITHIN,
        )
        .order_by(Note.id.desc())
    )
    written = case.session.scalars(query).all()
    if written and written[0] == text:
        return
    if len(written) >= MOST_MESSAGES:
        raise Refused(
            N_("You have written to us many times within the hour. Please wait, or call us."),
            field="text",
        )
    record_message(case, text=text, direction="in", method=OWN_PAGE)
