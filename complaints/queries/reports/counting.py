"""Which deadlines a report counts, and how: the conditions and the two counting queries.

The lists behind the figures use the same conditions, so that a figure and its list agree.
"""

from collections.abc import Mapping
from datetime import datetime
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
from sqlalchemy.orm import aliased

from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Deadline
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope

#: The figures of a report; a list of complaints stands behind each.
FIGURES = ("received", "met", "breached", "late_open")

#: Written out, not bound: only so do both databases recognise their partial indexes.
_OUTCOMES: list[ColumnElement[str]] = [literal_column(f"'{kind.value}'") for kind in OUTCOME_KINDS]
_COLUMNS = {
    "team": Complaint.team_id,
    "priority": Complaint.priority,
    "channel": Complaint.channel,
    "handler": Complaint.handler_id,
}


def counted(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """Figure → condition on an outcome deadline that is counted for it; `now` settles what runs."""
    runs_late = and_(
        Deadline.state == DeadlineState.RUNNING.value,
        Deadline.ended_at.is_(None),
        Deadline.due_at < now,
    )
    breached = or_(Deadline.state == DeadlineState.BREACHED.value, runs_late)
    return {
        "met": Deadline.state == DeadlineState.MET.value,
        "breached": breached,
        "late_open": and_(breached, Deadline.ended_at.is_(None)),
    }


def is_outcome() -> ColumnElement[bool]:
    """Whether a deadline is the one the customer waits for: its cycle's earliest outcome clock."""
    other = aliased(Deadline)
    earlier = (
        select(other.id)
        .where(
            other.complaint_id == Deadline.complaint_id,
            other.cycle == Deadline.cycle,
            other.kind.in_(_OUTCOMES),
            tuple_(other.due_at, other.id) < tuple_(Deadline.due_at, Deadline.id),
        )
        .correlate(Deadline)
        .exists()
    )
    return and_(Deadline.kind.in_(_OUTCOMES), ~earlier)


def count_decided(actor: Actor, period: Period, by: str | None, now: datetime) -> Select[Any]:
    """Counts of met, breached and late_open by month, branch, category and, where asked, `key`."""
    sums = [
        func.sum(case((condition, 1), else_=0)).label(name)
        for name, condition in counted(now).items()
    ]
    groups = _groups(period.month_of(Deadline.due_at), by)
    return (
        select(*groups, *sums)
        .select_from(Deadline)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(period.holds(Deadline.due_at), is_outcome(), in_scope(actor))
        .group_by(*(group.name for group in groups))
    )


def count_received(actor: Actor, period: Period, by: str | None) -> Select[Any]:
    """Counts of complaints received, grouped alike."""
    groups = _groups(period.month_of(Complaint.received_at), by)
    return (
        select(*groups, func.count().label("received"))
        .select_from(Complaint)
        .where(period.holds(Complaint.received_at), in_scope(actor))
        .group_by(*(group.name for group in groups))
    )


def _groups(month: ColumnElement[int], by: str | None) -> list[Any]:
    groups = [
        month.label("month"),
        Complaint.branch_id.label("branch"),
        Complaint.category.label("category_code"),
    ]
    if by in _COLUMNS:
        groups.append(_COLUMNS[by].label("key"))
    return groups
