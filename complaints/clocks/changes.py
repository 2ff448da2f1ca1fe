"""Keeping a complaint's clocks: starting, meeting, telling, pausing, extending, recomputing.

Every change is a ledger row, and the due time is what the ledger says. `advance` calls this;
other steps ask `advance` for it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.clocks.expected import cycle_begun_at, facts_of, policies_of, read_handling
from complaints.clocks.pause_intervals import PauseInterval, pauses_of
from complaints.clocks.store import ClockChanges, read_live, store_changes
from complaints.clocks.timers import next_timer, pause_ends_at, stored_entries
from complaints.clocks.told_dates import clock_to_carry, first_told, is_waited_for, lacking_first
from complaints.domain.clauses import Clause, Policy, lasting_moments, select_clauses
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState, Event, Kind
from complaints.domain.ladder_position import position_after
from complaints.domain.ledger import Entry, EntryKind, LedgerState, Terms, rebuild
from complaints.models import Complaint
from complaints.rulebook import RuleBook, terms_entry


@dataclass(slots=True)
class Clocks:
    """The live clocks of one complaint and what is being written about them.

    Call `settle` once at the end: it hands what has changed to the store and sets the next due
    time.
    """

    session: Session
    rules: RuleBook
    complaint: Complaint
    by_id: int | None
    live: list[ClockState] = field(default_factory=list)
    _new: list[ClockState] = field(default_factory=list)
    _written: list[tuple[ClockState, Entry]] = field(default_factory=list)
    #: Stored clocks that learnt which date was told first, without an entry of their own.
    _stamped: list[ClockState] = field(default_factory=list)
    #: The pauses of the cycle, once a clock that starts has asked for them.
    _pauses: Sequence[PauseInterval] | None = None

    @classmethod
    def of(
        cls, session: Session, rules: RuleBook, complaint: Complaint, by_id: int | None
    ) -> "Clocks":
        """The clocks of a stored complaint."""
        return cls(session, rules, complaint, by_id, read_live(session, complaint.id))

    def start(self, events: Iterable[Event], at: datetime) -> None:
        """Start the clocks that these events start, each on its policy's terms."""
        policies = policies_of(self.rules, self.complaint)
        for policy, clause in select_clauses(policies, self.facts(), events):
            self._start(policy, clause, at)

    def restart(self, kinds: Collection[Kind], at: datetime) -> None:
        """Start new clocks of these kinds, as after a reopening; the first stay as they ended."""
        for event in lasting_moments(at, self.complaint.documents_complete_at):
            policies = policies_of(self.rules, self.complaint)
            for policy, clause in select_clauses(policies, self.facts(), (event,)):
                if clause.kind in kinds:
                    self._start(policy, clause, at)

    def start_waiting(self, at: datetime) -> None:
        """Start the clocks that waited for the documents, which were complete at this moment.

        The earlier of rule and promise counts: a date told while no clock of the kind ran is kept
        on the earliest one that starts.
        """
        begun_at = cycle_begun_at(self.session, self.complaint)
        moment = lasting_moments(begun_at, at)[Event.DOCUMENTS_COMPLETE]
        self._start_missing(self.facts(), {Event.DOCUMENTS_COMPLETE: moment})
        promised, clock = self.complaint.promised_at, self.outcome()
        if promised is not None and clock in self._new and not self._has_told():
            self.note_promise(promised, moment)

    def note_breaches(
        self, at: datetime, kinds: Collection[Kind] | None = None
    ) -> list[ClockState]:
        """Stamp what is late and not yet swept, of these kinds or all; returns those deadlines."""
        wanted = [each for each in self.live if kinds is None or each.kind in kinds]
        return [each for each in wanted if self._note_breach(each, at)]

    def meet(self, kinds: Iterable[Kind], at: datetime) -> None:
        """Stop clocks of these kinds; a late one is stamped as breached at its due time."""
        wanted = set(kinds)
        for clock in [each for each in self.live if each.kind in wanted]:
            self._note_breach(clock, at)
            self.end(clock, EntryKind.MEET, DeadlineState.MET, at)

    def add(self, clock: ClockState, start: Entry, more: Iterable[Entry] = ()) -> None:
        """Let a new clock run, with `more` that it lived through; it pauses as others did."""
        self._new.append(clock)
        self.live.append(clock)
        self._written += [(clock, entry) for entry in (start, *more)]
        if clock.is_pausable:
            self._apply_pauses(clock)

    def cancel(self, at: datetime) -> None:
        """Stop every clock but those of commitments, because the complaint has ended."""
        for clock in [each for each in self.live if not each.is_commitment]:
            self._note_breach(clock, at)
            self.end(clock, EntryKind.CANCEL, DeadlineState.CANCELLED, at)

    def note_promise(self, until: datetime, at: datetime) -> None:
        """Keep the date told to the customer on the earliest outcome clock.

        The first date of the cycle is kept beside it on every clock the customer waits for, and
        never changes again.
        """
        clock = self.outcome()
        if clock is not None:
            clock.told_at = until
            self.write(clock, EntryKind.TELL, at, until=until)
            self._recalculate(clock)
            self._keep_first(until)

    def pause(self, until: datetime, at: datetime, reason: str) -> None:
        """Stop the pausable clocks until they are resumed, at the latest at `until`."""
        for clock in self.live:
            self._note_breach(clock, at)
            if clock.state == DeadlineState.RUNNING and clock.is_pausable:
                clock.state = DeadlineState.PAUSED
                self.write(clock, EntryKind.PAUSE, at, until=until, reason=reason)

    def resume(self, at: datetime) -> None:
        """Let paused clocks run again; the time paused moves their due time."""
        for clock in self.live:
            if clock.state == DeadlineState.PAUSED:
                clock.state = DeadlineState.RUNNING
                self.write(clock, EntryKind.RESUME, at)
                self._recalculate(clock)

    def extend(
        self, until: datetime, at: datetime, reason: str, condition: Mapping[str, str]
    ) -> None:
        """Move the outcome clocks that fall due before `until`, which the customer is told.

        `condition` is the rule's own, in both languages; empty where no rule names any.
        """
        detail: dict[str, object] = {"condition": dict(condition)} if condition else {}
        self._keep_first(until)
        for clock in self.live:
            self._note_breach(clock, at)
            if clock.moves_with_promise and clock.breached_at is None and clock.due_at < until:
                clock.told_at = until
                self.write(clock, EntryKind.EXTEND, at, until=until, reason=reason, detail=detail)
                self._recalculate(clock)

    def recompute(self, at: datetime, reason: str) -> None:
        """Count every live clock anew from its original start after the facts changed.

        A complaint keeps the rules it was handled under, so policy and calendar stay in the
        versions the clock was started with. A clock that breached stays breached with the due
        time it missed. One that no clause asks for any more is cancelled; one asked for only now
        starts from the begin of the cycle, or from the moment the documents were complete.

        A date that was told outlives this: it goes over to the clock that the customer waits for
        now, and where there is none any more, the clock that holds it runs on.
        """
        facts = self.facts()
        unasked: list[ClockState] = []
        for clock in list(self.live):
            self._note_breach(clock, at)
            # An agreed date does not follow from the facts.
            is_counted = clock.breached_at is None and not clock.is_commitment
            if is_counted and not self._recompute(clock, facts, at, reason):
                unasked.append(clock)
        begun_at = cycle_begun_at(self.session, self.complaint)
        moments = lasting_moments(begun_at, self.complaint.documents_complete_at)
        self._start_missing(facts, moments)
        for clock in self._carry_told(unasked):
            self.end(clock, EntryKind.CANCEL, DeadlineState.CANCELLED, at)

    def outcome(self) -> ClockState | None:
        """The earliest live clock the customer waits for, or None."""
        outcome = [each for each in self.live if Kind(each.kind) in OUTCOME_KINDS]
        return min(outcome, key=lambda each: each.due_at, default=None)

    @property
    def count(self) -> int:
        """How many deadlines there are to store."""
        return len(self._new)

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
        for clock in self._new:
            clock.complaint_id = self.complaint.id
        written = {id(clock): clock for clock, _ in self._written}
        new = {id(clock) for clock in self._new}
        return ClockChanges(
            new=list(self._new),
            changed=[
                *(clock for key, clock in written.items() if key not in new),
                *(each for each in self._stamped if id(each) not in written),
            ],
            entries=list(self._written),
            timers=[
                (clock, next_timer(self.rules, clock, self._pause_ends(clock)))
                for clock in self._ahead()
            ],
        )

    def facts(self) -> dict[str, object]:
        """What the policies' selectors may ask of this complaint."""
        return facts_of(self.rules, self.complaint)

    def _start(self, policy: Policy, clause: Clause, at: datetime) -> None:
        calendar = self.rules.calendar_of(self.complaint.branch_id)
        clock = ClockState(
            id=0,
            complaint_id=self.complaint.id,
            kind=clause.kind.value,
            cycle=self.complaint.cycle,
            policy=policy.code,
            clause=clause.id,
            policy_version_id=policy.version_id,
            calendar_version_id=calendar.id,
            ladder_version_id=self.rules.ladder.version_id,
            started_at=at,
            due_at=Terms(clause, calendar.value).due_from(at),
        )
        self.add(clock, terms_entry(self.rules, EntryKind.START, clock, at, by_id=self.by_id))
        if is_waited_for(clock) and self.complaint.promised_at is not None:
            clock.first_told_at = first_told(self.session, self.complaint, self.live)

    def _apply_pauses(self, clock: ClockState) -> None:
        """Pause a new clock as the others were paused since its start, and are now if they are."""
        for pause in self._pauses_of_cycle():
            if pause.ended_at is not None and pause.ended_at <= clock.started_at:
                continue
            since = max(pause.at, clock.started_at)
            self.write(clock, EntryKind.PAUSE, since, until=pause.until, reason=pause.reason)
            if pause.ended_at is None:
                clock.state = DeadlineState.PAUSED.value
            else:
                self.write(clock, EntryKind.RESUME, pause.ended_at)
                self._recalculate(clock)

    def _pauses_of_cycle(self) -> Sequence[PauseInterval]:
        """The pauses of the present cycle; a complaint that is not stored yet has none."""
        if self._pauses is None:
            with self.session.no_autoflush:
                is_stored = self.complaint.id is not None
                self._pauses = pauses_of(self.session, self.complaint) if is_stored else []
        return self._pauses

    def _keep_first(self, until: datetime) -> None:
        """Note the first date of the cycle on the clocks the customer waits for, once."""
        lacking = lacking_first(self.live)
        if lacking:
            first = first_told(self.session, self.complaint, self.live) or until
            for clock in lacking:
                clock.first_told_at = first
            self._stamped += [each for each in lacking if each not in self._new]

    def _carry_told(self, unasked: Sequence[ClockState]) -> Sequence[ClockState]:
        """Let a told date outlive clocks that nothing asks for; returns those that end."""
        carried = clock_to_carry(unasked, self.live)
        if carried is None:
            return unasked
        held, clock = carried
        if clock is None:
            return [each for each in unasked if each is not held]
        told_on = self.ledger(held).told_on
        clock.told_at, clock.first_told_at = held.told_at, held.first_told_at
        self.write(clock, EntryKind.TELL, told_on or held.started_at, until=held.told_at)
        self._recalculate(clock)
        return unasked

    def _recompute(
        self, clock: ClockState, facts: Mapping[str, object], at: datetime, reason: str
    ) -> bool:
        """Count one clock by the clause that asks for it now; False when none does."""
        handled_under = self.rules.policy_versions[clock.policy_version_id]
        calendar = self.rules.calendar_kept(clock.calendar_version_id, self.complaint.branch_id).id
        event = handled_under.clause(clock.clause).start
        chosen = [
            clause
            for _, clause in select_clauses((handled_under,), facts, (event,))
            if clause.kind == clock.kind
        ]
        for clause in chosen:
            if (clock.clause, clock.calendar_version_id) != (clause.id, calendar):
                clock.clause = clause.id
                clock.calendar_version_id = calendar
                self._write_terms(clock, EntryKind.RECOMPUTE, at, reason)
                self._recalculate(clock)
        return bool(chosen)

    def _start_missing(self, facts: Mapping[str, object], moments: Mapping[str, datetime]) -> None:
        """Start the clocks of this cycle that should run since these moments and do not."""
        handling = read_handling(self.session, self.rules, self.complaint)
        for event, moment in moments.items():
            for policy, clause in handling.to_start(self.complaint.status, facts, Event(event)):
                self._start(policy, clause, moment)

    def _has_told(self) -> bool:
        """Whether a live outcome clock already holds the date told to the customer."""
        return any(
            each.told_at is not None for each in self.live if Kind(each.kind) in OUTCOME_KINDS
        )

    def _note_breach(self, clock: ClockState, at: datetime) -> bool:
        """Stamp a breach nobody has swept yet with the clock's own time; whether there was one.

        What is done in the due second itself is in time.
        """
        if clock.state != DeadlineState.RUNNING or at <= clock.due_at:
            return False
        clock.state = DeadlineState.BREACHED
        clock.breached_at = clock.due_at
        self.write(clock, EntryKind.BREACH, clock.due_at)
        return True

    def end(self, clock: ClockState, what: EntryKind, state: str, at: datetime) -> None:
        """Stop a clock; one that stands still runs on first."""
        if clock.state == DeadlineState.PAUSED:
            clock.state = DeadlineState.RUNNING
            self.write(clock, EntryKind.RESUME, at)
            self._recalculate(clock)
        if clock.state != DeadlineState.BREACHED:
            clock.state = str(state)
        clock.ended_at = at
        self.live.remove(clock)
        self.write(clock, what, at)

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

    def _write_terms(
        self, clock: ClockState, what: EntryKind, at: datetime, reason: str = ""
    ) -> None:
        """Write by what the clock is counted from now on, as it says."""
        entry = terms_entry(self.rules, what, clock, at, by_id=self.by_id, reason=reason)
        self._written.append((clock, entry))

    def _recalculate(self, clock: ClockState) -> None:
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
