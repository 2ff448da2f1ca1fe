"""The deadline report: promises kept and missed in a period, counted by the database.

Page, API, command and CSV all read these figures; `docs/figures.md` defines each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.queries.reports.balance import Balance, read_balance
from complaints.queries.reports.counting import (
    OF_CLOCKS,
    count_clocks,
    count_decided,
    count_first,
    count_received,
)
from complaints.queries.reports.escalations import LevelLine, read_escalations
from complaints.queries.reports.exceptions import Exceptions, read_exceptions
from complaints.queries.reports.first_contact import FirstContact, read_first_contact
from complaints.queries.reports.money import MoneyLine, read_money
from complaints.queries.reports.period import Period
from complaints.queries.reports.rows import (
    NONE,
    Figures,
    ReportRow,
    branch_row,
    by_key,
    category_row,
    clock_row,
    month_row,
    rounded,
)
from complaints.queries.reports.stopped import Stopped, read_stopped
from complaints.queries.reports.undertaken import OwnerLine, read_undertaken
from complaints.rulebook import RuleBook, current_rules

DIMENSIONS = (
    "branch",
    "team",
    "category",
    "priority",
    "channel",
    "handler",
    "month",
    "cause",
    "tier",
    "need",
    "product",
    "clock",
)


#: What is counted of the promises due in a period.
DECIDED = ("met", "breached", "late_open", "moved", "again_kept", "again_missed")
#: What is said of a kind of clock.
SAID_OF_CLOCKS = (*OF_CLOCKS, "on_time")


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report: `rows` by the dimension asked for, the other lines always.

    `zones` are those whose local days were counted, each for its branches;
    `clocks` are all clocks by their kind, those that nobody outside waits for as well.
    """

    from_on: date
    to_on: date
    zones: Sequence[str]
    by: str | None
    total: Figures
    rows: Sequence[ReportRow]
    months: Sequence[ReportRow]
    branches: Sequence[ReportRow]
    categories: Sequence[ReportRow]
    clocks: Sequence[ReportRow]
    balance: Balance
    exceptions: Exceptions
    stopped: Stopped
    escalations: Sequence[LevelLine]
    first_contact: FirstContact
    money: Sequence[MoneyLine]
    commitments: Sequence[OwnerLine]

    def as_json(self) -> dict[str, Any]:
        """The report as the API and the command print it."""
        return {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "zones": list(self.zones),
            "by": self.by,
            "total": self.total.as_json(),
            "rows": report_rows(self.rows),
            "balance": self.balance.as_json(),
            "first_promise": {
                "kept": self.total.first_kept,
                "missed": self.total.first_missed,
                "on_time": rounded(self.total.first_on_time),
            },
            "moved": self.total.moved,
            "opened_again": {
                "kept": self.total.again_kept,
                "missed": self.total.again_missed,
                "on_time": rounded(self.total.again_on_time),
            },
            "clocks": [
                {"kind": row.key, **{name: row.figures.as_json()[name] for name in SAID_OF_CLOCKS}}
                for row in self.clocks
            ],
            "exceptions": self.exceptions.as_json(),
            "stopped": self.stopped.as_json(),
            "escalations": [each.as_json() for each in self.escalations],
            "first_contact": self.first_contact.as_json(),
            "money": [each.as_json() for each in self.money],
            "commitments": [each.as_json() for each in self.commitments],
        }


def deadline_report(
    session: Session,
    actor: Actor,
    from_on: date,
    to_on: date,
    by: str | None,
    *,
    now: datetime,
    rules: RuleBook | None = None,
) -> Report:
    """Count what lies in the person's scope; twelve queries, thirteen for handlers.

    Days are local days of each branch. Raises Invalid for a dimension or period that is none.
    """
    if by is not None and by not in DIMENSIONS:
        raise Invalid(N_("The report cannot be divided by %(by)s."), field="by", by=by[:40])
    book = rules or current_rules(session)
    period = Period.of(from_on, to_on, book)
    sums: dict[str, dict[Any, Figures]] = {"branch": {}, "category": {}, "key": {}}
    sums["month"] = dict.fromkeys(range(len(period.months)), NONE)
    for row in session.execute(count_decided(actor, period, by, now)):
        _add(sums, row, _figures(row, *DECIDED))
    for row in session.execute(count_first(actor, period, by, now)):
        _add(sums, row, _figures(row, "first_kept", "first_missed"))
    for row in session.execute(count_received(actor, period, by)):
        _add(sums, row, _figures(row, "received"))
    clocks = [
        clock_row(row.kind, _figures(row, *OF_CLOCKS))
        for row in session.execute(count_clocks(actor, period, now))
    ]
    clocks = _sorted(row for row in clocks if row.figures != NONE)
    named = {
        "month": [month_row(period.months[key], each) for key, each in sums["month"].items()],
        "branch": _sorted(branch_row(book, key, each) for key, each in sums["branch"].items()),
        "category": _sorted(category_row(book, *each) for each in sums["category"].items()),
    }
    named["clock"] = clocks
    rows = named.get(by or "")
    if rows is None:
        rows = _sorted(by_key(session, book, by, sums["key"])) if by else []
    return Report(
        from_on=from_on,
        to_on=to_on,
        zones=[zone.tz.key for zone in period.zones],
        by=by,
        total=sum(sums["month"].values(), NONE),
        rows=rows,
        months=named["month"],
        branches=named["branch"],
        categories=named["category"],
        clocks=clocks,
        balance=read_balance(session, actor, period, now),
        exceptions=read_exceptions(session, actor, period),
        stopped=read_stopped(session, actor, period),
        escalations=read_escalations(session, actor, period, book, now),
        first_contact=read_first_contact(session, actor, period, book),
        money=read_money(session, actor, period),
        commitments=read_undertaken(session, actor, period, book, now),
    )


def report_rows(rows: Sequence[ReportRow]) -> list[dict[str, Any]]:
    """Lines of the report as plain values, in the order of the page."""
    return [
        {"key": row.key, "label": row.label_id, "label_en": row.label_en, **row.figures.as_json()}
        for row in rows
    ]


def _add(sums: dict[str, dict[Any, Figures]], row: Any, figures: Figures) -> None:
    """Count one grouped row under each of its dimensions."""
    keys = {"month": row.month, "branch": row.branch, "category": row.category_code}
    if hasattr(row, "key"):
        keys["key"] = tuple(row.key) if isinstance(row.key, list) else row.key
    for name, key in keys.items():
        kept = sums.setdefault(name, {})
        kept[key] = kept.get(key, NONE) + figures


def _figures(row: Any, *names: str) -> Figures:
    """The counts that a query gave under these names."""
    counts: dict[str, Any] = {name: int(getattr(row, name)) for name in names}
    return Figures(**counts)


def _sorted(rows: Any) -> list[ReportRow]:
    """Where most promises were missed comes first."""
    return sorted(rows, key=lambda row: (-row.figures.breached, -row.figures.met, row.label_id))
