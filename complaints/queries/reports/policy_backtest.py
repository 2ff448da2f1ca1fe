"""Two sets of policies laid on a period's complaints, beside each other; stored nowhere."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState
from complaints.domain.ledger import Entry, EntryKind, Terms
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Actor
from complaints.domain.policies.backtest import BacktestPolicies, Measured, PastCase, evaluate
from complaints.models import Complaint, Customer, Deadline, LedgerEntry
from complaints.models.shapes import FACTS
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

#: The key of complaints whose category nobody has told.
UNKNOWN = ""


def measure(
    session: Session,
    rules: RuleBook,
    actor: Actor,
    period: Period,
    sticks: Sequence[BacktestPolicies],
    *,
    now: datetime,
) -> list[Measured]:
    """Evaluate each complaint received in the period, within the person's scope, by each set.

    The first cycle counts, with its pauses. Months are those of the branch's own wall clock.
    """
    results = [Measured() for _ in sticks]
    conditions = [period.holds(Complaint.received_at), in_scope(actor)]
    settled, pauses = _settled(session, conditions), _pauses(session, conditions)
    known: dict[Hashable, list[Terms]] = {}
    query = (
        select(
            Complaint.id,
            Complaint.received_at,
            Complaint.closed_at,
            Complaint.status,
            Complaint.documents_complete_at,
            FACTS,
        )
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(*conditions)
        .execution_options(yield_per=5000)
    )
    for row in session.execute(query):
        facts = row.Facts
        asked = rules.facts_of(**facts._asdict())
        calendar = rules.calendar_of(facts.branch_id).value
        settled_at = settled.get(row.id)
        if settled_at is None and row.status in (Status.CLOSED, Status.REFERRED):
            settled_at = row.closed_at
        case = PastCase(
            row.received_at,
            settled_at,
            row.closed_at,
            pauses.get(row.id, ()),
            row.documents_complete_at,
        )
        month = f"{row.received_at.astimezone(calendar.tz):%Y-%m}"
        for index, stick in enumerate(sticks):
            key = (index, *asked.values())
            if key not in known:
                known[key] = stick.terms(asked, calendar)
            found = evaluate(case, known[key], now)
            results[index].add(
                month,
                facts.category or UNKNOWN,
                found.verdict,
                found.late_seconds,
                in_worktime=found.in_worktime,
            )
    return results


def _settled(session: Session, conditions: Sequence[ColumnElement[bool]]) -> dict[int, datetime]:
    """Complaint id → when its first cycle's outcome clock was stopped as met, late or not."""
    query = (
        select(Deadline.complaint_id, func.min(Deadline.ended_at))
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(
            *conditions,
            Complaint.status != Status.WITHDRAWN.value,
            Complaint.duplicate_of_id.is_(None),
            Complaint.contact_id.is_(None),
            Deadline.cycle == 1,
            Deadline.kind.in_([kind.value for kind in OUTCOME_KINDS]),
            Deadline.state.in_([DeadlineState.MET.value, DeadlineState.BREACHED.value]),
            Deadline.ended_at.is_not(None),
        )
        .group_by(Deadline.complaint_id)
    )
    return {key: ended_at for key, ended_at in session.execute(query) if ended_at is not None}


def _pauses(session: Session, conditions: Sequence[ColumnElement[bool]]) -> dict[int, list[Entry]]:
    """Complaint id → the pauses of its first cycle, as its outcome clock has them."""
    query = (
        select(LedgerEntry.complaint_id, LedgerEntry.deadline_id, LedgerEntry.what, LedgerEntry.at)
        .join(Deadline, Deadline.id == LedgerEntry.deadline_id)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(
            *conditions,
            Deadline.cycle == 1,
            Deadline.kind.in_([kind.value for kind in OUTCOME_KINDS]),
            LedgerEntry.what.in_([EntryKind.PAUSE.value, EntryKind.RESUME.value]),
        )
        .order_by(LedgerEntry.id)
    )
    by_clock: dict[int, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for complaint_id, deadline_id, what, at in session.execute(query):
        by_clock[complaint_id][deadline_id].append(Entry(EntryKind(what), at))
    return {key: max(clocks.values(), key=len) for key, clocks in by_clock.items()}
