"""The customer writes to us on their own page: kept as theirs, and the handler hears of it."""

from datetime import timedelta

from sqlalchemy import select

from complaints.domain.customer_page.coming_back import WayBack
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.words.length import require_at_most
from complaints.domain.words.letter_state import OWN_PAGE
from complaints.models import Note
from complaints.steps.by_customer.come_back import CameBack, come_back, where_it_goes
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message

#: So many messages are read within the time; whoever has more to say is better off on the phone.
MOST_MESSAGES, WITHIN = 10, timedelta(hours=1)
LONGEST_TEXT = 5_000


def write_message(case: Case, *, text: str) -> CameBack:
    """Keep what the customer writes; the same words sent twice are one message.

    Any word of theirs ends a pause, and the handler hears that it did. After the end it opens the
    complaint again; when it is too late for that, it is kept on the complaint that goes on from
    this one, or begins it.
    """
    text = text.strip()
    require_at_most(text, LONGEST_TEXT, field="text")
    if not text:
        raise Invalid(N_("This field is empty. Please fill it in."), field="text")
    goes = where_it_goes(case)
    if goes.way is not WayBack.CONTINUES and is_known(goes.case, text):
        return CameBack(WayBack.CONTINUES if goes.is_elsewhere else WayBack.KEPT, goes.case)
    back = come_back(goes, text)
    if not back.is_begun:
        is_told = not back.is_reopened
        record_message(back.case, text=text, direction="in", method=OWN_PAGE, is_told=is_told)
    return back


def is_known(case: Case, text: str) -> bool:
    """Whether these words are the last that came; Refused where too many have within the hour."""
    complaint = case.complaint
    if complaint.continues_id is not None and complaint.story == text:
        return complaint.received_at > case.at - WITHIN
    query = (
        select(Note.text)
        .where(
            Note.complaint_id == complaint.id,
            Note.direction == "in",
            Note.method == OWN_PAGE,
            Note.at > case.at - WITHIN,
        )
        .order_by(Note.id.desc())
    )
    written = case.session.scalars(query).all()
    if written and written[0] == text:
        return True
    if len(written) >= MOST_MESSAGES:
        raise Refused(
            N_("You have written to us many times within the hour. Please wait, or call us."),
            field="text",
        )
    return False
