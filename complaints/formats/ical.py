"""Holidays as an .ics file: what a calendar programme or a ministry hands out, in and out.

Only whole days become holidays. What cannot be taken over is named, never dropped in silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from complaints.domain.errors import N_
from complaints.formats.inputs import UnusableFile

#: A year of holidays is some 10 KB; nothing larger is a list of holidays.
LARGEST = 512 * 1024
#: An all-day event that lasts longer is a season, not a holiday.
LONGEST_DAYS = 31
FIRST_YEAR, LAST_YEAR = 1970, 2200
_PRODUCT = "-//Tanggap//Working calendar//ID"

NOT_A_WHOLE_DAY = N_("it does not last whole days")
REPEATS = N_("it repeats in a way a calendar cannot store")
CANCELLED = N_("it was cancelled")
UNREADABLE = N_("its date cannot be read")
TOO_LONG = N_("it lasts longer than a month")


@dataclass(slots=True)
class Holidays:
    """What a file holds: days with names, days of every year as ``MM-DD``, and what was left out.

    `left_out` pairs the name of an event with the reason, a sentence to be translated.
    """

    days: dict[date, str] = field(default_factory=dict)
    annual: dict[str, str] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def read_ics(data: bytes) -> Holidays:
    """The holidays of an .ics file; UnusableFile with one sentence when it is none."""
    # The library takes a quarter of a second to load, which no other page should pay for.
    from icalendar import Calendar

    if len(data) > LARGEST:
        raise UnusableFile(N_("The file is too large for a list of holidays."))
    try:
        parsed = Calendar.from_ical(data.decode("utf-8-sig"), multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        parsed = []
    calendars = [each for each in parsed if each.name == "VCALENDAR"]
    if not calendars:
        raise UnusableFile(N_("This is not an iCalendar file (.ics)."))
    found = Holidays()
    for event in (event for calendar in calendars for event in calendar.walk("VEVENT")):
        name = " ".join(str(event.get("SUMMARY", "")).split())[:120]
        reason = _take(found, name, event)
        if reason is not None:
            found.left_out.append((name, reason))
    return found


def _take(found: Holidays, name: str, event: Any) -> str | None:
    """Put one event among the holidays; else say why not."""
    try:
        first, behind = event.start, event.end
    except (ValueError, AttributeError, TypeError):
        return UNREADABLE
    if isinstance(first, datetime) or isinstance(behind, datetime):
        return NOT_A_WHOLE_DAY
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return CANCELLED
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        return UNREADABLE
    count = max(1, (behind - first).days)
    if count > LONGEST_DAYS:
        return TOO_LONG
    days = [first + timedelta(days=n) for n in range(count)]
    if "RRULE" in event or "RDATE" in event:
        if not _is_plain_yearly(event, first):
            return REPEATS
        for day in days:
            found.annual[f"{day:%m-%d}"] = name
        return None
    for day in days:
        found.days[day] = name
    return None


def _is_plain_yearly(event: Any, first: date) -> bool:
    """Whether the event comes back on the same date of every year, for ever."""
    rule = event.get("RRULE")
    if rule is None or isinstance(rule, list) or "RDATE" in event or "EXDATE" in event:
        return False
    given = {key.upper(): list(values) for key, values in rule.items() if key.upper() != "WKST"}
    same_day = {"INTERVAL": [1], "BYMONTH": [first.month], "BYMONTHDAY": [first.day]}
    if [str(each).upper() for each in given.pop("FREQ", [])] != ["YEARLY"]:
        return False
    return all(values == same_day.get(key) for key, values in given.items())


def write_ics(
    code: str,
    name: str,
    days: Mapping[date, str],
    annual: Mapping[str, str],
    *,
    version: int,
    at: datetime,
) -> bytes:
    """The holidays of a calendar as an .ics file; `at` is when its version was made.

    Days of every year (``MM-DD``) are written as yearly events.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    for day, holiday in sorted(days.items()):
        calendar.add_component(_event(f"{day:%Y%m%d}-{code}", day, holiday, version, at))
    for day, holiday in _next_dates(annual, at):
        event = _event(f"yearly-{day:%m%d}-{code}", day, holiday, version, at)
        event.add("rrule", {"freq": "yearly"})
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _event(key: str, day: date, name: str, version: int, at: datetime) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{key}@tanggap")
    event.add("dtstamp", at)
    event.add("sequence", version)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", name)
    event.add("transp", "TRANSPARENT")
    return event


def _next_dates(annual: Mapping[str, str], at: datetime) -> Iterable[tuple[date, str]]:
    """Each day of every year on a date that exists, so that the 29th of February has one."""
    for key, name in sorted(annual.items()):
        month, day = (int(part) for part in key.split("-"))
        year = at.year
        while (month, day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
            year += 1
        yield date(year, month, day), name
