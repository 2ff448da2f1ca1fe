"""How long complaints took to closing, in all and per step, and how old the open ones are.

Both sets are named: closed in the period and closed still, whenever they came in; open at this
moment, whenever they came in. What ended otherwise was not handled to its end and is in neither.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from complaints.domain.errors import N_
from complaints.domain.lifecycle import OPEN, Status
from complaints.domain.permissions import Actor
from complaints.domain.reporting.spans import counted_span, rank_in
from complaints.models import Branch, Complaint, StepRecord
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

#: The criterion whose record ends a step → what the step is called; closing ends the last one.
STEPS: Mapping[str, str] = {
    "020-1.6": N_("Received to registered"),
    "020-2.2": N_("to the main cause"),
    "020-2.4": N_("to the priority"),
    "020-2.5": N_("to the plan"),
    "020-3.3": N_("to the offer"),
    "020-3.4": N_("to the customer's acceptance"),
}
CLOSING = "closing"
STEP_NAMES: Mapping[str, str] = {**STEPS, CLOSING: N_("to the closing")}
#: How a complaint stands that was closed; what else there is says `outcomes/flow.py`.
CLOSED = "closed"
STANDING_OPEN, WITHDRAWN, REFERRED, OTHER = "open", "withdrawn", "referred", "other"
#: So many complaints are in memory at a time.
AT_ONCE = 5_000


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


@dataclass(slots=True)
class StepTimes:
    """Of the complaints closed in the period: how long each step and the whole took.

    `spans` are lengths as they are counted and how often each occurred, `exact` working seconds.
    """

    spans: dict[str, Counter[int]] = field(
        default_factory=lambda: {key: Counter() for key in STEP_NAMES}
    )
    exact: Counter[str] = field(default_factory=Counter)
    whole: Counter[int] = field(default_factory=Counter)

    def add(self, rules: RuleBook, row: Any) -> None:
        """Count a complaint, a row of `when_reached`."""
        self.whole[handled_span(rules, row.branch_id, row.received_at, row.closed_at)] += 1
        for key, seconds in step_lengths(rules, row):
            self.exact[key] += seconds
            self.spans[key][counted_span(seconds)] += 1

    def add_all(self, others: "StepTimes") -> None:
        """Count what others have counted."""
        self.whole.update(others.whole)
        self.exact.update(others.exact)
        for key, spans in others.spans.items():
            self.spans[key].update(spans)


def was_handled() -> ColumnElement[bool]:
    """Whether a complaint was handled to its end by us, and has not been opened since."""
    return and_(
        Complaint.status == Status.CLOSED.value,
        Complaint.closed_at.is_not(None),
        Complaint.duplicate_of_id.is_(None),
        Complaint.contact_id.is_(None),
        ~was_ended_elsewhere(),
    )


def became() -> ColumnElement[str]:
    """How a complaint stands that no other system had ended."""
    is_other = or_(Complaint.duplicate_of_id.is_not(None), Complaint.contact_id.is_not(None))
    return case(
        (IS_OPEN, STANDING_OPEN),
        (is_other, OTHER),
        (Complaint.status == Status.WITHDRAWN.value, WITHDRAWN),
        (Complaint.status == Status.REFERRED.value, REFERRED),
        else_=CLOSED,
    )


def furthest_step(row: Any) -> str:
    """The last step on record of a row of `when_reached`; "" where there is none."""
    reached = [key for key in STEPS if getattr(row, _named(key)) is not None]
    return reached[-1] if reached else ""


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


def read_step_times(session: Session, actor: Actor, period: Period, rules: RuleBook) -> StepTimes:
    """From the rows: the complaints closed in the period and their records of these criteria."""
    found = StepTimes()
    for row in closed_complaints(session, actor, period):
        found.add(rules, row)
    return found


def step_lengths(rules: RuleBook, row: Any) -> Iterator[tuple[str, int]]:
    """The steps of a row of `when_reached`, and how many working seconds each took."""
    between = rules.calendar_of(row.branch_id).value.between
    first = {key: getattr(row, _named(key)) for key in STEPS}
    reached = {key: at for key, at in first.items() if at is not None}
    for key, since, until in steps_of(row.received_at, row.closed_at, reached):
        yield key, between(since, until)


def steps_of(
    received_at: datetime, closed_at: datetime, reached: Mapping[str, datetime]
) -> Iterator[tuple[str, datetime, datetime]]:
    """The steps of one complaint, from when to when; each begins where the one before ended."""
    since = received_at
    for key in STEPS:
        at = reached.get(key)
        if at is not None:
            until = min(max(at, since), closed_at)
            yield key, since, until
            since = until
    yield CLOSING, since, max(since, closed_at)


def written_out(criterion: str) -> ColumnElement[str]:
    """A criterion in the words of a statement, which it is part of, and not bound to it."""
    return literal_column(f"'{criterion}'", String)


def reached_in_time() -> Any:
    """Whether a record ends a step: of the offer and what follows in the present round only."""
    return or_(StepRecord.criterion < "020-3", StepRecord.cycle == Complaint.cycle)


def closed_complaints(
    session: Session,
    actor: Actor,
    period: Period,
    at_once: int = AT_ONCE,
    asking: Callable[[Select[Any]], Select[Any]] = lambda query: query,
) -> Iterator[Row[Any]]:
    """The rows of `when_reached`, complaint by complaint; `asking` adds what else is asked.

    Read in parts by closing, so that no more than `at_once` are in memory, however many there are.
    Not as one stream: the pages read without a transaction, in which nothing can be streamed.
    """
    last: tuple[datetime, int] | None = None
    while True:
        rows = session.execute(asking(_part(actor, period, last, at_once))).all()
        yield from rows
        if len(rows) < at_once:
            return
        last = max((row.closed_at, row.id) for row in rows)


def _named(criterion: str) -> str:
    """What the column is called that says when this criterion was first recorded."""
    return "at_" + criterion.replace("-", "_").replace(".", "_")


def _part(
    actor: Actor, period: Period, last: tuple[datetime, int] | None, at_once: int
) -> Select[Any]:
    """A row for each complaint behind the last one read: when each step was first recorded."""
    place = tuple_(Complaint.closed_at, Complaint.id)
    part = (
        select(Complaint.id)
        .where(period.holds(Complaint.closed_at), was_handled(), in_scope(actor))
        .order_by(Complaint.closed_at, Complaint.id)
        .limit(at_once)
    )
    if last is not None:
        part = part.where(place > last)
    return when_reached(Complaint.id.in_(part))


def when_reached(chosen: ColumnElement[bool]) -> Select[Any]:
    """A row for each chosen complaint: when it came in, was closed, first reached each step."""
    is_asked = and_(
        StepRecord.complaint_id == Complaint.id,
        StepRecord.criterion.in_([written_out(key) for key in STEPS]),
        reached_in_time(),
    )
    columns = Complaint.id, Complaint.branch_id, Complaint.received_at, Complaint.closed_at
    first = [
        func.min(case((StepRecord.criterion == written_out(key), StepRecord.at))).label(_named(key))
        for key in STEPS
    ]
    query: Select[Any] = (
        select(*columns)
        .add_columns(*first)
        .select_from(Complaint)
        .outerjoin(StepRecord, is_asked)
        .where(chosen)
        .group_by(*columns)
    )
    return query


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
