"""One batch of a recount, worked out in memory: what becomes of each clock, and its ledger rows.

Nothing is stored here; `book_recount` writes what came out.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.clocks.changes import terms_detail
from complaints.domain.clauses import Clause, Policy, lasting_moments
from complaints.domain.deadlines import DeadlineState
from complaints.domain.escalation import Step
from complaints.domain.ladder_position import level_climbed, position_after, steps_done
from complaints.domain.ledger import Entry, EntryKind, Terms, count_on
from complaints.domain.permissions import Actor
from complaints.domain.policies.whatif import (
    Change,
    RuleKind,
    clauses_owed,
    due_after,
    is_missed,
    kept_for,
    terms_after,
)
from complaints.models import Deadline
from complaints.outbox.queue import Row
from complaints.queries.engine.running_clocks import (
    ClockRow,
    Facts,
    Pause,
    cycle_starts,
    pauses_of_cases,
)
from complaints.rulebook import RuleBook


@dataclass(slots=True)
class Counted:
    """How many clocks were counted anew, moved, started and ended, of how many complaints."""

    complaints: int = 0
    clocks: int = 0
    moved: int = 0
    started: int = 0
    ended: int = 0

    def add(self, other: "Counted") -> None:
        """Take in what a further batch did."""
        self.complaints += other.complaints
        self.clocks += other.clocks
        self.moved += other.moved
        self.started += other.started
        self.ended += other.ended


@dataclass(slots=True)
class Tail:
    """A locked complaint: what its clocks are chosen by, and where its history ends."""

    id: int
    status: str
    cycle: int
    received_at: datetime
    documents_complete_at: datetime | None
    history_seq: int
    history_hash: str
    facts: Facts
    moves: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Kept:
    """A clock as it will stand after the batch; plain, because there are thousands."""

    id: int
    complaint_id: int
    kind: str
    policy: str
    clause: str
    policy_version_id: int
    calendar_version_id: int
    ladder_version_id: int
    started_at: datetime
    due_at: datetime
    state: str
    fired: int
    cycle: int = 1
    ended_at: datetime | None = None


@dataclass(slots=True)
class Recounting:
    """What one batch makes: clocks kept and new, their entries, and which timers to set."""

    session: Session
    rules: RuleBook
    change: Change
    reason: str
    by: Actor
    at: datetime
    counted: Counted = field(default_factory=Counted)
    touched: set[int] = field(default_factory=set)
    kept: list[Kept] = field(default_factory=list)
    new: list[Kept] = field(default_factory=list)
    entries: list[tuple[Kept, Row]] = field(default_factory=list)
    #: Clocks whose timer has to be set, with when and what; None when nothing is ahead.
    ahead: list[tuple[Kept, tuple[datetime, str] | None]] = field(default_factory=list)
    _facts: dict[int, dict[str, object]] = field(default_factory=dict)
    _terms: dict[Hashable, Terms | None] = field(default_factory=dict)

    def take(self, tail: Tail, row: ClockRow) -> None:
        """Count one clock anew under the change."""
        if self.change.kind is RuleKind.LADDER:
            self._change_ladder(row)
        elif not is_missed(row.clock, self.at):
            terms = self._terms_after(tail, row)
            if terms is None:
                self._end(tail, row)
            else:
                self._move(tail, row, terms)

    def start_what_is_owed(self, tails: Mapping[int, Tail]) -> None:
        """Start the clocks of packs switched on or clocks added, from where they would have."""
        codes = [policy.code for policy in self.change.starting]
        query = select(Deadline.complaint_id, Deadline.policy, Deadline.kind, Deadline.cycle)
        query = query.where(Deadline.complaint_id.in_(tails), Deadline.policy.in_(codes))
        known = {tuple(row) for row in self.session.execute(query)}
        pauses = pauses_of_cases(self.session, list(tails))
        begun = cycle_starts(self.session, list(tails))
        for tail in tails.values():
            facts = self.rules.facts_of(**tail.facts._asdict())
            begun_at = begun.get(tail.id) if tail.cycle > 1 else tail.received_at
            if begun_at is None:
                continue
            moments = lasting_moments(begun_at, tail.documents_complete_at)
            for policy, clause in clauses_owed(self.change, tail.status, facts):
                is_there = (tail.id, policy.code, clause.kind.value, tail.cycle) in known
                started_at = moments.get(clause.start)
                if started_at is not None and not is_there:
                    self._start(tail, policy, clause, started_at, pauses.get(tail.id, []))

    def _terms_after(self, tail: Tail, row: ClockRow) -> Terms | None:
        """The terms of a clock under the change; worked out once for all clocks that are alike."""
        clock = row.clock
        facts = self._facts.get(tail.id)
        if facts is None:
            facts = self._facts[tail.id] = self.rules.facts_of(**tail.facts._asdict())
        named = (clock.policy_version, clock.clause, clock.calendar_version, clock.kind)
        key = (*named, *facts.values())
        if key not in self._terms:
            self._terms[key] = terms_after(self.change, self.rules.versions, clock, facts)
        return self._terms[key]

    def _move(self, tail: Tail, row: ClockRow, terms: Terms) -> None:
        clock, due = row.clock, due_after(row.clock, terms)
        is_calendar = self.change.kind is RuleKind.CALENDAR
        deadline = _deadline(row)
        deadline.due_at = due
        deadline.clause = terms.clause.id
        if is_calendar:
            deadline.calendar_version_id = self.change.version
        else:
            deadline.policy_version_id = self.change.version
        policy = self.rules.policy_versions[deadline.policy_version_id]
        detail = terms_detail(policy, terms.clause, deadline.calendar_version_id)
        self._note(deadline, EntryKind.RECOMPUTE, self.at, detail=detail)
        if due != clock.due_at:
            self.counted.moved += 1
            tail.moves.append(_told(clock.kind, clock.due_at, due))
        elif not is_calendar:
            # The same due time by the same calendar: the ladder rings when it was going to.
            self._keep(deadline)
            return
        ladder = self.rules.ladder_versions[clock.ladder_version]
        schedule = ladder.schedule(clock.kind, clock.started_at, due, terms.calendar)
        deadline.fired = position_after(schedule, clock.fired, self.at)
        self._keep(deadline, schedule)

    def _change_ladder(self, row: ClockRow) -> None:
        """Let a clock climb the new ladder from where it stands on the old one."""
        assert self.change.ladder is not None
        deadline, clock = _deadline(row), row.clock
        calendar = self.rules.calendar_versions[clock.calendar_version]
        times = (clock.kind, clock.started_at, clock.due_at, calendar)
        before = self.rules.ladder_versions[clock.ladder_version].schedule(*times)
        after = self.change.ladder.schedule(*times)
        has_breached = clock.state == DeadlineState.BREACHED
        level = level_climbed(before, clock.fired)
        deadline.fired = steps_done(after, level, has_breached, self.at)
        deadline.ladder_version_id = self.change.ladder.version_id
        self._keep(deadline, after)

    def _keep(self, deadline: Kept, schedule: Sequence[Step] | None = None) -> None:
        """Keep a clock, and set its timer by a new schedule; a pause ends when it was to end."""
        self.counted.clocks += 1
        self.touched.add(deadline.complaint_id)
        self.kept.append(deadline)
        if schedule is not None and deadline.state != DeadlineState.PAUSED:
            step = schedule[deadline.fired] if deadline.fired < len(schedule) else None
            self.ahead.append((deadline, (step.ripe_at, step.firing.value) if step else None))

    def _end(self, tail: Tail, row: ClockRow) -> None:
        """Stop a clock that no pack asks for any more; one that stands still runs on first."""
        deadline, clock = _deadline(row), row.clock
        if clock.is_paused:
            terms = self.rules.versions.terms_of(clock)
            resumed = [*clock.kept, Entry(EntryKind.RESUME, self.at)]
            deadline.due_at = count_on(clock.started_at, terms, resumed).due_at
            self._note(deadline, EntryKind.RESUME, self.at)
        deadline.state = DeadlineState.CANCELLED.value
        deadline.ended_at = self.at
        self._note(deadline, EntryKind.CANCEL, self.at)
        self.counted.ended += 1
        self.touched.add(deadline.complaint_id)
        self.kept.append(deadline)
        tail.moves.append(_told(clock.kind, clock.due_at, None))

    def _start(
        self, tail: Tail, policy: Policy, clause: Clause, at: datetime, pauses: list[Pause]
    ) -> None:
        """Start a clock late, as if it had run from `at`: it stood still when the others did."""
        calendar = self.rules.calendar_of(tail.facts.branch_id)
        terms = Terms(clause, calendar.value)
        kept = kept_for(clause, [each.entry for each in pauses])
        state = count_on(at, terms, kept)
        deadline = Kept(
            id=0,
            complaint_id=tail.id,
            kind=clause.kind.value,
            cycle=tail.cycle,
            policy=policy.code,
            clause=clause.id,
            policy_version_id=policy.version_id,
            calendar_version_id=calendar.id,
            ladder_version_id=self.rules.ladder.version_id,
            started_at=at,
            due_at=state.due_at,
            state=state.state.value,
            fired=0,
        )
        self.new.append(deadline)
        detail = terms_detail(policy, clause, calendar.id)
        self._note(deadline, EntryKind.START, at, detail=detail)
        for each in pauses if kept else ():
            entry = each.entry
            self._note(deadline, entry.what, entry.at, until=entry.until, reason=each.reason)
        self.counted.started += 1
        self.touched.add(tail.id)
        tail.moves.append(_told(clause.kind.value, None, state.due_at))
        schedule = self.rules.ladder.schedule(deadline.kind, at, state.due_at, calendar.value)
        # What lies behind is not warned of any more; a breach that lies behind is still one.
        deadline.fired = steps_done(schedule, 0, False, self.at)
        if state.paused_since is not None:
            assert kept[-1].until is not None
            self.ahead.append((deadline, (kept[-1].until, "resume")))
        elif deadline.fired < len(schedule):
            step = schedule[deadline.fired]
            self.ahead.append((deadline, (step.ripe_at, step.firing.value)))

    def _note(
        self,
        deadline: Kept,
        what: EntryKind,
        at: datetime,
        *,
        until: datetime | None = None,
        reason: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        entry = {
            "complaint_id": deadline.complaint_id,
            "what": what.value,
            "at": at,
            "until": until,
            "by_id": self.by.id,
            "reason": self.reason if reason is None else reason,
            "detail": dict(detail or {}),
        }
        self.entries.append((deadline, entry))


def _deadline(row: ClockRow) -> Kept:
    """A stored clock, to be changed."""
    clock = row.clock
    return Kept(
        id=row.id,
        complaint_id=row.complaint_id,
        kind=clock.kind,
        policy=clock.policy,
        clause=clock.clause,
        policy_version_id=clock.policy_version,
        calendar_version_id=clock.calendar_version,
        ladder_version_id=clock.ladder_version,
        started_at=clock.started_at,
        due_at=clock.due_at,
        state=clock.state,
        fired=clock.fired,
    )


def _told(kind: str, before: datetime | None, after: datetime | None) -> dict[str, Any]:
    """A due time that moved, as the history keeps it."""
    moved = {"kind": kind, "before": before, "after": after}
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in moved.items()
        if value is not None
    }
