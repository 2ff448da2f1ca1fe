"""Instants, durations, money and shares as people say them, in Indonesian and English.

The names of days and months and the marks in numbers come from Babel; the patterns are ours, so
that a new edition of Babel changes no letter. Pages speak through here a hundred times each, so
what Babel said of a day or a number is kept. Which zone and language, the caller knows.
"""

from datetime import date, datetime, tzinfo
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from complaints.domain.config.currency import Currency

#: The language spoken unless the caller says `en`.
INDONESIAN, ENGLISH = "id", "en"

#: A working day of eight hours, for counts in working days where no calendar is asked.
WORKING_DAY_SECONDS = 8 * 3600

_LOCALES = {INDONESIAN: Locale("id"), ENGLISH: Locale("en")}
#: So many days, and so many figures, are kept at the most.
_KEPT = 2048


def say_instant(at: datetime, tz: tzinfo, lang: str = INDONESIAN) -> str:
    """`Kamis, 19 November 2026, pukul 14.30 WIB`; the zone always stands after the hour."""
    local = at.astimezone(tz)
    at_the_hour = "" if lang == ENGLISH else "pukul "
    return f"{say_date(local, lang)}, {at_the_hour}{_clock(local, lang)} {zone_label(local)}"


def say_instant_short(at: datetime, tz: tzinfo, lang: str = INDONESIAN) -> str:
    """`Kamis, 19 Nov, 14.30 WIB`, for tables; the year stands elsewhere on the page."""
    local = at.astimezone(tz)
    day = _say_day(local.date(), "EEEE, d MMM", lang)
    return f"{day}, {_clock(local, lang)} {zone_label(local)}"


def say_typed(at: datetime, tz: tzinfo, lang: str = INDONESIAN) -> str:
    """`19 Nov 2026 14.30`, as a field holds it that somebody may type into (`said_time`)."""
    local = at.astimezone(tz)
    return f"{say_date_short(local, lang)} {_clock(local, lang)}"


def say_date(day: date, lang: str = INDONESIAN) -> str:
    """`Kamis, 19 November 2026`; of an instant, the date on its own wall clock."""
    return _say_day(_date_of(day), "EEEE, d MMMM y", lang)


def say_date_short(day: date, lang: str = INDONESIAN) -> str:
    """`19 Nov 2026`, for tables."""
    return _say_day(_date_of(day), "d MMM y", lang)


def say_month_short(day: date, lang: str = INDONESIAN) -> str:
    """`Nov 26`, for the axis of a picture."""
    return _say_day(_date_of(day), "MMM yy", lang)


def say_month(day: date, lang: str = INDONESIAN) -> str:
    """`November 2026`."""
    return _say_day(_date_of(day), "MMMM y", lang)


def weekday_names(lang: str = INDONESIAN) -> list[str]:
    """`Senin` to `Minggu`."""
    names = _locale(lang).days["stand-alone"]["wide"]
    return [names[day] for day in range(7)]


def say_clock(at: datetime, tz: tzinfo, lang: str = INDONESIAN) -> str:
    """`14.30 WIB`."""
    local = at.astimezone(tz)
    return f"{_clock(local, lang)} {zone_label(local)}"


def zone_label(local: datetime) -> str:
    """WIB, WITA or WIT in Indonesia, the zone's own name elsewhere; `UTC+03` when it has none."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in ("+", "-") else name


def say_duration(
    seconds: int,
    lang: str = INDONESIAN,
    *,
    is_worktime: bool = True,
    day_seconds: int = WORKING_DAY_SECONDS,
) -> str:
    """`3 jam kerja`, `1 jam 20 menit kerja`, `4 hari kerja`; never more than is sure.

    Two days and more are said in days, rounded down; a day of clock time has 24 hours whatever
    `day_seconds` says.
    """
    day = day_seconds if is_worktime else 86_400
    minutes, hours = seconds // 60, seconds // 3600
    if seconds >= 2 * day:
        amounts = [(seconds // day, "day")]
    elif hours >= 2:
        amounts = [(hours, "hour")]
    elif hours:
        amounts = [(1, "hour"), (minutes - 60, "minute")]
    else:
        amounts = [(minutes, "minute")]
    if minutes < 1:
        return _SOON[_known(lang), is_worktime]
    if _known(lang) == ENGLISH:
        return _say_english([(count, unit) for count, unit in amounts if count], is_worktime)
    said = [f"{count} {_UNITS[unit]}" for count, unit in amounts if count]
    return " ".join(said) + (" kerja" if is_worktime else "")


def say_span(seconds: int, lang: str = INDONESIAN) -> str:
    """`16,8 hari kerja`, `3,4 jam kerja`: working time to one decimal, so that parts add up.

    Below two hours it is said as `say_duration` says it.
    """
    if seconds < 2 * 3600:
        return say_duration(seconds, lang)
    day = WORKING_DAY_SECONDS
    amount, unit = (seconds / day, "day") if seconds >= 2 * day else (seconds / 3600, "hour")
    said = format_decimal(round(amount, 1), "#,##0.#", _locale(lang))
    if _known(lang) == ENGLISH:
        return f"{said} working {unit}s"
    return f"{said} {_UNITS[unit]} kerja"


def say_duration_left(
    seconds: int,
    lang: str = INDONESIAN,
    *,
    is_worktime: bool = True,
    day_seconds: int = WORKING_DAY_SECONDS,
) -> str:
    """`3 jam kerja lagi`, or `terlambat 2 jam kerja` when `seconds` is negative.

    The due second itself is still in time, and is said as due now.
    """
    lang = _known(lang)
    if seconds == 0:
        return "jatuh tempo sekarang" if lang == INDONESIAN else "due now"
    said = say_duration(abs(seconds), lang, is_worktime=is_worktime, day_seconds=day_seconds)
    if seconds > 0:
        return f"{said} lagi" if lang == INDONESIAN else f"{said} left"
    return f"terlambat {said}" if lang == INDONESIAN else f"{said} late"


@lru_cache(maxsize=_KEPT)
def say_number(value: int, lang: str = INDONESIAN) -> str:
    """`1.234` in Indonesian, `1,234` in English."""
    return format_decimal(value, "#,##0", _locale(lang))


@lru_cache(maxsize=_KEPT)
def say_decimal(value: float, lang: str = INDONESIAN) -> str:
    """`4,25` in Indonesian, `4.25` in English."""
    return format_decimal(value, "#,##0.00", _locale(lang))


@lru_cache(maxsize=_KEPT)
def say_size(size: int, lang: str = INDONESIAN) -> str:
    """Bytes as people say them: `48 kB`, `1,2 MB`; never nothing."""
    kilo = max(1, round(size / 1024))
    if kilo < 1024:
        return f"{kilo} kB"
    mega = f"{size / 1024 / 1024:.1f}"
    return f"{mega if lang == ENGLISH else mega.replace('.', ',')} MB"


def say_money(amount: int, currency: Currency, lang: str = INDONESIAN) -> str:
    """`Rp1.250.000`, in whole units of the currency."""
    symbol = currency.symbol.replace("'", "''")
    return format_decimal(amount, f"'{symbol}'#,##0", _locale(lang))


def money_labels(amount: int, currency: Currency) -> dict[str, str]:
    """An amount by language, as a refusal takes it."""
    return {lang: say_money(amount, currency, lang) for lang in (INDONESIAN, ENGLISH)}


@lru_cache(maxsize=_KEPT)
def say_percent(share: float | None, lang: str = INDONESIAN) -> str:
    """`97,5%` of a share between 0 and 1; a dash when there is nothing to divide by."""
    return "–" if share is None else format_percent(share, "0.0%", _locale(lang))


_UNITS = {"day": "hari", "hour": "jam", "minute": "menit"}
_SHORT_UNITS = {"hour": "h", "minute": "min"}
_SOON = {
    (INDONESIAN, True): "kurang dari 1 menit kerja",
    (INDONESIAN, False): "kurang dari 1 menit",
    (ENGLISH, True): "less than 1 working minute",
    (ENGLISH, False): "less than 1 minute",
}


def say_ratio(value: float, lang: str = INDONESIAN) -> str:
    """`0,45`: how many times one number is another."""
    return str(format_decimal(value, "#,##0.00", _locale(lang)))


def _known(lang: str) -> str:
    return ENGLISH if lang == ENGLISH else INDONESIAN


def _locale(lang: str) -> Locale:
    return _LOCALES[_known(lang)]


def _date_of(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


@lru_cache(maxsize=_KEPT)
def _say_day(day: date, pattern: str, lang: str) -> str:
    return format_date(day, pattern, _locale(lang))


def _clock(local: datetime, lang: str) -> str:
    return f"{local.hour:02}{':' if lang == ENGLISH else '.'}{local.minute:02}"


def _say_english(amounts: list[tuple[int, str]], is_worktime: bool) -> str:
    """`3 working hours`; two amounts are shortened, because "working" belongs to both."""
    if len(amounts) == 2:
        said = " ".join(f"{count} {_SHORT_UNITS[unit]}" for count, unit in amounts)
        return f"{said} of working time" if is_worktime else said
    count, unit = amounts[0]
    kind = "working " if is_worktime else ""
    return f"{count} {kind}{unit}" + ("" if count == 1 else "s")
