"""Which clocks a complaint should have: by its facts, and by the moments that are kept of it.

Nothing is started here; that is `clocks`, which writes the ledger as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clauses import Clause, Policy, clauses_to_start
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OWED_IN, DeadlineState, Event
from complaints.domain.lifecycle import NEXT, Action, Status
from complaints.models import Complaint, Deadline
from complaints.models.shapes import CLOCK
from complaints.queries.engine.running_clocks import cycle_starts
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


def policies_of(rules: RuleBook, complaint: Complaint) -> tuple[Policy, ...]:
    """The policies that a complaint is handled under, as they are in force.

    They are those of its first day: one switched on or off later only for what is new leaves it
    alone. `switch_policies` brings it over.
    """
    if complaint.policy_codes is None:
        return rules.policies
    return tuple(policy for policy in rules.all_policies if policy.code in complaint.policy_codes)


@dataclass(frozen=True, slots=True)
class Handling:
    """What a complaint is handled under in its present cycle.

    A policy stands in the newest version that its clocks run under, so that a clock which is added
    to it for new complaints does not start on this one. `started` are policy and clause of the
    clocks there are; one that was stopped because nothing asked for it may be asked for again.
    """

    policies: Sequence[Policy]
    started: Sequence[tuple[str, Clause]]

    @classmethod
    def of(cls, rules: RuleBook, complaint: Complaint, clocks: Iterable[ClockState]) -> "Handling":
        """Read it from the clocks of the cycle."""
        kept: dict[str, int] = {}
        started = []
        for each in clocks:
            if each.state == DeadlineState.CANCELLED and each.kind in OWED_IN:
                continue
            kept[each.policy] = max(each.policy_version_id, kept.get(each.policy, 0))
            version = rules.policy_versions[each.policy_version_id]
            started.append((each.policy, version.clause(each.clause)))
        policies = [
            rules.policy_versions[kept[policy.code]] if policy.code in kept else policy
            for policy in policies_of(rules, complaint)
        ]
        return cls(policies, started)

    def to_start(
        self, status: str, facts: Mapping[str, object], event: Event
    ) -> list[tuple[Policy, Clause]]:
        """What should run since a lasting event, does not, and is still owed in this status."""
        return [
            (policy, clause)
            for policy, clause in clauses_to_start(self.policies, facts, event, self.started)
            if clause.kind not in OWED_IN or status in OWED_IN[clause.kind]
        ]


def awaiting_documents(
    rules: RuleBook, complaint: Complaint, clocks: Iterable[ClockState]
) -> list[tuple[Policy, Clause]]:
    """The clauses whose clock starts only when the documents are complete; `clocks` are all."""
    can_start = Status(complaint.status) in NEXT[Action.COMPLETE_DOCUMENTS]
    if not can_start or complaint.documents_complete_at is not None:
        return []
    own = (each for each in clocks if each.cycle == complaint.cycle)
    handling = Handling.of(rules, complaint, own)
    facts = facts_of(rules, complaint)
    return handling.to_start(complaint.status, facts, Event.DOCUMENTS_COMPLETE)


def read_handling(session: Session, rules: RuleBook, complaint: Complaint) -> Handling:
    """What a stored complaint is handled under."""
    query = select(CLOCK).where(
        Deadline.complaint_id == complaint.id, Deadline.cycle == complaint.cycle
    )
    return Handling.of(rules, complaint, session.scalars(query).all())


def cycle_begun_at(session: Session, complaint: Complaint) -> datetime:
    """When the present cycle began: at the receipt, or at the latest reopening."""
    if complaint.cycle == 1:
        return complaint.received_at
    return cycle_starts(session, [complaint.id]).get(complaint.id, complaint.received_at)
