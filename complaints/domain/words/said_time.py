"""A day and an hour as people say them: "besok 10.00", "20/11", "Senin jam 3 sore", "2026-11-20".

What may mean two things is not guessed: "jam 2" is refused until morning or afternoon is said, and
whoever asks says the day back in full.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.domain.words.folding import fold

_HOUR, _DAY = 3600, 86_400

_MONTHS = {
    word: n
    for n, words in enumerate(
        (
            "jan januari january",
            "feb februari february pebruari",
            "mar maret march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agt agustus aug august",
            "sep sept september",
            "okt oktober oct october",
            "nov november nopember",
            "des desember dec december",
        ),
        1,
    )
    for word in words.split()
}
_WEEKDAYS = {
    word: n
    for n, words in enumerate(
        (
            "senin sen monday mon",
            "selasa sel tuesday tue",
            "rabu rab wednesday wed",
            "kamis kam thursday thu",
            "jumat jum'at jum friday fri",
            "sabtu sab saturday sat",
            "minggu ahad min sunday sun",
        )
    )
    for word in words.split()
}
#: Days from today.
_RELATIVE = {
    "hari ini": 0, "today": 0, "tadi": 0, "besok": 1, "esok": 1, "tomorrow": 1, "lusa": 2,
    "the day after tomorrow": 2, "kemarin": -1, "yesterday": -1, "kemarin lusa": -2,
    "the day before yesterday": -2,
}  # fmt: skip
_NOW = {"sekarang", "now", "saat ini"}
#: A half of the day → the hours it may be said with, and what is added to them.
_HALVES = {
    "pagi": (range(1, 12), 0),
    "am": (range(1, 12), 0),
    "siang": ((10, 11, 12, 1, 2, 3), 12),
    "sore": (range(2, 7), 12),
    "petang": (range(2, 7), 12),
    "malam": (range(6, 12), 12),
    "pm": (range(1, 13), 12),
}
#: An hour without minutes may be of the night or of the afternoon up to here.
_DOUBTFUL = range(1, 7)

_BEFORE_A_DAY = r"(?:(?:pada|on|hari|tanggal|tgl\.?|the) )*"
_TIME = re.compile(
    r"(?:(?:jam|pukul|pkl\.?|at) ?)?(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d)(?:[.:]\d\d)?)?"
    r"(?: ?(?P<half>pagi|siang|sore|petang|malam|am|pm))?"
)
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)")
_NUMBERS = re.compile(r"(?P<d>\d\d?)[/-](?P<m>\d\d?)(?:[/-](?P<y>\d{4}|\d\d))?")
_DOTS = re.compile(r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})")
_WORDS = re.compile(r"(?P<d>\d\d?)(?:st|nd|rd|th)? (?P<month>[a-z]+)(?: (?P<y>\d{4}))?")
_ENGLISH = re.compile(r"(?P<month>[a-z]+) (?P<d>\d\d?)(?:st|nd|rd|th)?(?:,? (?P<y>\d{4}))?")
_OFFSET = re.compile(
    r"(?:(?:in|dalam) )?(?P<n>\d{1,3}) (?P<unit>menit|minutes?|jam|hours?|hari|days?|minggu|weeks?)"
    r"(?: (?P<way>lagi|ke depan|yang lalu|lalu|ago|from now))?"
)
_UNITS = {
    word: seconds
    for words, seconds in (
        ("menit minute", 60),
        ("jam hour", _HOUR),
        ("hari day", _DAY),
        ("minggu week", 7 * _DAY),
    )
    for word in words.split()
}


class UnclearTime(ValueError):
    """A time that means nothing, or two things; `is_half_of_day` when the half of the day lacks."""

    def __init__(self, is_half_of_day: bool = False) -> None:
        super().__init__("unclear")
        self.is_half_of_day = is_half_of_day


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A day, and the second of it; None where nobody said the hour."""

    day: date
    second: int | None


def read_said(text: str, *, today: date, second: int, is_ahead: bool) -> SaidTime:
    """Read what somebody typed for a time, at this `second` of `today`.

    A day without a year, or a weekday, is the next one where `is_ahead`, else the last one. Raises
    UnclearTime.
    """
    words = re.sub(r"\s*,\s*|\s+", " ", fold(text)).strip(" .,")
    if words in _NOW:
        return SaidTime(today, second - second % 60)
    offset = _offset(words, today, second, is_ahead)
    if offset is not None:
        return offset
    said, rest = _day(words, today, is_ahead)
    if rest:
        return SaidTime(said or today, _second(rest))
    if said is None:
        raise UnclearTime
    return SaidTime(said, None)


def _offset(words: str, today: date, second: int, is_ahead: bool) -> SaidTime | None:
    """So many minutes, hours, days or weeks from now."""
    match = _OFFSET.fullmatch(words)
    if match is None:
        return None
    way = match["way"]
    if way is None and not words.startswith(("in ", "dalam ")):
        raise UnclearTime
    sign = -1 if way in ("yang lalu", "lalu", "ago") else 1
    size = _UNITS[match["unit"].removesuffix("s")]
    moved = sign * int(match["n"]) * size
    if size >= _DAY:
        return SaidTime(_moved(today, moved // _DAY), None)
    days, left = divmod(second - second % 60 + moved, _DAY)
    return SaidTime(_moved(today, days), left)


def _day(words: str, today: date, is_ahead: bool) -> tuple[date | None, str]:
    """The day that stands in front, and what is left behind it."""
    words = re.sub(f"^{_BEFORE_A_DAY}", "", words) if not words.startswith("hari ini") else words
    for phrase in sorted(_RELATIVE, key=len, reverse=True):
        if words == phrase or words.startswith(f"{phrase} "):
            return _moved(today, _RELATIVE[phrase]), words.removeprefix(phrase).strip()
    words = re.sub(r"^(?:next|last|this) (?=[a-z])", "", words)
    first, _, rest = words.partition(" ")
    if first in _WEEKDAYS:
        named, left = _day(rest, today, is_ahead) if rest else (None, "")
        if named is not None:
            if named.weekday() != _WEEKDAYS[first]:
                raise UnclearTime
            return named, left
        left = re.sub(r"^(?:depan|ini|lalu|next|last|kemarin)\b ?", "", rest)
        return _weekday(_WEEKDAYS[first], today, is_ahead), left
    for form in (_ISO, _DOTS, _NUMBERS, _WORDS, _ENGLISH):
        match = form.match(words)
        if match is not None and (match.end() == len(words) or words[match.end()] in " t"):
            day = _date(match.groupdict(), today, is_ahead)
            if day is not None:
                return day, words[match.end() :].lstrip(" t")
    return None, words


def _date(parts: dict[str, str | None], today: date, is_ahead: bool) -> date | None:
    month = _MONTHS.get(parts["month"] or "") if "month" in parts else int(parts["m"] or 0)
    if month is None:
        return None
    year, day = parts.get("y"), int(parts["d"] or 0)
    if year:
        return _real(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = range(today.year, today.year + 9) if is_ahead else range(today.year, today.year - 9, -1)
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if (found >= today) if is_ahead else (found <= today):
            return found
    raise UnclearTime


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UnclearTime from None


def _weekday(wanted: int, today: date, is_ahead: bool) -> date:
    """The weekday after today, or the last one before it."""
    days = (wanted - today.weekday() - 1) % 7 + 1
    return _moved(today, days if is_ahead else days - 7 or -7)


def _moved(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        raise UnclearTime from None


def _second(words: str) -> int:
    match = _TIME.fullmatch(words)
    if match is None:
        raise UnclearTime
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if half is not None:
        hours, more = _HALVES[half]
        if hour > 12 or (hour not in hours and hour < 12):
            raise UnclearTime
        late = more and hour < 12 and not (half == "siang" and hour in (10, 11))
        hour = hour + 12 if late else hour
    elif match["minute"] is None and hour in _DOUBTFUL:
        raise UnclearTime(is_half_of_day=True)
    if hour > 23 or minute > 59:
        raise UnclearTime
    return hour * _HOUR + minute * 60
