"""Why this due time? One deadline taken apart: its terms, each line counted, each change since.

The lines come from the same calendar version and the same ledger that made the due time, so what
the page says adds up to what is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clauses import Clause, Policy
from complaints.domain.ledger import EntryKind, LedgerState, Terms, rebuild
from complaints.domain.worktime.explanation import Span
from complaints.models import Deadline, LedgerEntry, RuleVersion, User
from complaints.rulebook import RuleBook, read_entry


@dataclass(frozen=True, slots=True)
class Change:
    """One ledger row after the start: what happened, by whom, and the due time it left.

    `terms` are those of a recomputation; `paused_seconds` what a pause that ends here took out;
    `condition` the rule's own for an extension, in both languages.
    """

    what: EntryKind
    at: datetime
    by: str | None
    reason: str
    until: datetime | None
    due_at: datetime
    paused_seconds: int = 0
    terms: Terms | None = None
    condition: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Why:
    """The whole story of one due time.

    `lines` run from the start to the due time by policy, without pauses; they are empty for
    clocks that count calendar days or hours by the clock. `adds_up` says that the ledger rebuilt
    from its rows gives the stored due time; `governed_by` is what decides it now: the rule, the
    promise told to the customer where it is earlier, or an extension.
    """

    deadline: Deadline
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


def why_due(session: Session, rules: RuleBook, complaint_id: int) -> list[Why]:
    """Every deadline of a complaint explained, in the order they were started (three queries)."""
    deadlines = session.scalars(
        select(Deadline).where(Deadline.complaint_id == complaint_id).order_by(Deadline.id)
    ).all()
    rows = session.execute(
        select(LedgerEntry, User.name)
        .outerjoin(User, User.id == LedgerEntry.by_id)
        .where(LedgerEntry.complaint_id == complaint_id)
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
    return [
        _explain(rules, deadline, [row for row in rows if row[0].deadline_id == deadline.id], named)
        for deadline in deadlines
    ]


def _explain(
    rules: RuleBook,
    deadline: Deadline,
    rows: Sequence[tuple[LedgerEntry, str | None]],
    named: dict[int, tuple[str, int]],
) -> Why:
    policy = rules.policy_versions[deadline.policy_version_id]
    calendar = rules.calendar_versions[deadline.calendar_version_id]
    terms = Terms(policy.clause(deadline.clause), calendar)
    base = terms.due_from(deadline.started_at)
    worktime = calendar.between(deadline.started_at, base) if terms.is_worktime else 0
    code, version = named[deadline.calendar_version_id]
    ledger = rebuild([read_entry(rules, row) for row, _ in rows])
    return Why(
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
        changes=_changes(rules, ledger, rows),
        adds_up=ledger.due_at == deadline.due_at,
        governed_by=_governed_by(ledger),
    )


def _governed_by(ledger: LedgerState) -> str:
    if ledger.extended_until is not None:
        return "extension"
    return "promise" if ledger.due_at < replace(ledger, told_at=None).due_at else "rule"


def _changes(
    rules: RuleBook, ledger: LedgerState, rows: Sequence[tuple[LedgerEntry, str | None]]
) -> tuple[Change, ...]:
    changes: list[Change] = []
    paused_since: datetime | None = None
    for row, name in rows[1:]:
        what = EntryKind(row.what)
        paused = 0
        if what is EntryKind.PAUSE:
            paused_since = row.at
        elif paused_since is not None and what in _ENDS_A_PAUSE:
            paused = ledger.terms.paused_seconds(paused_since, row.at)
            paused_since = None
        terms = read_entry(rules, row).terms
        condition = row.detail.get("condition", {})
        changes.append(
            Change(what, row.at, name, row.reason, row.until, row.due_at, paused, terms, condition)
        )
    return tuple(changes)


_ENDS_A_PAUSE = (EntryKind.RESUME, EntryKind.MEET, EntryKind.CANCEL)
