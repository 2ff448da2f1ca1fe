"""Everything that a report counts, before it is put into words: from the rows, or from the sums."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

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
from complaints.queries.reports.handling import Ageing, Handling, read_ageing, read_handling
from complaints.queries.reports.money import MoneyLine, read_money
from complaints.queries.reports.period import Period
from complaints.queries.reports.rows import NONE, Figures
from complaints.queries.reports.stopped import Stopped, read_stopped
from complaints.queries.reports.undertaken import OwnerLine, read_undertaken
from complaints.rulebook import RuleBook

#: What is counted of the promises due in a period.
DECIDED = ("met", "breached", "late_open", "moved", "again_kept", "again_missed")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: whose complaints, which days, divided by what, as of when."""

    actor: Actor
    period: Period
    by: str | None
    now: datetime
    rules: RuleBook

    @property
    def today(self) -> date:
        """The day in the organisation's zone."""
        return self.now.astimezone(self.rules.home_zone).date()


@dataclass(slots=True)
class Parts:
    """The counts; `keys` are those of the division asked for. Lines of noughts are left out."""

    months: dict[int, Figures] = field(default_factory=dict)
    branches: dict[int, Figures] = field(default_factory=dict)
    categories: dict[str | None, Figures] = field(default_factory=dict)
    keys: dict[Any, Figures] = field(default_factory=dict)
    clocks: dict[str, Figures] = field(default_factory=dict)
    balance: Balance = field(default_factory=lambda: Balance({}))
    exceptions: Exceptions = field(default_factory=lambda: Exceptions({}, ()))
    stopped: Stopped = field(default_factory=Stopped)
    escalations: Sequence[LevelLine] = ()
    first_contact: FirstContact = field(default_factory=FirstContact)
    money: Sequence[MoneyLine] = ()
    commitments: Sequence[OwnerLine] = ()
    handling: Handling = field(default_factory=Handling)
    ageing: Ageing = field(default_factory=Ageing)

    @property
    def total(self) -> Figures:
        """All months together."""
        return sum(self.months.values(), NONE)


def count_parts(session: Session, asked: Asked) -> Parts:
    """Count everything from the rows themselves: slow where there are many, and always right."""
    actor, period, now, rules = asked.actor, asked.period, asked.now, asked.rules
    parts = _count_figures(session, asked)
    for row in session.execute(count_clocks(actor, period, now)):
        parts.clocks[row.kind] = _figures(row, *OF_CLOCKS)
    for lines in (parts.months, parts.branches, parts.categories, parts.keys, parts.clocks):
        _drop_empty(lines)
    parts.balance = read_balance(session, actor, period, now)
    parts.exceptions = read_exceptions(session, actor, period)
    parts.stopped = read_stopped(session, actor, period)
    parts.escalations = read_escalations(session, actor, period, rules, now)
    parts.first_contact = read_first_contact(session, actor, period, rules)
    parts.money = read_money(session, actor, period)
    parts.commitments = read_undertaken(session, actor, period, rules, now)
    parts.handling = read_handling(session, actor, period, rules)
    parts.ageing = read_ageing(session, actor, period, asked.today)
    return parts


def count_totals(session: Session, asked: Asked) -> Figures:
    """Only the figures of the whole period, from the rows."""
    return _count_figures(session, asked).total


def count_received_only(session: Session, asked: Asked) -> dict[Any, Figures]:
    """Only the complaints received, by the division asked for, from the rows; one query."""
    parts = Parts()
    for row in session.execute(count_received(asked.actor, asked.period, asked.by)):
        _add(parts, row, _figures(row, "received"))
    if asked.by == "branch":
        return dict(parts.branches)
    return dict(parts.categories) if asked.by == "category" else parts.keys


def _count_figures(session: Session, asked: Asked) -> Parts:
    """The figures by month, branch, category and the division asked for."""
    actor, period, now = asked.actor, asked.period, asked.now
    parts = Parts()
    for query, names in (
        (count_decided(actor, period, asked.by, now), DECIDED),
        (count_first(actor, period, asked.by, now), ("first_kept", "first_missed")),
        (count_received(actor, period, asked.by), ("received",)),
    ):
        for row in session.execute(query):
            _add(parts, row, _figures(row, *names))
    return parts


def _add(parts: Parts, row: Any, figures: Figures) -> None:
    """Count one grouped row under each of its dimensions."""
    _add_to(parts.months, row.month, figures)
    _add_to(parts.branches, row.branch, figures)
    _add_to(parts.categories, row.category_code, figures)
    if hasattr(row, "key"):
        key = tuple(row.key) if isinstance(row.key, list) else row.key
        _add_to(parts.keys, key, figures)


def _add_to(lines: dict[Any, Figures], key: Any, figures: Figures) -> None:
    lines[key] = lines.get(key, NONE) + figures


def _drop_empty(lines: dict[Any, Figures]) -> None:
    for key in [key for key, figures in lines.items() if figures == NONE]:
        del lines[key]


def _figures(row: Any, *names: str) -> Figures:
    """The counts that a query gave under these names."""
    counts: dict[str, Any] = {name: int(getattr(row, name)) for name in names}
    return Figures(**counts)
