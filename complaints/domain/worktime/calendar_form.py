"""The written form of a working calendar: what people type, checked and turned into numbers.

Every mistake is one sentence that names the field. No instants and no arithmetic in here.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias
from zoneinfo import ZoneInfo

from complaints.domain.worktime.walltime import WEEKDAYS, get_zone, parse_wall

#: Seconds after local midnight, start inside and end outside.
Hours: TypeAlias = tuple[tuple[int, int], ...]

_FIELDS = ("tz", "week", "holidays", "holidays_annual_mmdd", "shifts", "breaks", "at_closing")
# date.fromisoformat alone would also take week dates such as 2026-W01-1.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Any leap year: the 29th of February is a day of the year too.
_LEAP_YEAR = 2000


class CalendarError(ValueError):
    """A calendar that cannot be used; the text is one sentence naming the field."""


class AtClosing(StrEnum):
    """Where a due time goes that falls exactly on closing."""

    KEEP = "keep"
    ROLL = "roll"


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """A checked calendar; dates are ordinals, annual dates (month, day), names and labels may be
    empty."""

    zone: ZoneInfo
    week: tuple[Hours, ...]
    holidays: Mapping[int, str]
    annual: Mapping[tuple[int, int], str]
    shifts: Mapping[int, Hours]
    breaks: Mapping[int, Hours]
    at_closing: AtClosing
    label_id: str = ""
    label_en: str = ""

    @property
    def is_weekly(self) -> bool:
        """Whether hours come back every week, so that there is always a next opening."""
        every_date_is_holiday = len(self.annual) >= 366
        return any(self.week) and not every_date_is_holiday


def canonical_text(spec: Mapping[str, object]) -> str:
    """The calendar as sorted JSON, dates and times as text: equal calendars have equal texts."""
    if not isinstance(spec, Mapping):
        raise CalendarError("calendar: a table with tz and week is needed")
    try:
        return json.dumps(_plain(spec), sort_keys=True, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise CalendarError("calendar: holds a value that is not text, number or list") from None


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {_plain_key(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def _plain_key(key: object) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def read_form(spec: Mapping[str, object]) -> CalendarForm:
    """Check a calendar of plain values; CalendarError says which field is wrong and why."""
    # Names, notes and versions may stand in the same table, but "holiday" must not pass unseen.
    if (misspelt := find_misspelling(spec, _FIELDS)) is not None:
        raise CalendarError(misspelt)
    if spec.get("tz") is None:
        raise CalendarError("tz: the calendar needs a time zone such as Asia/Jakarta")
    try:
        zone = get_zone(spec["tz"])
    except ValueError as error:
        raise CalendarError(f"tz: {error}") from None
    closing = spec.get("at_closing", AtClosing.KEEP)
    if closing not in tuple(AtClosing):
        raise CalendarError(f"at_closing: {closing!r} is neither 'keep' nor 'roll'")
    return CalendarForm(
        zone=zone,
        week=_week(spec.get("week")),
        holidays=MappingProxyType(
            {_date(key, "holidays"): name for key, name in _named(spec.get("holidays"), "holidays")}
        ),
        annual=MappingProxyType(
            {
                _month_day(key): name
                for key, name in _named(spec.get("holidays_annual_mmdd"), "holidays_annual_mmdd")
            }
        ),
        shifts=MappingProxyType(_dated_hours(spec.get("shifts"), "shifts")),
        breaks=MappingProxyType(_dated_hours(spec.get("breaks"), "breaks")),
        at_closing=AtClosing(str(closing)),
        label_id=str(spec.get("label_id") or ""),
        label_en=str(spec.get("label_en") or ""),
    )


def find_misspelling(given: Iterable[str], known: Sequence[str]) -> str | None:
    """A sentence about the first field that is nearly, but not quite, one of the `known`."""
    for name in given:
        close = get_close_matches(name, known, n=1, cutoff=0.85)
        if name not in known and close:
            return f"{name}: unknown field, did you mean {close[0]}?"
    return None


def _week(value: object) -> tuple[Hours, ...]:
    table = _table(value, "week")
    for day in table:
        if day not in WEEKDAYS:
            raise CalendarError(f"week.{day}: the days are {', '.join(WEEKDAYS)}")
    return tuple(_hours(table.get(day), f"week.{day}") for day in WEEKDAYS)


def _dated_hours(value: object, field: str) -> dict[int, Hours]:
    return {
        _date(key, field): _hours(hours, f"{field}.{key}")
        for key, hours in _table(value, field).items()
    }


def _hours(value: object, field: str) -> Hours:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise CalendarError(f"{field}: {value!r} is not a list like [['08:00', '16:00']]")
    return merged(_interval(each, field) for each in value)


def _interval(value: object, field: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise CalendarError(f"{field}: {value!r} is not an interval like ['08:00', '16:00']")
    try:
        opens, closes = parse_wall(value[0]), parse_wall(value[1])
    except ValueError as error:
        raise CalendarError(f"{field}: {error}") from None
    if closes <= opens:
        raise CalendarError(
            f"{field}: {value[0]}-{value[1]} ends before it begins; "
            "hours past midnight are written like 29:00 for 05:00 of the next day"
        )
    return opens, closes


def merged(intervals: Iterable[tuple[int, int]]) -> Hours:
    """The same time as sorted intervals that neither overlap nor touch; empty ones fall out."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def _named(value: object, field: str) -> Iterator[tuple[str, str]]:
    """Days with their names: a list of days, a list of {date, name} tables or day = name."""
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, name in value.items():
            if name is not None and not isinstance(name, str):
                raise CalendarError(f"{field}.{key}: {name!r} is not the name of a holiday")
            yield key, name or ""
        return
    if not isinstance(value, list):
        raise CalendarError(f"{field}: {value!r} is neither a list of days nor a table day = name")
    for each in value:
        day = each.get("date") if isinstance(each, Mapping) else each
        if not isinstance(day, str):
            raise CalendarError(f"{field}: {each!r} is not a day")
        yield day, str(each.get("name") or "") if isinstance(each, Mapping) else ""


def _table(value: object, field: str) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise CalendarError(f"{field}: {value!r} is not a table")
    return value


def _date(value: str, field: str) -> int:
    try:
        if not _DATE.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value).toordinal()
    except ValueError:
        raise CalendarError(f"{field}: {value!r} is not a date like 2026-01-31") from None


def _month_day(value: str) -> tuple[int, int]:
    try:
        day = datetime.strptime(f"{_LEAP_YEAR}-{value}", "%Y-%m-%d")  # noqa: DTZ007
    except ValueError:
        raise CalendarError(
            f"holidays_annual_mmdd: {value!r} is not a month and day like 12-25"
        ) from None
    return day.month, day.day
