"""When complaints come in: by day of the week and hour, on the clock of whoever reads."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    cast,
    extract,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.domain.permissions import Actor
from complaints.models import Complaint
from complaints.queries.reports.outcomes.division import Found, found_by
from complaints.queries.reports.outcomes.sections import Column, Line, Named, Section
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

#: Every zone is whole quarters of an hour away from UTC.
_QUARTER, _HOUR, _DAY = 900, 3_600, 86_400
#: Days of the week as columns, Monday first.
WEEKDAYS = tuple(f"day_{day}" for day in range(7))
HOURS = 24
#: Column → the figure whose list it opens.
_BEHIND = {**{name: f"arrived_{day}" for day, name in enumerate(WEEKDAYS)}, "count": "arrived"}
_NAMES: Sequence[str] = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday")),
    *(N_("Friday"), N_("Saturday"), N_("Sunday")),
)


def find_arrivals(session: Session, asked: Asked) -> Found:
    """One query: counts by quarter of an hour, which the reader's zone then puts in their place."""
    quarter = cast(extract("epoch", Complaint.received_at), BigInteger) // _QUARTER
    query = (
        select(quarter.label("quarter"), func.count().label("times"))
        .select_from(Complaint)
        .where(asked.period.holds(Complaint.received_at), in_scope(asked.actor))
        .group_by(quarter)
    )
    return {"arrived": session.execute(found_by(query, asked, Complaint.received_at)).all()}


def build_arrivals(found: Found, asked: Asked) -> list[Section]:
    """The hours of the day by day of the week."""
    zone = asked.rules.own_calendar(asked.actor.branch_id).tz
    counts = [[0] * HOURS for _ in WEEKDAYS]
    for row in found["arrived"]:
        local = datetime.fromtimestamp(int(row.quarter) * _QUARTER, zone)
        counts[local.weekday()][local.hour] += row.times
    lines = [
        Line(
            f"{hour:02}",
            {name: counts[day][hour] for day, name in enumerate(WEEKDAYS)}
            | {"count": sum(each[hour] for each in counts)},
            label_id=hour_line(hour).label_id,
            label_en=hour_line(hour).label_en,
            behind=_BEHIND,
            asked={"line": f"{hour:02}"},
        )
        for hour in range(HOURS)
    ]
    sums = {name: sum(counts[day]) for day, name in enumerate(WEEKDAYS)}
    return [
        Section(
            "arrivals",
            N_("When complaints come in"),
            N_(
                "Complaints received in the period, by day of the week and hour of receipt, in the "
                "local time of the reader's branch; for head office, of the organisation."
            ),
            N_("Hour"),
            [
                *(Column(name, _NAMES[day]) for day, name in enumerate(WEEKDAYS)),
                Column("count", N_("Total")),
            ],
            lines,
            Line(
                "total",
                {**sums, "count": sum(sums.values())},
                N_("Total"),
                behind=_BEHIND,
            ),
            is_divided_whole=True,
        )
    ]


def hour_line(hour: int) -> Named:
    """What the line of an hour is called."""
    return Named(f"{hour:02}.00–{hour:02}.59", f"{hour:02}:00–{hour:02}:59")


def hour_of(line: str) -> int | None:
    """The hour of a line; None where it names none of the day."""
    hour = int(line) if line.isdecimal() and len(line) < 3 else HOURS
    return hour if hour < HOURS else None


def arrived(
    day: int | None, line: str | None, actor: Actor, period: Period, rules: RuleBook
) -> ColumnElement[bool]:
    """Whether a complaint came in on this day of the week and, with `line`, in this hour."""
    hour = hour_of(line) if line else None
    if line and hour is None:
        return false()
    found = []
    for begin, end, offset in _offsets(period, rules.own_calendar(actor.branch_id).tz):
        local = cast(extract("epoch", Complaint.received_at), BigInteger) + offset
        conditions = [Complaint.received_at >= begin, Complaint.received_at < end]
        if day is not None:
            # The first day of the epoch was a Thursday.
            conditions.append((local // _DAY + 3) % 7 == day)
        if hour is not None:
            conditions.append(local // _HOUR % HOURS == hour)
        found.append(and_(*conditions))
    return or_(false(), *found)


def _offsets(period: Period, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, int]]:
    """From when to when the zone is so many seconds before UTC, over the whole period."""
    at = int(datetime.combine(period.from_on, time(), UTC).timestamp()) - 2 * _DAY
    until = int(period.ends_at().timestamp()) + _DAY
    begin, offset = at, _offset(at, zone)
    while at < until:
        # Day by day, and by the quarter in a day on which clocks are changed.
        step = _DAY if _offset(at + _DAY, zone) == offset else _QUARTER
        at += step
        if _offset(at, zone) != offset:
            yield datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(at, UTC), offset
            begin, offset = at, _offset(at, zone)
    yield datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(at, UTC), offset


def _offset(at: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(at, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
