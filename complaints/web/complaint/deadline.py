"""A deadline of one complaint as its page says it: what it is, how it stands, how long still."""

from dataclasses import dataclass
from datetime import datetime

from complaints.domain.clauses import Clause
from complaints.domain.clock_state import ClockState
from complaints.domain.ledger import Terms
from complaints.queries.due_status import due_status_of
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label


@dataclass(frozen=True, slots=True)
class Due:
    """One clock on the page; `state` is safe, nearing, late or paused, `left` says how long.

    `years_unknown` are the years it reaches of which the calendar knows no holiday yet.
    """

    row: ClockState
    clause: Clause | None
    policy: str
    state: str
    left: str
    years_unknown: str = ""
    paused_until: datetime | None = None

    @property
    def due_at(self) -> datetime:
        """The due time in force."""
        return self.row.due_at


def read_due(
    rules: RuleBook,
    row: ClockState,
    now: datetime,
    language: str,
    paused_until: datetime | None = None,
) -> Due:
    """A stored deadline as the page shows it at this moment."""
    policy = rules.policy_versions.get(row.policy_version_id)
    clauses = policy.clauses if policy else ()
    calendar = rules.calendar_versions[row.calendar_version_id]
    stands = due_status_of(
        calendar,
        row.started_at,
        row.due_at,
        row.state,
        row.ended_at or now,
        counts_worktime=rules.counts_worktime(row.policy_version_id, row.clause),
    )
    clause = next((each for each in clauses if each.id == row.clause), None)
    unknown = Terms(clause, calendar).years_unknown(row.started_at, row.due_at) if clause else []
    return Due(
        row=row,
        clause=clause,
        policy=label(policy) if policy else row.policy,
        state=stands.state,
        left=stands.say_left(language),
        years_unknown=", ".join(map(str, unknown)),
        paused_until=paused_until if row.is_paused else None,
    )
