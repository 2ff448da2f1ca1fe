"""Policies laid on complaints of the past: what they would have promised, and how it ended.

Pure counting on plain values; where the complaints come from, others know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

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
    """Verdicts counted, and how late the missed were, from due to settled.

    `late_seconds` is working time over `late` cases; a rule that counts calendar days or hours is
    late by the clock, which is summed apart.
    """

    met: int = 0
    missed: int = 0
    open: int = 0
    no_rule: int = 0
    late: int = 0
    late_seconds: int = 0
    late_by_clock: int = 0
    clock_seconds: int = 0

    @property
    def share_met(self) -> float | None:
        """Met of all that can be judged; None when nothing can."""
        judged = self.met + self.missed
        return self.met / judged if judged else None

    @property
    def mean_late_seconds(self) -> int | None:
        """How late those under rules of working time were on average, in working seconds."""
        return self.late_seconds // self.late if self.late else None

    @property
    def mean_clock_seconds(self) -> int | None:
        """How late those under rules of calendar time were on average, in seconds."""
        return self.clock_seconds // self.late_by_clock if self.late_by_clock else None

    def add(self, verdict: Verdict, late_seconds: int = 0, *, in_worktime: bool = True) -> None:
        """Count one complaint."""
        match verdict:
            case Verdict.MET:
                self.met += 1
            case Verdict.MISSED:
                self.missed += 1
                if in_worktime:
                    self.late += 1
                    self.late_seconds += late_seconds
                else:
                    self.late_by_clock += 1
                    self.clock_seconds += late_seconds
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

    def add(
        self,
        month: str,
        category: str,
        verdict: Verdict,
        late_seconds: int,
        *,
        in_worktime: bool = True,
    ) -> None:
        """Count one complaint everywhere it belongs."""
        for tally in (
            self.total,
            self.by_month.setdefault(month, Tally()),
            self.by_category.setdefault(category, Tally()),
        ):
            tally.add(verdict, late_seconds, in_worktime=in_worktime)


class Evaluated(NamedTuple):
    """A verdict and, when it was late, the seconds by which: working time or by the clock."""

    verdict: Verdict
    late_seconds: int = 0
    in_worktime: bool = True


def evaluate(case: PastCase, terms: Sequence[Terms], now: datetime) -> Evaluated:
    """The verdict on a complaint, and how late it was as the rule that it missed counts.

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
        return Evaluated(Verdict.NO_RULE)
    due, counted_by = min(dues, key=lambda pair: pair[0])
    end = case.settled_at or case.ended_at or now
    if end > due:
        if counted_by.clause.unit.startswith("working"):
            return Evaluated(Verdict.MISSED, counted_by.calendar.between(due, end))
        return Evaluated(Verdict.MISSED, int((end - due).total_seconds()), in_worktime=False)
    return Evaluated(Verdict.MET if case.settled_at is not None else Verdict.OPEN)
