"""Running clocks read in bulk, as a look ahead and a recalculation need them; reading only.

Both must see the same clocks in the same way, so the reading stands here, below the two.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from complaints.domain.clock_state import ClockState
from complaints.domain.ledger import Entry, EntryKind
from complaints.domain.lifecycle import OPEN, Action
from complaints.domain.policies.whatif import Change, RuleKind
from complaints.models.clocks import Deadline, LedgerEntry
from complaints.models.complaint import Complaint, HistoryEntry
from complaints.models.customer import Customer
from complaints.models.shapes import CLOCK, FACTS, Facts
from complaints.rulebook import current_rules

#: Entries of a ledger that a recalculation keeps and plays again.
KEPT = (EntryKind.TELL, EntryKind.PAUSE, EntryKind.RESUME, EntryKind.EXTEND)
OPEN_VALUES = tuple(each.value for each in OPEN)


class ClockRow(NamedTuple):
    """A live clock with what its complaint is chosen by.

    `kept` are the entries of its ledger that carry no terms: what was told, paused, resumed and
    extended; empty for most clocks, and where nobody asked for them.
    """

    clock: ClockState
    number: str
    facts: Facts
    kept: Sequence[Entry]


def concerned(change: Change, version_ids: Sequence[int]) -> list[ColumnElement[bool]]:
    """Conditions on the live clocks that a change concerns; empty when it concerns none.

    `version_ids` are the versions of the rule that a clock may still run under.
    """
    live = [Deadline.ended_at.is_(None)]
    match change.kind:
        case RuleKind.CALENDAR:
            return [*live, Deadline.calendar_version_id.in_(version_ids)]
        case RuleKind.POLICY:
            return [*live, Deadline.policy_version_id.in_(version_ids)]
        case RuleKind.LADDER:
            return [*live, Deadline.ladder_version_id.in_(version_ids)]
    if change.switched_off:
        return [*live, Deadline.policy.in_(sorted(change.switched_off))]
    return []


def read_clocks(
    session: Session, conditions: Sequence[ColumnElement[bool]], *, with_ledger: bool = True
) -> Iterator[ClockRow]:
    """Clocks like these in the order of their ids, as few objects at a time as need be."""
    numbers = current_rules(session).numbers
    kept = kept_entries(session, conditions) if with_ledger else {}
    query = (
        select(CLOCK, FACTS, Complaint.year)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(*conditions)
        .order_by(Deadline.id)
        .execution_options(yield_per=5000)
    )
    for clock, facts, year in session.execute(query):
        number = numbers.write(year, clock.complaint_id)
        yield ClockRow(clock, number, facts, kept.get(clock.id, ()))


def kept_entries(
    session: Session, conditions: Sequence[ColumnElement[bool]]
) -> dict[int, list[Entry]]:
    """Deadline id → what was told, paused, resumed and extended, of clocks like these."""
    query = (
        select(LedgerEntry.deadline_id, LedgerEntry.what, LedgerEntry.at, LedgerEntry.until)
        .join(Deadline, Deadline.id == LedgerEntry.deadline_id)
        .where(*conditions, LedgerEntry.what.in_([each.value for each in KEPT]))
        .order_by(LedgerEntry.id)
    )
    kept: dict[int, list[Entry]] = defaultdict(list)
    for deadline_id, what, at, until in session.execute(query):
        kept[deadline_id].append(Entry(EntryKind(what), at, None, until))
    return kept


def pauses_of_cases(
    session: Session, complaint_ids: Sequence[int] | None = None
) -> dict[int, list[Entry]]:
    """Complaint id → the pause and resume entries of its present cycle, of open complaints.

    The last pause may not have ended. A clock knows only what it lived through, and one that ends
    in a pause runs on first: only all clocks of the cycle together tell how long the complaint
    stood still.
    """
    conditions = [
        Complaint.status.in_(OPEN_VALUES),
        Deadline.cycle == Complaint.cycle,
        LedgerEntry.what.in_([EntryKind.PAUSE.value, EntryKind.RESUME.value]),
    ]
    if complaint_ids is not None:
        conditions.append(Complaint.id.in_(complaint_ids))
    query = (
        select(
            LedgerEntry.complaint_id,
            LedgerEntry.deadline_id,
            LedgerEntry.what,
            LedgerEntry.at,
            LedgerEntry.until,
            LedgerEntry.reason,
        )
        .join(Deadline, Deadline.id == LedgerEntry.deadline_id)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(*conditions)
        .order_by(LedgerEntry.id)
    )
    by_clock: dict[int, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(query):
        entry = Entry(EntryKind(row.what), row.at, until=row.until, reason=row.reason)
        by_clock[row.complaint_id][row.deadline_id].append(entry)
    return {key: _together(list(clocks.values())) for key, clocks in by_clock.items()}


def _together(clocks: Sequence[Sequence[Entry]]) -> list[Entry]:
    """The pauses of several clocks as one clock would have them that lived through all."""
    if len(clocks) == 1:
        return list(clocks[0])
    # Each pause beside its resumption, None while it lasts; in the order of their begins.
    pairs = [
        (first, next(iter(clock[place + 1 : place + 2]), None))
        for clock in clocks
        for place, first in enumerate(clock)
        if first.what is EntryKind.PAUSE
    ]
    pairs.sort(key=lambda pair: pair[0].at)
    merged: list[tuple[Entry, Entry | None]] = []
    for begin, end in pairs:
        last = merged[-1][1] if merged else None
        if not merged or (last is not None and last.at < begin.at):
            merged.append((begin, end))
        elif last is not None and (end is None or end.at > last.at):
            merged[-1] = (merged[-1][0], end)
    return [each for pair in merged for each in pair if each is not None]


def cycle_starts(
    session: Session, complaint_ids: Sequence[int] | None = None
) -> dict[int, datetime]:
    """Complaint id → when its present cycle began, of open complaints that were reopened.

    Clocks that were taken up again say it; where no rule asked for any, the reopening itself.
    """
    conditions = [Complaint.cycle > 1, Complaint.status.in_(OPEN_VALUES)]
    if complaint_ids is not None:
        conditions.append(Complaint.id.in_(complaint_ids))
    reopened = (
        select(HistoryEntry.complaint_id, func.max(HistoryEntry.at))
        .join(Complaint, Complaint.id == HistoryEntry.complaint_id)
        .where(*conditions, HistoryEntry.what == Action.REOPEN.value)
        .group_by(HistoryEntry.complaint_id)
    )
    by_clocks = (
        select(Deadline.complaint_id, func.min(Deadline.started_at))
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(*conditions, Deadline.cycle == Complaint.cycle)
        .group_by(Deadline.complaint_id)
    )
    return {
        **dict(session.execute(reopened).all()),
        **dict(session.execute(by_clocks).all()),
    }
