"""One batch of a recount: each clock counted in memory, then everything written at once.

Written past the session's objects on purpose, as a sweep does: thousands of clocks must not cost
thousands of round trips, and must not make the form stale that somebody is filling in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from complaints.db import insert_objects, reserve_ids
from complaints.domain.deadlines import Clause, DeadlineState, Policy
from complaints.domain.history import chain_hash
from complaints.domain.ledger import Entry, EntryKind, Terms, count_on
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Actor
from complaints.domain.whatif import (
    Change,
    RuleKind,
    clauses_owed,
    due_after,
    is_missed,
    kept_for,
    level_climbed,
    steps_done,
    terms_after,
)
from complaints.models import Complaint, Deadline, HistoryEntry, LedgerEntry, Timer
from complaints.models.running import (
    ClockRow,
    Facts,
    Pause,
    cycle_starts,
    pauses_of_cases,
)
from complaints.rulebook import RuleBook
from complaints.steps.book import table_of
from complaints.steps.clocks import next_timer, terms_detail


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
    history_seq: int
    history_hash: str
    facts: Facts
    moves: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Recounting:
    """The rows that one batch makes; `write` stores them."""

    session: Session
    rules: RuleBook
    change: Change
    reason: str
    by: Actor
    at: datetime
    counted: Counted = field(default_factory=Counted)
    _touched: set[int] = field(default_factory=set)
    _kept: list[Deadline] = field(default_factory=list)
    _new: list[Deadline] = field(default_factory=list)
    _entries: list[tuple[Deadline, LedgerEntry]] = field(default_factory=list)
    #: Clocks whose timer has to be set, with the end of their pause if they stand still.
    _ahead: list[tuple[Deadline, datetime | None]] = field(default_factory=list)

    def take(self, tail: Tail, row: ClockRow) -> None:
        """Count one clock anew under the change."""
        if self.change.kind is RuleKind.LADDER:
            self._change_ladder(row)
        elif not is_missed(row.clock, self.at):
            facts = self.rules.facts_of(**tail.facts._asdict())
            terms = terms_after(self.change, self.rules.versions, row.clock, facts)
            if terms is None:
                self._end(tail, row)
            else:
                self._move(tail, row, terms)

    def start_what_is_owed(self, tails: Mapping[int, Tail]) -> None:
        """Start the clocks of packs switched on, from where they would have started."""
        codes = [policy.code for policy in self.change.switched_on]
        query = select(Deadline.complaint_id, Deadline.policy, Deadline.kind, Deadline.cycle)
        query = query.where(Deadline.complaint_id.in_(tails), Deadline.policy.in_(codes))
        known = {tuple(row) for row in self.session.execute(query)}
        pauses = pauses_of_cases(self.session, list(tails))
        begun = cycle_starts(self.session, list(tails))
        for tail in tails.values():
            facts = self.rules.facts_of(**tail.facts._asdict())
            started_at = begun.get(tail.id) if tail.cycle > 1 else tail.received_at
            for policy, clause in clauses_owed(self.change, tail.status, facts):
                is_there = (tail.id, policy.code, clause.kind.value, tail.cycle) in known
                if started_at is not None and not is_there:
                    self._start(tail, policy, clause, started_at, pauses.get(tail.id, []))

    def write(self, tails: Mapping[int, Tail]) -> None:
        """Store everything: clocks, ledger, timers, history, the complaints' next due times."""
        for deadline, key in zip(
            self._new, reserve_ids(self.session, Deadline, len(self._new)), strict=True
        ):
            deadline.id = key
        insert_objects(self.session, self._new)
        self._update_deadlines()
        for deadline, entry in self._entries:
            entry.deadline_id, entry.due_at = deadline.id, deadline.due_at
        insert_objects(self.session, [entry for _, entry in self._entries])
        self._set_timers()
        self._keep_complaints(tails)
        self.counted.complaints = len(self._touched)

    def _move(self, tail: Tail, row: ClockRow, terms: Terms) -> None:
        clock, due = row.clock, due_after(row.clock, terms)
        newest = self.rules.versions_of(self.change.kind, self.change.code)[-1]
        is_calendar = self.change.kind is RuleKind.CALENDAR
        deadline = _deadline(row)
        deadline.due_at = due
        deadline.clause = terms.clause.id
        if is_calendar:
            deadline.calendar_version_id = newest
        else:
            deadline.policy_version_id = newest
        policy = self.rules.policy_versions[deadline.policy_version_id]
        detail = terms_detail(policy, terms.clause, deadline.calendar_version_id)
        self._note(deadline, EntryKind.RECOMPUTE, self.at, detail=detail)
        if due != clock.due_at:
            self.counted.moved += 1
            tail.moves.append(_told(clock.kind, clock.due_at, due))
        ladder = self.rules.ladder_versions[clock.ladder_version]
        schedule = ladder.schedule(clock.kind, clock.started_at, due, terms.calendar)
        # Steps of the old schedule that lie ahead again in the new one will fire again.
        deadline.fired = min(clock.fired, sum(step.ripe_at <= self.at for step in schedule))
        self._keep(deadline)

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
        self._keep(deadline)

    def _keep(self, deadline: Deadline) -> None:
        """Keep a clock, and set its timer anew; a pause still ends when it was to end."""
        self.counted.clocks += 1
        self._touched.add(deadline.complaint_id)
        self._kept.append(deadline)
        if deadline.state != DeadlineState.PAUSED:
            self._ahead.append((deadline, None))

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
        self._touched.add(deadline.complaint_id)
        self._kept.append(deadline)
        tail.moves.append(_told(clock.kind, clock.due_at, None))

    def _start(
        self, tail: Tail, policy: Policy, clause: Clause, at: datetime, pauses: list[Pause]
    ) -> None:
        """Start a clock late, as if it had run from `at`: it stood still when the others did."""
        calendar = self.rules.calendar_of(tail.facts.branch_id)
        terms = Terms(clause, calendar.value)
        kept = kept_for(clause, [each.entry for each in pauses])
        state = count_on(at, terms, kept)
        deadline = Deadline(
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
        self._new.append(deadline)
        detail = terms_detail(policy, clause, calendar.id)
        self._note(deadline, EntryKind.START, at, detail=detail)
        for each in pauses if kept else ():
            entry = each.entry
            self._note(deadline, entry.what, entry.at, until=entry.until, reason=each.reason)
        self.counted.started += 1
        self._touched.add(tail.id)
        tail.moves.append(_told(clause.kind.value, None, state.due_at))
        schedule = self.rules.ladder.schedule(deadline.kind, at, state.due_at, calendar.value)
        # What lies behind is not warned of any more; a breach that lies behind is still one.
        deadline.fired = steps_done(schedule, 0, False, self.at)
        pause_ends = kept[-1].until if kept and state.paused_since is not None else None
        self._ahead.append((deadline, pause_ends))

    def _note(
        self,
        deadline: Deadline,
        what: EntryKind,
        at: datetime,
        *,
        until: datetime | None = None,
        reason: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        entry = LedgerEntry(
            complaint_id=deadline.complaint_id,
            what=what.value,
            at=at,
            until=until,
            by_id=self.by.id,
            reason=self.reason if reason is None else reason,
            detail=dict(detail or {}),
        )
        self._entries.append((deadline, entry))

    def _update_deadlines(self) -> None:
        if not self._kept:
            return
        table = table_of(Deadline)
        statement = (
            update(table)
            .where(table.c.id == bindparam("key"))
            .values({name: bindparam(f"new_{name}") for name in _CHANGING})
        )
        rows = [
            {"key": each.id, **{f"new_{name}": getattr(each, name) for name in _CHANGING}}
            for each in self._kept
        ]
        self.session.execute(statement, rows)

    def _set_timers(self) -> None:
        """Put new timers in the place of the old ones; a clock that ended needs none."""
        ahead = {deadline.id for deadline, _ in self._ahead}
        ended = {each.id for each in self._kept if each.ended_at is not None}
        table = table_of(Timer)
        if ahead | ended:
            self.session.execute(delete(table).where(table.c.deadline_id.in_(ahead | ended)))
        timers = [next_timer(self.rules, each, until) for each, until in self._ahead]
        insert_objects(self.session, [timer for timer in timers if timer is not None])

    def _keep_complaints(self, tails: Mapping[int, Tail]) -> None:
        """Repeat the next due time on the complaints, and say in their history what moved."""
        if not self._touched:
            return
        ids = sorted(self._touched)
        query = (
            select(Deadline.complaint_id, Deadline.due_at, Deadline.kind)
            .where(Deadline.complaint_id.in_(ids), Deadline.ended_at.is_(None))
            .order_by(Deadline.due_at.desc(), Deadline.id.desc())
        )
        soonest = {row[0]: (row[1], row[2]) for row in self.session.execute(query)}
        entries = [self._history(tails[key]) for key in ids if tails[key].moves]
        insert_objects(self.session, entries)
        table = table_of(Complaint)
        statement = (
            update(table)
            .where(table.c.id == bindparam("key"))
            .values(
                next_due_at=bindparam("due"),
                next_due_kind=bindparam("what"),
                history_seq=bindparam("seq"),
                history_hash=bindparam("hash"),
            )
        )
        rows = []
        for key in ids:
            due, kind = soonest.get(key, (None, None))
            seq, digest = tails[key].history_seq, tails[key].history_hash
            rows.append({"key": key, "due": due, "what": kind, "seq": seq, "hash": digest})
        self.session.execute(statement, rows)

    def _history(self, tail: Tail) -> HistoryEntry:
        """The next entry of a complaint's chain; the tail counts it."""
        detail = {"reason": self.reason, "moves": tail.moves}
        seq, previous = tail.history_seq + 1, tail.history_hash
        digest = chain_hash(
            previous,
            complaint_id=tail.id,
            seq=seq,
            what=Action.RECOUNT.value,
            at=self.at,
            by_id=self.by.id,
            detail=detail,
        )
        tail.history_seq, tail.history_hash = seq, digest
        return HistoryEntry(
            complaint_id=tail.id,
            seq=seq,
            what=Action.RECOUNT.value,
            at=self.at,
            by_id=self.by.id,
            by_name=self.by.name,
            detail=detail,
            prev_hash=previous,
            hash=digest,
        )


#: What a recount changes of a stored deadline.
_CHANGING = (
    "clause",
    "policy_version_id",
    "calendar_version_id",
    "ladder_version_id",
    "due_at",
    "state",
    "ended_at",
    "fired",
)


def _deadline(row: ClockRow) -> Deadline:
    """A clock as an object that belongs to no session."""
    clock = row.clock
    return Deadline(
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
        ended_at=None,
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
