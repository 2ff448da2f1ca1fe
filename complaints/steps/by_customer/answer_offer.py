"""The customer answers the open offer on their own page: their own proof of 020-3.4."""

from datetime import datetime, timedelta

from complaints.domain.errors import N_, Invalid, Refused, Stale
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.words.length import require_at_most
from complaints.domain.words.letter_state import OWN_PAGE
from complaints.people.signers import handler_of
from complaints.queries.complaint.offer_put import OfferPut, offer_put
from complaints.steps.answer import take_answer
from complaints.steps.by_customer.write import is_known
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message
from complaints.steps.commitments.deliver import usual_delivery
from complaints.steps.notify import tell_people

#: What the customer may say of it; nobody says of themselves that they do not answer.
ANSWERS = ("accepted", "refused", "thinking")
LONGEST_REASON = 2_000
#: So long a date of delivery holds that was shown to the customer.
SHOWN_HOLDS = timedelta(days=1)


def answer_offer(
    case: Case,
    *,
    answer: str,
    reason: str = "",
    offer: int | None = None,
    shown: datetime | None = None,
) -> None:
    """Take the customer's own answer to the offer that they have; the handler hears of it.

    `offer` is the one that they read, `shown` the date of delivery that stood there. The same
    answer sent twice is one. Raises Stale where another offer has taken its place, and Refused
    where none waits for an answer.
    """
    put = _offer_before(case, offer)
    if answer not in ANSWERS:
        raise Invalid(N_("Please choose an answer."), field="answer")
    if not put.is_open:
        if put.state != answer:
            raise Refused(N_("You have already answered this offer."))
        return
    reason = reason.strip()
    require_at_most(reason, LONGEST_REASON, field="reason")
    if answer == "refused" and not reason:
        raise Invalid(
            N_("Please tell us why, so that we can look for something better."), field="reason"
        )
    if answer == put.answer == "thinking":
        return
    take_answer(
        case,
        answer=answer,
        reason=reason,
        deliver_by=_date_shown(case, put, shown),
        method=OWN_PAGE,
    )
    complaint = case.complaint
    handler = handler_of(complaint)
    tell_people(case, [handler], f"customer_{answer}", facts={"reason": reason})


def ask_about_offer(case: Case, *, question: str, offer: int | None = None) -> None:
    """Keep what the customer asks about the offer they have; it stays open, and the handler hears.

    Like every word of theirs it begins the time of a reminder anew. Raises as `answer_offer`.
    """
    put = _offer_before(case, offer)
    if not put.is_open:
        raise Refused(N_("You have already answered this offer."))
    question = question.strip()
    require_at_most(question, LONGEST_REASON, field="reason")
    if not question:
        raise Invalid(N_("Please write what you want to know."), field="reason")
    if is_known(case, question):
        return
    record_message(case, text=question, direction="in", method=OWN_PAGE, is_told=False)
    handler = handler_of(case.complaint)
    tell_people(case, [handler], "customer_asked", facts={"reason": question})


def _offer_before(case: Case, read: int | None) -> OfferPut:
    """The offer that the customer has before them."""
    complaint = case.complaint
    put = offer_put(case.session, complaint.id, complaint.cycle)
    if Status(complaint.status) in ENDED or put is None:
        raise Refused(N_("No offer waits for your answer."))
    if read is not None and read != put.id:
        raise Stale(N_("We have changed our offer in the meantime. Please read the new one."))
    return put


def _date_shown(case: Case, put: OfferPut, shown: datetime | None) -> datetime | None:
    """The date of delivery that the customer read, as long as it holds."""
    if shown is None:
        return None

    def usual(at: datetime) -> datetime | None:
        return usual_delivery(case.rules, case.complaint.branch_id, put, at)

    earliest, latest = usual(case.at - SHOWN_HOLDS), usual(case.at)
    if earliest is None or latest is None or not max(case.at, earliest) <= shown <= latest:
        return None
    return shown
