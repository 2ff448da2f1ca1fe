"""When silence answers an offer (020-3.4): the offer left, a reminder after it, and its period.

Each letter states a date, `answer_days` working days ahead: the reminder may leave once that of the
offer is over, and silence counts once that of the reminder is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from complaints.domain.errors import N_
from complaints.domain.words.letter_state import LetterState


class SilenceLack(StrEnum):
    """What is not there yet for silence to count."""

    OFFER_OPEN = "offer_open"
    OFFER_WRITTEN = "offer_written"
    OFFER_SENT = "offer_sent"
    OFFER_PRINTED = "offer_printed"
    OFFER_RECEIVED = "offer_received"
    OFFER_OVER = "offer_over"
    REMINDER = "reminder"
    REMINDER_SENT = "reminder_sent"
    REMINDER_PRINTED = "reminder_printed"
    REMINDER_RECEIVED = "reminder_received"
    REMINDER_OVER = "reminder_over"


#: What is said of each; `until` is the date in question, `counts_from` when silence can count.
SENTENCES: dict[SilenceLack, str] = {
    SilenceLack.OFFER_OPEN: N_("There is no open offer that the customer could be silent about."),
    SilenceLack.OFFER_WRITTEN: N_(
        "Silence counts only after an offer in writing that we sent. Make the offer again by email "
        "or letter, and remind the customer of it."
    ),
    SilenceLack.OFFER_SENT: N_(
        "The offer letter has not been sent yet. Wait until the mail server takes it."
    ),
    SilenceLack.OFFER_PRINTED: N_("The offer letter has not been printed yet. Print it first."),
    SilenceLack.OFFER_RECEIVED: N_(
        "The offer letter did not reach the customer. Make the offer again by email or letter."
    ),
    SilenceLack.OFFER_OVER: N_(
        "The customer has until %(until)s to answer the offer letter. Remind them after that; "
        "silence counts when the time stated in the reminder is over."
    ),
    SilenceLack.REMINDER: N_(
        "Silence counts only after a reminder. Remind the customer of the offer; sent now, silence "
        "counts from %(counts_from)s."
    ),
    SilenceLack.REMINDER_SENT: N_(
        "The reminder has not been sent yet. Wait until the mail server takes it."
    ),
    SilenceLack.REMINDER_PRINTED: N_("The reminder has not been printed yet. Print it first."),
    SilenceLack.REMINDER_RECEIVED: N_(
        "The reminder did not reach the customer. Remind them of the offer again."
    ),
    SilenceLack.REMINDER_OVER: N_(
        "The customer has until %(until)s to answer the reminder. Silence counts after that."
    ),
}

_UNSENT_OFFER = {
    LetterState.QUEUED: SilenceLack.OFFER_SENT,
    LetterState.TO_PRINT: SilenceLack.OFFER_PRINTED,
}
_UNSENT_REMINDER = {
    LetterState.QUEUED: SilenceLack.REMINDER_SENT,
    LetterState.TO_PRINT: SilenceLack.REMINDER_PRINTED,
}


@dataclass(frozen=True, slots=True)
class LetterMade:
    """A letter that waits for an answer; `until` is when the time for it is over, once it left."""

    state: LetterState
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An open offer: its letter, and the last reminder that the customer has not answered."""

    offer: LetterMade | None
    reminder: LetterMade | None = None


def lacking_before_reminder(open_offer: Unanswered | None, now: datetime) -> SilenceLack | None:
    """What has to come before a reminder of the offer; None when it may leave."""
    if open_offer is None:
        return SilenceLack.OFFER_OPEN
    letter = open_offer.offer
    if letter is None:
        return SilenceLack.OFFER_WRITTEN
    if letter.state is not LetterState.LEFT or letter.until is None:
        return _UNSENT_OFFER.get(letter.state, SilenceLack.OFFER_RECEIVED)
    return SilenceLack.OFFER_OVER if now < letter.until else None


def lacking_for_silence(open_offer: Unanswered | None, now: datetime) -> SilenceLack | None:
    """What has to come before silence counts as the answer; None when it does."""
    reminder = open_offer.reminder if open_offer is not None else None
    if reminder is None:
        return lacking_before_reminder(open_offer, now) or SilenceLack.REMINDER
    if reminder.state is not LetterState.LEFT or reminder.until is None:
        return _UNSENT_REMINDER.get(reminder.state, SilenceLack.REMINDER_RECEIVED)
    return SilenceLack.REMINDER_OVER if now < reminder.until else None
