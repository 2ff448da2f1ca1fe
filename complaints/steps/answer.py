"""Keep the customer's answer to the offer (020-3.4), and what an answer in writing rests on.

What the customer sent from their own page stands in our records as they wrote it. Whatever else is
in writing reached us outside, and somebody copied it; that is said, and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from complaints.clocks.changes import Clocks
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import ExitKind, Unable
from complaints.domain.words.letter_state import IN_WRITING, OWN_PAGE, WRITTEN, LetterState
from complaints.models import Answer, Exit, Note, Offer, User
from complaints.people.colleagues import colleague_named
from complaints.queries.complaint.silence import way_of_offer
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.approver import offers_of, require_read
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import no_longer_waiting
from complaints.steps.commitments.deliver import undertake_delivery
from complaints.steps.commitments.undertake import Undertaking
from complaints.steps.excuse import exit_columns
from complaints.steps.notify import tell_people
from complaints.steps.wording import is_quoted, refuse_quote

#: Means by which one of us hears the answer, or sees it signed.
_WITNESSED = ("spoken", "phone", "signature")

ANSWERS = {
    "accepted": Action.ACCEPT,
    "refused": Action.REFUSE,
    "thinking": Action.STAY_UNDECIDED,
    "none": Action.STAY_UNDECIDED,
}
#: Means by which the customer writes it.
_BY_CUSTOMER = (*IN_WRITING, "print")


@dataclass(frozen=True, slots=True)
class _Written:
    """What a written answer rests on: the customer's words, and who copied them where one did.

    Of a message of their own it is the whole, so that nobody reads a part of it as the answer.
    """

    words: str
    copied_by: str = ""


def take_answer(
    case: Case,
    *,
    answer: str = "",
    reason: str = "",
    deliver_by: datetime | None = None,
    heard_by: str = "",
    method: str = "spoken",
    unable: Unable | None = None,
) -> None:
    """Record what the customer said to the last offer; only an acceptance proves 020-3.4.

    With the acceptance it is undertaken that the remedy is delivered, by the date agreed or in the
    usual time. `heard_by` names the colleague who heard it or saw it signed, where that was not
    whoever records it; they are told that they are named. What is answered in writing is on record
    as the customer's message, or becomes one with their words in `reason`, and it is said who
    copied it. Raises Stale where a colleague has changed the offer and the version read is not
    named. A letter that has not left has no answer. With `unable` no answer can be had: the reason
    says what was tried and told.
    """
    if unable is not None:
        advance(case, Action.STAY_UNDECIDED, proven=[Proven("020-3.4", unable=unable)])
        return
    words = reason.strip()
    if answer not in ANSWERS:
        raise Invalid(N_("Choose the customer's answer."), field="answer")
    if answer == "refused" and not words:
        raise Invalid(N_("Write down why the customer refuses."), field="reason")
    detail = {"answer": answer, "reason": words}
    offer = _open_offer(case, method, detail)
    if answer != "none":
        _require_put(case, offer, method)
        if method in _BY_CUSTOMER:
            words = _take_written(case, offer, method, detail)
    witness = _witness(case, heard_by, method)
    if method in _WITNESSED:
        detail["heard_by"] = witness.name if witness else case.by.name
    case.session.add(
        Answer(
            complaint_id=case.complaint.id,
            offer_id=offer.id,
            answer=answer,
            reason=detail["reason"],
            method=method,
            at=case.at,
            by_id=case.by.id,
        )
    )
    if answer in ("accepted", "refused"):
        offer.state = answer
    detail["offer"] = str(offer.id)
    is_accepted = answer == "accepted"
    delivery = undertake_delivery(case, offer, deliver_by) if is_accepted else None
    proven = [Proven("020-3.4", words=words, method=method, detail=detail)] if is_accepted else []
    _advance(case, answer, proven, detail, delivery)
    if witness is not None:
        # Nobody is made a witness without hearing of it.
        tell_people(case, [witness.id], "named_as_witness", facts={"witness": witness.name})


def _open_offer(case: Case, method: str, detail: Mapping[str, str]) -> Offer:
    """The offer that waits for an answer, of which whoever records it has read the last state."""
    offers = offers_of(case)
    offer = next((each for each in reversed(offers) if each.state == "open"), None)
    if offer is None:
        # The lifecycle names what is missing when the complaint is not that far yet.
        advance(case, Action.ACCEPT, detail=detail)
        raise Refused(N_("There is no open offer to answer. Offer a solution first."))
    if method != OWN_PAGE:
        put = [each for each in offers if each.state == "replaced" and each.granted_at is not None]
        require_read(case, offer, put)
    return offer


def _take_written(case: Case, offer: Offer, method: str, detail: dict[str, str]) -> str:
    """The words that a written answer rests on; says in the detail which they are, and whose copy.

    A copy is counted under the name of whoever records it.
    """
    written = _find_written(case, offer, words=detail["reason"], method=method)
    detail["reason"] = detail["reason"] or written.words
    if written.copied_by:
        detail["copied_by"] = written.copied_by
        _keep_copied(case, written.words, method)
    return written.words


def _advance(
    case: Case,
    answer: str,
    proven: Sequence[Proven],
    detail: Mapping[str, str],
    delivery: Undertaking | None,
) -> None:
    """Take the step: who has answered is waited for no longer, what was accepted is delivered."""
    resume = no_longer_waiting(case) if answer != "none" else None

    def keep(clocks: Clocks) -> None:
        if resume is not None:
            resume(clocks)
        if delivery is not None:
            delivery.start(clocks)

    is_kept = resume is not None or delivery is not None
    advance(case, ANSWERS[answer], proven=proven, detail=detail, keep=keep if is_kept else None)
    if delivery is not None:
        delivery.store()


def _require_put(case: Case, offer: Offer, method: str) -> None:
    """Raise Invalid where the customer is said to have answered a letter that is still here.

    On their own page they see the offer itself.
    """
    if offer.method not in WRITTEN or method == OWN_PAGE:
        return
    state = way_of_offer(case.session, offer)
    if state is LetterState.LEFT:
        return
    sentence = N_(
        "The offer letter did not reach the customer, so they cannot have answered it. Offer it "
        "again; if you tell them yourself, by phone or face to face."
    )
    if state is LetterState.QUEUED:
        sentence = N_(
            "The offer letter has not been sent yet, so the customer cannot have answered it. Wait "
            "until it is sent; if you told them the offer yourself, offer it by phone or face to "
            "face."
        )
    elif state is LetterState.TO_PRINT:
        sentence = N_(
            "The offer letter has not been printed yet, so the customer cannot have answered it. "
            "Print it first; if you told them the offer yourself, offer it by phone or face to "
            "face."
        )
    raise Invalid(sentence, field="method")


def _witness(case: Case, named: str, method: str) -> User | None:
    """The colleague named, whose word it is instead of that of whoever records it."""
    if method not in _WITNESSED or not named.strip():
        return None
    found = colleague_named(case.session, named)
    if found is None:
        raise Invalid(
            N_("There is no user of this name or email address who could have heard it."),
            field="heard_by",
        )
    return found


def _find_written(case: Case, offer: Offer, *, words: str, method: str) -> _Written:
    """What a written answer rests on: the customer's own message, or a copy of what they wrote.

    Words that are given have to stand in what is on record since the offer, in the customer's own
    messages where there are some. Where nothing is, they become the customer's message. Raises
    Invalid for words that stand nowhere, and without any.
    """
    known = _written_since(case, offer)
    if not known:
        _require_words(words)
        record_message(case, text=words, direction="in", method=method)
        return _Written(words, case.by.name)
    own = [each for each in known if each.by_id is None]
    among = own or known
    meant = [each for each in among if not words or is_quoted(case, words, each.text)]
    if not meant:
        raise refuse_quote(
            words,
            [each.text for each in among],
            field="reason",
            absent=N_(
                "These words are not in what the customer wrote about this offer. Copy them from "
                "their message. If you heard the answer yourself, choose face to face or phone."
            ),
        )
    text = meant[-1].text
    return _Written(text) if own else _Written(words or text, meant[-1].by_name)


def _keep_copied(case: Case, words: str, method: str) -> None:
    """Count that an answer rests on a copy, under the name of whoever records it."""
    case.session.add(
        Exit(
            kind=ExitKind.COPIED.value,
            criterion="020-3.4",
            reason=words,
            method=method,
            **exit_columns(case),
        )
    )


def _written_since(case: Case, offer: Offer) -> Sequence[Note]:
    """What the customer has written since the offer, and since they last answered it; in order."""
    wrote = select(Note).where(
        Note.complaint_id == case.complaint.id,
        Note.direction == "in",
        Note.method.in_((*_BY_CUSTOMER, OWN_PAGE)),
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
