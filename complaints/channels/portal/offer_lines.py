"""The offer as the customer reads it before they answer: what, how much, by when."""

from dataclasses import dataclass
from datetime import datetime

from complaints.domain.lifecycle import Status
from complaints.formatting import say_date, say_instant, say_money
from complaints.queries.complaint.customer_view import CustomerView
from complaints.rulebook import RuleBook
from complaints.steps.commitments.deliver import usual_delivery


@dataclass(frozen=True, slots=True)
class OfferLines:
    """The whole offer in words; `shown` is the date of delivery as the form sends it back."""

    id: int
    remedy: str
    description: str
    amount: str
    deliver_by: str
    shown: str
    thinking_since: str


def offer_lines(
    found: CustomerView, rules: RuleBook, now: datetime, language: str
) -> OfferLines | None:
    """The offer that waits for the customer's answer; None where none does."""
    offer = found.offer
    if offer is None or not offer.is_open or found.status != Status.OFFERED:
        return None
    zone = rules.calendar_of(found.branch_id).value.tz
    remedy = rules.taxonomy.remedies.get(offer.remedy)
    deliver_by = usual_delivery(rules, found.branch_id, offer.remedy, now)
    since = offer.answered_at if offer.answer == "thinking" else None
    return OfferLines(
        id=offer.id,
        remedy=remedy.label(language) if remedy else "",
        description=offer.description,
        amount=say_money(offer.amount, language) if offer.amount else "",
        deliver_by=say_instant(deliver_by, zone, language) if deliver_by else "",
        shown=deliver_by.isoformat() if deliver_by else "",
        thinking_since=say_date(since.astimezone(zone), language) if since else "",
    )
