"""The stretch of time that a period is fairly set against: as long, cut off at the same place."""

from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


def past_part(first: date, last: date, today: date) -> tuple[date, date] | None:
    """The days of a period that have come; None where none has."""
    return (first, min(last, today)) if first <= today else None


def stretch_before(first: date, last: date) -> tuple[date, date]:
    """What lies before, as far: 1 to 10 February for 1 to 10 March, whole months for whole ones.

    A period that begins anywhere else is set against as many days right before it.
    """
    if first.day != 1:
        days = (last - first).days + 1
        return first - timedelta(days=days), first - _ONE_DAY
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    begins, ends = _months_back(first, count), _months_back(last.replace(day=1), count)
    if last == _last_of(last):
        return begins, _last_of(ends)
    return begins, min(ends + timedelta(days=last.day - 1), _last_of(ends))


def _months_back(month: date, count: int) -> date:
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def _last_of(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - _ONE_DAY
