"""What management reads first is the report's, and names no change that may be chance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from complaints.queries.lists.filters import ListFilters
from complaints.queries.management.home import (
    Changed,
    biggest_changes,
    due_days,
    management_home,
)
from complaints.queries.reports.drilldown import DUE, list_behind
from complaints.queries.reports.rows import Figures, ReportRow
from complaints.steps.casework.pause import pause_clocks
from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

NOW = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)


def line(key, **figures):
    return ReportRow(key, key, key, Figures(**figures))


def a_report(categories=(), branches=(), working_days=(20, 20)):
    here, before = (SimpleNamespace(working_days=days) for days in working_days)
    compared = SimpleNamespace(here=here, before=before)
    return SimpleNamespace(categories=categories, branches=branches, compared=compared)


def test_the_days_are_four_weeks_up_to_yesterday_of_the_organisation(office):
    # In Jakarta it is the 20th already.
    late = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    home = management_home(office.session, office.actor("manager"), office.rules, now=late)
    assert (home.report.from_on, home.report.to_on) == (date(2026, 10, 23), date(2026, 11, 19))
    before = home.compared.before
    assert (before.from_on, before.to_on) == (date(2026, 9, 25), date(2026, 10, 22))


def test_what_changed_most_is_named_and_what_may_be_chance_is_not():
    now = a_report(
        categories=[
            line("NETWORK", met=60, breached=40),
            line("BILLING", met=95, breached=5),
            line("RARE", met=0, breached=9),
        ],
        branches=[line("JKT", received=90)],
    )
    then = a_report(
        categories=[
            line("NETWORK", met=90, breached=10),
            line("BILLING", met=90, breached=10),
            line("RARE", met=9, breached=0),
        ],
        branches=[line("JKT", received=40)],
    )
    on_time, received = biggest_changes(now, then)
    assert (on_time.figure, on_time.row.key, on_time.points) == (Changed.ON_TIME, "NETWORK", -30.0)
    assert (received.figure, received.row.key) == (Changed.RECEIVED, "JKT")
    assert received.before.received == 40
    assert not biggest_changes(now, now)


def test_what_came_no_more_is_a_change_too():
    then = a_report(categories=[line("FLOOD", received=30)])
    (change,) = biggest_changes(a_report(), then)
    assert (change.row.key, change.row.figures.received) == ("FLOOD", 0)


def test_due_are_running_promises_until_the_fifth_working_day(office):
    """The next one first; what is paused, late, or due later is no part of it."""
    office.at = NOW
    numbers = {}
    for place, name in enumerate(("first", "second", "paused")):
        numbers[name] = office.receive(
            at=office.at, who={"name": name.title(), "phone": f"0812 000 00{place}"}
        )
        office.walk(numbers[name], to="020-2.5")
    pauser = {"reason": "Menunggu foto modem", "until": office.at + timedelta(days=1)}
    office.take(numbers["paused"], pause_clocks, **pauser)
    due = office.clocks(numbers["first"])["resolve"].due_at
    for now, expected in (
        (due - timedelta(hours=2), {"first", "second"}),
        (due + timedelta(days=4), set()),
    ):
        home = management_home(office.session, office.actor("manager"), office.rules, now=now)
        assert {numbers[each] for each in expected} == {row.number for row in home.due.first}
        assert home.due.count == len(expected)
    from_on, to_on = due_days(office.rules, due - timedelta(hours=2))
    filters = ListFilters(figure=DUE, from_on=from_on, to_on=to_on)
    page = list_behind(
        office.session,
        office.actor("manager"),
        filters,
        office.rules,
        now=due - timedelta(hours=2),
        limit=1,
    )
    assert page.next is not None
    shown = [row.number for row in page.items]
    page = list_behind(
        office.session,
        office.actor("manager"),
        filters,
        office.rules,
        now=due - timedelta(hours=2),
        limit=1,
        cursor=page.next,
    )
    assert [*shown, *(row.number for row in page.items)] == [numbers["first"], numbers["second"]]


def test_five_working_days_are_counted_over_a_weekend_and_a_holiday(office):
    # Thursday; Friday 20, Monday 23 to Thursday 26 November 2026.
    assert due_days(office.rules, NOW) == (date(2026, 11, 19), date(2026, 11, 26))
    # 24 and 25 December are free by the calendar of the demonstration.
    before_christmas = datetime(2026, 12, 21, 3, tzinfo=UTC)
    assert due_days(office.rules, before_christmas)[1] > date(2026, 12, 28)
