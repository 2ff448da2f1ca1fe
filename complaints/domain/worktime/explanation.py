"""The lines of "Why this due time?": which time of which date counted, and why dates were skipped.

Only the lines are made here; the words for them belong to the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from complaints.domain.worktime.calendar_form import Hours, merged
from complaints.domain.worktime.opening import Opening, Reason, cut
from complaints.domain.worktime.walltime import at_epoch


@dataclass(frozen=True, slots=True)
class Span:
    """Time counted on a date, or a date that was skipped and the reason.

    A skipped date has no times and zero `seconds`. On a counted line `reason` says what makes the
    date differ from a plain week (a shift, a break), None when nothing does.
    """

    on: date
    opened_at: datetime | None
    closed_at: datetime | None
    seconds: int
    reason: Reason | None = None
    name: str = ""


def explain_lines(opening: Opening, first: int, last: int) -> list[Span]:
    """The lines from one moment to a later one (epoch seconds), earliest first."""
    zone = opening.form.zone
    from_day = at_epoch(first).astimezone(zone).toordinal()
    to_day = at_epoch(last).astimezone(zone).toordinal()
    lines: list[Span] = []
    evening: Hours = ()
    for day in range(from_day - 1, to_day + 1):
        hours = opening.spans_on(day)
        counted = [(max(opens, first), min(closes, last)) for opens, closes in hours]
        # Night hours of one date can overlap the morning of the next; none counts twice.
        counted_once = cut(merged(counted), evening)
        evening = hours
        is_first = day == from_day and not lines
        for line in _lines_of(opening, day, counted_once, is_first=is_first):
            # Of the evening before, only the hours that still ran belong to the story.
            if line.seconds or day >= from_day:
                lines.append(line)
    return lines


def _lines_of(opening: Opening, day: int, counted: Hours, *, is_first: bool) -> Iterator[Span]:
    on = date.fromordinal(day)
    reason, name = opening.reason_on(day)
    for opens, closes in counted:
        yield Span(on, at_epoch(opens), at_epoch(closes), closes - opens, reason, name)
    if not opening.spans_on(day):
        yield Span(on, None, None, 0, reason, name)
    elif not counted and is_first:
        yield Span(on, None, None, 0, Reason.OUTSIDE_HOURS)
