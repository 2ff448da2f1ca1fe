"""How a deadline stands at this moment, in the four states that screens and letters know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from complaints.domain.deadlines import DeadlineState
from complaints.domain.worktime import WorkCalendar
from complaints.formatting import say_duration_left
from complaints.rulebook import RuleBook

#: From this share of the time used up on, a deadline is nearing; the ladder warns there too.
NEARING_PERCENT = 80


@dataclass(frozen=True, slots=True)
class DueStatus:
    """`state` is safe, nearing, late or paused; `seconds` are left, or late when negative.

    They count working time, unless none lies between now and the due time; then clock time.
    `until` is the end of a pause: the due time of before it says nothing any more.
    `years_unknown` are the years it reaches of which the calendar knows no holiday yet: it may be
    too early.
    """

    state: str
    seconds: int
    is_worktime: bool = True
    until: datetime | None = None
    years_unknown: Sequence[int] = ()

    def say_left(self, lang: str) -> str:
        """`3 jam kerja lagi` or `terlambat 2 jam kerja`; of a pause it says nothing."""
        return say_duration_left(self.seconds, lang, is_worktime=self.is_worktime)


def due_status_of(
    calendar: WorkCalendar,
    started_at: datetime | None,
    due_at: datetime,
    state: str | None,
    now: datetime,
    paused_until: datetime | None = None,
    *,
    counts_worktime: bool = True,
) -> DueStatus:
    """How a live deadline stands; the due second itself is still in time.

    A rule that counts calendar days or hours by the clock is late by the clock as well.
    """
    if state == DeadlineState.PAUSED:
        return DueStatus("paused", 0, until=paused_until)
    unknown = _years_unknown(calendar, started_at, due_at) if counts_worktime else ()
    if now > due_at:
        late = calendar.between(due_at, now) if counts_worktime else 0
        if late:
            return DueStatus("late", -late, years_unknown=unknown)
        seconds = -_clock_seconds(due_at, now)
        return DueStatus("late", seconds, is_worktime=False, years_unknown=unknown)
    left = calendar.between(now, due_at)
    used = calendar.between(started_at, now) if started_at is not None else 0
    is_nearing = used * 100 >= (used + left) * NEARING_PERCENT and started_at is not None
    word = "nearing" if is_nearing else "safe"
    if left or now == due_at:
        return DueStatus(word, left, years_unknown=unknown)
    seconds = _clock_seconds(now, due_at)
    return DueStatus(word, seconds, is_worktime=False, years_unknown=unknown)


def next_due_status(row: Row[Any], rules: RuleBook, now: datetime) -> DueStatus | None:
    """How the next deadline of a complaint stands, from the row of a list; None without one."""
    if row.next_due_at is None:
        return None
    return due_status_of(
        rules.calendar_of(row.branch_id).value,
        row.clock_started_at,
        row.next_due_at,
        row.clock_state,
        now,
        row.paused_until,
        counts_worktime=rules.counts_worktime(row.clock_policy, row.clock_clause),
    )


def _years_unknown(
    calendar: WorkCalendar, started_at: datetime | None, due_at: datetime
) -> Sequence[int]:
    last = due_at.astimezone(calendar.tz).year
    first = started_at.astimezone(calendar.tz).year if started_at is not None else last
    return calendar.years_without_holidays(first, last)


def _clock_seconds(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds())
