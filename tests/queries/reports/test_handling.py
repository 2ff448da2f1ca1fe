"""How long complaints took, how old the open ones are, and a period beside the one before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from complaints.domain.reporting.spans import rank_in
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.queries.reports.figures import Report, deadline_report
from complaints.queries.reports.handling import Handling
from complaints.steps.close import reopen_complaint
from complaints.steps.renaming.rename import rename_complaint
from complaints.web.reports.deadlines import _age
from tests.office import Office

HOUR = 3600


def report(office: Office, now: datetime, first: date, last: date) -> Report:
    found = deadline_report(office.session, office.actor("manager"), first, last, None, now=now)
    office.session.commit()
    return found


def test_few_long_ones_hide_in_no_mean():
    """Five of ten minutes and one of thirty hours: half took ten minutes, the longest is said."""
    found = Handling.of({600: 5, 30 * HOUR: 1})
    assert (found.closed, found.median_seconds) == (6, 600)
    assert found.longest_seconds == 30 * HOUR
    # Of an even number the lower of the two in the middle.
    assert rank_in({60: 1, 120: 1}, 0.5) == 60
    assert rank_in({}, 0.5) is None


def test_closed_ones_count_when_they_are_closed_and_open_ones_beside_them(office: Office):
    at = datetime(2026, 10, 30, 2, tzinfo=UTC)
    office.at = at
    closed, again, waiting = (office.receive(at=at) for _ in range(3))
    office.walk(closed)
    office.walk(again)
    ended = office.complaint(closed).closed_at
    assert ended is not None
    office.take(again, reopen_complaint, by="supervisor", reason="Putus lagi")
    now = at + timedelta(days=9)
    for first, last, number in (
        (date(2026, 10, 1), date(2026, 10, 31), 1),
        (date(2026, 11, 1), date(2026, 11, 30), 0),
    ):
        found = report(office, now, first, last)
        assert found.handling.closed == number
        assert found.ageing.open == 2
        assert found.ageing.oldest_days == 9
        assert [line.open for line in found.ageing.lines] == [0, 0, 2, 0, 0]
        filters = ListFilters(figure="handled", from_on=first, to_on=last)
        actor, rules = office.actor("manager"), office.rules
        listed = list_behind(office.session, actor, filters, rules, now=now).items
        assert [row.number for row in listed] == [closed] * number
        assert count_behind(office.session, actor, filters, rules, now=now) == number
    (line,) = (each for each in found.ageing.lines if each.open)
    asked = dict(parse_qsl(urlsplit(_age(line)).query))
    days = {f"{name}_on": date.fromisoformat(asked.pop(name)) for name in ("from", "to")}
    behind = list_behind(office.session, actor, ListFilters(**asked, **days), rules, now=now).items
    assert {row.number for row in behind} == {again, waiting}


def test_what_is_no_complaint_was_not_handled(office: Office):
    office.at = at = datetime(2026, 10, 30, 2, tzinfo=UTC)
    number, quick = office.receive(at=at), office.receive(at=at, story="Jam berapa loket buka?")
    office.walk(number)
    office.take(quick, rename_complaint, kind="INFORMASI", reason="Hanya menanyakan jam buka")
    assert office.complaint(quick).status == "closed"
    found = report(office, at + timedelta(days=9), date(2026, 10, 1), date(2026, 10, 31))
    assert found.handling.closed == 1


@pytest.mark.sqlite_is_enough
def test_a_month_that_runs_is_set_against_as_much_of_the_one_before(office: Office):
    for day in (3, 9, 20):
        office.receive(at=datetime(2026, 10, day, 2, tzinfo=UTC))
    office.receive(at=datetime(2026, 11, 4, 2, tzinfo=UTC))
    now = datetime(2026, 11, 10, 2, tzinfo=UTC)
    compared = report(office, now, date(2026, 11, 1), date(2026, 11, 30)).compared
    assert compared is not None
    assert (compared.here.to_on, compared.before.to_on) == (date(2026, 11, 10), date(2026, 10, 10))
    assert (compared.here.figures.received, compared.before.figures.received) == (1, 2)
    assert (compared.here.working_days, compared.before.working_days) == (7, 7)
    # Of so few no share is said to have risen or fallen.
    assert compared.points is None
    assert report(office, now, date(2026, 12, 1), date(2026, 12, 31)).compared is None
