"""The page of what became of complaints: one part at a time, with pictures that lead to lists."""

from __future__ import annotations

import csv
import io
import re

import pytest

from complaints.domain.permissions import CUSTOMER
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.case import open_case
from complaints.steps.close import reopen_complaint
from tests.documents.workbook_cells import sheets
from tests.office import Office

NOVEMBER = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def seen(office: Office) -> list[str]:
    """A complaint that was closed, and one that was opened again."""
    numbers = [office.receive(), office.receive()]
    for number in numbers:
        office.walk(number)
        case = open_case(office.session, number, by=CUSTOMER, at=office.at)
        rate(case, RatingGiven({"overall": 1}))
        office.session.commit()
    office.take(numbers[1], reopen_complaint, by="supervisor", reason="Putus lagi")
    return numbers


@pytest.mark.parametrize("part", OUTCOME_PARTS)
def test_every_number_and_every_mark_leads_to_its_list(at_desk, seen: list[str], part: str):
    manager = at_desk("manager", "en")
    page = manager.get(f"/reports/outcomes?{NOVEMBER}&part={part}")
    links = {
        (each["href"], each.get_text(strip=True))
        for each in page.all("main table a, main svg a[href]")
    }
    assert links
    counted = {}
    for href in sorted({href for href, _ in links}):
        listed = manager.get(href).main
        assert any(each in listed for each in seen), href
        (count,) = re.findall(r"Count: ([0-9]+)", listed)
        counted[href] = int(count)
    said_of = {(href, int(said)) for href, said in links if said.isdecimal()}
    assert said_of
    assert said_of == {(href, counted[href]) for href, _ in said_of}


def test_a_part_says_of_how_few_its_times_and_shares_are(at_desk, seen: list[str]):
    manager = at_desk("manager", "en")
    steps = manager.get(f"/reports/outcomes?{NOVEMBER}&part=steps").main
    assert "(of 1 only)" in steps
    results = manager.get(f"/reports/outcomes?{NOVEMBER}").main
    assert "1 of 2" in results
    assert "Total: complaints received" in results
    listed = manager.get(f"/complaints?figure=opened_again&status=all&{NOVEMBER}")
    assert seen[1] in listed.main
    assert seen[0] not in listed.main
    named = manager.get(f"/complaints?figure=step&line=020-1.6&status=all&{NOVEMBER}")
    assert "Received to registered" in named.main
    scored = manager.get(f"/complaints?figure=rating&line=1&status=all&{NOVEMBER}").main
    assert "1 / 5" in scored
    assert "Level" not in scored
    for asked in ("rating&line=12", "arrived&line=77"):
        assert "Level" not in manager.get(f"/complaints?figure={asked}&status=all&{NOVEMBER}").main


def test_times_in_the_workbook_are_hours_as_their_heads_say(at_desk, seen: list[str]):
    manager = at_desk("manager", "en")
    asked = f"/reports/outcomes?{NOVEMBER}&part=steps&format="
    (rows,) = sheets(manager.client.get(f"{asked}xlsx").data).values()
    heads = next(row for row in rows if "Median, working hours" in row)
    assert heads[:2] == ["Part of the report", "Name"]
    assert heads[-1] == "Code"
    kept = list(csv.DictReader(io.StringIO(manager.get(f"{asked}csv").text_body.strip("\ufeff"))))
    whole = {row["key"]: row["total_seconds"] for row in kept}["steps/total"]
    (total,) = (row for row in rows if row[-1] == "steps/total")
    assert total[heads.index("Longest, working hours") + 1] == round(int(whole) / 3600, 2)
    assert [row for row in rows if "WIB" in str(row[0])]
    assert not [row for row in rows if "Asia/" in str(row)]


def test_whoever_may_not_read_reports_is_refused_and_so_is_an_unknown_part(at_desk):
    assert at_desk("csr").client.get("/reports/outcomes").status_code == 403
    manager = at_desk("manager", "en")
    assert manager.client.get("/reports/outcomes?part=nonsense").status_code == 422
    assert manager.client.get("/reports/outcomes?from=2026-12-01&to=2026-11-01").status_code == 422


def test_the_deadline_report_leads_here_with_its_days(at_desk):
    page = at_desk("manager", "en").get(f"/reports/deadlines?{NOVEMBER}")
    assert f"/reports/outcomes?part=steps&{NOVEMBER}" in [each["href"] for each in page.all("a")]
