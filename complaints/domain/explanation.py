"""The lines of "Why this due time?": which time of which date counted, and why dates were skipped.

Only the lines are made here; the words for them belong to the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from complaints.domain.opening import Opening, Reason
from complaints.domain.walltime import at_epoch


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
    counted_to = first
    for ordinal in range(from_day - 1, to_day + 1):
        spans = [
            (max(opens, counted_to), min(closes, last))
            for opens, closes in opening.spans_on(ordinal)
        ]
        # Night hours of one date can overlap the morning of the next; none counts twice.
        counted_to = max([counted_to, *(closes for _, closes in spans)])
        is_first = ordinal == from_day and not lines
        for line in _lines_of(opening, ordinal, spans, is_first=is_first):
            # Of the evening before, only the hours that still ran belong to the story.
            if line.seconds or ordinal >= from_day:
                lines.append(line)
    return lines


def _lines_of(
    opening: Opening, ordinal: int, spans: list[tuple[int, int]], *, is_first: bool
) -> Iterator[Span]:
    on = date.fromordinal(ordinal)
    reason, name = opening.reason_on(ordinal)
    counted = [(opens, closes) for opens, closes in spans if opens < closes]
    for opens, closes in counted:
        yield Span(on, at_epoch(opens), at_epoch(closes), closes - opens, reason, name)
    if not spans:
        yield Span(on, None, None, 0, reason, name)
    elif not counted and is_first:
        yield Span(on, None, None, 0, Reason.OUTSIDE_HOURS)
