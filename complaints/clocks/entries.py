"""What is being written about a complaint's live clocks: entries, due times, timers.

Which entry follows from which event is said in `changes`; here each is noted, the due time set to
what the ledger then says, and all of it handed to the store at the end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.clocks.store import ClockChanges, store_changes
from complaints.clocks.timers import next_timer, pause_ends_at, stored_entries
from complaints.domain.clauses import Clause, Policy
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState, Kind
from complaints.domain.ladder_position import position_after
from complaints.domain.ledger import Entry, EntryKind, LedgerState, Terms, rebuild
from complaints.models import Complaint
from complaints.rulebook import RuleBook, terms_entry


@dataclass(slots=True)
class ClockEntries:
    """The live clocks of one complaint and the entries that are not stored yet.

    Call `settle` once at the end: it hands what has changed to the store and sets the next due
    time.
    """

    session: Session
    rules: RuleBook
    complaint: Complaint
    by_id: int | None
    live: list[ClockState] = field(default_factory=list)
    new: list[ClockState] = field(default_factory=list)
    _written: list[tuple[ClockState, Entry]] = field(default_factory=list)
    #: Stored clocks that learnt which date was told first, without an entry of their own.
    stamped: list[ClockState] = field(default_factory=list)

    def outcome(self) -> ClockState | None:
        """The earliest live clock the customer waits for, or None."""
        outcome = [each for each in self.live if Kind(each.kind) in OUTCOME_KINDS]
        return min(outcome, key=lambda each: each.due_at, default=None)

    @property
    def count(self) -> int:
        """How many deadlines there are to store."""
        return len(self.new)

    def settle(self) -> None:
        """Store what was written, set the timers, and repeat the next due time on the complaint."""
        self.set_next_due()
        store_changes(self.session, self.changes())

    def set_next_due(self) -> None:
        """Repeat the next due time on the complaint; a step's own is told by the step."""
        own = (each for each in self.live if not each.is_commitment)
        soonest = min(own, key=lambda each: each.due_at, default=None)
        self.complaint.next_due_at = soonest.due_at if soonest else None
        self.complaint.next_due_kind = soonest.kind if soonest else None

    def changes(self) -> ClockChanges:
        """What is to be stored; new clocks belong to the complaint once it has an id."""
        for clock in self.new:
            clock.complaint_id = self.complaint.id
        written = {id(clock): clock for clock, _ in self._written}
        new = {id(clock) for clock in self.new}
        return ClockChanges(
            new=list(self.new),
            changed=[
                *(clock for key, clock in written.items() if key not in new),
                *(each for each in self.stamped if id(each) not in written),
            ],
            entries=list(self._written),
            timers=[
                (clock, next_timer(self.rules, clock, self._pause_ends(clock)))
                for clock in self._ahead()
            ],
        )

    def new_clock(self, policy: Policy, clause: Clause, at: datetime) -> ClockState:
        """A clock on a clause's terms, due as these say from this start; not included yet."""
        return clock_of_clause(
            self.rules,
            policy,
            clause,
            at,
            complaint_id=self.complaint.id,
            cycle=self.complaint.cycle,
            branch_id=self.complaint.branch_id,
        )

    def include(self, clock: ClockState, entries: Iterable[Entry]) -> None:
        """Let a new clock be live, with what it has lived through."""
        self.new.append(clock)
        self.live.append(clock)
        self._written += [(clock, entry) for entry in entries]

    def note_breach(self, clock: ClockState, at: datetime) -> bool:
        """Stamp a breach nobody has swept yet with the clock's own time; whether there was one.

        What is done in the due second itself is in time.
        """
        if clock.state != DeadlineState.RUNNING or at <= clock.due_at:
            return False
        clock.state = DeadlineState.BREACHED
        clock.breached_at = clock.due_at
        self.write(clock, EntryKind.BREACH, clock.due_at)
        return True

    def end(
        self, clock: ClockState, what: EntryKind, state: str, at: datetime, reason: str = ""
    ) -> None:
        """Stop a clock; one that stands still runs on first."""
        if clock.state == DeadlineState.PAUSED:
            clock.state = DeadlineState.RUNNING
            self.write(clock, EntryKind.RESUME, at)
            self.recalculate(clock)
        if clock.state != DeadlineState.BREACHED:
            clock.state = str(state)
        clock.ended_at = at
        self.live.remove(clock)
        self.write(clock, what, at, reason=reason)

    def write(
        self,
        clock: ClockState,
        what: EntryKind,
        at: datetime,
        *,
        until: datetime | None = None,
        reason: str = "",
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Note what happened to a clock; it is stored at the end."""
        entry = Entry(
            what, at, until=until, reason=reason, by_id=self.by_id, detail=dict(detail or {})
        )
        self._written.append((clock, entry))

    def write_terms(
        self, clock: ClockState, what: EntryKind, at: datetime, reason: str = ""
    ) -> None:
        """Write by what the clock is counted from now on, as it says."""
        entry = terms_entry(self.rules, what, clock, at, by_id=self.by_id, reason=reason)
        self._written.append((clock, entry))

    def recalculate(self, clock: ClockState) -> None:
        """Set the due time to what the ledger says, rows stored and rows just written."""
        ledger = self.ledger(clock)
        clock.due_at = ledger.due_at
        schedule = self.rules.ladder_versions[clock.ladder_version_id].schedule(
            clock.kind, clock.started_at, clock.due_at, ledger.terms.calendar
        )
        clock.fired = position_after(schedule, clock.fired, self._written[-1][1].at)

    def ledger(self, clock: ClockState) -> LedgerState:
        """The clock's ledger played from its rows, stored and just written."""
        stored = stored_entries(self.session, self.rules, clock.id)
        return rebuild((*stored, *(entry for each, entry in self._written if each is clock)))

    def due_unextended(self, clock: ClockState) -> datetime:
        """When a clock would be due had nobody extended it; pauses and what was told count."""
        stored = stored_entries(self.session, self.rules, clock.id)
        return rebuild(each for each in stored if each.what is not EntryKind.EXTEND).due_at

    def due_resumed(self, clock: ClockState, at: datetime) -> datetime:
        """When a clock would be due if it ran again from `at`; one that runs, as it stands."""
        if not clock.is_paused:
            return clock.due_at
        stored = stored_entries(self.session, self.rules, clock.id)
        return rebuild((*stored, Entry(EntryKind.RESUME, at))).due_at

    def _ahead(self) -> list[ClockState]:
        """The live deadlines whose next timer has to be set."""
        return [each for each in self.live if any(each is clock for clock, _ in self._written)]

    def _pause_ends(self, clock: ClockState) -> datetime | None:
        """Until when a paused clock may stay paused: as its latest pause entry says."""
        if clock.state != DeadlineState.PAUSED:
            return None
        for each, entry in reversed(self._written):
            if each is clock and entry.what == EntryKind.PAUSE:
                return entry.until
        return pause_ends_at(self.session, clock.id)


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
