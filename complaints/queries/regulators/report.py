"""A form of an authority filled in for a quarter: what was open, came in, ended, and is open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.config.regulator_forms import BALANCE, RegulatorForm
from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Actor
from complaints.models import Deadline
from complaints.queries.regulators.lives import Life, lives_in
from complaints.queries.reports.period import Period, instants_of
from complaints.rulebook import RuleBook

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months: `number` from 1 to 4."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """From `2026-Q4`; raises Invalid for anything else."""
        year, _, number = text.strip().upper().partition("-Q")
        is_one = year.isascii() and year.isdigit() and len(year) == 4
        if not is_one or number not in ("1", "2", "3", "4") or not 1900 <= int(year) <= 9000:
            raise Invalid(N_("Write a quarter as 2026-Q4."), field="quarter")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The one in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def from_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def to_on(self) -> date:
        """Its last day."""
        return self.after.from_on - timedelta(days=1)

    @property
    def after(self) -> "Quarter":
        """The next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        """The one before."""
        return Quarter.of(self.from_on - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


@dataclass(slots=True)
class Line:
    """What is counted of the complaints with one `key`, a value for each division of the form."""

    key: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)
    days: list[int] = field(default_factory=list)

    def add(self, name: str, count: int = 1) -> None:
        """Count one more."""
        self.counts[name] = self.counts.get(name, 0) + count

    def value(self, name: str) -> int | None:
        """What stands in a column; None where there is nothing to take a median of."""
        if name == "median_days":
            # Of an even number the lower one in the middle, a value that really occurred.
            return sorted(self.days)[(len(self.days) - 1) // 2] if self.days else None
        return self.counts.get(name, 0)

    @property
    def balances(self) -> bool:
        """Whether what came in is what went out."""
        here, there = (sum(self.counts.get(name, 0) for name in side) for side in BALANCE)
        return here == there


@dataclass(frozen=True, slots=True)
class RegulatorReport:
    """A form filled in; `until` is how far a quarter that still runs was counted."""

    form: RegulatorForm
    quarter: Quarter
    until: datetime
    is_over: bool
    lines: Sequence[Line]
    total: Line
    rules: RuleBook

    def as_json(self) -> dict[str, Any]:
        """The form as the command prints it; what no record holds is null."""
        return {
            "form": self.form.id,
            "policy": self.form.policy,
            "quarter": str(self.quarter),
            "from": self.quarter.from_on.isoformat(),
            "to": self.quarter.to_on.isoformat(),
            "until": self.until.isoformat(),
            "is_over": self.is_over,
            "total": self._values(self.total),
            "rows": [
                {
                    **dict(zip(self.form.divisions, line.key, strict=True)),
                    **self._values(line),
                }
                for line in self.lines
            ],
            "unknown": [
                {"label": each.label_en, "label_id": each.label_id} for each in self.form.unknown
            ],
        }

    def _values(self, line: Line) -> dict[str, int | None]:
        bands = [f"within_{band}" for band in (*self.form.bands, "more")] if self.form.bands else []
        return {name: line.value(name) for name in (*self.form.columns, *bands)}


#: Ways of ending that stand in columns of their own.
_ENDINGS: Mapping[str, str] = {
    Status.WITHDRAWN.value: "withdrawn",
    Status.REFERRED.value: "referred",
}


def regulator_report(
    session: Session,
    actor: Actor,
    form: RegulatorForm,
    quarter: Quarter,
    rules: RuleBook,
    *,
    now: datetime,
) -> RegulatorReport:
    """Count the complaints under the form's policy that were open at some time in the quarter."""
    period = Period.of(quarter.from_on, quarter.to_on, rules)
    is_over = period.ends_at() <= now
    counted = _Counted(form, period, rules, now)
    lives = list(lives_in(session, actor, period, form.policy))
    overdue = _overdue(session, [each.row.id for each in lives], form.policy)
    lines: dict[tuple[str, ...], Line] = {}
    total = Line(())
    for life in lives:
        key = tuple(_value(rules, name, life.row) for name in form.divisions)
        line = lines.setdefault(key, Line(key))
        for each in (line, total):
            counted.add(each, life, overdue)
    kept = sorted((line for line in lines.values() if line.counts), key=lambda line: line.key)
    return RegulatorReport(form, quarter, min(now, period.ends_at()), is_over, kept, total, rules)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Puts a complaint into its places of a line."""

    form: RegulatorForm
    period: Period
    rules: RuleBook
    now: datetime

    def add(self, line: Line, life: Life, overdue: Callable[[int, datetime], bool]) -> None:
        """Into exactly one place of what came in and one of what went out, or into none."""
        begin, end = self._bounds(life.row.branch_id)
        if begin >= end or not life.was_open(begin, end):
            return
        if life.is_open_before(begin):
            line.add("open_at_start")
        else:
            line.add("received" if life.row.received_at >= begin else "reopened")
        if life.is_open_before(end):
            line.add("open_at_end")
            if overdue(life.row.id, end):
                line.add("overdue_at_end")
            return
        ended = life.ended_before(end)
        assert ended is not None
        assert ended.end is not None
        if life.row.duplicate_of_id is not None and ended.status == Status.CLOSED.value:
            line.add("duplicate")
            return
        name = _ENDINGS.get(ended.status, "closed")
        line.add(name)
        if name == "closed":
            days = self._days(life.row.branch_id, life.row.received_at, ended.end)
            line.days.append(days)
            line.add(f"within_{next((b for b in self.form.bands if days <= b), 'more')}")

    def _bounds(self, branch_id: int) -> tuple[datetime, datetime]:
        """The quarter by the clock of the branch, as far as it has come."""
        zone = next((z for z in self.period.zones if branch_id in z.branch_ids), None)
        tz = zone.tz if zone else self.rules.home_zone
        begin, end = instants_of(self.period.from_on, self.period.to_on, tz)
        return begin, min(end, self.now + timedelta(seconds=1))

    def _days(self, branch_id: int, received_at: datetime, ended_at: datetime) -> int:
        """Working days after that of receipt until that of the end."""
        calendar = self.rules.calendar_of(branch_id).value
        first = received_at.astimezone(calendar.tz).date()
        last = ended_at.astimezone(calendar.tz).date()
        days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
        return sum(map(calendar.opens_on, days))


def _overdue(session: Session, ids: Sequence[int], policy: str) -> Callable[[int, datetime], bool]:
    """Whether a legal limit of the policy had passed on a complaint by some moment, still unmet."""
    passed: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for first in range(0, len(ids), _CHUNK):
        query = select(Deadline.complaint_id, Deadline.due_at, Deadline.ended_at).where(
            Deadline.complaint_id.in_(ids[first : first + _CHUNK]),
            Deadline.kind == Kind.LEGAL.value,
            Deadline.policy == policy,
        )
        for row in session.execute(query):
            passed.setdefault(row.complaint_id, []).append((row.due_at, row.ended_at))

    def was(complaint_id: int, at: datetime) -> bool:
        return any(
            due < at and (ended is None or ended >= at)
            for due, ended in passed.get(complaint_id, ())
        )

    return was


def _value(rules: RuleBook, name: str, row: Any) -> str:
    """What a complaint has under a division; empty where it has nothing."""
    if name == "group":
        category = rules.taxonomy.categories.get(row.category or "")
        return category.group if category else ""
    if name == "team":
        team = rules.teams.get(row.team_id) if row.team_id is not None else None
        return team.code if team else ""
    return str(getattr(row, name) or "")
