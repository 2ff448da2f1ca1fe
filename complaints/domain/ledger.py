"""The deadline ledger: a due time is what its entries say, and can be rebuilt from them.

Entries are start, tell, pause, resume, extend, recompute, meet, breach, cancel, again, void. Paused
time counts in working time for working units and in clock time for the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from complaints.domain.clauses import Clause
from complaints.domain.deadlines import DeadlineState, Kind
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import due_at, end_of_day_at


class EntryKind(StrEnum):
    """What a ledger row says happened to the deadline."""

    START = "start"
    TELL = "tell"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    RECOMPUTE = "recompute"
    MEET = "meet"
    BREACH = "breach"
    CANCEL = "cancel"
    AGAIN = "again"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a due time is counted by: a clause and the calendar in force."""

    clause: Clause
    calendar: WorkCalendar

    @property
    def is_agreed(self) -> bool:
        """Whether the clock runs to an agreed date, and not to one that the clause counts."""
        return self.clause.kind is Kind.COMMITMENT

    @property
    def is_worktime(self) -> bool:
        """Whether the clause counts working time."""
        return self.clause.unit.startswith("working")

    def due_from(self, started_at: datetime) -> datetime:
        """The due time without pauses, in aware UTC; of an agreed date there is none to count."""
        clause = self.clause
        return due_at(
            self.calendar,
            started_at,
            clause.duration,
            clause.unit,
            end_of_day=clause.end_of_day,
            counting=clause.counting,
        )

    def paused_due_from(self, started_at: datetime, seconds: int) -> datetime:
        """The due time with `seconds` of pauses; one that ends with a day ends with a later one."""
        due = self.shift(self.due_from(started_at), seconds)
        return end_of_day_at(self.calendar, due) if self.clause.ends_with_the_day else due

    def years_unknown(self, since: datetime, until: datetime) -> list[int]:
        """The years between two instants of which the calendar knows no holiday yet.

        What is counted through such a year may end too early. Calendar days and hours by the clock
        run on through holidays, so that nothing is unknown to them.
        """
        if not (self.is_worktime or self.clause.ends_with_the_day):
            return []
        first, last = (at.astimezone(self.calendar.tz).year for at in (since, until))
        return self.calendar.years_without_holidays(first, last)

    def shift(self, due: datetime, seconds: int) -> datetime:
        """`due` moved later by paused `seconds` (working seconds for working units)."""
        if seconds == 0:
            return due
        if self.is_worktime:
            return self.calendar.add(due, seconds)
        return due + timedelta(seconds=seconds)

    def paused_seconds(self, since: datetime, until: datetime) -> int:
        """How many seconds of this clock a pause between two instants takes out."""
        if self.is_worktime:
            return self.calendar.between(since, until)
        return max(0, int((until - since).total_seconds()))


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger row. `terms` on start and recompute; `until` on tell, pause and extend.

    The start of a clock that runs to an agreed date has that date as `until`.

    `detail` is what else the row keeps: the versions of the terms, the condition of an extension.
    `due_at` is the due time that the entry left, None as long as it is not stored.
    """

    what: EntryKind
    at: datetime
    terms: Terms | None = None
    until: datetime | None = None
    reason: str = ""
    by_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None


@dataclass(slots=True)
class LedgerState:
    """What the entries so far amount to."""

    started_at: datetime
    terms: Terms
    state: DeadlineState = DeadlineState.RUNNING
    paused_since: datetime | None = None
    pauses: list[tuple[datetime, datetime]] | None = None
    told_at: datetime | None = None
    told_on: datetime | None = None
    extended_until: datetime | None = None
    extended_at: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    #: How it ended, whether it had been missed or not.
    ended_as: DeadlineState | None = None
    extensions: int = 0

    @property
    def due_at(self) -> datetime:
        """The due time in force, in aware UTC.

        The earlier of the policy's and the told due time, moved by the pauses; an extension
        replaces both and is moved only by the pauses after it.
        """
        if self.extended_until is not None and self.extended_at is not None:
            return self._moved(self.extended_until, since=self.extended_at)
        if self.terms.is_agreed and self.told_at is not None:
            return self._moved(self.told_at, since=self.started_at)
        due = self.terms.paused_due_from(self.started_at, self._paused_since(self.started_at))
        if self.told_at is not None and self.told_on is not None:
            due = min(due, self._moved(self.told_at, since=self.told_on))
        return due

    def _moved(self, due: datetime, since: datetime) -> datetime:
        return self.terms.shift(due, self._paused_since(since))

    def _paused_since(self, since: datetime) -> int:
        """The seconds that pauses after an instant took out."""
        return sum(
            self.terms.paused_seconds(max(begin, since), end)
            for begin, end in self.pauses or ()
            if end > since
        )


def rebuild(entries: Iterable[Entry]) -> LedgerState:
    """Play the entries of one deadline in order; the first must be a start.

    Raises ValueError when the entries do not begin with a start.
    """
    iterator = iter(entries)
    first = next(iterator, None)
    if first is None or first.what is not EntryKind.START or first.terms is None:
        raise ValueError("a ledger begins with a start entry")
    return count_on(first.at, first.terms, iterator, agreed_at=first.until)


def count_on(
    started_at: datetime,
    terms: Terms,
    entries: Iterable[Entry],
    *,
    agreed_at: datetime | None = None,
) -> LedgerState:
    """A clock that started then on these terms, with the entries after its start played in order.

    Entries that carry no terms can be played on other terms than they were written under; that is
    how a clock is counted anew with its pauses, extensions and told date kept. `agreed_at` is the
    date to which a clock runs that no clause counts.
    """
    ledger = LedgerState(started_at=started_at, terms=terms, pauses=[], told_at=agreed_at)
    for entry in entries:
        _apply(ledger, entry)
    return ledger


def _apply(ledger: LedgerState, entry: Entry) -> None:
    match entry.what:
        case EntryKind.TELL:
            ledger.told_at = entry.until
            ledger.told_on = entry.at
        case EntryKind.RECOMPUTE if entry.terms is not None:
            ledger.terms = entry.terms
        case EntryKind.PAUSE if ledger.paused_since is None:
            ledger.paused_since = entry.at
            ledger.state = DeadlineState.PAUSED
        case EntryKind.RESUME:
            _end_pause(ledger, entry.at)
            if ledger.state is DeadlineState.PAUSED:
                ledger.state = DeadlineState.RUNNING
        case EntryKind.EXTEND:
            ledger.extended_until = entry.until
            ledger.extended_at = entry.at
            ledger.told_at = entry.until
            ledger.extensions += 1
        case EntryKind.BREACH:
            ledger.state = DeadlineState.BREACHED
            ledger.breached_at = entry.at
        case EntryKind.MEET:
            _end(ledger, entry.at, DeadlineState.MET)
        case EntryKind.CANCEL:
            _end(ledger, entry.at, DeadlineState.CANCELLED)
        case EntryKind.AGAIN:
            # It never stopped: what it had been met by does not hold.
            ledger.ended_at = ledger.ended_as = None
            if ledger.state is DeadlineState.MET:
                ledger.state = DeadlineState.RUNNING
        case EntryKind.VOID:
            # The miss does not hold: its date was not this complaint's.
            ledger.breached_at = None
            if ledger.state is DeadlineState.BREACHED:
                ledger.state = ledger.ended_as or DeadlineState.RUNNING
        case _:
            pass


def _end(ledger: LedgerState, at: datetime, state: DeadlineState) -> None:
    """Stop it; what was missed stays missed."""
    _end_pause(ledger, at)
    ledger.ended_at, ledger.ended_as = at, state
    if ledger.state is not DeadlineState.BREACHED:
        ledger.state = state


def _end_pause(ledger: LedgerState, at: datetime) -> None:
    if ledger.paused_since is not None and ledger.pauses is not None:
        ledger.pauses.append((ledger.paused_since, max(at, ledger.paused_since)))
        ledger.paused_since = None
