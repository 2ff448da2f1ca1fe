"""Instants of very many rows: read from text into epoch seconds, and written as ISO 8601.

A file shows the same dates, minutes and seconds again and again, so that each piece is read and
written once and remembered. What does not come apart into pieces, such as a day on which clocks
change, goes the way of `timeformats`; the results are the same.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cache, lru_cache, partial
from zoneinfo import ZoneInfo

from complaints.domain.worktime.walltime import (
    BLOCK_BITS,
    DAY_SECONDS,
    EPOCH_ORDINAL,
    at_epoch,
    epoch_of,
    steady_offset,
)
from complaints.formats.time_formats import ISO, Reader, compile_formats, try_in_order

#: Reads a text into epoch seconds, None when it does not fit.
MomentReader = Callable[[str], int | None]
#: Writes epoch seconds as a local time with its offset; None is nothing to write.
MomentWriter = Callable[[int | None], str | None]
#: Reads a piece of text into seconds and remembers it; None is no such piece, or one that does not
#: count alone.
_PieceReader = Callable[[str], int | None]

# A date, a space or T, and a clock whose seconds stand behind the last of its marks.
_DATE = r"(?P<date>(?:%[YymdbB]|[-/.,])+)"
_MINUTES = r"(?P<cut>[ T])(?P<minutes>%[HI](?P<mark>[:.])%M)"
_SECONDS = r"(?P=mark)(?P<seconds>%S(?:[.,]%f)?(?: ?%p)?(?: ?%z)?)"
_IN_PIECES = re.compile(rf"{_DATE}(?:{_MINUTES}(?:{_SECONDS}|(?P<half> ?%p))?)?")
#: No time is written in more letters; what is longer is not remembered.
_LONGEST = 60

#: So many pieces of one kind are remembered at the most.
_KEPT = 20_000

_WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time, of whatever zone
_CLOCK = [f"{minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60)]


def moment_reader(formats: Sequence[str], zone: ZoneInfo | None) -> MomentReader:
    """One reader that tries the formats in order, as `compile_formats` does."""
    return try_in_order([_reader(each, zone) for each in formats])


def _reader(form: str, zone: ZoneInfo | None) -> MomentReader:
    plain = _in_seconds(compile_formats([form], zone))
    if form == ISO and zone is not None:
        return _iso_reader(zone, plain)
    pieces = _IN_PIECES.fullmatch(form)
    # A clock that names its offset brings it along with its seconds.
    zone = ZoneInfo("UTC") if "%z" in form else zone
    if pieces is None or zone is None:
        return plain
    date_at = lru_cache(_KEPT)(_midnight_reader(pieces["date"], zone))
    if pieces["minutes"] is None:
        return _date_reader(date_at, plain)
    if pieces["seconds"] is None:
        minute_at = lru_cache(_KEPT)(_clock_reader(pieces["minutes"] + (pieces["half"] or "")))
        return _minute_reader(pieces["cut"], date_at, minute_at, plain)
    minute_at = lru_cache(_KEPT)(_clock_reader(pieces["minutes"]))
    if "%I" in form:
        # The half of the day stands behind the seconds. Read with twelve o'clock before them, it
        # is nothing in the first half and twelve hours in the second.
        second_at = lru_cache(_KEPT)(_clock_reader(f"%I|{pieces['seconds']}", "12|"))
    else:
        second_at = lru_cache(_KEPT)(_clock_reader(pieces["seconds"]))
    return _second_reader(pieces["cut"], pieces["mark"], date_at, minute_at, second_at, plain)


def _second_reader(
    cut: str,
    mark: str,
    date_at: _PieceReader,
    minute_at: _PieceReader,
    second_at: _PieceReader,
    plain: MomentReader,
) -> MomentReader:
    def read(text: str) -> int | None:
        if len(text) > _LONGEST:
            return plain(text)
        day, _, clock = text.partition(cut)
        minute, _, second = clock.rpartition(mark)
        midnight, begun, past = date_at(day), minute_at(minute), second_at(second)
        if midnight is None or begun is None or past is None:
            return plain(text)
        return midnight + begun + past

    return read


def _minute_reader(
    cut: str, date_at: _PieceReader, minute_at: _PieceReader, plain: MomentReader
) -> MomentReader:
    def read(text: str) -> int | None:
        if len(text) > _LONGEST:
            return plain(text)
        day, _, minute = text.partition(cut)
        midnight, begun = date_at(day), minute_at(minute)
        return plain(text) if midnight is None or begun is None else midnight + begun

    return read


def _date_reader(date_at: _PieceReader, plain: MomentReader) -> MomentReader:
    def read(text: str) -> int | None:
        midnight = date_at(text) if len(text) <= _LONGEST else None
        return plain(text) if midnight is None else midnight

    return read


def _iso_reader(zone: ZoneInfo, plain: MomentReader) -> MomentReader:
    offset_of = cache(partial(steady_offset, zone))

    def read(text: str) -> int | None:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        if at.tzinfo is not None:
            return plain(text)
        since = at - _WALL_EPOCH
        wall = since.days * DAY_SECONDS + since.seconds
        offset = offset_of(wall >> BLOCK_BITS)
        return plain(text) if offset is None else wall - offset

    return read


def _midnight_reader(form: str, zone: ZoneInfo) -> MomentReader:
    """Reads a date into the midnight that begins it, None too where clocks change near it."""
    read_date = _in_seconds(compile_formats([form], UTC))

    def read(text: str) -> int | None:
        wall = read_date(text)
        offset = None if wall is None else steady_offset(zone, wall >> BLOCK_BITS)
        return None if wall is None or offset is None else wall - offset

    return read


def _clock_reader(form: str, before: str = "") -> MomentReader:
    """Reads a piece of a clock, with some text before it, into seconds after midnight."""
    read_time = _in_seconds(compile_formats([f"%Y-%m-%d|{form}"], UTC))
    return lambda text: read_time(f"1970-01-01|{before}{text}")


def _in_seconds(read: Reader) -> MomentReader:
    def read_moment(text: str) -> int | None:
        at = read(text)
        return None if at is None else epoch_of(at)

    return read_moment


def moment_writer(zone: ZoneInfo) -> MomentWriter:
    """Writes moments as clocks of `zone` show them, such as 2026-11-19T09:15:00+07:00."""
    endings_of = cache(_endings)
    date_text = cache(_date_text)

    @cache
    def clock_of(block: int) -> tuple[int, list[str]] | None:
        offset = steady_offset(zone, block)
        return None if offset is None else (offset, endings_of(_offset_text(zone, block)))

    def write(moment: int | None) -> str | None:
        if moment is None:
            return None
        known = clock_of(moment >> BLOCK_BITS)
        if known is None:
            return _plainly(moment, zone)
        offset, ending = known
        day, second = divmod(moment + offset, DAY_SECONDS)
        minute, second = divmod(second, 60)
        return date_text(day) + _CLOCK[minute] + ending[second]

    return write


def _plainly(moment: int, zone: tzinfo) -> str:
    try:
        return datetime.fromtimestamp(moment, zone).isoformat()
    except (ValueError, OverflowError):
        # The zone's clocks are beyond the years that have dates.
        return at_epoch(moment).isoformat()


def _date_text(day: int) -> str:
    return f"{date.fromordinal(EPOCH_ORDINAL + day)}T"


def _offset_text(zone: tzinfo, block: int) -> str:
    return _plainly(block << BLOCK_BITS, zone)[len("2026-11-19T09:15:00") :]


def _endings(offset: str) -> list[str]:
    return [f"{second:02}{offset}" for second in range(60)]
