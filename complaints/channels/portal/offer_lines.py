"""The offer as the customer reads it before they answer: what, how much, by when."""

from dataclasses import dataclass
from datetime import datetime

from complaints.domain.lifecycle import Status
from complaints.extensions import db
from complaints.formatting import say_date, say_instant, say_money
from complaints.queries.complaint.silence import answer_told_until
from complaints.queries.customer_page.view import CustomerView
from complaints.queries.due_status import due_status_of
from complaints.rulebook import RuleBook
from complaints.steps.commitments.deliver import usual_delivery


@dataclass(frozen=True, slots=True)
class OfferLines:
    """The whole offer in words; `shown` is the date of delivery as the form sends it back.

    `answer_until` is the date that its letter, or the reminder of it, told; empty where none did.
    """

    id: int
    remedy: str
    description: str
    amount: str
    deliver_by: str
    shown: str
    thinking_since: str
    answer_until: str
    time_left: str
    is_over: bool


def offer_lines(
    found: CustomerView, rules: RuleBook, now: datetime, language: str
) -> OfferLines | None:
    """The offer that waits for the customer's answer; None where none does."""
    offer = found.offer
    if offer is None or not offer.is_open or found.status != Status.OFFERED:
        return None
    calendar = rules.calendar_of(found.branch_id).value
    zone = calendar.tz
    until = answer_told_until(db.session, rules, found.id)
    remedy = rules.taxonomy.remedies.get(offer.remedy)
    deliver_by = usual_delivery(rules, found.branch_id, offer, now)
    since = offer.answered_at if offer.answer == "thinking" else None
    return OfferLines(
        id=offer.id,
        remedy=remedy.label(language) if remedy else "",
        description=offer.description,
        amount=say_money(offer.amount, rules.organisation.currency, language)
        if offer.amount
        else "",
        deliver_by=say_instant(deliver_by, zone, language) if deliver_by else "",
        shown=deliver_by.isoformat() if deliver_by else "",
        thinking_since=say_date(since.astimezone(zone), language) if since else "",
        answer_until=say_instant(until, zone, language) if until else "",
        time_left=due_status_of(calendar, None, until, None, now).say_left(language)
        if until
        else "",
        is_over=until is not None and until < now,
    )
