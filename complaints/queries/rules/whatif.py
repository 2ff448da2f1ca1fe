"""Looking ahead: what a changed rule would do to the clocks that run now, counted in one pass.

Every live clock is read and counted as the recalculation itself would count it; nothing is stored.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappush, heappushpop
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from complaints.domain.clauses import lasting_moments
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState
from complaints.domain.ledger import Terms, count_on
from complaints.domain.policies.whatif import (
    Change,
    RuleKind,
    Versions,
    clauses_owed,
    due_after,
    holds_promise,
    is_let_go,
    kept_for,
    levels_ringing,
    may_end,
    terms_after,
)
from complaints.models import Complaint, Customer, Deadline
from complaints.models.shapes import FACTS
from complaints.queries.engine.running_clocks import (
    OPEN_VALUES,
    ClockRow,
    concerned,
    cycle_starts,
    pauses_of_cases,
    read_clocks,
)
from complaints.rulebook import RuleBook

#: So many examples show what a change means; more would hide it.
EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Example:
    """One clock before and after; `before` None is a clock that would start, `after` one ended."""

    number: str
    kind: str
    branch_id: int
    before: datetime | None
    after: datetime | None
    turns_late: bool


@dataclass(slots=True)
class Outlook:
    """What a change would do. `clocks` are live and in time, `missed` live and late: those stay.

    `rings` says how many clocks would call which level of the ladder at once.
    """

    clocks: int = 0
    missed: int = 0
    earlier: int = 0
    later: int = 0
    turn_late: int = 0
    starts: int = 0
    ends: int = 0
    rings: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    _best: list[tuple[bool, float, int, Example]] = field(default_factory=list)

    @property
    def moves(self) -> int:
        """Clocks whose due time would be another one."""
        return self.earlier + self.later

    @property
    def examples(self) -> list[Example]:
        """The clocks that the change means most to, those that turn late first."""
        ranked = sorted(self._best, key=lambda each: each[:2], reverse=True)
        return [each[-1] for each in ranked]

    @property
    def changes_nothing(self) -> bool:
        """Whether no running clock would feel the change."""
        return not (self.moves or self.starts or self.ends or self.rings)

    def note(self, example: Example, seconds: float) -> None:
        """Keep the example if it belongs to those that mean most."""
        self.turn_late += example.turns_late
        self.kinds[example.kind] += 1
        order = len(self._best) + self.moves + self.starts + self.ends
        entry = (example.turns_late, seconds, -order, example)
        if len(self._best) < EXAMPLES:
            heappush(self._best, entry)
        else:
            heappushpop(self._best, entry)


def look_ahead(session: Session, rules: RuleBook, change: Change, *, now: datetime) -> Outlook:
    """Count what `change` would do to every clock it concerns, if it were applied to all.

    A hundred thousand clocks take seconds: rows are read in bulk and counted in memory, and only
    clocks that were paused, told or extended are played from their ledger.
    """
    outlook = Outlook()
    versions = rules.versions
    ids = rules.versions_of(change.kind, change.code)
    conditions = concerned(change, ids)
    if change.kind is RuleKind.LADDER:
        _look_at_ladder(session, versions, change, conditions, now, outlook)
        return outlook
    guarded = _look_at_starts(session, rules, change, now, outlook) if change.starting else set()
    if conditions:
        holding = _look_at_clocks(session, rules, change, conditions, now, outlook)
        _look_at_promises(session, change, holding, guarded, now, outlook)
    return outlook


def count_under_older(
    session: Session, rules: RuleBook, kind: str, code: str, *, now: datetime
) -> int:
    """How many live clocks in time still run under an earlier version of this rule."""
    older = rules.versions_of(kind, code)[:-1]
    if not older:
        return 0
    column = {
        RuleKind.CALENDAR: Deadline.calendar_version_id,
        RuleKind.POLICY: Deadline.policy_version_id,
        RuleKind.LADDER: Deadline.ladder_version_id,
    }[RuleKind(kind)]
    is_in_time = or_(Deadline.state == DeadlineState.PAUSED.value, Deadline.due_at >= now)
    query = select(func.count()).where(
        Deadline.ended_at.is_(None), Deadline.breached_at.is_(None), is_in_time, column.in_(older)
    )
    return session.scalar(query) or 0


def _look_at_clocks(
    session: Session,
    rules: RuleBook,
    change: Change,
    conditions: Sequence[ColumnElement[bool]],
    now: datetime,
    outlook: Outlook,
) -> list[ClockRow]:
    """Count what becomes of each clock; returns those that fall but for the date they hold."""
    known: dict[Hashable, Terms | None] = {}
    holding: list[ClockRow] = []
    for row in read_clocks(session, conditions):
        clock = row.clock
        if clock.is_missed(now) and not is_let_go(change, clock):
            outlook.missed += 1
            continue
        outlook.clocks += 1
        facts = rules.facts_of(**row.facts._asdict()) if change.policy is not None else {}
        named = (clock.policy_version_id, clock.clause, clock.calendar_version_id, clock.kind)
        key = (*named, *facts.values())
        if key in known:
            terms = known[key]
        else:
            terms = known[key] = terms_after(change, rules.versions, clock, facts)
        before = clock.due_at
        if terms is None and holds_promise(clock):
            holding.append(row)
            continue
        if terms is None:
            outlook.ends += 1
            outlook.note(_example(row, before, None, now), 0)
            continue
        after = due_after(clock, row.kept, terms)
        if after != before:
            outlook.earlier += after < before
            outlook.later += after > before
            seconds = abs((after - before).total_seconds())
            outlook.note(_example(row, before, after, now), seconds)
    return holding


def _look_at_promises(
    session: Session,
    change: Change,
    holding: Sequence[ClockRow],
    guarded: Collection[int],
    now: datetime,
    outlook: Outlook,
) -> None:
    """Count those clocks that hold a told date and would end, for another one guards it.

    `guarded` are the complaints on which the change itself starts such a clock.
    """
    if not holding:
        return
    ids = [row.clock.complaint_id for row in holding]
    leaving = {row.clock.id for row in holding}
    kinds = [each.value for each in OUTCOME_KINDS]
    live = [Deadline.ended_at.is_(None), Deadline.complaint_id.in_(ids), Deadline.kind.in_(kinds)]
    others: dict[int, list[ClockState]] = {}
    for row in read_clocks(session, live, with_ledger=False):
        if row.clock.id not in leaving and not is_let_go(change, row.clock):
            others.setdefault(row.clock.complaint_id, []).append(row.clock)
    for row in holding:
        is_guarded = row.clock.complaint_id in guarded
        if is_guarded or may_end(row.clock, others.get(row.clock.complaint_id, ()), now):
            outlook.ends += 1
            outlook.note(_example(row, row.clock.due_at, None, now), 0)


def _example(
    row: ClockRow, before: datetime | None, after: datetime | None, now: datetime
) -> Example:
    # A clock that stands still is not late; when it runs again its due time moves on.
    turns_late = after is not None and after < now and not row.clock.is_paused
    return Example(row.number, row.clock.kind, row.facts.branch_id, before, after, turns_late)


def _look_at_starts(
    session: Session, rules: RuleBook, change: Change, now: datetime, outlook: Outlook
) -> set[int]:
    """Count the clocks that the change would start on complaints that are open now.

    Returns those on which it is one in time that the customer waits for.
    """
    guarded: set[int] = set()
    codes = [policy.code for policy in change.starting]
    there = select(Deadline.complaint_id, Deadline.policy, Deadline.kind, Deadline.cycle)
    known = set(session.execute(there.where(Deadline.policy.in_(codes))))
    pauses, begun = pauses_of_cases(session), cycle_starts(session)
    query = (
        select(
            Complaint.id,
            Complaint.year,
            Complaint.status,
            Complaint.cycle,
            Complaint.received_at,
            Complaint.documents_complete_at,
            FACTS,
        )
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(Complaint.status.in_(OPEN_VALUES))
        .order_by(Complaint.id)
        .execution_options(yield_per=5000)
    )
    owed: dict[Hashable, Any] = {}
    for row in session.execute(query):
        facts = rules.facts_of(**row.Facts._asdict())
        key = (row.status, *facts.values())
        if key not in owed:
            owed[key] = clauses_owed(change, row.status, facts)
        begun_at = begun.get(row.id) if row.cycle > 1 else row.received_at
        if begun_at is None:
            continue
        moments = lasting_moments(begun_at, row.documents_complete_at)
        calendar = rules.calendar_of(row.Facts.branch_id).value
        for policy, clause in owed[key]:
            started_at = moments.get(clause.start)
            if started_at is None or (row.id, policy.code, clause.kind.value, row.cycle) in known:
                continue
            entries = kept_for(clause, pauses.get(row.id, ()))
            due = count_on(started_at, Terms(clause, calendar), entries).due_at
            outlook.starts += 1
            kind, branch = clause.kind.value, row.Facts.branch_id
            number = rules.numbers.write(row.year, row.id)
            outlook.note(Example(number, kind, branch, None, due, due < now), 0)
            if clause.kind in OUTCOME_KINDS and due >= now:
                guarded.add(row.id)
    return guarded


def _look_at_ladder(
    session: Session,
    versions: Versions,
    change: Change,
    conditions: Sequence[ColumnElement[bool]],
    now: datetime,
    outlook: Outlook,
) -> None:
    """Count the clocks under a ladder, and the levels that late ones would call at once.

    Warnings in the past are not said again, so clocks in time have nothing to fear.
    """
    total = session.scalar(select(func.count()).select_from(Deadline).where(*conditions)) or 0
    late = or_(Deadline.breached_at.is_not(None), Deadline.due_at < now)
    is_running = Deadline.state != DeadlineState.PAUSED.value
    for row in read_clocks(session, [*conditions, late, is_running], with_ledger=False):
        outlook.missed += 1
        levels = levels_ringing(versions, change, row.clock, now)
        outlook.rings.update(levels)
        if levels:
            due = row.clock.due_at
            example = Example(row.number, row.clock.kind, row.facts.branch_id, due, due, False)
            outlook.note(example, max(levels))
    outlook.clocks = total - outlook.missed
