"""What a person typed into a form: kept as it was for the page, and read as a body's fields.

Names are dotted (`steps.0.what`); wall times are read in the branch's zone; money may carry its
dots. No rule is checked here.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints import clock
from complaints.actions.idempotency import OneTime
from complaints.actions.reading import BodyErrors
from complaints.domain.config.currency import Currency
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Actor
from complaints.domain.words.said_time import UnclearTime, read_said
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.walltime import DAY_SECONDS, wall_time
from complaints.formatting import zone_label
from complaints.web.frame.errors import lacking, say

#: Fields of the form itself, which no body knows.
OWN = frozenset({"csrf_token", "one_time_key", "seen", "do", "back", "open", "files"})

#: The longest one-time key that a form of ours carries.
_LONGEST_KEY = 120

#: Fields that may come several times, also as the last part of a name.
LISTS = frozenset(
    {
        "done",
        "ids",
        "teams",
        "not_needed",
        "items",
        "mention",
        "relevant",
        "needs",
        "customer.needs",
        "products",
        "enclose",
        "enclose_internal",
    }
)

#: When an absence begins and ends: a day alone is the whole of that day.
AWAY_FROM, AWAY_UNTIL = "away_from", "away_until"
#: The last parts of names that hold a wall time: what lies ahead, and what has been.
_AHEAD = frozenset(
    {"until", "due_at", "deliver_by", "bring_by", "expected_at", AWAY_FROM, AWAY_UNTIL}
)
_BEHIND = frozenset({"at", "incident_at", "received_at", "posted_at"})
_TIMES = _AHEAD | _BEHIND
_MONEY = frozenset({"amount", "arrears"})

_WALL_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d)?")

_UNCLEAR = N_("This is no date and time. Write 20/11 10.00, 20 Nov 10.00 or tomorrow 10.00.")
#: The same where a day alone is a whole answer.
_UNCLEAR_DAY = N_("This is no day. Write 20/11, 20 Nov or tomorrow; with a time, 20/11 10.00.")
_FAR = N_("This date is too far away.")

Errors = list[tuple[str, str]]


def read_typed(
    form: MultiDict[str, str],
    zone: ZoneInfo,
    currency: Currency,
    without: Collection[str] = OWN,
    calendar: WorkCalendar | None = None,
    wrong: list[tuple[str, Invalid]] | None = None,
) -> dict[str, Any]:
    """The form as nested mappings and lists, as a body wants them.

    A time may be typed as people say it (`said_time`); with a `calendar` a day alone lasts until
    closing. Raises BodyErrors for a wall time or an amount that cannot be read, or puts them into
    `wrong` where somebody goes on to look for more; everything else is the body's business.
    """
    nested: dict[str, Any] = {}
    found: list[tuple[str, Invalid]] = []
    for name in form:
        if name in without:
            continue
        if name in LISTS or name.rpartition(".")[2] in LISTS:
            value: Any = [each for each in form.getlist(name) if each.strip()]
        else:
            try:
                value = _read(name, form[name], zone, currency, calendar)
            except Invalid as error:
                found.append((name, error))
                continue
        _put(nested, name.split("."), value)
    if found and wrong is None:
        raise BodyErrors(found)
    if wrong is not None:
        wrong += found
    listed: dict[str, Any] = _as_lists(nested)
    return listed


def key_of(form: MultiDict[str, str]) -> str:
    """The one-time key of the form."""
    return form.get("one_time_key", "")[:_LONGEST_KEY]


def one_time(
    form: MultiDict[str, str],
    action: str,
    person: Actor,
    files: Sequence[Mapping[str, Any]] = (),
) -> OneTime:
    """What tells a second sending of the form, and of its files, from the first; see `do_once`."""
    body: dict[str, Any] = {name: form.getlist(name) for name in form if name not in OWN}
    if files:
        body["files"] = list(files)
    return OneTime(key_of(form), person.id, action, body)


def wall_value(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant as an exact wall time of the branch, as pages hold it."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else ""


def read_time(
    name: str, text: str, zone: ZoneInfo, calendar: WorkCalendar | None = None
) -> datetime:
    """The instant that somebody typed into this field; Invalid there where it is unclear.

    A day alone, of what lies ahead, lasts until closing, and without a `calendar` until midnight;
    of what has been nothing is known of the hour, so it is asked for. An absence lasts whole days:
    from their beginning, or from now on, until their end, whether the office is open or not.
    """
    try:
        return _instant(name, text, zone, calendar)
    except Invalid as error:
        error.field = name
        raise


def _instant(name: str, text: str, zone: ZoneInfo, calendar: WorkCalendar | None) -> datetime:
    if _WALL_TIME.fullmatch(text.strip()):
        return read_wall(text, zone)
    last = name.rpartition(".")[2]
    local, is_ahead = clock.now().astimezone(zone), last in _AHEAD
    text = re.sub(rf"(?i)\s+{re.escape(zone_label(local))}\s*$", "", text)
    second = local.hour * 3600 + local.minute * 60
    try:
        said = read_said(text, today=local.date(), second=second, is_ahead=is_ahead)
        if said.second is not None:
            return wall_time(zone, said.day, said.second)
        if not is_ahead:
            raise Invalid(N_("Add the time of day, such as 10.00."))
        if last == AWAY_FROM:
            return max(wall_time(zone, said.day, 0), local.astimezone(UTC))
        return _closing(said.day, zone, None if last == AWAY_UNTIL else calendar)
    except UnclearTime as error:
        if error.is_half_of_day:
            raise Invalid(N_("Morning or afternoon? Write 02.00 or 14.00.")) from None
        is_day = last in (AWAY_FROM, AWAY_UNTIL)
        raise Invalid(_UNCLEAR_DAY if is_day else _UNCLEAR) from None
    except (ValueError, OverflowError):
        # Before the first instant there is, or after the last.
        raise Invalid(_FAR) from None


def _closing(day: date, zone: ZoneInfo, calendar: WorkCalendar | None) -> datetime:
    """When a day ends by the calendar; Invalid where it is closed all day."""
    if calendar is None:
        return wall_time(zone, day, DAY_SECONDS - 60)
    second = timedelta(seconds=1)
    try:
        last = calendar.add(wall_time(zone, day, DAY_SECONDS), -1) + second
    except ValueError:
        raise Invalid(_UNCLEAR) from None
    if (last - second).astimezone(zone).date() != day:
        raise Invalid(N_("The office is closed on that day. Choose another day, or add a time."))
    return last


def read_wall(text: str, zone: ZoneInfo) -> datetime:
    """The instant of a wall time such as `2026-11-19T14:30` or `2026-11-19 14:30`; else Invalid."""
    match = _WALL_TIME.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute = (int(part) for part in match.groups())
        seconds = hour * 3600 + minute * 60
        if seconds >= DAY_SECONDS or minute > 59:
            raise ValueError
        return wall_time(zone, date(year, month, day), seconds)
    except (ValueError, OverflowError):
        raise Invalid(N_("Choose a date and a time.")) from None


def said(error: Refused) -> str:
    """The refusal as a sentence in the language of the page; a gate names what is missing."""
    missing = lacking(error)
    if missing:
        return gettext("Not possible yet: %(missing)s.", missing="; ".join(missing))
    return say(error)


def errors_of(error: Refused) -> Errors:
    """Every field that is wrong with its sentence; an empty field name is the whole form."""
    if isinstance(error, BodyErrors):
        return [(field, said(each)) for field, each in error.errors]
    return [(error.field or "", said(error))]


def part_of(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What was filled in for one part of a form that records several things."""
    part = given.get(name)
    return dict(part) if isinstance(part, Mapping) else {}


def is_count(text: str) -> bool:
    """Whether a part of a name counts the rows of a list."""
    return text.isascii() and text.isdigit() and len(text) < 4


def _read(
    name: str, text: str, zone: ZoneInfo, currency: Currency, calendar: WorkCalendar | None
) -> str:
    last = name.rpartition(".")[2]
    if not text.strip():
        return text
    if last in _TIMES:
        return read_time(name, text, zone, calendar).isoformat()
    if last in _MONEY:
        return read_amount(text, currency)
    return text


def read_amount(text: str, currency: Currency) -> str:
    """Whole units from `Rp1.250.000`, `1,250,000` or `1.250.000,00`; Invalid for anything else."""
    plain = re.sub(rf"(?i)^{currency.marks}|\s", "", text.strip())
    plain = re.sub(r"[.,]00?$|,-$", "", plain) if re.search(r"[.,]\d{3}[.,]", plain) else plain
    plain = re.sub(r",(00|-)$", "", plain)
    if not re.fullmatch(r"\d+|\d{1,3}([.,]\d{3})+", plain):
        raise Invalid(
            N_("Write the amount in whole %(currency)s, such as 50.000."),
            currency=currency.labels,
        )
    return re.sub(r"\D", "", plain)


def _put(nested: dict[str, Any], parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        inner = nested.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        nested = inner
    nested[parts[-1]] = value


def _as_lists(value: Any) -> Any:
    """Mappings whose keys count become lists, without the rows that nobody filled."""
    if not isinstance(value, dict):
        return value
    if value and all(is_count(key) for key in value):
        rows = [_as_lists(value[key]) for key in sorted(value, key=int)]
        return [row for row in rows if _is_filled(row)]
    inner = {key: _as_lists(each) for key, each in value.items()}
    if "unable" in inner and not _is_filled(inner["unable"]):
        # An untouched "could not be done" is no reason.
        del inner["unable"]
    return inner


def _is_filled(row: Any) -> bool:
    """A step is there when somebody wrote what is to be done; a proposed owner alone is not."""
    if isinstance(row, Mapping) and "what" in row:
        return bool(str(row["what"]).strip())
    if isinstance(row, Mapping):
        return any(_is_filled(each) for each in row.values())
    return bool(str(row).strip())
