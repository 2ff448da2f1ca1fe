"""Management's first page: four weeks beside those before, causes, what changed, what is due next.

Nothing is counted here: every figure is one of the deadline report (`queries/reports/figures.py`)
for the same days, and every list is the list behind that figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.domain.reporting.changes import counts_differ, shares_differ
from complaints.domain.reporting.forecast import Risk
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.worklist import ListRow
from complaints.queries.management.forecast import Forecast, read_forecast
from complaints.queries.reports.compared import Comparison
from complaints.queries.reports.drilldown import DUE, count_behind, lines_of, list_behind
from complaints.queries.reports.figures import Report, deadline_report
from complaints.queries.reports.rows import FEWEST_FOR_SHARE, NONE, Figures, ReportRow
from complaints.rulebook import RuleBook

#: Whole weeks, so that both stretches have as many Mondays; up to yesterday, which is over.
DAYS = 28
#: What falls due within so many working days is looked at.
AHEAD = 5
MOST_CAUSES, MOST_DUE = 3, 5


class Changed(StrEnum):
    """Which figure of a line changed."""

    ON_TIME = "on_time"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Change:
    """What of a line changed most: of a category or a branch, between the two stretches."""

    figure: Changed
    division: str
    row: ReportRow
    before: Figures

    @property
    def points(self) -> float:
        """By how many percentage points the share on time changed."""
        now, then = self.row.figures.on_time or 0.0, self.before.on_time or 0.0
        return round((now - then) * 100, 1)


@dataclass(frozen=True, slots=True)
class DueSoon:
    """Promises that run and fall due from today up to a day.

    `first` are those most likely to be missed, where any forecast is known, else the next ones;
    `risks` has one for each, None where none is known.
    """

    from_on: date
    to_on: date
    count: int
    first: Sequence[ListRow]
    forecast: Forecast
    risks: Sequence[Risk | None]


@dataclass(frozen=True, slots=True)
class ManagementHome:
    """The page before it is put into words. `changes` are beyond chance, one of each figure."""

    report: Report
    compared: Comparison
    causes: Sequence[ReportRow]
    without_cause: int
    changes: Sequence[Change]
    due: DueSoon

    @property
    def with_cause(self) -> int:
        """How many of the complaints received have a confirmed cause."""
        return self.report.total.received - self.without_cause

    @property
    def has_causes(self) -> bool:
        """Whether that is enough for an order to mean something."""
        return self.with_cause >= FEWEST_FOR_SHARE


def management_home(
    session: Session, actor: Actor, rules: RuleBook, *, now: datetime
) -> ManagementHome:
    """What lies in the person's scope: the last four weeks, and the next five working days."""
    last = now.astimezone(rules.home_zone).date() - timedelta(days=1)
    first = last - timedelta(days=DAYS - 1)
    report = deadline_report(session, actor, first, last, "cause", now=now, rules=rules)
    # These days have come, so that there is a stretch before them.
    assert report.compared is not None
    before = report.compared.before
    earlier = deadline_report(
        session,
        actor,
        before.from_on,
        before.to_on,
        None,
        now=now,
        rules=rules,
        is_compared=False,
    )
    known = [row for row in report.rows if row.key and row.figures.received]
    known.sort(key=lambda row: (-row.figures.received, -row.figures.breached, row.label_id))
    return ManagementHome(
        report=report,
        compared=report.compared,
        causes=known[:MOST_CAUSES],
        without_cause=sum(row.figures.received for row in report.rows if not row.key),
        changes=biggest_changes(report, earlier),
        due=_due_soon(session, actor, rules, now),
    )


def biggest_changes(report: Report, earlier: Report) -> list[Change]:
    """The line whose share on time changed most, and the one whose number did; none by chance."""
    assert report.compared is not None
    here, before = report.compared.here, report.compared.before
    on_time: list[Change] = []
    received: list[Change] = []
    for division, rows, others in (
        ("category", report.categories, earlier.categories),
        ("branch", report.branches, earlier.branches),
    ):
        for row, then in _paired(rows, others):
            now = row.figures
            if min(now.decided, then.decided) >= FEWEST_FOR_SHARE and shares_differ(
                now.met, now.decided, then.met, then.decided
            ):
                on_time.append(Change(Changed.ON_TIME, division, row, then))
            if max(now.received, then.received) >= FEWEST_FOR_SHARE and counts_differ(
                now.received, here.working_days, then.received, before.working_days
            ):
                received.append(Change(Changed.RECEIVED, division, row, then))
    found = []
    if on_time:
        found.append(max(on_time, key=lambda each: abs(each.points)))
    if received:
        found.append(
            max(received, key=lambda each: abs(each.row.figures.received - each.before.received))
        )
    return found


def _paired(
    rows: Sequence[ReportRow], others: Sequence[ReportRow]
) -> list[tuple[ReportRow, Figures]]:
    """Each line with its figures before; of a line that is no more, nought now."""
    then: Mapping[str, ReportRow] = {row.key: row for row in others}
    now = {row.key for row in rows}
    pairs = [(row, then[row.key].figures if row.key in then else NONE) for row in rows]
    gone = [row for row in others if row.key not in now]
    pairs += [(ReportRow(row.key, row.label_id, row.label_en, NONE), row.figures) for row in gone]
    return pairs


def due_days(rules: RuleBook, now: datetime) -> tuple[date, date]:
    """From today up to the fifth working day from now, by the calendar of the first branch."""
    calendar = rules.own_calendar(None)
    today = now.astimezone(calendar.tz).date()
    return today, calendar.add_working_days(now, AHEAD).astimezone(calendar.tz).date()


def _due_soon(session: Session, actor: Actor, rules: RuleBook, now: datetime) -> DueSoon:
    from_on, to_on = due_days(rules, now)
    filters = ListFilters(figure=DUE, from_on=from_on, to_on=to_on)
    count = count_behind(session, actor, filters, rules, now=now)
    if not count:
        return DueSoon(from_on, to_on, 0, (), Forecast((), 0, 0), ())
    forecast = read_forecast(session, actor, rules, (from_on, to_on), now=now, count=count)
    likely = forecast.risks[:MOST_DUE]
    if likely:
        rows = lines_of(session, [each for each, _ in likely], rules, now=now)
        risks: list[Risk | None] = [risk for _, risk in likely]
        return DueSoon(from_on, to_on, count, rows, forecast, risks)
    items = list_behind(session, actor, filters, rules, now=now, limit=MOST_DUE).items
    return DueSoon(from_on, to_on, count, items, forecast, [None] * len(items))
