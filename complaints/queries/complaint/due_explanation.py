"""Why this due time? One deadline taken apart: its terms, each line counted, each change since.

The lines come from the same calendar version and the same ledger that made the due time, so what
the page says adds up to what is stored.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clauses import Clause, Policy
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import Kind
from complaints.domain.ledger import Entry, EntryKind, LedgerState, Terms, rebuild
from complaints.domain.worktime.explanation import Span
from complaints.models import Deadline, LedgerEntry, RuleVersion, User
from complaints.models.shapes import CLOCK
from complaints.rulebook import ENTRY, RuleBook, read_entry

#: A ledger entry and the name of the person behind it.
NamedEntry: TypeAlias = tuple[Entry, str | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One ledger entry after the start, by whom, and the seconds that a pause it ends took out."""

    entry: Entry
    by: str | None
    paused_seconds: int = 0

    @property
    def due_at(self) -> datetime:
        """The due time that the entry left."""
        assert self.entry.due_at is not None
        return self.entry.due_at

    @property
    def condition(self) -> Mapping[str, str]:
        """The rule's own condition for an extension, in both languages; empty where none is."""
        condition: Mapping[str, str] = self.entry.detail.get("condition", {})
        return condition


@dataclass(frozen=True, slots=True)
class DueExplanation:
    """The whole story of one due time.

    `lines` run from the start to the due time by policy, without pauses; they are empty for
    clocks that count calendar days or hours by the clock. `adds_up` says that the ledger rebuilt
    from its rows gives the stored due time; `governed_by` is what decides it now: the rule, the
    promise told to the customer where it is earlier, or an extension.
    """

    deadline: ClockState
    policy: Policy
    policy_version: int
    clause: Clause
    calendar: str
    calendar_version: int
    zone: str
    base_due_at: datetime
    lines: Sequence[Span]
    worktime_seconds: int
    changes: Sequence[Change]
    adds_up: bool
    governed_by: str
    years_unknown: Sequence[int] = ()


def explain_due(session: Session, rules: RuleBook, complaint_id: int) -> list[DueExplanation]:
    """Every deadline of a complaint explained, in the order they were started (three queries).

    A commitment runs to the date that was agreed; there is nothing to explain.
    """
    deadlines = session.scalars(
        select(CLOCK)
        .where(Deadline.complaint_id == complaint_id, Deadline.kind != Kind.COMMITMENT)
        .order_by(Deadline.id)
    ).all()
    rows = session.execute(
        select(LedgerEntry.deadline_id, *ENTRY, User.name)
        .outerjoin(User, User.id == LedgerEntry.by_id)
        .where(LedgerEntry.deadline_id.in_([each.id for each in deadlines]))
        .order_by(LedgerEntry.id)
    ).all()
    named = {
        row.id: (row.code, row.version)
        for row in session.execute(
            select(RuleVersion.id, RuleVersion.code, RuleVersion.version).where(
                RuleVersion.id.in_(
                    {each.calendar_version_id for each in deadlines}
                    | {each.policy_version_id for each in deadlines}
                )
            )
        )
    }
    told: dict[int, list[NamedEntry]] = defaultdict(list)
    for row in rows:
        told[row.deadline_id].append((read_entry(rules, row), row.name))
    return [_explain(rules, each, told[each.id], named) for each in deadlines]


def _explain(
    rules: RuleBook,
    deadline: ClockState,
    told: Sequence[NamedEntry],
    named: dict[int, tuple[str, int]],
) -> DueExplanation:
    policy = rules.policy_versions[deadline.policy_version_id]
    calendar = rules.calendar_versions[deadline.calendar_version_id]
    terms = Terms(policy.clause(deadline.clause), calendar)
    base = terms.due_from(deadline.started_at)
    worktime = calendar.between(deadline.started_at, base) if terms.is_worktime else 0
    code, version = named[deadline.calendar_version_id]
    ledger = rebuild(entry for entry, _ in told)
    return DueExplanation(
        deadline=deadline,
        policy=policy,
        policy_version=named[deadline.policy_version_id][1],
        clause=terms.clause,
        calendar=code,
        calendar_version=version,
        zone=calendar.tz.key,
        base_due_at=base,
        lines=calendar.explain(deadline.started_at, worktime) if worktime else (),
        worktime_seconds=worktime,
        changes=_changes(ledger, told),
        adds_up=ledger.due_at == deadline.due_at,
        governed_by=_governed_by(ledger),
        years_unknown=terms.years_unknown(deadline.started_at, deadline.due_at),
    )


def _governed_by(ledger: LedgerState) -> str:
    if ledger.extended_until is not None:
        return "extension"
    return "promise" if ledger.due_at < replace(ledger, told_at=None).due_at else "rule"


def _changes(ledger: LedgerState, told: Sequence[NamedEntry]) -> tuple[Change, ...]:
    changes: list[Change] = []
    paused_since: datetime | None = None
    for entry, name in told[1:]:
        paused = 0
        if entry.what is EntryKind.PAUSE:
            paused_since = entry.at
        elif paused_since is not None and entry.what in _ENDS_A_PAUSE:
            paused = ledger.terms.paused_seconds(paused_since, entry.at)
            paused_since = None
        changes.append(Change(entry, name, paused))
    return tuple(changes)


_ENDS_A_PAUSE = (EntryKind.RESUME, EntryKind.MEET, EntryKind.CANCEL)
