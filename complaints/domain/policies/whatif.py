"""What a changed rule would do to clocks that already run: moved, ended, started, rung at once.

The look ahead and the recalculation both ask here, so that what a page foretells is what happens.
Nothing is read or stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from complaints.domain.clauses import Clause, Policy, select_clauses
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import (
    LASTING_EVENTS,
    OUTCOME_KINDS,
    OWED_IN,
    DeadlineState,
    Kind,
)
from complaints.domain.escalation import Ladder, Step
from complaints.domain.ladder_position import level_reached, steps_done, steps_ringing
from complaints.domain.ledger import Entry, EntryKind, Terms, count_on
from complaints.domain.worktime import WorkCalendar


class RuleKind(StrEnum):
    """The rules that clocks run by; `organisation` holds which policies are switched on."""

    CALENDAR = "calendar"
    POLICY = "policy"
    LADDER = "ladder"
    SWITCHES = "organisation"


@dataclass(frozen=True)
class Change:
    """One rule that is about to change, or has: exactly the field of its kind is set.

    `added` are the clocks that a policy in use has newly got. `version` is the id of the version
    that the change leads to, 0 as long as it is not stored.
    """

    kind: RuleKind
    code: str
    calendar: WorkCalendar | None = None
    policy: Policy | None = None
    ladder: Ladder | None = None
    switched_on: tuple[Policy, ...] = ()
    switched_off: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    version: int = 0

    @property
    def starting(self) -> tuple[Policy, ...]:
        """The policies of which clocks may start on complaints that are open."""
        if self.policy is not None and self.added:
            return (self.policy,)
        return self.switched_on


@dataclass(frozen=True)
class Versions:
    """Every version of the rules, by id, that a stored clock may name."""

    policies: Mapping[int, Policy]
    calendars: Mapping[int, WorkCalendar]
    ladders: Mapping[int, Ladder]

    @cached_property
    def _terms(self) -> dict[tuple[int, str, int], Terms]:
        return {}

    def terms_of(self, clock: ClockState) -> Terms:
        """What a clock is counted by now."""
        key = (clock.policy_version_id, clock.clause, clock.calendar_version_id)
        terms = self._terms.get(key)
        if terms is None:
            policy, calendar = self.policies[key[0]], self.calendars[key[2]]
            terms = self._terms[key] = Terms(policy.clause(key[1]), calendar)
        return terms


def terms_after(
    change: Change, versions: Versions, clock: ClockState, facts: Mapping[str, object]
) -> Terms | None:
    """The terms of a clock under the changed rule; None when no clause asks for it any more.

    A changed calendar leaves the policy in the version the clock has, and the other way round.
    """
    if change.calendar is not None:
        return Terms(versions.terms_of(clock).clause, change.calendar)
    before = versions.terms_of(clock)
    if change.policy is not None:
        chosen = select_clauses((change.policy,), facts, (before.clause.start,))
        for _, clause in chosen:
            if clause.kind == clock.kind:
                return Terms(clause, before.calendar)
        return None
    return None if clock.policy in change.switched_off else before


def is_let_go(change: Change, clock: ClockState) -> bool:
    """Whether a clock falls because its policy is switched off for all, also one that was missed.

    What was missed stays missed; but nothing escalates any more by a policy that does not hold.
    """
    return clock.policy in change.switched_off


def holds_promise(clock: ClockState) -> bool:
    """Whether the date told to the customer is kept on this clock."""
    return clock.told_at is not None and Kind(clock.kind) in OUTCOME_KINDS


def may_end(holder: ClockState, others: Sequence[ClockState], at: datetime) -> bool:
    """Whether a clock that holds the told date may end: another one guards what is left of it.

    `others` are the clocks that the customer waits for besides. A date ahead goes over to one that
    is not missed; one that lies behind is missed for good, and any other clock goes on from there.
    """
    assert holder.told_at is not None
    if holder.is_missed(at) and holder.told_at <= at:
        return bool(others)
    return any(not each.is_missed(at) for each in others)


def due_after(clock: ClockState, kept: Sequence[Entry], terms: Terms) -> datetime:
    """The due time from the original start on other terms, with the entries `kept` played anew.

    Those are what was told, paused, resumed and extended; most clocks have none.
    """
    agreed_at = clock.told_at if terms.is_agreed else None
    if not kept and agreed_at is None:
        return terms.due_from(clock.started_at)
    return count_on(clock.started_at, terms, kept, agreed_at=agreed_at).due_at


def clauses_owed(
    change: Change, status: str, facts: Mapping[str, object]
) -> list[tuple[Policy, Clause]]:
    """The clauses just switched on or added whose clock an open complaint still needs.

    They start at lasting events; where such a moment is not known yet, the clock waits for it.
    """
    return [
        (policy, clause)
        for event in LASTING_EVENTS
        for policy, clause in select_clauses(change.starting, facts, (event,))
        if status in OWED_IN.get(clause.kind, ())
        and (not change.added or clause.id in change.added)
    ]


def kept_for(clause: Clause, entries: Sequence[Entry]) -> list[Entry]:
    """The pauses of a complaint, for a clock that starts late and would have stood still too."""
    if clause.kind is Kind.ACK:
        return []
    return [each for each in entries if each.what in (EntryKind.PAUSE, EntryKind.RESUME)]


def levels_ringing(versions: Versions, change: Change, clock: ClockState, at: datetime) -> set[int]:
    """The levels of another ladder that a late clock would call at once, because of the change."""
    assert change.ladder is not None
    calendar = versions.calendars[clock.calendar_version_id]
    times = (clock.kind, clock.started_at, clock.due_at, calendar)
    before = versions.ladders[clock.ladder_version_id].schedule(*times)
    after = change.ladder.schedule(*times)
    has_breached = clock.state == DeadlineState.BREACHED
    done = steps_done(after, level_reached(before, clock.fired), has_breached, at)
    # What the old ladder would call at once as well is not this change's doing.
    return _levels(steps_ringing(after, done, at)) - _levels(steps_ringing(before, clock.fired, at))


def _levels(steps: Sequence[Step]) -> set[int]:
    return {step.rung.level for step in steps if step.rung is not None}
