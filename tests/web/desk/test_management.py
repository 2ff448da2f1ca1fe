"""The first page of whoever reads reports: every figure is the report's and opens its list."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.queries.reports.figures import deadline_report
from complaints.steps.answer import take_answer
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.sums.refresh import refresh_sums
from tests.conftest import NOW
from tests.stories import Story

pytestmark = pytest.mark.both_databases

PATH = "/reports/overview"


def tell_weeks(office):
    """Eight promises of the last four weeks: three missed, one of those open. One before."""
    for place, (month, day, taken) in enumerate(
        [
            (10, 5, 1),
            *[(10, 26, 1)] * 3,
            *[(10, 28, 9)] * 2,
            (11, 2, None),
            *[(11, 9, 1)] * 2,
            (11, 18, None),
        ]
    ):
        at = datetime(2026, month, day, 2, tzinfo=UTC)
        office.at = at
        category = "GGN_LAMBAT" if taken == 9 else "GGN_MATI"
        who = {"name": f"Nama {place}", "phone": f"0812 000 10{place}"}
        number = office.receive(at=at, category=category, who=who)
        office.walk(number, to="020-3.3")
        if taken:
            office.take(number, take_answer, at=at + timedelta(days=taken), answer="accepted")
    office.at = NOW


WEEKS = Story(tell_weeks)


@pytest.fixture
def database_url(databases):
    url = databases.fresh(WEEKS.prepare)
    yield url
    databases.drop(url)


@pytest.fixture
def weeks(office):
    return WEEKS.go_on(office)


def report_of(office, name, by=None):
    """The report of the four weeks, as the call of the API gives it."""
    days = NOW.date() - timedelta(days=28), NOW.date() - timedelta(days=1)
    actor = office.actor(name)
    return deadline_report(office.session, actor, *days, by, now=NOW, rules=office.rules).as_json()


def tiles(page):
    """Each figure by its name: its value, and what stands below it."""
    found = {}
    for tile in page.all(".home-figures > div"):
        name, value, *more = [" ".join(each.get_text().split()) for each in tile.select("dt, dd")]
        found[name] = [value, *filter(None, more)]
    return found


@pytest.mark.parametrize(("name", "path"), [("manager", "/"), ("supervisor", PATH)])
def test_the_four_figures_are_the_reports(at_desk, weeks, office, name, path):
    report = report_of(office, name)
    total, before = report["total"], report["compared"]["before"]
    assert (total["met"], total["breached"], total["late_open"]) == (5, 3, 1)
    found = tiles(at_desk(name).get(path))
    assert found["Tepat waktu"] == [
        f"{total['met']} dari {total['met'] + total['breached']}",
        f"{total['met']} ditepati · Lewat tenggat: {total['breached']}",
        "Target 95,0%",
        f"Sebelumnya: {before['met']} dari {before['met'] + before['breached']}",
    ]
    firsts = total["first_kept"], total["first_missed"]
    assert found["Tepat waktu menurut tanggal pertama"][1] == (
        f"{firsts[0]} ditepati · Lewat tenggat: {firsts[1]}"
    )
    assert found["Lewat tenggat"] == [
        str(total["breached"]),
        f"{total['late_open']} belum selesai",
        "Batas menurut target: 0",
        f"Sebelumnya: {before['breached']}",
    ]
    assert found["Diterima"][:2] == [str(total["received"]), f"Sebelumnya: {before['received']}"]


@pytest.mark.parametrize("name", ["manager", "supervisor", "auditor"])
def test_every_figure_opens_what_it_counts(at_desk, weeks, name):
    person = at_desk(name)
    page = person.get("/" if name != "supervisor" else PATH)
    links = [a for a in page.all("main a") if "figure=" in str(a["href"])]
    assert len(links) >= 8
    for link in links:
        behind = person.get(str(link["href"]))
        counts = re.findall(r"\d+", link.get_text())
        # The last one of a sentence is the figure; a change says what was before behind it.
        assert str(len(behind.all(".list tbody tr"))) in counts, link


def test_what_is_due_within_five_working_days_is_shown_the_next_one_first(at_desk, weeks):
    section = at_desk("manager").get("/").one("[aria-labelledby=due-soon]")
    assert "sampai Kamis, 26 November 2026: 1" in section.get_text()
    assert "Nama 9" in section.get_text()


def test_few_complaints_have_no_order_and_no_change(at_desk, weeks):
    page = at_desk("manager", "en").get("/")
    causes = page.one("[aria-labelledby=causes]").get_text()
    assert "Fewer than ten complaints" in causes
    assert not page.all("[aria-labelledby=causes] ol")
    assert "by more than chance" in page.one("[aria-labelledby=changes]").get_text()
    assert "points" not in page.one(".lead").get_text(), "no trend of a few"


def test_what_waits_for_a_manager_leads_to_its_pile(office, at_desk, weeks):
    number = office.receive(who={"name": "Marah Siregar"})
    office.take(number, escalate_by_hand, reason="Sudah dua kali datang", by="supervisor")
    page = at_desk("manager").get("/")
    (link,) = page.all("[aria-labelledby=waiting-for-you] a")
    assert (link["href"], link.get_text()) == ("/board#mine", "Eskalasi yang menunggu Anda")
    assert at_desk("manager").get("/board").one("#mine")
    assert not at_desk("auditor").get("/").all("[aria-labelledby=waiting-for-you]")


def test_whoever_handles_finds_it_from_the_report(at_desk, weeks):
    supervisor = at_desk("supervisor")
    assert not supervisor.get("/").all(".home-figures")
    assert supervisor.get("/reports/deadlines").all(f"a[href='{PATH}']")


def test_it_costs_the_same_whatever_there_is(office, at_desk, weeks, engine, counted):
    """From the sums, as the worker keeps them."""

    def queries():
        while refresh_sums(sessionmaker(engine), NOW):
            pass
        manager = at_desk("manager")
        manager.get("/")
        with counted() as found:
            manager.get("/")
        return [each for each in found if each != "BEGIN"]

    before = queries()
    for place in range(6):
        who = {"name": f"Baru {place}", "phone": f"0812 000 20{place}"}
        number = office.receive(at=NOW, who=who)
        office.walk(number, to="020-2.5")
    assert len(queries()) == len(before) <= 45
