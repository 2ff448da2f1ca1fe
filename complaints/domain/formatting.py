"""Saying instants, durations, money and shares as people say them, in Indonesian and English.

Pages and letters both speak through here, a hundred times a page; so the words stand in tables
and nothing asks a locale library. Which zone and language to speak in, the caller knows.
"""

from datetime import date, datetime, tzinfo

#: The language spoken unless the caller says `en`.
INDONESIAN, ENGLISH = "id", "en"

_DAYS = {
    INDONESIAN: ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    INDONESIAN: (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    ENGLISH: (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT_MONTHS = {
    INDONESIAN: (
        *("Jan", "Feb", "Mar", "Apr", "Mei", "Jun"),
        *("Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    ),
    ENGLISH: (
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ),
}

#: A working day of eight hours, for counts in working days where no calendar is asked.
WORKING_DAY_SECONDS = 8 * 3600


def say_instant(at: datetime, tz: tzinfo, lang: str = INDONESIAN) -> str:
    """`Kamis, 19 November 2026, pukul 14.30 WIB`; the zone always stands after the hour."""
    local = at.astimezone(tz)
    if lang == ENGLISH:
        return f"{_say_day(local, lang)}, {local.hour:02}:{local.minute:02} {zone_label(local)}"
    return f"{_say_day(local, lang)}, pukul {local.hour:02}.{local.minute:02} {zone_label(local)}"


def say_instant_short(at: datetime, tz: tzinfo, lang: str = INDONESIAN) -> str:
    """`Kamis, 19 Nov, 14.30 WIB`, for tables; the year stands elsewhere on the page."""
    local = at.astimezone(tz)
    day = _DAYS[_known(lang)][local.weekday()]
    month = _SHORT_MONTHS[_known(lang)][local.month - 1]
    return f"{day}, {local.day} {month}, {_clock(local, lang)} {zone_label(local)}"


def say_date(day: date, lang: str = INDONESIAN) -> str:
    """`Kamis, 19 November 2026`; of an instant, the date on its own wall clock."""
    return _say_day(day, lang)


def say_date_short(day: date, lang: str = INDONESIAN) -> str:
    """`19 Nov 2026`, for tables."""
    return f"{day.day} {_SHORT_MONTHS[_known(lang)][day.month - 1]} {day.year}"


def say_month(day: date, lang: str = INDONESIAN) -> str:
    """`November 2026`."""
    return f"{_MONTHS[_known(lang)][day.month - 1]} {day.year}"


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
        said = [_english(count, unit) for count, unit in amounts if count]
        kind = "working " if is_worktime else ""
        return kind.join(_parted(said))
    said = [f"{count} {_UNITS[unit]}" for count, unit in amounts if count]
    return " ".join(said) + (" kerja" if is_worktime else "")


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


def say_number(value: int, lang: str = INDONESIAN) -> str:
    """`1.234` in Indonesian, `1,234` in English."""
    return f"{value:,}" if lang == ENGLISH else f"{value:,}".replace(",", ".")


def say_money(rupiah: int, lang: str = INDONESIAN) -> str:
    """`Rp1.250.000`, whole rupiah."""
    sign = "-" if rupiah < 0 else ""
    return f"{sign}Rp{say_number(abs(rupiah), lang)}"


def say_percent(share: float | None, lang: str = INDONESIAN, digits: int = 1) -> str:
    """`97,5%` of a share between 0 and 1; a dash when there is nothing to divide by."""
    if share is None:
        return "–"
    said = f"{share * 100:.{digits}f}%"
    return said if lang == ENGLISH else said.replace(".", ",")


_UNITS = {"day": "hari", "hour": "jam", "minute": "menit"}
_SOON = {
    (INDONESIAN, True): "kurang dari 1 menit kerja",
    (INDONESIAN, False): "kurang dari 1 menit",
    (ENGLISH, True): "less than 1 working minute",
    (ENGLISH, False): "less than 1 minute",
}


def _known(lang: str) -> str:
    return ENGLISH if lang == ENGLISH else INDONESIAN


def _say_day(day: date, lang: str) -> str:
    lang = _known(lang)
    return f"{_DAYS[lang][day.weekday()]}, {day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def _clock(local: datetime, lang: str) -> str:
    separator = ":" if lang == ENGLISH else "."
    return f"{local.hour:02}{separator}{local.minute:02}"


def _english(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _parted(said: list[str]) -> list[str]:
    """The last amount cut before its unit, where the word `working` goes."""
    count, unit = said[-1].split(" ")
    return [" ".join([*said[:-1], f"{count} "]), unit]
