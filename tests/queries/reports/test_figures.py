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
from complaints.queries.reports.counting import FIGURES
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.queries.reports.export import report_csv
from complaints.queries.reports.figures import DIMENSIONS, OF_CLOCKS, deadline_report, report_rows
from complaints.queries.reports.rows import Figures
from complaints.steps.answer import take_answer
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from tests.conftest import NOW
from tests.office import staff
from tests.stories import Story

FROM, TO = date(2026, 9, 1), date(2026, 12, 31)
LATER = datetime(2026, 12, 20, 3, tzinfo=UTC)


def report(office, by=None, *, name="manager", now=LATER, from_on=FROM, to_on=TO):
    actor = SYSTEM if name == "system" else office.actor(name)
    found = deadline_report(office.session, actor, from_on, to_on, by, now=now)
    office.session.commit()
    return found


def settle(office, number, days):
    """Walk a complaint to the customer's acceptance, `days` after it came in."""
    office.walk(number, to="020-3.3")
    at = office.complaint(number).received_at + timedelta(days=days)
    office.take(number, take_answer, at=at, answer="accepted")


def tell_autumn(office):
    numbers = {}
    for key, day, days in (("kept", 1, 1), ("missed", 2, 30), ("open", 5, None), ("gone", 6, None)):
        at = datetime(2026, 10, day, 2, tzinfo=UTC)
        office.at = at
        numbers[key] = office.receive(
            at=at, category="GGN_LAMBAT" if key == "missed" else "GGN_MATI"
        )
        if days:
            settle(office, numbers[key], days)
    at = datetime(2026, 10, 6, 3, tzinfo=UTC)
    office.take(numbers["gone"], withdraw_complaint, at=at, reason="salah alamat")
    office.at = datetime(2026, 12, 18, 8, tzinfo=UTC)
    numbers["running"] = office.receive(at=office.at, by="csr2", branch="MKS", category="TAG_TELAT")
    return numbers


AUTUMN = Story(tell_autumn)


@pytest.fixture
def database_url(databases, request):
    """A database with everybody hired, and where the test asks for it with its autumn."""
    url = databases.fresh(AUTUMN.prepare if "autumn" in request.fixturenames else staff)
    yield url
    databases.drop(url)


@pytest.fixture
def autumn(office):
    """One kept, one missed and settled, one missed and open, one running, one taken back."""
    return AUTUMN.go_on(office)


def test_the_four_figures(office, autumn):
    total = report(office).total
    assert total == Figures(
        received=5, met=1, breached=2, late_open=1, first_kept=1, first_missed=1
    )
    assert total.on_time == pytest.approx(1 / 3)


def test_nothing_to_divide_is_no_share(office):
    assert report(office).total == Figures()
    assert report(office).total.on_time is None


def test_the_due_second_itself_is_still_in_time(office):
    number = office.receive(at=NOW)
    due = outcome(office, number).due_at
    assert report(office, now=due).total.breached == 0
    assert report(office, now=due + timedelta(seconds=1)).total == Figures(1, 0, 1, 1)


def test_a_paused_promise_is_not_missed(office):
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        reason="menunggu foto",
        until=NOW + timedelta(days=25),
    )
    due = outcome(office, number).due_at
    assert report(office, now=due + timedelta(days=5)).total.breached == 0


def test_only_the_earliest_outcome_clock_counts(office):
    number = office.receive(at=NOW)
    clock = outcome(office, number)
    columns = [each.key for each in Deadline.__mapper__.column_attrs if each.key != "id"]
    legal = Deadline(**{name: getattr(clock, name) for name in columns})
    legal.kind = "legal"
    legal.due_at = clock.due_at + timedelta(days=2)
    office.session.add(legal)
    office.session.commit()
    after = legal.due_at + timedelta(days=1)
    assert report(office, now=after).total.breached == 1
    only_legal = report(office, now=after, from_on=legal.due_at.date(), to_on=legal.due_at.date())
    assert only_legal.total.breached == 0


def test_a_reopened_complaint_is_promised_anew_and_what_was_stays(office):
    number = office.receive(at=NOW)
    office.walk(number)
    assert report(office).total.met == 1
    office.take(number, reopen_complaint, at=LATER, reason="mati lagi")
    again = outcome(office, number).due_at + timedelta(days=1)
    both = report(office, now=again, to_on=date(2027, 2, 1)).total
    assert (both.received, both.met, both.breached, both.again_missed) == (1, 1, 1, 1)


@pytest.mark.parametrize("is_late", [False, True])
def test_closing_and_opening_again_and_again_adds_nothing_to_any_share(office, is_late: bool):
    """Each round counts beside the shares, in the report's every part and in its own list."""
    number, other = office.receive(at=NOW), office.receive(at=NOW)
    due = outcome(office, number).due_at
    office.at = NOW
    office.walk(other, to="020-1.4")
    office.walk(number, to="020-3.3")
    if is_late:
        office.at = due + timedelta(hours=1)
    office.walk(number, after="020-3.3")
    before = report(office, now=LATER)
    for _ in range(3):
        office.take(number, reopen_complaint, by="supervisor", reason="Dibuka lagi sebentar")
        office.promise_anew(number)
        office.walk(number, after="020-2.5")
    found = report(office, now=LATER)
    total = found.total
    assert (total.on_time, total.first_on_time) == (
        before.total.on_time,
        before.total.first_on_time,
    )
    assert (total.met, total.breached) == ((0, 2) if is_late else (1, 1))
    assert (total.again_kept, total.again_missed, total.again_on_time) == (3, 0, 1.0)
    assert found.as_json()["opened_again"] == {"kept": 3, "missed": 0, "on_time": 1.0}
    resolve = next(each for each in found.as_json()["clocks"] if each["kind"] == "resolve")
    assert (resolve["met"], resolve["again_kept"]) == (total.met, 3)
    assert found.balance.as_json() == before.balance.as_json()
    lines = {each["key"]: each for each in csv.DictReader(io.StringIO(report_csv(found, str)))}
    assert (lines["total"]["again_kept"], lines["clock/resolve"]["again_kept"]) == ("3", "3")
    assert lines["exception/reopening"]["count"] == "3"
    rows, actor = office.rules, office.actor("manager")
    page = list_behind(office.session, actor, behind(None, None, "again_kept"), rows, now=LATER)
    assert [each.number for each in page.items] == [number] * 3


def test_what_is_opened_again_after_a_withdrawal_is_its_first_promise_that_counts(office):
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    office.take(number, withdraw_complaint, reason="Sudah selesai sendiri")
    later = office.at + timedelta(days=30)
    office.take(number, reopen_complaint, by="supervisor", at=later, reason="Ternyata belum")
    office.promise_anew(number)
    office.walk(number, after="020-1.6")
    total = report(office, now=LATER + timedelta(days=60), to_on=date(2027, 2, 1)).total
    assert (total.met, total.again_kept) == (1, 0)


def test_a_breach_before_the_withdrawal_stays_a_breach(office):
    number = office.receive(at=NOW)
    office.take(number, withdraw_complaint, at=LATER, reason="pindah rumah")
    assert report(office).total == Figures(received=1, met=0, breached=1, late_open=0)


@pytest.mark.parametrize("by", [each for each in DIMENSIONS if each != "clock"])
def test_the_lines_of_every_division_add_up_to_the_total(office, autumn, by):
    found = report(office, by)
    assert found.rows
    assert sum((row.figures for row in found.rows), Figures()) == found.total


def test_where_most_was_missed_comes_first(office, autumn):
    office.at = datetime(2026, 10, 7, 2, tzinfo=UTC)
    office.receive(at=office.at)
    rows = report(office, "category").rows
    assert [row.key for row in rows][:2] == ["GGN_MATI", "GGN_LAMBAT"]
    assert rows[0].figures.breached == 2


def test_a_month_is_the_month_of_the_branch(office):
    """The last evening of October in Jakarta, and the first of November in Jayapura."""
    moment = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    office.people["csr2"].branch_id = office.rules.branches_by_code["JYP"].id
    office.session.commit()
    for by, branch in (("csr", "JKT"), ("csr2", "JYP")):
        office.receive(by=by, branch=branch, at=moment)
    months = {row.key: row.figures.received for row in report(office, "month").rows}
    assert (months["2026-10"], months["2026-11"]) == (1, 1)
    october = report(office, from_on=date(2026, 10, 1), to_on=date(2026, 10, 31)).total
    november = report(office, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).total
    assert (october.received, november.received) == (1, 1)


def test_every_month_of_the_period_is_listed(office):
    months = [row.key for row in report(office, "month").rows]
    assert months == ["2026-09", "2026-10", "2026-11", "2026-12"]


def test_each_reads_the_figures_of_their_own_scope(office, autumn):
    assert report(office, name="supervisor").total.received == 4
    assert report(office, name="system").total.received == 5
    other = report(office, "branch", name="manager")
    assert {row.key for row in other.rows} == {"JKT", "MKS"}


@pytest.mark.parametrize("by", [None, *DIMENSIONS])
@pytest.mark.parametrize(
    "name",
    ["manager", pytest.param("supervisor", marks=pytest.mark.first_row_on_postgresql)],
)
def test_behind_every_figure_stand_as_many_complaints(office, autumn, by, name):
    """The drill-down of page and figures: the number and the list agree."""
    office.at = datetime(2026, 11, 2, 2, tzinfo=UTC)
    settle(office, office.receive(at=office.at), 1)
    office.complaint(autumn["open"]).handler_id = None
    office.complaint(autumn["kept"]).category = None
    office.session.commit()
    found = report(office, by, name=name)
    lines = [(None, found.total)] if by is None else [(row.key, row.figures) for row in found.rows]
    for key, figures in lines:
        for figure in FIGURES:
            if by == "clock" and figure not in OF_CLOCKS:
                continue
            filters = behind(by, key, figure)
            actor, rules = office.actor(name), office.rules
            page = list_behind(office.session, actor, filters, rules, now=LATER)
            count = count_behind(office.session, actor, filters, rules, now=LATER)
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
def test_the_list_behind_a_figure_comes_in_pages(office, figure):
    for day in range(1, 6):
        office.at = datetime(2026, 10, day, 2, tzinfo=UTC)
        settle(office, office.receive(at=office.at), 0.2)
    filters = ListFilters(figure=figure, from_on=FROM, to_on=TO)
    actor, rules = office.actor("manager"), office.rules
    there, cursor = [], None
    for _ in range(3):
        page = list_behind(office.session, actor, filters, rules, now=LATER, limit=2, cursor=cursor)
        there += [row.number for row in page.items]
        cursor = page.next
    assert cursor is None
    assert len(set(there)) == 5
    back = list_behind(
        office.session, actor, filters, rules, now=LATER, limit=2, cursor=page.previous
    )
    assert [row.number for row in back.items] == there[2:4]
    # Whoever went back may go forward again, and on to the first page.
    on = list_behind(office.session, actor, filters, rules, now=LATER, limit=2, cursor=back.next)
    assert [row.number for row in on.items] == there[4:]
    first = list_behind(
        office.session, actor, filters, rules, now=LATER, limit=2, cursor=back.previous
    )
    assert [row.number for row in first.items] == there[:2]
    assert first.previous is None
    again = list_behind(
        office.session, actor, filters, rules, now=LATER, limit=2, cursor=first.next
    )
    assert [row.number for row in again.items] == there[2:4]


def test_behind_a_figure_stands_how_late_it_was_when_it_ended(office, autumn):
    filters = ListFilters(figure="breached", from_on=FROM, to_on=TO)
    page = list_behind(office.session, office.actor("manager"), filters, office.rules, now=LATER)
    late = {row.number: row.standing.seconds for row in page.items}
    ended = outcome(office, autumn["missed"])
    calendar = office.rules.calendar_of(office.complaint(autumn["missed"]).branch_id).value
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
def test_a_report_that_cannot_be_is_refused_in_words(office, wrong):
    with pytest.raises(Invalid):
        report(office, **wrong)


def test_json_and_csv_say_the_same(office, autumn):
    found = report(office, "branch")
    body = found.as_json()
    assert body["total"] == {
        "received": 5,
        "met": 1,
        "breached": 2,
        "late_open": 1,
        "on_time": 0.3333,
        "first_kept": 1,
        "first_missed": 1,
        "first_on_time": 0.5,
        "moved": 0,
        "again_kept": 0,
        "again_missed": 0,
        "again_on_time": None,
    }
    assert body["rows"] == report_rows(found.rows)
    assert body["first_promise"] == {"kept": 1, "missed": 1, "on_time": 0.5}
    lines = list(csv.DictReader(io.StringIO(report_csv(found, str))))
    assert [line["key"] for line in lines[:3]] == ["JKT", "MKS", "total"]
    assert [line["received"] for line in lines[:3]] == ["4", "1", "5"]
    parts = {line["key"]: line for line in lines[3:]}
    for place, count in body["balance"].items():
        assert parts[f"balance/{place}"]["count"] == str(count)
    for each in body["clocks"]:
        assert parts[f"clock/{each['kind']}"]["breached"] == str(each["breached"])


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "'=", "＝"])
def test_no_spreadsheet_runs_what_somebody_is_called(office, first):
    called = f"{first}HYPERLINK(1)"
    office.people["csr"].name = called
    office.session.commit()
    office.receive(at=datetime(2026, 10, 1, 2, tzinfo=UTC))
    lines = list(
        csv.DictReader(io.StringIO(report_csv(report(office, "handler"), str), newline=""))
    )
    assert [line["label"] for line in lines[:2]] == [f"'{called}", "Total"]


def test_the_report_asks_the_database_a_few_things_however_long_the_period(office, autumn, engine):
    from sqlalchemy import event

    rules, actor, asked = office.rules, office.actor("manager"), []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    deadline_report(office.session, actor, FROM, TO, "branch", now=LATER, rules=rules)
    assert len(asked) == 20


def outcome(office, number):
    """The outcome clock the customer waits for now."""
    clocks = [each for each in office.rows(Deadline, number) if each.kind in OUTCOME_KINDS]
    return max(clocks, key=lambda each: each.cycle)


def test_the_fixture_is_what_it_says(office, autumn):
    assert office.count(Complaint) == 5
