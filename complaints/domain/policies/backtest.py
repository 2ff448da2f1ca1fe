"""Policies laid on complaints of the past: what they would have promised, and how it ended.

Pure counting on plain values; where the complaints come from, others know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from complaints.domain.clauses import Policy, lasting_moments, select_clauses
from complaints.domain.deadlines import LASTING_EVENTS, OUTCOME_KINDS
from complaints.domain.ledger import Entry, Terms, count_on
from complaints.domain.worktime import WorkCalendar


class Verdict(StrEnum):
    """What the policies say of a complaint."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class PastCase:
    """A complaint as it was lived through.

    `settled_at` is when the customer had what was promised; `ended_at` when it ended in another
    way, such as withdrawn; both None while it is open. `pauses` are its pause and resume entries.
    A clock that waits for documents never ran where nobody recorded them as complete.
    """

    received_at: datetime
    settled_at: datetime | None
    ended_at: datetime | None
    pauses: Sequence[Entry] = ()
    documents_complete_at: datetime | None = None


@dataclass(slots=True)
class BacktestPolicies:
    """Policies that hold at once: the earliest of their outcome clocks is what counts.

    `calendar` counts for every branch where it is given.
    """

    policies: tuple[Policy, ...]
    calendar: WorkCalendar | None = None

    def terms(self, facts: Mapping[str, object], calendar: WorkCalendar) -> list[Terms]:
        """The terms that hold for complaints with these facts, of a branch with this calendar."""
        return [
            Terms(clause, self.calendar or calendar)
            for event in LASTING_EVENTS
            for _, clause in select_clauses(self.policies, facts, (event,))
            if clause.kind in OUTCOME_KINDS
        ]


@dataclass(slots=True)
class Tally:
    """Verdicts counted; `late_seconds` is working time from due to settled, over `late` cases."""

    met: int = 0
    missed: int = 0
    open: int = 0
    no_rule: int = 0
    late: int = 0
    late_seconds: int = 0

    @property
    def share_met(self) -> float | None:
        """Met of all that can be judged; None when nothing can."""
        judged = self.met + self.missed
        return self.met / judged if judged else None

    @property
    def mean_late_seconds(self) -> int | None:
        """How late the late ones were on average, in working seconds."""
        return self.late_seconds // self.late if self.late else None

    def add(self, verdict: Verdict, late_seconds: int = 0) -> None:
        """Count one complaint."""
        match verdict:
            case Verdict.MET:
                self.met += 1
            case Verdict.MISSED:
                self.missed += 1
                self.late += 1
                self.late_seconds += late_seconds
            case Verdict.OPEN:
                self.open += 1
            case Verdict.NO_RULE:
                self.no_rule += 1


@dataclass(slots=True)
class Measured:
    """The tallies of one set of policies: all together, and by each key of two groupings."""

    total: Tally = field(default_factory=Tally)
    by_month: dict[str, Tally] = field(default_factory=dict)
    by_category: dict[str, Tally] = field(default_factory=dict)

    def add(self, month: str, category: str, verdict: Verdict, late_seconds: int) -> None:
        """Count one complaint everywhere it belongs."""
        self.total.add(verdict, late_seconds)
        self.by_month.setdefault(month, Tally()).add(verdict, late_seconds)
        self.by_category.setdefault(category, Tally()).add(verdict, late_seconds)


def evaluate(case: PastCase, terms: Sequence[Terms], now: datetime) -> tuple[Verdict, int]:
    """The verdict on a complaint and, when it was late, the working seconds by which.

    Pauses move the due time as they would have moved it. A complaint that was withdrawn in time
    is neither kept nor missed and counts as open.
    """
    moments = lasting_moments(case.received_at, case.documents_complete_at)
    dues = [
        (count_on(start, each, case.pauses).due_at if case.pauses else each.due_from(start), each)
        for each in terms
        if (start := moments.get(each.clause.start)) is not None
    ]
    if not dues:
        return Verdict.NO_RULE, 0
    due, counted_by = min(dues, key=lambda pair: pair[0])
    end = case.settled_at or case.ended_at or now
    if end > due:
        return Verdict.MISSED, counted_by.calendar.between(due, end)
    return (Verdict.MET if case.settled_at is not None else Verdict.OPEN), 0
