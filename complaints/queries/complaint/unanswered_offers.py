"""Offers in writing that were not answered in time, and that nobody has been reminded of."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, not_, or_, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import NEXT, Action
from complaints.domain.words.letter_state import WRITTEN
from complaints.models import Complaint, HistoryEntry, Offer, OutboxMessage
from complaints.queries.complaint.proofs import REMINDER
from complaints.queries.complaint.silence import refusal_of_reminder
from complaints.queries.lists.filters import IS_OPEN
from complaints.rulebook import RuleBook


def due_reminders(session: Session, rules: RuleBook, at: datetime) -> Sequence[Complaint]:
    """Complaints with an offer letter whose time to be answered is over; see `_IS_OWED`."""
    # Working days end later than as many calendar days less one.
    days = rules.authority.reminders.answer_days - 1
    query = (
        select(Complaint)
        .join(Offer, Offer.complaint_id == Complaint.id)
        .where(IS_OPEN, _IS_OWED, Offer.at <= at - timedelta(days=days))
        .order_by(Complaint.id)
    )
    found = session.scalars(query).unique().all()
    return [each for each in found if refusal_of_reminder(session, rules, each, at) is None]


def offer_to_remind_of(session: Session, complaint: Complaint) -> Offer | None:
    """The offer of which a first reminder is owed, whether its time has come or not."""
    query = (
        select(Offer)
        .join(Complaint, Offer.complaint_id == Complaint.id)
        .where(Complaint.id == complaint.id, _IS_OWED)
        .order_by(Offer.id.desc())
        .limit(1)
    )
    return session.scalar(query)


_WROTE = exists().where(
    OutboxMessage.complaint_id == Offer.complaint_id,
    OutboxMessage.kind == REMINDER,
    OutboxMessage.created_at >= Offer.at,
)
_ASKED = exists().where(
    HistoryEntry.complaint_id == Offer.complaint_id,
    HistoryEntry.what == Action.ASK_REMINDER.value,
    HistoryEntry.at >= Offer.at,
)

#: The offer is open and in writing, nobody wrote a reminder of it or was asked to, and no pause
#: runs on the complaint: what the customer has to do then comes first.
_IS_OWED: ColumnElement[bool] = (
    Complaint.status.in_([each.value for each in NEXT[Action.ASK_REMINDER]])
    & not_(Complaint.waiting_customer)
    & (Offer.cycle == Complaint.cycle)
    & (Offer.state == "open")
    & Offer.method.in_(WRITTEN)
    & not_(or_(_WROTE, _ASKED))
)
