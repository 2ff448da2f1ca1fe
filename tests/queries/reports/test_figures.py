"""The deadline report: each figure is what a careful person would count by hand."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.errors import Invalid
from complaints.domain.permissions import SYSTEM
from complaints.models import Complaint, Deadline
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.queries.reports.figures import (
    DIMENSIONS,
    Figures,
    deadline_report,
    report_csv,
    report_rows,
)
from complaints.steps.answer import take_answer
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from tests.conftest import NOW
from tests.house import staff
from tests.stories import Story

FROM, TO = date(2026, 9, 1), date(2026, 12, 31)
LATER = datetime(2026, 12, 20, 3, tzinfo=UTC)


def report(house, by=None, *, name="manager", now=LATER, from_on=FROM, to_on=TO):
    actor = SYSTEM if name == "system" else house.actor(name)
    found = deadline_report(house.session, actor, from_on, to_on, by, now=now)
    house.session.commit()
    return found


def settle(house, number, days):
    """Walk a complaint to the customer's acceptance, `days` after it came in."""
    house.walk(number, to="020-3.3")
    at = house.complaint(number).received_at + timedelta(days=days)
    house.take(number, take_answer, at=at, answer="accepted")


def tell_autumn(house):
    numbers = {}
    for key, day, days in (("kept", 1, 1), ("missed", 2, 30), ("open", 5, None), ("gone", 6, None)):
        at = datetime(2026, 10, day, 2, tzinfo=UTC)
        house.at = at
        numbers[key] = house.receive(at=at, category="TAG_GANDA" if key == "missed" else "GGN_MATI")
        if days:
            settle(house, numbers[key], days)
    at = datetime(2026, 10, 6, 3, tzinfo=UTC)
    house.take(numbers["gone"], withdraw_complaint, at=at, reason="salah alamat")
    house.at = datetime(2026, 12, 18, 8, tzinfo=UTC)
    numbers["running"] = house.receive(at=house.at, by="csr2", branch="MKS", category="TAG_TELAT")
    return numbers


AUTUMN = Story(tell_autumn)


@pytest.fixture
def database_url(databases, request):
    """A database with everybody hired, and where the test asks for it with its autumn."""
    url = databases.fresh(AUTUMN.prepare if "autumn" in request.fixturenames else staff)
    yield url
    databases.drop(url)


@pytest.fixture
def autumn(house):
    """One kept, one missed and settled, one missed and open, one running, one taken back."""
    return AUTUMN.go_on(house)


def test_the_four_figures(house, autumn):
    total = report(house).total
    assert total == Figures(received=5, met=1, breached=2, late_open=1)
    assert total.on_time == pytest.approx(1 / 3)


def test_nothing_to_divide_is_no_share(house):
    assert report(house).total == Figures()
    assert report(house).total.on_time is None


def test_the_due_second_itself_is_still_in_time(house):
    number = house.receive(at=NOW)
    due = outcome(house, number).due_at
    assert report(house, now=due).total.breached == 0
    assert report(house, now=due + timedelta(seconds=1)).total == Figures(1, 0, 1, 1)


def test_a_paused_promise_is_not_missed(house):
    number = house.receive(at=NOW)
    house.walk(number, to="020-1.6")
    house.take(number, pause_clocks, reason="menunggu foto", until=NOW + timedelta(days=25))
    due = outcome(house, number).due_at
    assert report(house, now=due + timedelta(days=5)).total.breached == 0


def test_only_the_earliest_outcome_clock_counts(house):
    number = house.receive(at=NOW)
    clock = outcome(house, number)
    columns = [each.key for each in Deadline.__mapper__.column_attrs if each.key != "id"]
    legal = Deadline(**{name: getattr(clock, name) for name in columns})
    legal.kind = "legal"
    legal.due_at = clock.due_at + timedelta(days=2)
    house.session.add(legal)
    house.session.commit()
    after = legal.due_at + timedelta(days=1)
    assert report(house, now=after).total.breached == 1
    only_legal = report(house, now=after, from_on=legal.due_at.date(), to_on=legal.due_at.date())
    assert only_legal.total.breached == 0


def test_a_reopened_complaint_is_promised_anew_and_what_was_stays(house):
    number = house.receive(at=NOW)
    house.walk(number)
    assert report(house).total.met == 1
    house.take(number, reopen_complaint, at=LATER, reason="mati lagi")
    again = outcome(house, number).due_at + timedelta(days=1)
    both = report(house, now=again, to_on=date(2027, 2, 1)).total
    assert (both.received, both.met, both.breached) == (1, 1, 1)


def test_a_breach_before_the_withdrawal_stays_a_breach(house):
    number = house.receive(at=NOW)
    house.take(number, withdraw_complaint, at=LATER, reason="pindah rumah")
    assert report(house).total == Figures(received=1, met=0, breached=1, late_open=0)


@pytest.mark.parametrize("by", DIMENSIONS)
def test_the_lines_of_every_division_add_up_to_the_total(house, autumn, by):
    found = report(house, by)
    assert found.rows
    assert sum((row.figures for row in found.rows), Figures()) == found.total


def test_where_most_was_missed_comes_first(house, autumn):
    house.at = datetime(2026, 10, 7, 2, tzinfo=UTC)
    house.receive(at=house.at)
    rows = report(house, "category").rows
    assert [row.key for row in rows][:2] == ["GGN_MATI", "TAG_GANDA"]
    assert rows[0].figures.breached == 2


def test_a_month_is_the_month_of_the_branch(house):
    """The last evening of October in Jakarta, and the first of November in Jayapura."""
    moment = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    house.people["csr2"].branch_id = house.rules.branches_by_code["JYP"].id
    house.session.commit()
    for by, branch in (("csr", "JKT"), ("csr2", "JYP")):
        house.receive(by=by, branch=branch, at=moment)
    months = {row.key: row.figures.received for row in report(house, "month").rows}
    assert (months["2026-10"], months["2026-11"]) == (1, 1)
    october = report(house, from_on=date(2026, 10, 1), to_on=date(2026, 10, 31)).total
    november = report(house, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).total
    assert (october.received, november.received) == (1, 1)


def test_every_month_of_the_period_is_listed(house):
    months = [row.key for row in report(house, "month").rows]
    assert months == ["2026-09", "2026-10", "2026-11", "2026-12"]


def test_each_reads_the_figures_of_their_own_scope(house, autumn):
    assert report(house, name="supervisor").total.received == 4
    assert report(house, name="system").total.received == 5
    other = report(house, "branch", name="manager")
    assert {row.key for row in other.rows} == {"JKT", "MKS"}


@pytest.mark.parametrize("by", [None, *DIMENSIONS])
@pytest.mark.parametrize("name", ["manager", "supervisor"])
def test_behind_every_figure_stand_as_many_complaints(house, autumn, by, name):
    """The drill-down of page and figures: the number and the list agree."""
    settle(house, house.receive(at=datetime(2026, 11, 2, 2, tzinfo=UTC)), 1)
    house.complaint(autumn["open"]).handler_id = None
    house.complaint(autumn["kept"]).category = None
    house.session.commit()
    found = report(house, by, name=name)
    lines = [(None, found.total)] if by is None else [(row.key, row.figures) for row in found.rows]
    for key, figures in lines:
        for figure in ("received", "met", "breached", "late_open"):
            filters = behind(by, key, figure)
            actor, rules = house.actor(name), house.rules
            page = list_behind(house.session, actor, filters, rules, now=LATER)
            count = count_behind(house.session, actor, filters, rules, now=LATER)
            assert count == len(page.items) == getattr(figures, figure), (by, key, figure)


def behind(by, key, figure):
    from_on, to_on, more = FROM, TO, {}
    if by == "month":
        from_on = date.fromisoformat(f"{key}-01")
        to_on = (from_on + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    elif by is not None:
        more[by] = key or "none"
    return ListFilters(figure=figure, from_on=from_on, to_on=to_on, **more)


@pytest.mark.parametrize("figure", ["received", "met"])
def test_the_list_behind_a_figure_comes_in_pages(house, figure):
    for day in range(1, 6):
        house.at = datetime(2026, 10, day, 2, tzinfo=UTC)
        settle(house, house.receive(at=house.at), 0.2)
    filters = ListFilters(figure=figure, from_on=FROM, to_on=TO)
    actor, rules = house.actor("manager"), house.rules
    there, cursor = [], None
    for _ in range(3):
        page = list_behind(house.session, actor, filters, rules, now=LATER, limit=2, cursor=cursor)
        there += [row.number for row in page.items]
        cursor = page.next
    assert cursor is None
    assert len(set(there)) == 5
    back = list_behind(
        house.session, actor, filters, rules, now=LATER, limit=2, cursor=page.previous
    )
    assert [row.number for row in back.items] == there[2:4]
    # Whoever went back may go forward again, and on to the first page.
    on = list_behind(house.session, actor, filters, rules, now=LATER, limit=2, cursor=back.next)
    assert [row.number for row in on.items] == there[4:]
    first = list_behind(
        house.session, actor, filters, rules, now=LATER, limit=2, cursor=back.previous
    )
    assert [row.number for row in first.items] == there[:2]
    assert first.previous is None
    again = list_behind(house.session, actor, filters, rules, now=LATER, limit=2, cursor=first.next)
    assert [row.number for row in again.items] == there[2:4]


def test_behind_a_figure_stands_how_late_it_was_when_it_ended(house, autumn):
    filters = ListFilters(figure="breached", from_on=FROM, to_on=TO)
    page = list_behind(house.session, house.actor("manager"), filters, house.rules, now=LATER)
    late = {row.number: row.standing.seconds for row in page.items}
    ended = outcome(house, autumn["missed"])
    calendar = house.rules.calendar_of(house.complaint(autumn["missed"]).branch_id).value
    assert late[autumn["missed"]] == -calendar.between(ended.due_at, ended.ended_at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": "nonsense"},
        {"from_on": date(2026, 10, 2), "to_on": date(2026, 10, 1)},
        {"from_on": date(2000, 1, 1), "to_on": date(2026, 1, 1)},
        {"from_on": date.min, "to_on": date.max},
    ],
)
def test_a_report_that_cannot_be_is_refused_in_words(house, wrong):
    with pytest.raises(Invalid):
        report(house, **wrong)


def test_json_and_csv_say_the_same(house, autumn):
    found = report(house, "branch")
    body = found.as_json()
    assert body["total"] == {
        "received": 5,
        "met": 1,
        "breached": 2,
        "late_open": 1,
        "on_time": 0.3333,
    }
    assert body["rows"] == report_rows(found)
    lines = list(csv.DictReader(io.StringIO(report_csv(found))))
    assert [line["key"] for line in lines] == ["JKT", "MKS", "total"]
    assert [line["received"] for line in lines] == ["4", "1", "5"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "'=", "＝"])
def test_no_spreadsheet_runs_what_somebody_is_called(house, first):
    called = f"{first}HYPERLINK(1)"
    house.people["csr"].name = called
    house.session.commit()
    house.receive(at=datetime(2026, 10, 1, 2, tzinfo=UTC))
    lines = list(csv.DictReader(io.StringIO(report_csv(report(house, "handler")), newline="")))
    assert [line["label"] for line in lines] == [f"'{called}", "Total"]


def test_the_report_asks_the_database_two_things(house, autumn, engine):
    from sqlalchemy import event

    rules, actor, asked = house.rules, house.actor("manager"), []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    deadline_report(house.session, actor, FROM, TO, "branch", now=LATER, rules=rules)
    assert len(asked) == 2


def outcome(house, number):
    """The outcome clock the customer waits for now."""
    clocks = [each for each in house.rows(Deadline, number) if each.kind in OUTCOME_KINDS]
    return max(clocks, key=lambda each: each.cycle)


def test_the_fixture_is_what_it_says(house, autumn):
    assert house.count(Complaint) == 5
