"""What a written answer to an offer rests on: the customer's own message, or a colleague's copy.

What the customer sent from their own page stands in our records as they wrote it. Whatever else is
in writing reached us outside, and somebody copied it; that is said, and counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from complaints.domain.errors import N_, Invalid
from complaints.domain.words.comparing import stands_in
from complaints.domain.words.exits import ExitKind
from complaints.domain.words.letter_state import IN_WRITING, OWN_PAGE
from complaints.models import Answer, Exit, Note, Offer
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message
from complaints.steps.excuse import exit_columns

#: Means by which the customer writes it.
BY_CUSTOMER = (*IN_WRITING, "print")


@dataclass(frozen=True, slots=True)
class Copied:
    """Words of the customer as a colleague copied them."""

    by: str
    words: str


def find_written(case: Case, offer: Offer, *, words: str, method: str) -> Copied | None:
    """The copy that a written answer rests on; None where it is the customer's own message.

    Words that are given have to stand in what is on record since the offer, in the customer's own
    messages where there are some. Where nothing is, they become the customer's message. Raises
    Invalid for words that stand nowhere, and without any.
    """
    words = words.strip()
    known = _written_since(case, offer)
    if not known:
        _require_words(words)
        record_message(case, text=words, direction="in", method=method)
        return Copied(case.by.name, words)
    own = [each for each in known if each.by_id is None]
    among = own or known
    meant = [each for each in among if not words or stands_in(words, [each.text])]
    if not meant:
        raise Invalid(
            N_(
                "These words are not in what the customer wrote about this offer. Copy them from "
                "their message. If you heard the answer yourself, choose face to face or phone."
            ),
            field="reason",
        )
    if own:
        return None
    return Copied(meant[-1].by_name, words or meant[-1].text)


def keep_copied(case: Case, copied: Copied, method: str) -> None:
    """Count that an answer rests on a copy, under the name of whoever records it."""
    case.session.add(
        Exit(
            kind=ExitKind.COPIED.value,
            criterion="020-3.4",
            reason=copied.words,
            method=method,
            **exit_columns(case),
        )
    )


def _written_since(case: Case, offer: Offer) -> Sequence[Note]:
    """What the customer has written since the offer, and since they last answered it; in order."""
    wrote = select(Note).where(
        Note.complaint_id == case.complaint.id,
        Note.direction == "in",
        Note.method.in_((*BY_CUSTOMER, OWN_PAGE)),
        Note.at >= offer.at,
    )
    answered = select(func.max(Answer.at)).where(Answer.offer_id == offer.id)
    last = case.session.scalar(answered)
    if last is not None:
        wrote = wrote.where(Note.at > last)
    return case.session.scalars(wrote.order_by(Note.id)).all()


def _require_words(words: str) -> None:
    if not words:
        raise Invalid(
            N_(
                "Nothing that the customer wrote about this offer is on record. Copy their words "
                "here; they are kept as their message. If you heard the answer yourself, choose "
                "face to face or phone."
            ),
            field="reason",
        )
