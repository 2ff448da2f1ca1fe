"""Which clocks a complaint should have: by its facts, and by the moments that are kept of it.

Nothing is started here; that is `clocks`, which writes the ledger as well.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import Clause, Event, Policy, clauses_to_start
from complaints.domain.lifecycle import NEXT, Action, Status
from complaints.models import Complaint, Deadline
from complaints.models.running import cycle_starts
from complaints.rulebook import RuleBook


def facts_of(rules: RuleBook, complaint: Complaint) -> dict[str, object]:
    """What the policies' selectors may ask of a complaint."""
    return rules.facts_of(
        category=complaint.category,
        priority=complaint.priority,
        tier=complaint.customer.tier,
        channel=complaint.channel,
        branch_id=complaint.branch_id,
        product=complaint.product,
        received_at=complaint.received_at,
    )


def awaiting_documents(
    rules: RuleBook, complaint: Complaint, deadlines: Iterable[Deadline]
) -> list[tuple[Policy, Clause]]:
    """The clauses whose clock starts only when the documents are complete; `deadlines` are all."""
    can_start = Status(complaint.status) in NEXT[Action.COMPLETE_DOCUMENTS]
    if not can_start or complaint.documents_complete_at is not None:
        return []
    started = [
        (each.policy, rules.policy_versions[each.policy_version_id].clause(each.clause))
        for each in deadlines
        if each.cycle == complaint.cycle
    ]
    facts = facts_of(rules, complaint)
    return clauses_to_start(rules.policies, facts, Event.DOCUMENTS_COMPLETE, started)


def clauses_started(
    session: Session, rules: RuleBook, complaint: Complaint
) -> list[tuple[str, Clause]]:
    """The pack and the clause of each clock of the present cycle, in the version it runs under."""
    query = select(Deadline.policy, Deadline.policy_version_id, Deadline.clause).where(
        Deadline.complaint_id == complaint.id, Deadline.cycle == complaint.cycle
    )
    return [
        (row.policy, rules.policy_versions[row.policy_version_id].clause(row.clause))
        for row in session.execute(query)
    ]


def cycle_begun_at(session: Session, complaint: Complaint) -> datetime:
    """When the present cycle began: at the receipt, or at the latest reopening."""
    if complaint.cycle == 1:
        return complaint.received_at
    return cycle_starts(session, [complaint.id]).get(complaint.id, complaint.received_at)
