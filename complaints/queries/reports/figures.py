"""The deadline report: promises kept and missed in a period, counted by the database.

Page, API, command and CSV all read these figures; `docs/figures.md` defines each of them.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.csv_cells import guard
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.formatting import ENGLISH, INDONESIAN, say_month
from complaints.models import User
from complaints.queries.reports.counting import FIGURES, count_decided, count_received
from complaints.queries.reports.period import Period
from complaints.rulebook import RuleBook, current_rules

DIMENSIONS = ("branch", "team", "category", "priority", "channel", "handler", "month")


@dataclass(frozen=True, slots=True)
class Figures:
    """`late_open` is the part of `breached` whose complaint still waits for its solution."""

    received: int = 0
    met: int = 0
    breached: int = 0
    late_open: int = 0

    @property
    def on_time(self) -> float | None:
        """The share met of those decided; None when none was."""
        decided = self.met + self.breached
        return self.met / decided if decided else None

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.received + other.received,
            self.met + other.met,
            self.breached + other.breached,
            self.late_open + other.late_open,
        )

    def as_json(self) -> dict[str, int | float | None]:
        """The figures as plain values; `on_time` is a share with four digits."""
        share = self.on_time
        return {
            "received": self.received,
            "met": self.met,
            "breached": self.breached,
            "late_open": self.late_open,
            "on_time": None if share is None else round(share, 4),
        }


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line: `key` is a code, an e-mail address or a month such as 2026-10; "" for none."""

    key: str
    label_id: str
    label_en: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report: `rows` by the dimension asked for, the other three always."""

    from_on: date
    to_on: date
    by: str | None
    total: Figures
    rows: Sequence[ReportRow]
    months: Sequence[ReportRow]
    branches: Sequence[ReportRow]
    categories: Sequence[ReportRow]

    def as_json(self) -> dict[str, Any]:
        """The report as the API and the command print it."""
        return {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "by": self.by,
            "total": self.total.as_json(),
            "rows": report_rows(self),
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
    """Count the promises of the complaints in the person's scope; two queries, three for handlers.

    Days are local days of each branch. Raises Invalid for a dimension or period that is none.
    """
    if by is not None and by not in DIMENSIONS:
        raise Invalid(N_("The report cannot be divided by %(by)s."), field="by", by=by[:40])
    book = rules or current_rules(session)
    period = Period.of(from_on, to_on, book)
    sums: dict[str, dict[Any, Figures]] = {"branch": {}, "category": {}, "key": {}}
    sums["month"] = dict.fromkeys(range(len(period.months)), _NONE)
    for row in session.execute(count_decided(actor, period, by, now)):
        _add(sums, row, Figures(0, int(row.met), int(row.breached), int(row.late_open)))
    for row in session.execute(count_received(actor, period, by)):
        _add(sums, row, Figures(received=row.received))
    named = {
        "month": [_month(period.months[key], each) for key, each in sums["month"].items()],
        "branch": _sorted(_branch(book, key, each) for key, each in sums["branch"].items()),
        "category": _sorted(_category(book, key, each) for key, each in sums["category"].items()),
    }
    rows = named.get(by or "")
    if rows is None:
        rows = _sorted(_by_key(session, book, by, sums["key"])) if by else []
    return Report(
        from_on=from_on,
        to_on=to_on,
        by=by,
        total=sum(sums["month"].values(), _NONE),
        rows=rows,
        months=named["month"],
        branches=named["branch"],
        categories=named["category"],
    )


def report_rows(report: Report) -> list[dict[str, Any]]:
    """The lines of the report as plain values, in the order of the page."""
    return [
        {"key": row.key, "label": row.label_id, "label_en": row.label_en, **row.figures.as_json()}
        for row in report.rows
    ]


def report_csv(report: Report) -> str:
    """The report as CSV: its lines, and the total as the last one."""
    out = io.StringIO()
    columns = ["key", "label", *FIGURES, "on_time"]
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in report_rows(report):
        cells = {name: guard(each) if isinstance(each, str) else each for name, each in row.items()}
        writer.writerow(cells)
    writer.writerow({"key": "total", "label": "Total", **report.total.as_json()})
    return out.getvalue()


_NONE = Figures()


def _add(sums: dict[str, dict[Any, Figures]], row: Any, figures: Figures) -> None:
    """Count one grouped row under each of its dimensions."""
    keys = {"month": row.month, "branch": row.branch, "category": row.category_code}
    if hasattr(row, "key"):
        keys["key"] = row.key
    for name, key in keys.items():
        kept = sums.setdefault(name, {})
        kept[key] = kept.get(key, _NONE) + figures


def _month(month: date, figures: Figures) -> ReportRow:
    names = say_month(month, INDONESIAN), say_month(month, ENGLISH)
    return ReportRow(f"{month:%Y-%m}", *names, figures)


def _branch(rules: RuleBook, key: int, figures: Figures) -> ReportRow:
    branch = rules.branches[key]
    return ReportRow(branch.code, branch.name, branch.name, figures)


def _category(rules: RuleBook, key: str | None, figures: Figures) -> ReportRow:
    return _labelled(key, rules.taxonomy.categories, figures)


def _by_key(
    session: Session, rules: RuleBook, by: str, keyed: Mapping[Any, Figures]
) -> list[ReportRow]:
    if by == "channel":
        return [_labelled(key, rules.taxonomy.channels, each) for key, each in keyed.items()]
    if by == "team":
        return [_team(rules, key, each) for key, each in keyed.items()]
    if by == "handler":
        people = _people(session, [key for key in keyed if key is not None])
        return [_person(people.get(key), each) for key, each in keyed.items()]
    return [ReportRow(str(key), str(key), str(key), each) for key, each in keyed.items()]


def _team(rules: RuleBook, key: int | None, figures: Figures) -> ReportRow:
    team = rules.teams.get(key) if key is not None else None
    return ReportRow(team.code, team.label_id, team.label_en, figures) if team else _nobody(figures)


def _person(person: Any, figures: Figures) -> ReportRow:
    if person is None:
        return _nobody(figures)
    return ReportRow(person.email, person.name, person.name, figures)


def _labelled(key: str | None, known: Mapping[str, Any], figures: Figures) -> ReportRow:
    if key is None:
        return _nobody(figures)
    item = known.get(key)
    return ReportRow(key, item.label_id if item else key, item.label_en if item else key, figures)


def _nobody(figures: Figures) -> ReportRow:
    return ReportRow("", "Belum ada", "None yet", figures)


def _people(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    query = select(User.id, User.email, User.name).where(User.id.in_(ids))
    return {row.id: row for row in session.execute(query)}


def _sorted(rows: Any) -> list[ReportRow]:
    """Where most promises were missed comes first."""
    return sorted(rows, key=lambda row: (-row.figures.breached, -row.figures.met, row.label_id))
