"""Where the time went: of the complaints closed in the period, working time step by step.

They are those of the handling time, and each of their working seconds from receipt to closing
belongs to one step, so that the steps add up to the whole.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, case, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.domain.permissions import Actor
from complaints.domain.reporting.spans import counted_span
from complaints.models import Complaint, StepRecord
from complaints.queries.reports.handling import Handling, was_handled
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

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
#: So many complaints are in memory at a time.
AT_ONCE = 5_000
STEP_NAMES: Mapping[str, str] = {**STEPS, CLOSING: N_("to the closing")}


def read_steps(session: Session, actor: Actor, period: Period, rules: RuleBook) -> list[Section]:
    """The complaints closed in the period and their records of these criteria, part by part."""
    spans: dict[str, Counter[int]] = {key: Counter() for key in STEP_NAMES}
    exact: Counter[str] = Counter()
    whole: Counter[int] = Counter()
    for branch_id, received_at, closed_at, reached in closed_complaints(session, actor, period):
        between = rules.calendar_of(branch_id).value.between
        whole[counted_span(between(received_at, closed_at))] += 1
        for key, since, until in steps_of(received_at, closed_at, reached):
            seconds = between(since, until)
            exact[key] += seconds
            spans[key][counted_span(seconds)] += 1
    every = sum(exact.values())
    lines = [
        _line(key, name, spans[key], exact[key], every, {"count": "step"}, {"line": key})
        for key, name in STEP_NAMES.items()
    ]
    total = _line("total", N_("Receipt to closing"), whole, every, every, {"count": "handled"}, {})
    return [
        Section(
            "steps",
            N_("Time per step"),
            N_(
                "Working time of the complaints closed in the period and not opened again, "
                "whenever they came in. A step ends when it is first recorded; of the offer and "
                "what follows, in the present round. Where it was not recorded its time belongs "
                "to the next one; what was recorded before its turn took none. So the steps "
                "together are the time from receipt to closing. Pauses are included."
            ),
            N_("Step"),
            [
                Column("count", N_("Complaints")),
                Column("median_seconds", N_("Median"), Kind.TIME),
                Column("p90_seconds", N_("Nine in ten"), Kind.TIME),
                Column("longest_seconds", N_("Longest"), Kind.TIME),
                Column("total_seconds", N_("Total"), Kind.TIME),
                Column("share", N_("Share of the time"), Kind.PART),
            ],
            lines,
            total,
        )
    ]


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


def reached_in_time() -> Any:
    """Whether a record ends a step: of the offer and what follows in the present round only."""
    return or_(StepRecord.criterion < "020-3", StepRecord.cycle == Complaint.cycle)


def closed_complaints(
    session: Session, actor: Actor, period: Period, at_once: int = AT_ONCE
) -> Iterator[tuple[int, datetime, datetime, Mapping[str, datetime]]]:
    """Branch, receipt, closing and when each step was reached, complaint by complaint.

    Read in parts by closing, so that no more than `at_once` are in memory, however many there are.
    Not as one stream: the pages read without a transaction, in which nothing can be streamed.
    """
    last: tuple[datetime, int] | None = None
    while True:
        rows = session.execute(_part(actor, period, last, at_once)).all()
        for row in rows:
            first = {key: getattr(row, _named(key)) for key in STEPS}
            reached = {key: at for key, at in first.items() if at is not None}
            yield row.branch_id, row.received_at, row.closed_at, reached
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
    names = {key: literal_column(f"'{key}'", String) for key in STEPS}
    is_asked = and_(
        StepRecord.complaint_id == Complaint.id,
        StepRecord.criterion.in_(names.values()),
        reached_in_time(),
    )
    columns = Complaint.id, Complaint.branch_id, Complaint.received_at, Complaint.closed_at
    first = [
        func.min(case((StepRecord.criterion == name, StepRecord.at))).label(_named(key))
        for key, name in names.items()
    ]
    query: Select[Any] = (
        select(*columns)
        .add_columns(*first)
        .select_from(Complaint)
        .outerjoin(StepRecord, is_asked)
        .where(Complaint.id.in_(part))
        .group_by(*columns)
    )
    return query


def _line(
    key: str,
    name: str,
    spans: Counter[int],
    exact: int,
    every: int,
    behind: Mapping[str, str],
    asked: Mapping[str, str],
) -> Line:
    handling = Handling.of(spans)
    values = {
        "count": handling.closed,
        "median_seconds": handling.median_seconds,
        "p90_seconds": handling.p90_seconds,
        "longest_seconds": handling.longest_seconds,
        # A step that nobody took did not take less than a minute: it took no time at all.
        "total_seconds": exact if spans else None,
        "share": share(exact, every) if spans else None,
    }
    return Line(key, values, name, behind=behind, asked=asked, sample=handling.closed)
