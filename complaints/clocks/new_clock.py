"""A clock on the terms of a clause, for whoever starts one: on time, or late."""

from datetime import datetime

from complaints.domain.clauses import Clause, Policy
from complaints.domain.clock_state import ClockState
from complaints.domain.ledger import Terms
from complaints.rulebook import RuleBook


def clock_of_clause(
    rules: RuleBook,
    policy: Policy,
    clause: Clause,
    at: datetime,
    *,
    complaint_id: int,
    cycle: int,
    branch_id: int,
) -> ClockState:
    """A running clock by the versions in force, due as its clause says from this start.

    It is not stored, and has no entry in the ledger yet.
    """
    calendar = rules.calendar_of(branch_id)
    return ClockState(
        id=0,
        complaint_id=complaint_id,
        kind=clause.kind.value,
        cycle=cycle,
        policy=policy.code,
        clause=clause.id,
        policy_version_id=policy.version_id,
        calendar_version_id=calendar.id,
        ladder_version_id=rules.ladder.version_id,
        started_at=at,
        due_at=Terms(clause, calendar.value).due_from(at),
    )
