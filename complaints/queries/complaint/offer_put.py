"""The offer as its customer knows it: approved, sent or said, and what they answered to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.words.letter_state import LetterState
from complaints.models import Answer, Offer
from complaints.queries.complaint.silence import way_of_offer

#: What the customer has been told of in the end: open to be answered, or answered.
_PUT = ("open", "accepted", "refused")


@dataclass(frozen=True, slots=True)
class OfferPut:
    """An offer that has reached the customer; `answer` is their last one, None without any."""

    id: int
    remedy: str
    description: str
    amount: int
    state: str
    at: datetime
    answer: str | None
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for the customer's word."""
        return self.state == "open"


def offer_put(session: Session, complaint_id: int, cycle: int) -> OfferPut | None:
    """The last offer of this cycle, if the customer has it; two queries.

    One that waits for approval, whose letter is still on its way or came back, is not with the
    customer yet, whatever came before it.
    """
    query = (
        select(Offer, Answer.answer, Answer.at)
        .outerjoin(Answer, Answer.offer_id == Offer.id)
        .where(
            Offer.complaint_id == complaint_id,
            Offer.cycle == cycle,
            Offer.state.in_((*_PUT, "waiting_approval")),
        )
        .order_by(Offer.id.desc(), Answer.id.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None or found.Offer.state not in _PUT:
        return None
    offer = found.Offer
    if offer.state == "open" and way_of_offer(session, offer) is not LetterState.LEFT:
        return None
    return OfferPut(
        offer.id,
        offer.remedy,
        offer.description,
        offer.amount,
        offer.state,
        offer.at,
        found.answer,
        found.at,
    )
