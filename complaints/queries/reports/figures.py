"""The deadline report: promises kept and missed in a period, counted by the database.

Page, API, command and CSV all read these figures; `docs/figures.md` defines each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.db import begin_snapshot
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.domain.reporting.previous import past_part, stretch_before
from complaints.queries.reports.balance import Balance
from complaints.queries.reports.compared import Comparison, Stretch
from complaints.queries.reports.counting import OF_CLOCKS
from complaints.queries.reports.escalations import LevelLine
from complaints.queries.reports.exceptions import Exceptions
from complaints.queries.reports.first_contact import FirstContact
from complaints.queries.reports.handling import Ageing, Handling
from complaints.queries.reports.money import MoneyLine
from complaints.queries.reports.parts import (
    Asked,
    Parts,
    count_parts,
    count_received_only,
    count_totals,
)
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
from complaints.queries.reports.stopped import Stopped
from complaints.queries.reports.summaries.compose import (
    Sums,
    parts_of,
    read_sums,
    received_of,
    totals_of,
)
from complaints.queries.reports.undertaken import OwnerLine
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
    handling: Handling
    ageing: Ageing
    compared: Comparison | None

    @property
    def worst(self) -> Sequence[ReportRow]:
        """The category and, where there are several, the branch where most promises were missed."""
        places = (self.categories, self.branches if len(self.branches) > 1 else ())
        return [rows[0] for rows in places if rows and rows[0].figures.breached]

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
            "handling": self.handling.as_json(),
            "ageing": self.ageing.as_json(),
            "compared": self.compared.as_json() if self.compared else None,
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
    is_compared: bool = True,
) -> Report:
    """Count what lies in the person's scope, from the sums where they hold, else from the rows.

    Everything is read as it stands at one moment: a session that has not begun anything begins to
    read so. Days are local days of each branch. Raises Invalid for a dimension or period that is
    none.
    """
    if not session.in_transaction():
        begin_snapshot(session)
    if by is not None and by not in DIMENSIONS:
        raise Invalid(N_("The report cannot be divided by %(by)s."), field="by", by=by[:40])
    book = rules or current_rules(session)
    period = Period.of(from_on, to_on, book)
    asked = Asked(actor, period, by, now, book)
    sums = read_sums(session, asked)
    parts = count_parts(session, asked) if sums is None else parts_of(sums, asked)
    compared = _compared(session, asked, sums, parts.total) if is_compared else None
    return _report(session, asked, parts, compared)


def received_rows(
    session: Session,
    actor: Actor,
    from_on: date,
    to_on: date,
    by: str,
    *,
    now: datetime,
    rules: RuleBook,
) -> Sequence[ReportRow]:
    """The lines of a division with the complaints received, and nothing else of the report."""
    if not session.in_transaction():
        begin_snapshot(session)
    asked = Asked(actor, Period.of(from_on, to_on, rules), by, now, rules)
    sums = read_sums(session, asked)
    lines = count_received_only(session, asked) if sums is None else received_of(sums, asked)
    if by == "branch":
        return [branch_row(rules, key, each) for key, each in lines.items()]
    if by == "category":
        return [category_row(rules, *each) for each in lines.items()]
    return list(by_key(session, rules, by, lines))


def _compared(
    session: Session, asked: Asked, sums: Sums | None, total: Figures
) -> Comparison | None:
    """The period, as far as it has come, beside as long a one before it; `total` is all of it."""
    period = asked.period
    here = past_part(period.from_on, period.to_on, asked.today)
    if here is None:
        return None

    stretches = [here, stretch_before(*here)]
    days = [Period(*each, period.zones) for each in stretches]
    if sums is not None:
        totals = totals_of(sums, days)
    else:
        totals = [
            total if each == period else count_totals(session, replace(asked, period=each, by=None))
            for each in days
        ]
    found = [
        Stretch.of(*each, figures, asked.rules)
        for each, figures in zip(stretches, totals, strict=True)
    ]
    return Comparison(*found)


def _report(session: Session, asked: Asked, parts: Parts, compared: Comparison | None) -> Report:
    """Put the counts into lines with their words."""
    book, period, by = asked.rules, asked.period, asked.by
    named = {
        "month": [
            month_row(month, parts.months.get(place, NONE))
            for place, month in enumerate(period.months)
        ],
        "branch": _sorted(branch_row(book, key, each) for key, each in parts.branches.items()),
        "category": _sorted(category_row(book, *each) for each in parts.categories.items()),
        "clock": _sorted(clock_row(*each) for each in parts.clocks.items()),
    }
    rows = named.get(by or "")
    if rows is None:
        rows = _sorted(by_key(session, book, by, parts.keys)) if by else []
    return Report(
        from_on=period.from_on,
        to_on=period.to_on,
        zones=[
            zone.tz.key
            for zone in period.zones
            if asked.actor.branch_id is None or asked.actor.branch_id in zone.branch_ids
        ],
        by=by,
        total=parts.total,
        rows=rows,
        months=named["month"],
        branches=named["branch"],
        categories=named["category"],
        clocks=named["clock"],
        balance=parts.balance,
        exceptions=parts.exceptions,
        stopped=parts.stopped,
        escalations=parts.escalations,
        first_contact=parts.first_contact,
        money=parts.money,
        commitments=parts.commitments,
        handling=parts.handling,
        ageing=parts.ageing,
        compared=compared,
    )


def report_rows(rows: Sequence[ReportRow]) -> list[dict[str, Any]]:
    """Lines of the report as plain values, in the order of the page."""
    return [
        {"key": row.key, "label": row.label_id, "label_en": row.label_en, **row.figures.as_json()}
        for row in rows
    ]


def _sorted(rows: Any) -> list[ReportRow]:
    """Where most promises were missed comes first."""
    return sorted(rows, key=lambda row: (-row.figures.breached, -row.figures.met, row.label_id))
