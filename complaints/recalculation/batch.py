"""One batch of a recalculation, worked out in memory: what becomes of each clock.

Nothing is stored here; `store_batch` hands what came out to the store.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.clocks.entries import clock_of_clause
from complaints.clocks.store import RECALCULATED, ClockChanges
from complaints.domain.clauses import Clause, Policy, lasting_moments
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState
from complaints.domain.escalation import Ladder, Step
from complaints.domain.history import HistoryHead
from complaints.domain.ladder_position import (
    NextTimer,
    level_reached,
    position_after,
    steps_done,
    timer_at,
)
from complaints.domain.ledger import Entry, EntryKind, Terms, count_on
from complaints.domain.permissions import Actor
from complaints.domain.policies.whatif import (
    Change,
    RuleKind,
    clauses_owed,
    due_after,
    holds_promise,
    is_let_go,
    kept_for,
    may_end,
    terms_after,
)
from complaints.domain.worktime import WorkCalendar
from complaints.models import Deadline
from complaints.models.shapes import Facts
from complaints.queries.engine.running_clocks import (
    ClockRow,
    cycle_starts,
    pauses_of_cases,
    read_clocks,
)
from complaints.rulebook import RuleBook, terms_entry


@dataclass(slots=True)
class Totals:
    """How many clocks were counted anew, moved, started and ended, of how many complaints."""

    complaints: int = 0
    clocks: int = 0
    moved: int = 0
    started: int = 0
    ended: int = 0

    def add(self, other: "Totals") -> None:
        """Take in what a further batch did."""
        self.complaints += other.complaints
        self.clocks += other.clocks
        self.moved += other.moved
        self.started += other.started
        self.ended += other.ended


@dataclass(slots=True)
class LockedComplaint:
    """What its clocks are chosen by, where its history ends, and the due times that move."""

    id: int
    status: str
    cycle: int
    received_at: datetime
    documents_complete_at: datetime | None
    head: HistoryHead
    facts: Facts
    moves: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Recalculation:
    """What one batch makes of the clocks it is given; `touched` are the complaints concerned."""

    session: Session
    rules: RuleBook
    change: Change
    reason: str
    by: Actor
    at: datetime
    totals: Totals = field(default_factory=Totals)
    touched: set[int] = field(default_factory=set)
    changes: ClockChanges = field(default_factory=lambda: ClockChanges(columns=RECALCULATED))
    #: Clocks that fall, but for the told date that they hold.
    _holding: list[tuple[LockedComplaint, ClockRow]] = field(default_factory=list)
    _facts: dict[int, dict[str, object]] = field(default_factory=dict)
    _terms: dict[Hashable, Terms | None] = field(default_factory=dict)

    def take(self, complaint: LockedComplaint, row: ClockRow) -> None:
        """Count one clock anew under the change."""
        if self.change.kind is RuleKind.LADDER:
            self._change_ladder(row.clock)
        elif is_let_go(self.change, row.clock):
            self._let_go(complaint, row)
        elif not row.clock.is_missed(self.at):
            terms = self._terms_after(complaint, row.clock)
            if terms is None:
                self._let_go(complaint, row)
            else:
                self._move(complaint, row, terms)

    def start_what_is_owed(self, locked: Mapping[int, LockedComplaint]) -> None:
        """Start the clocks of policies switched on or clocks added, from where they would have."""
        codes = [policy.code for policy in self.change.starting]
        query = select(Deadline.complaint_id, Deadline.policy, Deadline.kind, Deadline.cycle)
        query = query.where(Deadline.complaint_id.in_(locked), Deadline.policy.in_(codes))
        known = set(self.session.execute(query))
        pauses = pauses_of_cases(self.session, list(locked))
        begun = cycle_starts(self.session, list(locked))
        for each in locked.values():
            facts = self.rules.facts_of(**each.facts._asdict())
            begun_at = begun.get(each.id) if each.cycle > 1 else each.received_at
            if begun_at is None:
                continue
            moments = lasting_moments(begun_at, each.documents_complete_at)
            for policy, clause in clauses_owed(self.change, each.status, facts):
                is_there = (each.id, policy.code, clause.kind.value, each.cycle) in known
                started_at = moments.get(clause.start)
                if started_at is not None and not is_there:
                    self._start(each, policy, clause, started_at, pauses.get(each.id, []))

    def keep_promises(self) -> None:
        """End what holds a told date once another clock guards it; else it runs on.

        Call it behind what starts and moves: a clock that begins now is a guard as well.
        """
        if not self._holding:
            return
        guards = self._guards()
        for complaint, row in self._holding:
            others = guards.get(complaint.id, [])
            if not may_end(row.clock, [each.clock for each in others], self.at):
                continue
            if not any(each.clock.told_at is not None for each in others):
                self._carry(complaint, row, others)
            self._end(complaint, row)

    def _guards(self) -> dict[int, list[ClockRow]]:
        """Complaint id → the other clocks its customer waits for, as this batch leaves them."""
        ids = [complaint.id for complaint, _ in self._holding]
        leaving = {row.clock.id for _, row in self._holding}
        changed = {each.id: each for each in self.changes.changed}
        live = [Deadline.ended_at.is_(None), Deadline.complaint_id.in_(ids)]
        guards: dict[int, list[ClockRow]] = {}
        kinds = Deadline.kind.in_([each.value for each in OUTCOME_KINDS])
        for row in read_clocks(self.session, [*live, kinds]):
            row = row._replace(clock=changed.get(row.clock.id, row.clock))
            if row.clock.id not in leaving and row.clock.ended_at is None:
                guards.setdefault(row.clock.complaint_id, []).append(row)
        for each in self.changes.new:
            if each.kind in OUTCOME_KINDS:
                written = [entry for clock, entry in self.changes.entries if clock is each]
                row = self._holding[0][1]._replace(clock=each, kept=written[1:])
                guards.setdefault(each.complaint_id, []).append(row)
        return guards

    def _carry(self, complaint: LockedComplaint, held: ClockRow, others: list[ClockRow]) -> None:
        """Let the told date go over to the clock that is due first of those not missed."""
        running = [each for each in others if not each.clock.is_missed(self.at)]
        guard = min(running, key=lambda each: each.clock.due_at, default=None)
        if guard is None:
            return
        clock, before = guard.clock, guard.clock.due_at
        told = [each for each in held.kept if each.what in (EntryKind.TELL, EntryKind.EXTEND)]
        told_on = told[-1].at if told else held.clock.started_at
        entry = Entry(EntryKind.TELL, told_on, until=held.clock.told_at)
        clock.told_at, clock.first_told_at = held.clock.told_at, held.clock.first_told_at
        terms = self.rules.versions.terms_of(clock)
        clock.due_at = count_on(clock.started_at, terms, [*guard.kept, entry]).due_at
        self._note(clock, entry)
        if clock.due_at != before:
            complaint.moves.append(_told(clock.kind, before, clock.due_at))
        ladder = self.rules.ladder_versions[clock.ladder_version_id]
        schedule = ladder.schedule(clock.kind, clock.started_at, clock.due_at, terms.calendar)
        clock.fired = position_after(schedule, clock.fired, self.at)
        if clock not in self.changes.new and clock not in self.changes.changed:
            self.changes.changed.append(clock)
        if not clock.is_paused:
            schedule = self._with_reminders(ladder, clock, schedule, terms.calendar)
            others_timers = [each for each in self.changes.timers if each[0] is not clock]
            self.changes.timers = [*others_timers, (clock, timer_at(schedule, clock.fired))]

    def _terms_after(self, complaint: LockedComplaint, clock: ClockState) -> Terms | None:
        """The terms of a clock under the change; worked out once for all clocks that are alike."""
        facts = self._facts.get(complaint.id)
        if facts is None:
            facts = self.rules.facts_of(**complaint.facts._asdict())
            self._facts[complaint.id] = facts
        named = (clock.policy_version_id, clock.clause, clock.calendar_version_id, clock.kind)
        key = (*named, *facts.values())
        if key not in self._terms:
            self._terms[key] = terms_after(self.change, self.rules.versions, clock, facts)
        return self._terms[key]

    def _move(self, complaint: LockedComplaint, row: ClockRow, terms: Terms) -> None:
        clock, before = row.clock, row.clock.due_at
        clock.due_at, clock.clause = due_after(clock, row.kept, terms), terms.clause.id
        is_calendar = self.change.kind is RuleKind.CALENDAR
        if is_calendar:
            clock.calendar_version_id = self.change.version
        else:
            clock.policy_version_id = self.change.version
        self._note_terms(clock, EntryKind.RECOMPUTE, self.at)
        if clock.due_at != before:
            self.totals.moved += 1
            complaint.moves.append(_told(clock.kind, before, clock.due_at))
        elif not is_calendar:
            # The same due time by the same calendar: the ladder rings when it was going to.
            self._keep(clock)
            return
        ladder = self.rules.ladder_versions[clock.ladder_version_id]
        schedule = ladder.schedule(clock.kind, clock.started_at, clock.due_at, terms.calendar)
        clock.fired = position_after(schedule, clock.fired, self.at)
        self._keep(clock, self._with_reminders(ladder, clock, schedule, terms.calendar))

    def _change_ladder(self, clock: ClockState) -> None:
        """Let a clock go on by the new ladder from where it stands on the old one."""
        assert self.change.ladder is not None
        calendar = self.rules.calendar_versions[clock.calendar_version_id]
        times = (clock.kind, clock.started_at, clock.due_at, calendar)
        before = self.rules.ladder_versions[clock.ladder_version_id].schedule(*times)
        after = self.change.ladder.schedule(*times)
        has_breached = clock.state == DeadlineState.BREACHED
        clock.fired = steps_done(after, level_reached(before, clock.fired), has_breached, self.at)
        clock.ladder_version_id = self.change.ladder.version_id
        self._keep(clock, self._with_reminders(self.change.ladder, clock, after, calendar))

    def _with_reminders(
        self, ladder: Ladder, clock: ClockState, schedule: Sequence[Step], calendar: WorkCalendar
    ) -> tuple[Step, ...]:
        return ladder.with_reminders(clock.kind, schedule, clock.fired, self.at, calendar)

    def _keep(self, clock: ClockState, schedule: Sequence[Step] | None = None) -> None:
        """Keep a clock, and set its timer by a new schedule; a pause ends when it was to end."""
        self.totals.clocks += 1
        self.touched.add(clock.complaint_id)
        self.changes.changed.append(clock)
        if schedule is not None and not clock.is_paused:
            self.changes.timers.append((clock, timer_at(schedule, clock.fired)))

    def _let_go(self, complaint: LockedComplaint, row: ClockRow) -> None:
        """Stop a clock that nothing asks for any more; what was told waits for a guard."""
        if holds_promise(row.clock):
            self._holding.append((complaint, row))
        else:
            self._end(complaint, row)

    def _end(self, complaint: LockedComplaint, row: ClockRow) -> None:
        """Stop a clock that no policy asks for any more; one that stands still runs on first.

        What was missed stays missed, also where nobody had noticed yet.
        """
        clock, before = row.clock, row.clock.due_at
        if clock.is_missed(self.at) and clock.breached_at is None:
            clock.state, clock.breached_at = DeadlineState.BREACHED.value, clock.due_at
            self._note(clock, Entry(EntryKind.BREACH, clock.due_at))
        if clock.is_paused:
            terms = self.rules.versions.terms_of(clock)
            resume = Entry(EntryKind.RESUME, self.at, reason=self.reason)
            clock.due_at = count_on(clock.started_at, terms, [*row.kept, resume]).due_at
            self._note(clock, resume)
        if clock.breached_at is None:
            clock.state = DeadlineState.CANCELLED.value
        clock.ended_at = self.at
        self._note(clock, Entry(EntryKind.CANCEL, self.at, reason=self.reason))
        self.totals.ended += 1
        self.touched.add(clock.complaint_id)
        self.changes.changed.append(clock)
        complaint.moves.append(_told(clock.kind, before, None))

    def _start(
        self,
        complaint: LockedComplaint,
        policy: Policy,
        clause: Clause,
        at: datetime,
        pauses: Sequence[Entry],
    ) -> None:
        """Start a clock late, as if it had run from `at`: it stood still when the others did."""
        calendar = self.rules.calendar_of(complaint.facts.branch_id)
        kept = kept_for(clause, pauses)
        ledger = count_on(at, Terms(clause, calendar.value), kept)
        clock = clock_of_clause(
            self.rules,
            policy,
            clause,
            at,
            complaint_id=complaint.id,
            cycle=complaint.cycle,
            branch_id=complaint.facts.branch_id,
        )
        clock.due_at, clock.state = ledger.due_at, ledger.state.value
        self.changes.new.append(clock)
        self._note_terms(clock, EntryKind.START, at)
        for each in kept:
            self._note(clock, each)
        self.totals.started += 1
        self.touched.add(complaint.id)
        complaint.moves.append(_told(clock.kind, None, clock.due_at))
        schedule = self.rules.ladder.schedule(clock.kind, at, clock.due_at, calendar.value)
        # What lies behind is not warned of any more; a breach that lies behind is still one.
        clock.fired = steps_done(schedule, 0, False, self.at)
        schedule = self._with_reminders(self.rules.ladder, clock, schedule, calendar.value)
        ahead = timer_at(schedule, clock.fired)
        if ledger.paused_since is not None:
            assert kept[-1].until is not None
            ahead = NextTimer(kept[-1].until, "resume")
        self.changes.timers.append((clock, ahead))

    def _note(self, clock: ClockState, entry: Entry) -> None:
        self.changes.entries.append((clock, replace(entry, by_id=self.by.id)))

    def _note_terms(self, clock: ClockState, what: EntryKind, at: datetime) -> None:
        entry = terms_entry(self.rules, what, clock, at, by_id=self.by.id, reason=self.reason)
        self.changes.entries.append((clock, entry))


def _told(kind: str, before: datetime | None, after: datetime | None) -> dict[str, Any]:
    """A due time that moved, as the history keeps it."""
    moved = {"kind": kind, "before": before, "after": after}
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in moved.items()
        if value is not None
    }
