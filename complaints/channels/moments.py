"""Instants of very many rows: read from text into epoch seconds, and written as ISO 8601.

A file shows the same dates, minutes and seconds again and again, so that each piece is read and
written once and remembered. What does not come apart into pieces, such as a day on which clocks
change, goes the way of `timeformats`; the results are the same.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from complaints.channels.timeformats import ISO, Reader, compile_formats
from complaints.domain.memo import Memo
from complaints.domain.walltime import (
    DAY_SECONDS,
    EPOCH_ORDINAL,
    at_epoch,
    epoch_of,
    steady_midnight,
    steady_offset,
)

#: Reads a text into epoch seconds, None when it does not fit.
MomentReader = Callable[[str], int | None]
#: Writes epoch seconds as a local time with its offset; None is nothing to write.
MomentWriter = Callable[[int | None], str | None]

# A date without spaces, a space, and a clock whose seconds stand behind the last of its marks.
_DATE = r"(?P<date>(?:%[YymdbB]|[-/.,])+)"
_MINUTES = r"(?P<minutes>%[HI](?P<mark>[:.])%M)"
_SECONDS = r"(?P=mark)(?P<seconds>%S(?: ?%p)?)"
_IN_PIECES = re.compile(rf"{_DATE}(?: {_MINUTES}(?:{_SECONDS}|(?P<half> ?%p))?)?")

_WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time, of whatever zone
_CLOCK = [f"{minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60)]


class _NoPieceError(ValueError):
    """A text does not come apart into the pieces of its format; nothing is remembered of it."""


def moment_reader(formats: Sequence[str], zone: ZoneInfo | None) -> MomentReader:
    """One reader that tries the formats in order, as `compile_formats` does."""
    readers = [_reader(each, zone) for each in formats]
    if len(readers) == 1:
        return readers[0]

    def read(text: str) -> int | None:
        for reader in readers:
            moment = reader(text)
            if moment is not None:
                return moment
        return None

    return read


def _reader(form: str, zone: ZoneInfo | None) -> MomentReader:
    plain = _in_seconds(compile_formats([form], zone))
    if zone is None:
        return plain
    if form == ISO:
        return _iso_reader(zone, plain)
    pieces = _IN_PIECES.fullmatch(form)
    if pieces is None:
        return plain
    dates = Memo(_midnight_reader(pieces["date"], zone))
    if pieces["minutes"] is None:
        return _date_reader(dates, plain)
    if pieces["seconds"] is None:
        return _minute_reader(
            dates, Memo(_piece_reader(pieces["minutes"] + (pieces["half"] or ""))), plain
        )
    minutes = Memo(_piece_reader(pieces["minutes"]))
    if "%I" in form:
        # The half of the day stands behind the seconds. Read with twelve o'clock before them, it
        # is nothing in the first half and twelve hours in the second.
        seconds = Memo(_piece_reader(f"%I|{pieces['seconds']}", "12|"))
    else:
        seconds = Memo(_piece_reader(pieces["seconds"]))
    return _second_reader(dates, minutes, seconds, pieces["mark"], plain)


def _second_reader(
    dates: Memo[str, int | None],
    minutes: Memo[str, int],
    seconds: Memo[str, int],
    mark: str,
    plain: MomentReader,
) -> MomentReader:
    def read(text: str) -> int | None:
        day, _, clock = text.partition(" ")
        minute, _, second = clock.rpartition(mark)
        try:
            return dates[day] + minutes[minute] + seconds[second]  # type: ignore[operator]
        except (TypeError, _NoPieceError):
            return plain(text)

    return read


def _minute_reader(
    dates: Memo[str, int | None], minutes: Memo[str, int], plain: MomentReader
) -> MomentReader:
    def read(text: str) -> int | None:
        day, _, minute = text.partition(" ")
        try:
            return dates[day] + minutes[minute]  # type: ignore[operator]
        except (TypeError, _NoPieceError):
            return plain(text)

    return read


def _date_reader(dates: Memo[str, int | None], plain: MomentReader) -> MomentReader:
    def read(text: str) -> int | None:
        try:
            midnight = dates[text]
        except _NoPieceError:
            return None
        return plain(text) if midnight is None else midnight

    return read


def _iso_reader(zone: ZoneInfo, plain: MomentReader) -> MomentReader:
    def learn(day: int) -> int | None:
        return steady_midnight(zone, day)

    midnights = Memo(learn)

    def read(text: str) -> int | None:
        try:
            since = datetime.fromisoformat(text) - _WALL_EPOCH
            return midnights[since.days] + since.seconds  # type: ignore[operator]
        except (ValueError, TypeError):
            # No time at all, one with an offset of its own, or a day on which clocks change.
            return plain(text)

    return read


def _midnight_reader(form: str, zone: ZoneInfo) -> Callable[[str], int | None]:
    """Reads a date into the midnight that begins it, None where clocks change on it."""
    read_date = compile_formats([form], UTC)

    def read(text: str) -> int | None:
        at = read_date(text)
        if at is None:
            raise _NoPieceError
        return steady_midnight(zone, at.toordinal() - EPOCH_ORDINAL)

    return read


def _piece_reader(form: str, before: str = "") -> Callable[[str], int]:
    """Reads a piece of a clock, with some text before it, into seconds after midnight."""
    read_time = compile_formats([f"%Y-%m-%d|{form}"], UTC)

    def read(text: str) -> int:
        at = read_time(f"1970-01-01|{before}{text}")
        if at is None:
            raise _NoPieceError
        return epoch_of(at)

    return read


def _in_seconds(read: Reader) -> MomentReader:
    def read_moment(text: str) -> int | None:
        at = read(text)
        return None if at is None else epoch_of(at)

    return read_moment


def moment_writer(zone: ZoneInfo) -> MomentWriter:
    """Writes moments as clocks of `zone` show them, such as 2026-11-19T09:15:00+07:00."""
    endings = Memo(_endings)
    dates = Memo(_date_text)

    def learn(day: int) -> tuple[int, list[str]] | None:
        offset = steady_offset(zone, day * DAY_SECONDS, (day + 1) * DAY_SECONDS)
        return None if offset is None else (offset, endings[_offset_text(zone, day)])

    days = Memo(learn)

    def write(moment: int | None) -> str | None:
        if moment is None:
            return None
        known = days[moment // DAY_SECONDS]
        if known is None:
            return _plainly(moment, zone)
        offset, ending = known
        day, second = divmod(moment + offset, DAY_SECONDS)
        minute, second = divmod(second, 60)
        return dates[day] + _CLOCK[minute] + ending[second]

    return write


def _plainly(moment: int, zone: tzinfo) -> str:
    try:
        return datetime.fromtimestamp(moment, zone).isoformat()
    except (ValueError, OverflowError):
        # The zone's clocks are beyond the years that have dates.
        return at_epoch(moment).isoformat()


def _date_text(day: int) -> str:
    return f"{date.fromordinal(EPOCH_ORDINAL + day)}T"


def _offset_text(zone: tzinfo, day: int) -> str:
    return _plainly(day * DAY_SECONDS, zone)[len("2026-11-19T09:15:00") :]


def _endings(offset: str) -> list[str]:
    return [f"{second:02}{offset}" for second in range(60)]
