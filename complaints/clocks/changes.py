"""Keeping a complaint's clocks: starting, meeting, telling, pausing, extending, recomputing.

Here is which entries follow from what happens; how they are written stands in `entries`. `advance`
calls this; other steps ask `advance` for it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.clocks.entries import ClockEntries
from complaints.clocks.expected import cycle_begun_at, facts_of, policies_of, read_handling
from complaints.clocks.pause_intervals import PauseInterval, pauses_of
from complaints.clocks.store import read_live
from complaints.clocks.told_dates import clock_to_carry, first_told, is_waited_for, lacking_first
from complaints.domain.clauses import Clause, Policy, lasting_moments, select_clauses
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState, Event, Kind
from complaints.domain.ledger import Entry, EntryKind
from complaints.models import Complaint
from complaints.rulebook import RuleBook, terms_entry


@dataclass(slots=True)
class Clocks(ClockEntries):
    """What happens to the clocks of one complaint; call `settle` once at the end."""

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
        if promised is not None and clock in self.new and not self._has_told():
            self.note_promise(promised, moment)

    def note_breaches(
        self, at: datetime, kinds: Collection[Kind] | None = None
    ) -> list[ClockState]:
        """Stamp what is late and not yet swept, of these kinds or all; returns those deadlines."""
        wanted = [each for each in self.live if kinds is None or each.kind in kinds]
        return [each for each in wanted if self.note_breach(each, at)]

    def meet(self, kinds: Iterable[Kind], at: datetime) -> None:
        """Stop clocks of these kinds; a late one is stamped as breached at its due time."""
        wanted = set(kinds)
        for clock in [each for each in self.live if each.kind in wanted]:
            self.note_breach(clock, at)
            self.end(clock, EntryKind.MEET, DeadlineState.MET, at)

    def add(self, clock: ClockState, start: Entry, more: Iterable[Entry] = ()) -> None:
        """Let a new clock run, with `more` that it lived through; it pauses as others did."""
        self.include(clock, (start, *more))
        if clock.is_pausable:
            self._apply_pauses(clock)

    def cancel(self, at: datetime) -> None:
        """Stop every clock but those of commitments, because the complaint has ended."""
        for clock in [each for each in self.live if not each.is_commitment]:
            self.note_breach(clock, at)
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
            self.recalculate(clock)
            self._keep_first(until)

    def pause(self, until: datetime, at: datetime, reason: str) -> None:
        """Stop the pausable clocks until they are resumed, at the latest at `until`."""
        for clock in self.live:
            self.note_breach(clock, at)
            if clock.state == DeadlineState.RUNNING and clock.is_pausable:
                clock.state = DeadlineState.PAUSED
                self.write(clock, EntryKind.PAUSE, at, until=until, reason=reason)

    def resume(self, at: datetime) -> None:
        """Let paused clocks run again; the time paused moves their due time."""
        for clock in self.live:
            if clock.state == DeadlineState.PAUSED:
                clock.state = DeadlineState.RUNNING
                self.write(clock, EntryKind.RESUME, at)
                self.recalculate(clock)

    def extend(
        self, until: datetime, at: datetime, reason: str, condition: Mapping[str, str]
    ) -> None:
        """Move the outcome clocks that fall due before `until`, which the customer is told.

        `condition` is the rule's own, in both languages; empty where no rule names any.
        """
        detail: dict[str, object] = {"condition": dict(condition)} if condition else {}
        self._keep_first(until)
        for clock in self.live:
            self.note_breach(clock, at)
            if clock.moves_with_promise and clock.breached_at is None and clock.due_at < until:
                clock.told_at = until
                self.write(clock, EntryKind.EXTEND, at, until=until, reason=reason, detail=detail)
                self.recalculate(clock)

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
            self.note_breach(clock, at)
            # An agreed date does not follow from the facts.
            is_counted = clock.breached_at is None and not clock.is_commitment
            if is_counted and not self._recompute(clock, facts, at, reason):
                unasked.append(clock)
        begun_at = cycle_begun_at(self.session, self.complaint)
        moments = lasting_moments(begun_at, self.complaint.documents_complete_at)
        self._start_missing(facts, moments, reason)
        for clock in self._carry_told(unasked):
            self.end(clock, EntryKind.CANCEL, DeadlineState.CANCELLED, at)

    def facts(self) -> dict[str, object]:
        """What the policies' selectors may ask of this complaint."""
        return facts_of(self.rules, self.complaint)

    def _start(self, policy: Policy, clause: Clause, at: datetime, reason: str = "") -> None:
        clock = self.new_clock(policy, clause, at)
        entry = terms_entry(self.rules, EntryKind.START, clock, at, by_id=self.by_id, reason=reason)
        self.add(clock, entry)
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
                self.recalculate(clock)

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
            self.stamped += [each for each in lacking if each not in self.new]

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
        self.recalculate(clock)
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
                self.write_terms(clock, EntryKind.RECOMPUTE, at, reason)
                self.recalculate(clock)
        return bool(chosen)

    def _start_missing(
        self, facts: Mapping[str, object], moments: Mapping[str, datetime], reason: str = ""
    ) -> None:
        """Start the clocks of this cycle that should run since these moments and do not.

        `reason` is what asks for them only now.
        """
        handling = read_handling(self.session, self.rules, self.complaint)
        for event, moment in moments.items():
            for policy, clause in handling.to_start(self.complaint.status, facts, Event(event)):
                self._start(policy, clause, moment, reason)

    def _has_told(self) -> bool:
        """Whether a live outcome clock already holds the date told to the customer."""
        return any(
            each.told_at is not None for each in self.live if Kind(each.kind) in OUTCOME_KINDS
        )
