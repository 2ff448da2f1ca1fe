"""What comes by e-mail: customers' words are theirs, a machine's are a line among colleagues."""

from complaints.domain.lifecycle import Action
from complaints.models import Note
from complaints.people.signers import handler_of
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.casework.converse import MAX_TEXT, record_message
from complaints.steps.notify import tell_people

#: The means of what a machine wrote.
AUTOMATIC = "automatic"
_CUT = "\n[…]"


def write_by_mail(case: Case, *, text: str) -> None:
    """Keep what the customer wrote by e-mail; any word of theirs ends a pause.

    More than a message holds is cut; the whole of it stays with the message as it came.
    """
    record_message(case, text=shortened(text), direction="in", method="email")
    if case.complaint.handler_id is None:
        tell_people(case, [handler_of(case.complaint)], "customer_wrote", facts={})


def keep_automatic(case: Case, *, text: str, mail: int) -> None:
    """Keep what a machine wrote, marked as such: no clock, pause or status hears of it."""
    case.session.add(
        Note(
            complaint_id=case.complaint.id,
            direction="internal",
            text=shortened(text),
            method=AUTOMATIC,
            at=case.at,
            by_id=None,
            by_name=case.by.name,
        )
    )
    advance(case, Action.NOTE, detail={"automatic": True, "mail": mail})


def shortened(text: str) -> str:
    """A text as long as a message may be."""
    text = text.strip()
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT
