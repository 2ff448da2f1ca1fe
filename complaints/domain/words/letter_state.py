"""Where a letter to the customer stands that carries the words of a record."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from complaints.domain.errors import N_

#: By these means the programme itself writes to the customer; by all others somebody speaks.
WRITTEN = ("email", "letter")

#: These means leave something in writing with whoever gets it, and nobody hears an answer to it.
IN_WRITING = (*WRITTEN, "message")

#: The means of what the customer did themselves on their own page.
OWN_PAGE = "page"


class LetterState(StrEnum):
    """Where a letter stands that carries the words of a record."""

    QUEUED = "queued"
    TO_PRINT = "to_print"
    LEFT = "left"
    FAILED = "failed"
    BOUNCED = "bounced"
    REPLACED = "replaced"


#: What stands as the last error of a letter while a worker has it in hand.
LEAVING = "leaving"
#: Stands beside it, and beside what comes after, once a hand-over ended without an answer.
MAY_HAVE_LEFT = "an earlier copy may have arrived"

#: What the outbox calls it → where it stands.
LETTER_STATES: dict[str, LetterState] = {
    "queued": LetterState.QUEUED,
    "to_print": LetterState.TO_PRINT,
    "sent": LetterState.LEFT,
    "failed": LetterState.FAILED,
    "bounced": LetterState.BOUNCED,
    "replaced": LetterState.REPLACED,
}

#: It will leave by itself, or as soon as somebody prints it.
ON_ITS_WAY = (LetterState.QUEUED, LetterState.TO_PRINT)

#: What the letter is called that carries the words of a criterion, within a sentence.
LETTER_NAMES: dict[str, str] = {
    "020-1.2": N_("the letter that confirms the complaint"),
    "020-1.3": N_("the letter of apology"),
    "020-1.4": N_("the letter with the steps"),
    "020-1.5": N_("the letter with the deadline"),
    "020-3.1": N_("the second letter of apology"),
    "020-3.2": N_("the letter that explains the cause"),
    "020-3.3": N_("the offer letter"),
    "020-3.5": N_("the letter with the alternative"),
    "020-3.6": N_("the letter of thanks"),
    "020-3.7": N_("the letter with the service standard"),
}

#: Why a letter does not prove anything yet, and what to do.
UNSENT: dict[LetterState, str] = {
    LetterState.QUEUED: N_("%(letter)s has not been sent yet; wait until the mail server takes it"),
    LetterState.TO_PRINT: N_("%(letter)s has not been printed yet; print it and hand it over"),
    LetterState.FAILED: N_(
        "%(letter)s could not be delivered; check the email address and send it again, or tell the "
        "customer another way"
    ),
    LetterState.BOUNCED: N_(
        "%(letter)s came back; correct the address and send it again, or tell the customer "
        "another way"
    ),
}

#: What stands in a letter goes by its weightiest part, in this order.
_BY_WEIGHT = (
    "020-3.3",
    "020-3.2",
    "020-1.4",
    "020-1.2",
    "020-3.1",
    "020-1.3",
    "020-3.6",
    "020-3.7",
)


def weightiest(parts: Sequence[Mapping[str, Any]]) -> str:
    """The criterion that a letter of several parts goes by; empty for one without parts."""
    found = {part["of"] for part in parts}
    return next((key for key in _BY_WEIGHT if key in found), "")


def tells_promise(facts: Mapping[str, Any]) -> bool:
    """Whether a letter with these facts tells by when something is promised to the customer."""
    told = [facts, *facts.get("parts", ()), *facts.get("steps", ())]
    return any(each.get(name) for each in told for name in ("promised_at", "due_at"))
