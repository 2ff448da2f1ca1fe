"""The days that a report is asked for: which hold by default, and which are one click away."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import request
from flask_babel import gettext

from complaints.queries.reports.period import next_month
from complaints.web.frame.list_params import read_day

_DAY = timedelta(days=1)


def asked_days(today: date) -> tuple[date, date]:
    """First and last day asked for; by default this month and the two before.

    So a report shows something on the first of a month as well.
    """
    month = today.replace(day=1)
    first = read_day(request.args, "from") or _months_before(month, 2)
    return first, read_day(request.args, "to") or max(first, next_month(month) - _DAY)


def usual_periods(today: date, address: Callable[[date, date], str]) -> list[tuple[str, str, bool]]:
    """The periods everybody asks for: words, address, and whether it is shown now."""
    month = today.replace(day=1)
    wanted = [
        (gettext("This month"), month, next_month(month)),
        (gettext("Last month"), _months_before(month, 1), month),
        (gettext("Three months"), _months_before(month, 2), next_month(month)),
        (gettext("Twelve months"), _months_before(month, 11), next_month(month)),
    ]
    here = asked_days(today)
    return [
        (words, address(begin, end - _DAY), here == (begin, end - _DAY))
        for words, begin, end in wanted
    ]


def _months_before(month: date, count: int) -> date:
    for _ in range(count):
        month = (month - _DAY).replace(day=1)
    return month
