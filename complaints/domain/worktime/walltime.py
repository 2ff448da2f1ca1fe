"""Wall clocks: text like "08:30" or "29:00", zones, and the instant a wall time stands for.

A wall time in a daylight-saving gap moves forward by the gap, an ambiguous one takes its first
occurrence. Nothing here knows opening hours; nothing here reads the clock.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SECONDS = 86_400

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
#: Blocks of a day and a half, for those who ask very often how far a clock is from UTC.
BLOCK_BITS = 17
#: No zone has ever changed its clocks twice within six days: Recife came nearest, in 2000.
_STRIDE_DAYS = 4
_STRIDE = timedelta(days=_STRIDE_DAYS)
_WALL = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_LATEST_WALL = 2 * DAY_SECONDS


def get_zone(name: object) -> ZoneInfo:
    """Return the zone of an IANA name such as ``Asia/Jakarta``; ValueError for anything else."""
    if isinstance(name, ZoneInfo):
        return name
    if not isinstance(name, str) or not name:
        raise ValueError(f"{name!r} is not the name of a time zone such as Asia/Jakarta")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # A folder of the zone database ("Asia") and a path outside it raise the latter two.
        raise ValueError(f"{name!r} is not a known time zone such as Asia/Jakarta") from None


def parse_wall(value: object) -> int:
    """Seconds after midnight of "HH:MM" or "HH:MM:SS", up to "48:00"; else ValueError.

    Hours from 24 on belong to the following day: "29:00" is 05:00 of the next morning.
    """
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    if not isinstance(value, str):
        # Unquoted 08:30 is the number 510 in YAML, a mistake nobody would find by looking.
        raise ValueError(f"{value!r} is not a time; write it as text like '08:30'")
    match = _WALL.fullmatch(value.strip())
    if match is not None:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and total <= _LATEST_WALL:
            return total
    raise ValueError(f"{value!r} is not a time between 00:00 and 48:00")


def wall_epoch(zone: ZoneInfo, ordinal: int, seconds: int) -> int:
    """UTC epoch seconds of a wall time, given as day ordinal and seconds after its midnight."""
    days, rest = divmod(seconds, DAY_SECONDS)
    on = date.fromordinal(ordinal + days)
    minutes, second = divmod(rest, 60)
    hour, minute = divmod(minutes, 60)
    # fold=0 is the whole daylight-saving rule: it reads a wall time in a gap with the offset
    # from before the change, which lands later by the gap, and takes the first of two.
    return int(datetime(on.year, on.month, on.day, hour, minute, second, 0, zone).timestamp())


def midnights_of(zone: ZoneInfo, first: int, last: int) -> list[int]:
    """Epoch seconds of the midnights of the dates `first` up to, not including, `last`.

    The zone is asked every few days only; where it changes its clocks, about each of them.
    """
    midnight = datetime.combine(date.fromordinal(first), time.min, zone)
    begin = int(midnight.timestamp())
    midnights: list[int] = []
    for day in range(first, last, _STRIDE_DAYS):
        # Adding days to a zoned datetime moves its wall clock, not its instant.
        midnight += _STRIDE
        end = int(midnight.timestamp())
        if end - begin == _STRIDE_DAYS * DAY_SECONDS:
            midnights.extend(range(begin, end, DAY_SECONDS))
        else:
            midnights.extend(wall_epoch(zone, day + n, 0) for n in range(_STRIDE_DAYS))
        begin = end
    return midnights[: last - first]


def steady_offset(zone: ZoneInfo, block: int) -> int | None:
    """Seconds the clocks of `zone` are ahead of UTC in and around a block, None if they change.

    The block of a moment, or of the seconds a wall clock counts since 1970, is ``seconds >>
    BLOCK_BITS``; two days on either side are looked at too. Each takes less than six days, and no
    zone has ever changed its clocks twice within six.
    """
    begin, end = block << BLOCK_BITS, (block + 1) << BLOCK_BITS
    try:
        offsets = {
            datetime.fromtimestamp(moment, zone).utcoffset()
            for moment in (begin - 2 * DAY_SECONDS, end + 2 * DAY_SECONDS)
        }
    except (ValueError, OverflowError):
        # Beyond the years that have dates.
        return None
    offset = offsets.pop()
    return None if offsets or offset is None else offset.days * DAY_SECONDS + offset.seconds


def wall_time(zone: ZoneInfo | str, on: date, wall: str | time | int) -> datetime:
    """The instant, in UTC, at which clocks of `zone` show `wall` counted from the date `on`.

    `wall` may be text, a time or seconds after midnight and may run past midnight ("24:00").
    """
    seconds = wall if isinstance(wall, int) else parse_wall(wall)
    return at_epoch(wall_epoch(get_zone(zone), on.toordinal(), seconds))


def epoch_of(at: datetime) -> int:
    """UTC epoch seconds of an aware instant, fractions of a second cut off; naive is ValueError."""
    try:
        since = at - EPOCH
    except TypeError:
        raise naive(at) from None
    return since.days * DAY_SECONDS + since.seconds


def naive(at: object) -> ValueError:
    """The error for an instant without a zone."""
    return ValueError(f"{at!r} has no time zone; give an aware datetime")


def at_epoch(seconds: int) -> datetime:
    """The UTC instant of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)
