"""What comes by e-mail: customers' words are theirs, a machine's are a line among colleagues."""

from dataclasses import dataclass

from complaints.domain.lifecycle import Action
from complaints.domain.mail.quoting import fold_quoted
from complaints.models import Note
from complaints.steps.advance import advance
from complaints.steps.by_customer.come_back import come_back, where_it_goes
from complaints.steps.case import Case
from complaints.steps.casework.converse import MAX_TEXT, record_message

#: The channel, and the means, of what came by e-mail.
EMAIL = "email"
#: The means of what a machine wrote.
AUTOMATIC = "automatic"
_CUT = "\n[…]"


@dataclass(frozen=True, slots=True)
class Written:
    """Where the customer's words are: on this complaint, as this message or as its story."""

    case: Case
    note: Note | None


def write_by_mail(case: Case, *, text: str, address: str) -> Written:
    """Keep what the customer wrote by e-mail; any word of theirs ends a pause.

    Whoever has one of our letters may answer it, from their office for instance: the history says
    where `address`, in small letters, is none on file, and not which it is.

    After the end it opens the complaint again; when it is too late for that, it goes to the
    complaint that goes on from this one, or begins it. More than a message holds is cut; the whole
    of it stays with the message as it came.
    """
    reason = fold_quoted(text).own.strip()
    back = come_back(where_it_goes(case), text, reason=reason, channel=EMAIL, source=EMAIL)
    if back.is_begun:
        return Written(back.case, None)
    note = record_message(
        back.case,
        text=shortened(text),
        direction="in",
        method=EMAIL,
        is_told=not back.is_reopened,
        is_elsewhere=address not in _on_file(back.case),
    )
    return Written(back.case, note)


def _on_file(case: Case) -> set[str]:
    told = (case.complaint.contact_email, case.complaint.customer.email)
    return {each.lower() for each in told if each}


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


def shortened(text: str, most: int = MAX_TEXT) -> str:
    """A text as long as it may be, of a message where nothing else is said."""
    text = text.strip()
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT
