"""A working calendar as people type it: hours in words, dates with names, row by row.

The form and the edited calendar are turned into each other here; whether the calendar makes sense
is asked of the rules.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flask_babel import gettext

from complaints.domain.worktime.edited_calendar import EditedCalendar, WrittenHours
from complaints.domain.worktime.walltime import WEEKDAYS, parse_wall
from complaints.web.rules.rule_words import say_hours

#: Rows offered for new dates; more come with every look at the form.
SPARE = 3
#: More rows than these were not typed by a person.
MOST_ROWS = 400
_INTERVAL = re.compile(
    r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:-|–|—|s/d|sampai|to)\s*(\d{1,2})(?:[.:](\d{2}))?"
)
_CLOSED = {"", "-", "–", "tutup", "closed", "libur"}

Errors = list[tuple[str, str]]
Hours = list[list[str]]


@dataclass(slots=True)
class DatedRow:
    """One date as its fields show it; `words` is a name or hours."""

    index: int
    day: str
    words: str
    is_new: bool = False
    is_gone: bool = False


@dataclass(slots=True)
class Typed:
    """Everything the form shows; `kept` counts dates of earlier years that stay untouched."""

    tz: str
    at_closing: str
    week: dict[str, str]
    holidays: list[DatedRow] = field(default_factory=list)
    annual: list[DatedRow] = field(default_factory=list)
    shifts: list[DatedRow] = field(default_factory=list)
    breaks: list[DatedRow] = field(default_factory=list)
    kept: int = 0

    def by_year(self) -> dict[str, list[DatedRow]]:
        """The holidays in groups of a year; rows without a usable date stand under ''."""
        groups: dict[str, list[DatedRow]] = {}
        for row in self.holidays:
            if not row.is_new:
                groups.setdefault(row.day[:4], []).append(row)
        return dict(sorted(groups.items()))

    def new(self, name: str) -> list[DatedRow]:
        """The empty rows of a part."""
        rows: list[DatedRow] = getattr(self, name)
        return [row for row in rows if row.is_new]


def typed_of(calendar: EditedCalendar, first_year: int) -> Typed:
    """A calendar as its form shows it; holidays before `first_year` are left out of it."""
    shown = {day: name for day, name in calendar.holidays.items() if int(day[:4]) >= first_year}
    return Typed(
        tz=calendar.tz,
        at_closing=calendar.at_closing,
        week={day: say_hours(calendar.week.get(day, ())) for day in WEEKDAYS},
        holidays=_rows(sorted(shown.items())),
        annual=_rows(sorted((calendar.annual or {}).items())),
        shifts=_rows(_said(calendar.shifts)),
        breaks=_rows(_said(calendar.breaks)),
        kept=len(calendar.holidays) - len(shown),
    )


def read_typed(
    base: EditedCalendar, form: Mapping[str, str], first_year: int
) -> tuple[EditedCalendar, Errors]:
    """The calendar with what was typed, and what is wrong with it.

    Whatever the form does not show (names, sources, earlier years) stays as it was.
    """
    errors: Errors = []
    week = {day: _hours(form.get(f"week_{day}", ""), f"week_{day}", errors) for day in WEEKDAYS}
    earlier = {day: name for day, name in base.holidays.items() if int(day[:4]) < first_year}
    holidays = {day: name for _, day, name in _dated("holiday", form, errors)}
    annual = {}
    for index, day, name in _typed_rows("annual", form):
        if re.fullmatch(r"\d{2}-\d{2}", day) and _is_date(f"2000-{day}"):
            annual[day] = name
        else:
            errors.append((f"annual_day_{index}", gettext("Write month and day like 12-25.")))
    shifts, breaks = (
        {
            day: _hours(words, f"{name}_words_{index}", errors)
            for index, day, words in _dated(name, form, errors)
        }
        for name in ("shift", "break")
    )
    typed = replace(
        base,
        tz=form.get("tz", base.tz).strip()[:60],
        at_closing="roll" if form.get("at_closing") == "roll" else "keep",
        week={day: hours for day, hours in week.items() if hours},
        holidays={**earlier, **dict(sorted(holidays.items()))},
        annual=dict(sorted(annual.items())) if annual or base.annual is not None else None,
        shifts=shifts,
        breaks=breaks,
    )
    return typed, errors


def as_typed(form: Mapping[str, str], base: EditedCalendar, first_year: int) -> Typed:
    """What stands in the form, word for word, as when it has to be shown again."""
    kept = sum(int(day[:4]) < first_year for day in base.holidays)
    return Typed(
        tz=form.get("tz", ""),
        at_closing=form.get("at_closing", "keep"),
        week={day: form.get(f"week_{day}", "") for day in WEEKDAYS},
        holidays=_as_typed("holiday", form),
        annual=_as_typed("annual", form),
        shifts=_as_typed("shift", form),
        breaks=_as_typed("break", form),
        kept=kept,
    )


def _rows(pairs: Iterable[tuple[str, str]]) -> list[DatedRow]:
    rows = [DatedRow(index, day, words) for index, (day, words) in enumerate(pairs)]
    count = len(rows)
    return rows + [DatedRow(count + n, "", "", is_new=True) for n in range(SPARE)]


def _as_typed(name: str, form: Mapping[str, str]) -> list[DatedRow]:
    rows = []
    for index in range(MOST_ROWS):
        day = form.get(f"{name}_day_{index}")
        if day is None:
            break
        words = form.get(f"{name}_words_{index}", "")
        is_new = not (day.strip() or words.strip())
        rows.append(DatedRow(index, day, words, is_new, bool(form.get(f"{name}_gone_{index}"))))
    return rows


def _said(days: Mapping[str, WrittenHours]) -> list[tuple[str, str]]:
    return [(day, say_hours(hours)) for day, hours in sorted(days.items())]


def _typed_rows(name: str, form: Mapping[str, str]) -> Iterable[tuple[int, str, str]]:
    """Rows that hold a day and are not ticked to go, as (index, day, words)."""
    for index in range(MOST_ROWS):
        day = form.get(f"{name}_day_{index}")
        if day is None:
            return
        words = " ".join(form.get(f"{name}_words_{index}", "").split())[:120]
        if (day.strip() or words) and not form.get(f"{name}_gone_{index}"):
            yield index, day.strip(), words


def _dated(name: str, form: Mapping[str, str], errors: Errors) -> Iterable[tuple[int, str, str]]:
    for index, day, words in _typed_rows(name, form):
        if _is_date(day):
            yield index, day, words
        else:
            errors.append((f"{name}_day_{index}", gettext("Write a date like 2027-01-31.")))


def _hours(text: str, field_name: str, errors: Errors) -> Hours:
    """`08.00–12.00, 13.00–16.00` as intervals; nothing, a dash and "tutup" are closed."""
    if text.strip().lower() in _CLOSED:
        return []
    found: Hours = []
    for part in re.split(r"[,;]", text):
        match = _INTERVAL.fullmatch(part.strip().lower())
        walls = [] if match is None else [_wall(*match.groups()[:2]), _wall(*match.groups()[2:])]
        try:
            opens, closes = (parse_wall(wall) for wall in walls)
        except ValueError:
            errors.append((field_name, gettext("Write hours like 08.00–12.00, 13.00–16.00.")))
            return []
        if closes <= opens:
            sentence = gettext(
                "Closing comes after opening; for hours past midnight write 29.00 for 05.00 of "
                "the next day."
            )
            errors.append((field_name, sentence))
            return []
        found.append(walls)
    return found


def _wall(hour: str, minute: str | None) -> str:
    return f"{int(hour):02}:{minute or '00'}"


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
