"""The counting of one due time in lines that a customer can follow: date by date, like by like.

Equal days are told together. Which time counted, the calendar has said; only words are made here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.domain.ledger import EntryKind
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import Counting, Unit
from complaints.domain.worktime.opening import Reason
from complaints.formatting import say_clock, say_date, say_instant
from complaints.queries.complaint.due_explanation import Change, DueExplanation
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label
from complaints.web.frame.translations import lang
from complaints.web.rules import rule_words

_ONE_DAY = timedelta(days=1)
_GOVERNED_BY = {
    "rule": N_("by the rule"),
    "promise": N_("by the promise to the customer, which is earlier than the rule"),
    "extension": N_("by the extension"),
}


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """One line: what, how much it counted, and a remark; `is_skipped` counted nothing."""

    what: str
    count: str = ""
    remark: str = ""
    is_skipped: bool = False
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    """A date: closed, the start, or the `number`-th working day; or with `seconds` counted."""

    on: date
    reason: Reason | None
    name: str
    is_counted: bool
    is_start: bool = False
    number: int = 0
    seconds: int = 0
    hours: str = ""

    @property
    def likeness(self) -> tuple[object, ...]:
        """Days that follow each other and are alike in this are told in one line."""
        return self.is_counted, self.is_start, self.reason, self.name, self.seconds, self.hours


def counting_lines(rules: RuleBook, why: DueExplanation) -> list[ExplanationLine]:
    """From the start to the due time by policy, without pauses, the due time last."""
    calendar = rules.calendar_versions[why.deadline.calendar_version_id]
    start, unit = why.deadline.started_at, Unit(why.clause.unit)
    lines = [
        ExplanationLine(
            gettext("Starts: %(at)s", at=say_instant(start, calendar.tz, lang())),
            remark=rule_words.say_start(why.clause.start),
        )
    ]
    if why.clause.counting is Counting.DAY_AFTER_RECEIPT:
        lines.append(
            ExplanationLine(gettext("Counted from the next day on, whatever the hour it started."))
        )
    if unit is Unit.WORKING_DAY:
        lines += _of_days(calendar, why)
    elif unit.is_worktime:
        lines += _of_hours(calendar, why)
    else:
        lines.append(_running_on(why))
    if why.clause.ends_with_the_day:
        lines.append(ExplanationLine(gettext("The whole of the last day counts, until closing.")))
    due = say_instant(why.base_due_at, calendar.tz, lang())
    lines.append(ExplanationLine(gettext("Deadline by the rule: %(at)s", at=due), is_total=True))
    return lines


def change_lines(why: DueExplanation, tz: tzinfo) -> list[ExplanationLine]:
    """What happened to the clock after its start, in order, each with the due time it left."""
    lines: list[ExplanationLine] = []
    due = why.base_due_at
    for change in why.changes:
        said = _change(change, tz, Unit(why.clause.unit).is_worktime)
        moved = change.due_at != due and change.entry.what not in (
            EntryKind.PAUSE,
            EntryKind.BREACH,
        )
        if moved:
            said = replace(said, count=gettext("due %(at)s", at=_short(change.due_at, tz)))
        due = change.due_at
        lines.append(said)
    if why.deadline.due_at != why.base_due_at:
        at = _short(why.deadline.due_at, tz)
        governed = gettext(_GOVERNED_BY[why.governed_by])
        if any(change.paused_seconds for change in why.changes):
            governed = gettext("%(what)s, with the pauses", what=governed)
        lines.append(
            ExplanationLine(
                gettext("Current deadline: %(at)s", at=at), remark=governed, is_total=True
            )
        )
    return lines


def _of_days(calendar: WorkCalendar, why: DueExplanation) -> Iterator[ExplanationLine]:
    """Working days one after the other; days that stay closed between them with the reason."""
    received = why.deadline.started_at.astimezone(calendar.tz).date()
    opened = calendar.next_opening(why.deadline.started_at)
    is_day_zero = why.clause.counting is Counting.DAY_AFTER_RECEIPT
    first = received if is_day_zero else calendar.date_of(opened)
    last = calendar.date_of(why.base_due_at)
    days, number = [], 0
    on = min(received, first)
    while on <= last:
        reason, name = calendar.reason_on(on)
        is_open = calendar.opens_on(on)
        if is_open and on < first:
            reason, is_open = Reason.OUTSIDE_HOURS, False
        number += is_open and on > first
        days.append(_Day(on, reason, name, is_open, is_open and on == first, number))
        on += _ONE_DAY
    for same in _alike(days):
        day = same[0]
        if not day.is_counted:
            yield _skipped(same)
        elif day.is_start and is_day_zero:
            yield ExplanationLine(_dates(same), gettext("not counted"), gettext("day it started"))
        elif day.is_start:
            at = say_clock(opened, calendar.tz, lang())
            yield ExplanationLine(_dates(same), gettext("from %(at)s", at=at), _special(day))
        elif len(same) == 1:
            count = gettext("working day %(number)s", number=day.number)
            yield ExplanationLine(_dates(same), count, _special(day))
        else:
            numbers = {"first": day.number, "last": same[-1].number}
            count = gettext("working days %(first)s to %(last)s", **numbers)
            yield ExplanationLine(_dates(same), count, _special(day))


def _of_hours(calendar: WorkCalendar, why: DueExplanation) -> Iterator[ExplanationLine]:
    """Working hours and minutes as they were open on each date, with what has been counted."""
    days = []
    for on, group in groupby(why.lines, key=lambda span: span.on):
        spans = list(group)
        walls = [
            [_wall(span.opened_at, calendar.tz), _wall(span.closed_at, calendar.tz)]
            for span in spans
            if span.opened_at and span.closed_at
        ]
        seconds = sum(span.seconds for span in spans)
        hours = rule_words.say_hours(walls)
        first = spans[0]
        days.append(_Day(on, first.reason, first.name, bool(seconds), seconds=seconds, hours=hours))
    so_far = 0
    for same in _alike(days):
        day = same[0]
        if not day.is_counted:
            yield _skipped(same)
            continue
        so_far += day.seconds * len(same)
        count = rule_words.say_exact(day.seconds)
        if len(same) > 1:
            count = gettext(
                "%(days)s × %(time)s = %(sum)s",
                days=len(same),
                time=count,
                sum=rule_words.say_exact(day.seconds * len(same)),
            )
        remarks = [day.hours, _special(day)]
        if so_far != day.seconds:
            remarks.append(gettext("together %(time)s", time=rule_words.say_exact(so_far)))
        yield ExplanationLine(_dates(same), count, " · ".join(each for each in remarks if each))


def _running_on(why: DueExplanation) -> ExplanationLine:
    """Clock time and calendar days run through nights, weekends and holidays."""
    amount = rule_words.say_amount(why.clause.duration, why.clause.unit)
    if Unit(why.clause.unit).is_clock_time:
        remark = gettext("Runs day and night; closed days count as well.")
    else:
        remark = gettext("Every day of the calendar counts, closed days as well.")
    return ExplanationLine(amount, remark=remark)


def _change(change: Change, tz: tzinfo, is_worktime: bool) -> ExplanationLine:
    at = _short(change.entry.at, tz)
    until = _short(change.entry.until, tz) if change.entry.until is not None else ""
    by = change.by or "Tanggap"
    match change.entry.what:
        case EntryKind.TELL:
            return ExplanationLine(
                gettext("Customer told: no later than %(until)s", until=until),
                remark=gettext(
                    "%(at)s, %(by)s. The earlier of the rule's deadline and the promise applies.",
                    at=at,
                    by=by,
                ),
            )
        case EntryKind.PAUSE:
            remark = f"{change.entry.reason} · {by}" if change.entry.reason else by
            return ExplanationLine(
                gettext("Paused from %(at)s, until %(until)s at the latest", at=at, until=until),
                remark=remark,
            )
        case EntryKind.RESUME:
            took = gettext(
                "%(time)s of pause not counted.",
                time=rule_words.say_exact(change.paused_seconds, is_worktime),
            )
            return ExplanationLine(gettext("Resumes on %(at)s", at=at), remark=took)
        case EntryKind.EXTEND:
            remark = gettext("%(at)s, %(by)s: %(reason)s", at=at, by=by, reason=change.entry.reason)
            if change.condition:
                words = label(dict(change.condition))
                remark = f"{remark} · " + gettext("condition of the rule: %(words)s", words=words)
            return ExplanationLine(gettext("Extended until %(until)s", until=until), remark=remark)
        case EntryKind.RECOMPUTE:
            assert change.entry.terms is not None
            clause = change.entry.terms.clause
            return ExplanationLine(
                gettext("Recalculated from the start: %(clause)s", clause=label(clause)),
                remark=f"{rule_words.say_clause(clause)} · {at}, {by}",
            )
        case EntryKind.MEET:
            return ExplanationLine(gettext("Met on %(at)s", at=at), remark=by)
        case EntryKind.AGAIN:
            return ExplanationLine(
                gettext("Runs on from %(at)s", at=at),
                remark=gettext(
                    "%(by)s. The confirmed cause has changed, so the accepted solution no longer "
                    "settles the complaint; the deadline is the one it had.",
                    by=by,
                ),
            )
        case EntryKind.BREACH:
            return ExplanationLine(gettext("Missed on %(at)s", at=at))
        case EntryKind.VOID:
            return ExplanationLine(
                gettext("Not missed after all, set right on %(at)s", at=at),
                remark=f"{change.entry.reason} · {by}",
            )
    return ExplanationLine(gettext("Stopped on %(at)s, no longer needed", at=at), remark=by)


def _alike(days: Iterable[_Day]) -> Iterator[Sequence[_Day]]:
    for _, group in groupby(days, key=lambda day: day.likeness):
        yield list(group)


def _skipped(days: Sequence[_Day]) -> ExplanationLine:
    """Closed dates with the reason why."""
    day = days[0]
    reason = gettext(rule_words.REASONS[day.reason]) if day.reason is not None else ""
    name = f"{reason}: {day.name}" if day.name else reason
    return ExplanationLine(_dates(days), gettext("not counted"), name, is_skipped=True)


def _special(day: _Day) -> str:
    """What makes a worked date differ from a plain week."""
    if day.reason in (Reason.SHIFT, Reason.BREAK):
        return gettext(rule_words.REASONS[day.reason])
    return ""


def _dates(days: Sequence[_Day]) -> str:
    """`Senin, 23 November 2026`, or of a run `Sabtu, 21 – Minggu, 22 November 2026`."""
    first, last = days[0].on, days[-1].on
    if first == last:
        return say_date(first, lang())
    said = say_date(first, lang())
    if first.year == last.year:
        said = said.rsplit(" ", 1 if first.month != last.month else 2)[0]
    return f"{said} – {say_date(last, lang())}"


def _wall(at: datetime, tz: tzinfo) -> str:
    return f"{at.astimezone(tz):%H:%M}"


def _short(at: datetime, tz: tzinfo) -> str:
    return say_instant(at, tz, lang())
