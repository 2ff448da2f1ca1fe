"""The rules as their pages show them: versions, the clocks under each, gaps in calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.policies.whatif import RuleKind
from complaints.domain.words.whole_number import whole_number
from complaints.models import Deadline, RuleVersion
from complaints.queries.bounded import bounded_count
from complaints.rulebook import RuleBook

#: From so many days before New Year on, the next year's holidays are missed when they are absent.
LOOK_AHEAD_DAYS = 92
#: Whether there are a thousand clocks or a million makes no difference to a page.
MOST_CLOCKS = 1000


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule; `origin` is config or admin."""

    id: int
    number: int
    at: datetime
    by: str
    origin: str


@dataclass(frozen=True, slots=True)
class HolidayGap:
    """A year for which a calendar in use holds no holiday.

    `clocks` fall due in it or later, counted up to MOST_CLOCKS and one more; `is_near` says that
    the year has begun or is about to.
    """

    calendar: str
    year: int
    clocks: int
    is_near: bool
    label_id: str = ""
    label_en: str = ""


def versions_of(session: Session, kind: str, code: str) -> Sequence[Version]:
    """Every version of a rule, newest first."""
    query = (
        select(
            RuleVersion.id,
            RuleVersion.version,
            RuleVersion.loaded_at,
            RuleVersion.loaded_by,
            RuleVersion.origin,
        )
        .where(RuleVersion.kind == kind, RuleVersion.code == code)
        .order_by(RuleVersion.id.desc())
    )
    return [Version(*row) for row in session.execute(query)]


def version_shown(versions: Sequence[Version], number: str) -> Version:
    """The version with this number, as an address names it; the newest where there is none."""
    wanted = whole_number(number)
    return next((each for each in versions if each.number == wanted), versions[0])


def newest_versions(session: Session) -> Mapping[tuple[str, str], Version]:
    """(kind, code) → the version in force, of every rule."""
    query = select(
        RuleVersion.kind,
        RuleVersion.code,
        RuleVersion.id,
        RuleVersion.version,
        RuleVersion.loaded_at,
        RuleVersion.loaded_by,
        RuleVersion.origin,
    ).order_by(RuleVersion.id)
    return {
        (row.kind, row.code): Version(row.id, row.version, row.loaded_at, row.loaded_by, row.origin)
        for row in session.execute(query)
    }


def body_of(session: Session, version_id: int) -> dict[str, Any] | None:
    """The data of one version, None when there is none."""
    return session.scalar(select(RuleVersion.body).where(RuleVersion.id == version_id))


def body_from_file(session: Session, kind: str, code: str) -> dict[str, Any] | None:
    """A rule as its file last said it, to show what has been changed here since."""
    query = (
        select(RuleVersion.body)
        .where(RuleVersion.kind == kind, RuleVersion.code == code, RuleVersion.origin == "config")
        .order_by(RuleVersion.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def running_clocks(session: Session) -> Mapping[str, int]:
    """Policy → how many of its clocks run or stand still now, where any do.

    Counted up to MOST_CLOCKS; one more says that there are more.
    """
    policies = (
        select(RuleVersion.code).where(RuleVersion.kind == RuleKind.POLICY).distinct().subquery()
    )
    live = select(Deadline.id).where(
        Deadline.policy == policies.c.code, Deadline.ended_at.is_(None)
    )
    query = select(policies.c.code, bounded_count(live.correlate(policies), MOST_CLOCKS + 1))
    return {code: count for code, count in session.execute(query) if count}


def holiday_gaps(session: Session, rules: RuleBook, now: datetime) -> list[HolidayGap]:
    """The years without holidays that matter now: near ones, and those that due times reach into.

    A calendar that holds no dated holiday at all does not promise to know them; its own page
    says so.
    """
    farthest = session.scalar(select(func.max(Deadline.due_at)).where(Deadline.ended_at.is_(None)))
    last_due = max(farthest or now, now)
    gaps = []
    for code in sorted({branch.calendar for branch in rules.branches.values()}):
        calendar = rules.calendars[code].value
        today = now.astimezone(calendar.tz).date()
        soon = (today + timedelta(days=LOOK_AHEAD_DAYS)).year
        last = max(soon, last_due.astimezone(calendar.tz).year)
        for year in calendar.years_without_holidays(today.year, last):
            clocks = _due_from(session, rules, code, date(year, 1, 1))
            if year <= soon or clocks:
                labels = (calendar.label_id or code, calendar.label_en or code)
                gaps.append(HolidayGap(code, year, clocks, year <= soon, *labels))
    return gaps


def _due_from(session: Session, rules: RuleBook, code: str, day: date) -> int:
    tz = rules.calendars[code].value.tz
    start = datetime.combine(day, time.min, tz).astimezone(UTC)
    live = select(Deadline.id).where(
        Deadline.ended_at.is_(None),
        Deadline.due_at >= start,
        Deadline.calendar_version_id.in_(rules.versions_of("calendar", code)),
    )
    return session.scalar(select(bounded_count(live, MOST_CLOCKS + 1))) or 0
