"""A period of whole local days, branch by branch in the branch's own zone, as conditions.

A day in Jayapura begins two hours before the same day in Jakarta; a report that cut all branches
at one zone's midnight would put the last evening of October into November.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from complaints.domain.errors import N_, Invalid
from complaints.models import Complaint, Deadline
from complaints.rulebook import RuleBook

#: Longer reports are not read, and their months would not fit on a page.
LONGEST_DAYS = 5 * 366


class Window(Protocol):
    """What is looked at: a period, or some complaints at any time."""

    def holds(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether the row with this time is looked at, for a query that joins complaints."""

    def holds_due(self, table: type[Deadline]) -> ColumnElement[bool]:
        """Whether a deadline is looked at, for a query that joins no complaints."""


@dataclass(frozen=True, slots=True)
class Zone:
    """The branches that share a zone."""

    tz: ZoneInfo
    branch_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, in each branch's own zone."""

    from_on: date
    to_on: date
    zones: Sequence[Zone]

    @classmethod
    def of(cls, from_on: date, to_on: date, rules: RuleBook) -> "Period":
        """The period; Invalid when it ends before it begins or is longer than five years."""
        if to_on < from_on:
            raise Invalid(N_("The period ends before it begins."), field="to")
        if from_on.year < 1900 or to_on.year > 9000:
            raise Invalid(N_("This date is too far away."), field="from")
        if (to_on - from_on).days > LONGEST_DAYS:
            raise Invalid(N_("The period is longer than five years."), field="from")
        by_zone: dict[str, list[int]] = {}
        for branch in rules.branches.values():
            tz = rules.calendar_of(branch.id).value.tz
            by_zone.setdefault(tz.key, []).append(branch.id)
        zones = [Zone(ZoneInfo(name), ids) for name, ids in sorted(by_zone.items())]
        return cls(from_on, to_on, zones)

    def span_of(self, branch_id: int) -> tuple[datetime, datetime]:
        """When the period begins for a branch, and when it is over."""
        zone = next(each for each in self.zones if branch_id in each.branch_ids)
        return instants_of(self.from_on, self.to_on, zone.tz)

    @property
    def months(self) -> list[date]:
        """The first of each month that the period touches."""
        found, month = [], self.from_on.replace(day=1)
        while month <= self.to_on:
            found.append(month)
            month = next_month(month)
        return found

    def holds(
        self, column: InstrumentedAttribute[Any], branch: InstrumentedAttribute[int] | None = None
    ) -> ColumnElement[bool]:
        """Whether the instant in `column` lies in the period, for a query that joins complaints.

        `branch` is the column of the branch where it is something else that is asked for.
        """
        of_branch = Complaint.branch_id if branch is None else branch
        spans = [(*instants_of(self.from_on, self.to_on, zone.tz), zone) for zone in self.zones]
        if not spans:
            return false()
        first, last = min(each[0] for each in spans), max(each[1] for each in spans)
        whole = and_(column >= first, column < last)
        if len(spans) == 1:
            return whole
        # The outer bounds let an index find the rows; the zones then settle the edges.
        exact = [
            and_(of_branch.in_(zone.branch_ids), column >= begin, column < end)
            for begin, end, zone in spans
        ]
        return and_(whole, or_(*exact))

    def holds_due(self, table: type[Deadline]) -> ColumnElement[bool]:
        """Whether a deadline falls due in the period, for a query that joins no complaints.

        The complaint and its branch are looked up where the zones differ: at the edges.
        """
        spans = [(*instants_of(self.from_on, self.to_on, zone.tz), zone) for zone in self.zones]
        if not spans:
            return false()
        column = table.due_at
        first, last = min(each[0] for each in spans), max(each[1] for each in spans)
        begin, end = max(each[0] for each in spans), min(each[1] for each in spans)
        exact = [
            and_(Complaint.branch_id.in_(zone.branch_ids), column >= since, column < until)
            for since, until, zone in spans
        ]
        is_theirs = (
            select(Complaint.id)
            .where(Complaint.id == table.complaint_id, or_(*exact))
            .correlate(table)
            .exists()
        )
        for_all = and_(column >= begin, column < end)
        return and_(column >= first, column < last, or_(for_all, is_theirs))

    def month_of(self, column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
        """Which of `months` the instant in `column` falls into, counted from 0."""
        months = self.months
        arms = [
            (
                and_(
                    Complaint.branch_id.in_(zone.branch_ids),
                    column < midnight(next_month(month), zone.tz),
                ),
                index,
            )
            for zone in self.zones
            for index, month in enumerate(months[:-1])
        ]
        return case(*arms, else_=len(months) - 1) if arms else case((false(), 0), else_=0)

    def ends_at(self) -> datetime:
        """When the last day is over in every branch."""
        return max(instants_of(self.from_on, self.to_on, zone.tz)[1] for zone in self.zones)


def midnight(day: date, tz: ZoneInfo) -> datetime:
    """When the local day begins, in UTC."""
    return datetime.combine(day, time(), tz).astimezone(UTC)


def instants_of(from_on: date, to_on: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """When the first of these local days begins and when the last one is over, in UTC."""
    return midnight(from_on, tz), midnight(to_on + timedelta(days=1), tz)


def next_month(month: date) -> date:
    """The first of the month after; Invalid after the last month that there is."""
    try:
        return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    except OverflowError:
        raise Invalid(N_("This date is too far away."), field="from") from None
