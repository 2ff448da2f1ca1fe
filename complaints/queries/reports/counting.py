"""Which clocks a report counts, and how: the conditions and the counting queries.

The lists behind the figures use the same conditions, so that a figure and its list agree.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState, Kind
from complaints.domain.permissions import Actor
from complaints.models import Commitment, Complaint, Customer, Deadline, HistoryEntry
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope, sees_all

#: The figures of a report; a list of complaints stands behind each.
FIGURES = (
    "received",
    "met",
    "breached",
    "late_open",
    "first_kept",
    "first_missed",
    "moved",
    "again_kept",
    "again_missed",
)

#: What is counted of each kind of clock.
OF_CLOCKS = ("met", "breached", "late_open", "again_kept")

#: Written out, not bound: only so do both databases recognise their partial indexes.
_OUTCOMES: list[ColumnElement[str]] = [literal_column(f"'{kind.value}'") for kind in OUTCOME_KINDS]

_CANCELLED = DeadlineState.CANCELLED.value


#: What a report is divided by beside the month → the column.
DIVIDED_BY: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "branch": Complaint.branch_id,
    "category": Complaint.category,
    "team": Complaint.team_id,
    "priority": Complaint.priority,
    "channel": Complaint.channel,
    "handler": Complaint.handler_id,
    "product": Complaint.product,
    "cause": Complaint.confirmed_cause,
    "tier": Customer.tier,
    "need": Customer.needs,
}
#: These are asked of the customer.
OF_CUSTOMER = ("tier", "need")


def counted(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """Figure → condition on a clock that is counted for it; `now` settles what runs.

    What was kept of a complaint that was decided before, and opened again, is `again_kept` and no
    part of the kept ones: nobody adds to a share by closing and opening. A miss counts both ways.
    """
    runs_late = and_(
        Deadline.state == DeadlineState.RUNNING.value,
        Deadline.ended_at.is_(None),
        Deadline.due_at < now,
    )
    breached = or_(Deadline.state == DeadlineState.BREACHED.value, runs_late)
    kept = Deadline.state == DeadlineState.MET.value
    return {
        "met": and_(kept, ~_was_decided_before()),
        "breached": breached,
        "late_open": and_(breached, Deadline.ended_at.is_(None)),
        "moved": Deadline.told_at > Deadline.first_told_at,
        "again_kept": and_(kept, _was_decided_before()),
        "again_missed": and_(breached, _was_decided_before()),
    }


def counted_first(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """The same against the date told first, as it was told: no pause and no extension moves it.

    Whoever took the complaint back before that date was neither kept waiting nor served in time. A
    settlement of which there was no record at that date is dated back, and keeps it not. Of a
    complaint that was opened again only a miss counts, as above.
    """
    first, ended = Deadline.first_told_at, Deadline.ended_at
    is_missed_then = and_(
        Deadline.state == DeadlineState.BREACHED.value,
        ended <= Deadline.due_at,
        first <= Deadline.due_at,
    )
    # The state of the clock tells it where both dates are one, and of most it is.
    is_written_later = and_(first != Deadline.due_at, _was_written_after_first())
    is_dated_back = and_(ended <= first, or_(is_missed_then, is_written_later))
    is_in_time = and_(ended <= first, Deadline.state != _CANCELLED)
    return {
        "first_kept": and_(is_in_time, ~is_dated_back, ~_was_decided_before()),
        "first_missed": or_(ended > first, is_dated_back, and_(ended.is_(None), first < now)),
    }


@cache
def _was_written_after_first() -> ColumnElement[bool]:
    """Whether what ended a clock was written down only after the date told first."""
    written = HistoryEntry.recorded_at
    return (
        select(HistoryEntry.seq)
        .where(
            HistoryEntry.complaint_id == Deadline.complaint_id,
            HistoryEntry.at == Deadline.ended_at,
            written.is_not(None),
            written > Deadline.first_told_at,
        )
        .correlate(Deadline)
        .exists()
    )


@cache
def _was_decided_before() -> ColumnElement[bool]:
    """Whether an outcome clock of an earlier cycle was kept or missed, so that this one repeats it.

    One that was given up before it was due decided nothing, and one that runs on in this cycle is
    the same promise. Later cycles are few, and asked first.
    """
    earlier = aliased(Deadline)
    decided = [each.value for each in (DeadlineState.MET, DeadlineState.BREACHED)]
    before = (
        select(earlier.id)
        .where(
            earlier.complaint_id == Deadline.complaint_id,
            earlier.cycle < Deadline.cycle,
            earlier.started_at < Deadline.started_at,
            earlier.kind.in_(_OUTCOMES),
            earlier.state.in_(decided),
        )
        .correlate(Deadline)
        .exists()
    )
    return and_(Deadline.cycle > literal_column("1"), Deadline.kind.in_(_OUTCOMES), before)


@cache
def is_outcome() -> ColumnElement[bool]:
    """Whether a deadline is the one the customer waits for: its cycle's earliest outcome clock.

    One that was given up because nothing asked for it any more counts only where there is no other;
    of those that ended with the complaint the earliest counts. One that runs on in a later cycle
    counts there, and only there.
    """
    return and_(is_outcome_kind(), ~another_goes_before(), has_not_run_on())


def runs_on(now: datetime) -> ColumnElement[bool]:
    """Whether a clock runs and is not due yet; a paused one waits for the customer."""
    return and_(
        Deadline.state == DeadlineState.RUNNING.value,
        Deadline.ended_at.is_(None),
        Deadline.due_at >= now,
    )


def is_outcome_kind() -> ColumnElement[bool]:
    """Whether a clock is one that the customer may wait for."""
    return Deadline.kind.in_(_OUTCOMES)


@cache
def another_goes_before() -> ColumnElement[bool]:
    """Whether another outcome clock of the same cycle is the one that counts.

    Asked as a value, which PostgreSQL looks up for each clock of the period; as an EXISTS it reads
    all outcome clocks there are once the period holds many.
    """
    other = aliased(Deadline)
    is_given_up, others_given_up = Deadline.state == _CANCELLED, other.state == _CANCELLED
    is_earlier = tuple_(other.due_at, other.id) < tuple_(Deadline.due_at, Deadline.id)
    goes_before = or_(
        and_(is_given_up, ~others_given_up),
        and_(~is_given_up, ~others_given_up, is_earlier),
        and_(is_given_up, others_given_up, other.ended_at > Deadline.ended_at),
        and_(is_given_up, others_given_up, other.ended_at == Deadline.ended_at, is_earlier),
    )
    return (
        select(other.id)
        .where(
            other.complaint_id == Deadline.complaint_id,
            other.cycle == Deadline.cycle,
            other.kind.in_(_OUTCOMES),
            goes_before,
        )
        .limit(1)
        .correlate(Deadline)
        .scalar_subquery()
        .is_not(None)
    )


@cache
def has_not_run_on() -> ColumnElement[bool]:
    """Whether a clock stands for itself: none of a later cycle goes on with it, for a query that
    joins complaints.
    """
    return or_(Deadline.cycle == Complaint.cycle, ~_goes_on())


def _goes_on() -> ColumnElement[bool]:
    """Whether a clock of a later cycle goes on with this one.

    What was taken up again after a withdrawal or as no duplicate keeps its start and its clause, so
    that it is one promise in two cycles; one of a reopening begins anew. Of a commitment the later
    clock is the one that it has; several may have begun together.
    """
    later = aliased(Deadline)
    has_its_clock = select(Commitment.id).where(Commitment.deadline_id == Deadline.id)
    return (
        select(later.id)
        .where(
            later.complaint_id == Deadline.complaint_id,
            later.cycle > Deadline.cycle,
            later.kind == Deadline.kind,
            later.policy == Deadline.policy,
            later.clause == Deadline.clause,
            later.started_at == Deadline.started_at,
            or_(
                Deadline.kind != Kind.COMMITMENT.value,
                ~has_its_clock.correlate(Deadline).exists(),
            ),
        )
        .correlate(Deadline)
        .exists()
    )


def count_decided(actor: Actor, period: Period, by: str | None, now: datetime) -> Select[Any]:
    """Counts of promises by what became of them, by month, branch, category and, asked for, `key`.

    A promise counts in the month in which it falls due.
    """
    conditions = (period.holds(Deadline.due_at), is_outcome())
    return _count_promises(actor, period, by, counted(now), Deadline.due_at, conditions)


def count_first(actor: Actor, period: Period, by: str | None, now: datetime) -> Select[Any]:
    """The same against the first date told, in the month of that date."""
    first = Deadline.first_told_at
    conditions = (period.holds(first), is_outcome())
    return _count_promises(actor, period, by, counted_first(now), first, conditions)


def count_clocks(actor: Actor, period: Period, now: datetime) -> Select[Any]:
    """Counts of all clocks due in the period, kept, missed and still late, by their kind."""
    wanted = {name: each for name, each in counted(now).items() if name in OF_CLOCKS}
    conditions = [period.holds_due(Deadline), is_counted_clock()]
    if not sees_all(actor):
        own = select(Complaint.id).where(Complaint.id == Deadline.complaint_id, in_scope(actor))
        conditions.append(own.correlate(Deadline).exists())
    return select(Deadline.kind, *_sums(wanted)).where(*conditions).group_by(Deadline.kind)


@cache
def is_counted_clock() -> ColumnElement[bool]:
    """Whether a clock counts among those of its kind."""
    # Of those that are counted only one that was missed may run on in a later cycle; few are.
    stands = or_(Deadline.state != DeadlineState.BREACHED.value, ~_goes_on())
    return and_(Deadline.state != _CANCELLED, stands)


def count_received(actor: Actor, period: Period, by: str | None) -> Select[Any]:
    """Counts of complaints received, grouped alike."""
    groups = _groups(period.month_of(Complaint.received_at), by)
    query = select(*groups, func.count().label("received")).select_from(Complaint)
    if by in OF_CUSTOMER:
        query = query.join(Customer, Customer.id == Complaint.customer_id)
    return query.where(period.holds(Complaint.received_at), in_scope(actor)).group_by(
        *(group.name for group in groups)
    )


def _count_promises(
    actor: Actor,
    period: Period,
    by: str | None,
    counted_as: Mapping[str, ColumnElement[bool]],
    date: InstrumentedAttribute[Any],
    conditions: Sequence[ColumnElement[bool]],
) -> Select[Any]:
    groups = _groups(period.month_of(date), by)
    query = (
        select(*groups, *_sums(counted_as))
        .select_from(Deadline)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
    )
    if by in OF_CUSTOMER:
        query = query.join(Customer, Customer.id == Complaint.customer_id)
    return query.where(*conditions, in_scope(actor)).group_by(*(group.name for group in groups))


def _sums(conditions: Mapping[str, ColumnElement[bool]]) -> list[Any]:
    return [
        func.sum(case((condition, 1), else_=0)).label(name)
        for name, condition in conditions.items()
    ]


def _groups(month: ColumnElement[int], by: str | None) -> list[Any]:
    groups = [
        month.label("month"),
        Complaint.branch_id.label("branch"),
        Complaint.category.label("category_code"),
    ]
    if by is not None and by in DIVIDED_BY and by not in ("branch", "category"):
        groups.append(DIVIDED_BY[by].label("key"))
    return groups
