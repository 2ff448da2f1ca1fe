"""The delivery of an accepted remedy: undertaken with the customer's yes, and a miss reopens.

A complaint may be closed over a delivery that is dated later. It then stands closed and awaiting
it; its clock runs on. What is not delivered after all is told to the customer, and not agreed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from complaints.domain.commitments.rules import CommitmentKind, DropCause, is_unsettled
from complaints.domain.deadlines import Event
from complaints.domain.lifecycle import Action, Status
from complaints.domain.taxonomy import Ending
from complaints.domain.worktime.durations import due_at as due_after
from complaints.models import Commitment, Complaint, Offer
from complaints.people.signers import handler_of
from complaints.rows import table_of
from complaints.rulebook import RuleBook
from complaints.steps.advance import advance
from complaints.steps.case import Case, case_of_locked
from complaints.steps.commitments.undertake import (
    StepGiven,
    Undertaking,
    commitments_of,
    undertake_one,
)
from complaints.steps.notify import letter_to_customer, superior_of, tell_people


class Remedied(Protocol):
    """An offer, as the rules on its delivery read it."""

    @property
    def remedy(self) -> str: ...
    @property
    def amount(self) -> int: ...


def undertake_delivery(
    case: Case, offer: Offer, deliver_by: datetime | None = None
) -> Undertaking | None:
    """What the customer is to receive, by the date agreed or in the usual time.

    None where the remedy is given by saying it; money never is, whatever the remedy is called.
    """
    usual = usual_delivery(case.rules, case.complaint.branch_id, offer, case.at)
    if usual is None:
        return None
    step = StepGiven(offer.description, due_at=deliver_by or usual)
    return undertake_one(
        case, CommitmentKind.DELIVERY, step, None, offer_id=offer.id, field="deliver_by"
    )


def usual_delivery(
    rules: RuleBook, branch_id: int, offer: Remedied, at: datetime
) -> datetime | None:
    """By when is delivered what is accepted at this instant; None where it is given by saying it.

    An amount has to be paid, whatever the remedy is called.
    """
    if offer.remedy in rules.commitments.said and not offer.amount:
        return None
    term = rules.commitments.delivery
    return due_after(rules.calendar_of(branch_id).value, at, term.duration, term.unit)


def note_deliveries(case: Case, known: Sequence[Commitment] | None = None) -> None:
    """Say on a closed complaint whether something has still to be delivered."""
    rows = commitments_of(case) if known is None else known
    case.complaint.awaiting_delivery = case.complaint.status == Status.CLOSED and any(
        each.kind == CommitmentKind.DELIVERY and is_unsettled(each) for each in rows
    )


def given_up(case: Case, offer: Offer) -> Commitment | None:
    """The delivery of this offer that somebody gave up; None where it is owed, done or was said."""
    rows = [each for each in commitments_of(case) if each.offer_id == offer.id]
    dropped = [each for each in rows if each.drop_cause == DropCause.BY_HAND]
    return dropped[-1] if dropped and len(dropped) == len(rows) else None


def tell_given_up(case: Case, dropped: Sequence[Commitment], reason: str) -> None:
    """Write the customer that a remedy they accepted does not come, and why, however small it is.

    A complaint that was closed as agreed is so no more.
    """
    for each in dropped:
        facts = {"what": each.what, "reason": reason}
        letter_to_customer(case, "not_delivered", facts=facts, or_paper=True)
    complaint, taxonomy = case.complaint, case.rules.taxonomy
    outcome = taxonomy.outcomes.get(complaint.outcome or "")
    if dropped and outcome is not None and outcome.agreed:
        complaint.outcome = taxonomy.outcome_of(Ending.NOT_GRANTED).id


def reopen_undelivered(
    session: Session, rules: RuleBook, complaint_id: int, at: datetime, *, what: str
) -> None:
    """Open a closed complaint again whose remedy was not delivered in time.

    The caller has locked the complaint. It goes back to where the customer had accepted: what was
    agreed still stands, and is not asked for again. The handler and the one above hear of it, and
    the customer reads in a letter that we did not keep it and what comes now.
    """
    case = case_of_locked(session, rules, complaint_id, at)
    complaint = case.complaint
    version = complaint.version
    complaint.awaiting_delivery = False
    advance(case, Action.MISS_DELIVERY, detail={"what": what}, events=(Event.LAST_CONTACT,))
    complaint.closed_at = None
    complaint.outcome = None
    handler = handler_of(complaint)
    superior = superior_of(case, handler)
    tell_people(case, [handler, superior], "delivery_missed", facts={"what_due": what})
    told = {"what": what, "has_superior": superior is not None}
    letter_to_customer(case, "undelivered", facts=told, or_paper=True)
    session.flush()
    session.expunge(complaint)
    # The version stays, so that a form somebody is filling in does not become stale.
    table = table_of(Complaint)
    session.execute(update(table).where(table.c.id == complaint_id).values(version=version))
