"""How long complaints took from receipt to closing, and how old those are that are still open.

Both sets are named: closed in the period and closed still, whenever they came in; open at this
moment, whenever they came in. What ended otherwise was not handled to its end and is in neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.lifecycle import OPEN, Status
from complaints.domain.permissions import Actor
from complaints.domain.reporting.spans import counted_span, rank_in
from complaints.models import Branch, Complaint
from complaints.queries.kept import Kept
from complaints.queries.lists.filters import IS_OPEN
from complaints.queries.paging import at_most
from complaints.queries.reports.balance import was_ended_elsewhere
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope, is_handled_by, sees_all
from complaints.rulebook import RuleBook

#: The ages of open complaints that are told apart: local days since they came in, from and to.
AGES: Sequence[tuple[int, int | None]] = ((0, 2), (3, 7), (8, 14), (15, 30), (31, None))
#: Written out, not bound: only so do both databases recognise their partial index.
_IS_OPEN: ColumnElement[bool] = literal_column(
    f"seen.status IN ({','.join(repr(status.value) for status in OPEN)})"
)
#: Open complaints are looked for from this day on.
SINCE = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Handling:
    """Of the complaints closed in the period: working time from receipt to closing."""

    closed: int = 0
    median_seconds: int | None = None
    p90_seconds: int | None = None
    longest_seconds: int | None = None

    @classmethod
    def of(cls, spans: Mapping[int, int]) -> "Handling":
        """From lengths and how often each occurred."""
        return cls(
            sum(spans.values()),
            rank_in(spans, 0.5),
            rank_in(spans, 0.9),
            max(spans, default=None),
        )

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class AgeLine:
    """Open complaints that came in on these days; `from_on` None for all days before."""

    from_days: int
    to_days: int | None
    from_on: date
    to_on: date
    open: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open complaints by age as of today, and for how many days the oldest has been open."""

    lines: Sequence[AgeLine] = ()
    oldest_days: int | None = None

    @property
    def open(self) -> int:
        """All that are open."""
        return sum(line.open for line in self.lines)

    @property
    def whole(self) -> AgeLine:
        """All lines as one."""
        first, last = self.lines[-1], self.lines[0]
        return AgeLine(last.from_days, first.to_days, first.from_on, last.to_on, self.open)

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "open": self.open,
            "oldest_days": self.oldest_days,
            "ages": [
                {"from_days": line.from_days, "to_days": line.to_days, "open": line.open}
                for line in self.lines
            ],
        }


def was_handled() -> ColumnElement[bool]:
    """Whether a complaint was handled to its end by us, and has not been opened since."""
    return and_(
        Complaint.status == Status.CLOSED.value,
        Complaint.closed_at.is_not(None),
        Complaint.duplicate_of_id.is_(None),
        Complaint.contact_id.is_(None),
        ~was_ended_elsewhere(),
    )


def handled_span(
    rules: RuleBook, branch_id: int, received_at: datetime, closed_at: datetime
) -> int:
    """How long a complaint took, as it is counted."""
    return counted_span(rules.calendar_of(branch_id).value.between(received_at, closed_at))


def read_handling(session: Session, actor: Actor, period: Period, rules: RuleBook) -> Handling:
    """Of those closed in the period; one query."""
    query = select(Complaint.branch_id, Complaint.received_at, Complaint.closed_at).where(
        period.holds(Complaint.closed_at), was_handled(), in_scope(actor)
    )
    spans: dict[int, int] = {}
    for row in session.execute(query):
        span = handled_span(rules, row.branch_id, row.received_at, row.closed_at)
        spans[span] = spans.get(span, 0) + 1
    return Handling.of(spans)


def ages_at(today: date) -> list[tuple[int, int | None, date, date]]:
    """Each age with the first and the last day on which what is so old came in."""
    found = []
    for since, until in AGES:
        first = SINCE if until is None else today - timedelta(days=until)
        # A branch further east has a later day already.
        last = today - timedelta(days=since) if since else today + timedelta(days=1)
        found.append((since, until, first, last))
    return found


def read_ageing(session: Session, actor: Actor, period: Period, today: date) -> Ageing:
    """Count the open ones by age; a query for each."""
    lines = []
    for since, until, first, last in ages_at(today):
        days = Period(first, last, period.zones)
        query = select(func.count()).where(
            days.holds(Complaint.received_at), IS_OPEN, in_scope(actor)
        )
        lines.append(AgeLine(since, until, first, last, session.scalar(query) or 0))
    return Ageing(lines, oldest_days(session, actor, today, period))


def oldest_days(session: Session, actor: Actor, today: date, period: Period) -> int | None:
    """For how many days the oldest open complaint within the scope has been open."""
    zones = {branch_id: zone.tz for zone in period.zones for branch_id in zone.branch_ids}
    ages = [
        (today - at.astimezone(zones[branch_id]).date()).days
        for branch_id, at in _OLDEST.rows(session, actor)
        # A branch that is gone from the organisation counts nowhere.
        if at is not None and branch_id in zones
    ]
    return max(0, *ages) if ages else None


def _oldest(actor: Actor) -> Any:
    """Of each branch the oldest, read from the index of its open ones."""
    seen = aliased(Complaint, name="seen")
    oldest = (
        select(seen.received_at)
        .where(seen.branch_id == Branch.id, _IS_OPEN)
        .order_by(seen.received_at)
        .limit(at_most(1))
        .correlate(Branch)
        .scalar_subquery()
    )
    of_branches: Any = select(Branch.id, oldest)
    if not sees_all(actor):
        of_branches = of_branches.where(Branch.id == actor.branch_id).union_all(
            select(Complaint.branch_id, func.min(Complaint.received_at))
            .where(IS_OPEN, is_handled_by(actor))
            .group_by(Complaint.branch_id)
        )
    return of_branches


_OLDEST = Kept(_oldest)
