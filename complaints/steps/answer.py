"""Keep the customer's answer to the offer (020-3.4)."""

from datetime import datetime

from complaints.clocks.changes import Clocks
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import Unable
from complaints.models import Answer
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.approver import offers_of
from complaints.steps.casework.pause import no_longer_waiting
from complaints.steps.commitments.deliver import undertake_delivery

ANSWERS = {
    "accepted": Action.ACCEPT,
    "refused": Action.REFUSE,
    "thinking": Action.STAY_UNDECIDED,
    "none": Action.STAY_UNDECIDED,
}


def take_answer(
    case: Case,
    *,
    answer: str = "",
    reason: str = "",
    deliver_by: datetime | None = None,
    method: str = "spoken",
    unable: Unable | None = None,
) -> None:
    """Record what the customer said to the last offer; only an acceptance proves 020-3.4.

    With the acceptance it is undertaken that the remedy is delivered, by the date agreed or in the
    usual time. With `unable` no answer can be had: the reason says what was tried and told.
    """
    if unable is not None:
        advance(case, Action.STAY_UNDECIDED, proven=[Proven("020-3.4", unable=unable)])
        return
    if answer not in ANSWERS:
        raise Invalid(N_("Choose the customer's answer."), field="answer")
    if answer == "refused" and not reason.strip():
        raise Invalid(N_("Write down why the customer refuses."), field="reason")
    offer = next((each for each in reversed(offers_of(case)) if each.state == "open"), None)
    detail = {"answer": answer, "reason": reason.strip()}
    if offer is None:
        # The lifecycle names what is missing when the complaint is not that far yet.
        advance(case, Action.ACCEPT, detail=detail)
        raise Refused(N_("There is no open offer to answer. Offer a solution first."))
    case.session.add(
        Answer(
            complaint_id=case.complaint.id,
            offer_id=offer.id,
            answer=answer,
            reason=reason.strip(),
            method=method,
            at=case.at,
            by_id=case.by.id,
        )
    )
    if answer in ("accepted", "refused"):
        offer.state = answer
    is_accepted = answer == "accepted"
    delivery = undertake_delivery(case, offer, deliver_by) if is_accepted else None
    resume = no_longer_waiting(case) if answer != "none" else None

    def keep(clocks: Clocks) -> None:
        if resume is not None:
            resume(clocks)
        if delivery is not None:
            delivery.start(clocks)

    detail["offer"] = str(offer.id)
    proven = [Proven("020-3.4", words=reason.strip(), method=method, detail=detail)]
    advance(
        case,
        ANSWERS[answer],
        proven=proven if is_accepted else [],
        detail=detail,
        keep=keep if resume or delivery else None,
    )
    if delivery is not None:
        delivery.store()
