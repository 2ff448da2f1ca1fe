"""The file of the exceptions is whole, or it is refused: nothing is cut off in silence."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest

from complaints.queries.reports import exit_report
from complaints.steps.casework.pause import pause_clocks
from complaints.web.reports import exits
from tests.conftest import NOW
from tests.office import Office

pytestmark = pytest.mark.both_databases


@pytest.fixture
def three_pauses(office: Office, wall) -> None:
    wall.at = NOW
    for _ in range(3):
        office.at = NOW
        number = office.receive(at=NOW)
        office.walk(number, to="020-1.6")
        until = office.at + timedelta(days=1)
        office.take(number, pause_clocks, reason="Menunggu foto modem", until=until)
    office.session.commit()


def test_the_file_has_as_many_lines_as_the_page_counts_whatever_a_page_shows(
    at_desk, three_pauses, monkeypatch
):
    monkeypatch.setattr(exits, "PAGE", 2)
    manager = at_desk("manager", "en")
    page = manager.get("/reports/exits?kind=pause")
    assert "Count: 3" in page.one(".lead").get_text()
    assert len(page.all(".list tbody tr")) == 2
    for words, mark in (("Download as CSV", ","), ("CSV for Excel in Indonesian", ";")):
        text = manager.get(page.link(words)).text_body.removeprefix("\ufeff")
        assert len(list(csv.DictReader(io.StringIO(text), delimiter=mark))) == 3


def test_a_file_that_would_be_cut_is_refused_with_the_way_out(at_desk, three_pauses, monkeypatch):
    monkeypatch.setattr(exit_report, "MOST", 2)
    manager = at_desk("manager", "en")
    page = manager.get("/reports/exits?kind=pause")
    answer = manager.get(page.link("Download as CSV"), 422)
    assert "Choose a shorter period" in answer.main


def test_the_file_for_excel_has_the_times_of_the_page_and_names_the_zone(at_desk, three_pauses):
    manager = at_desk("manager", "en")
    page = manager.get("/reports/exits?kind=pause")
    shown = page.words("[data-word=Time]")[0]

    def first(link: str, mark: str) -> dict[str, str]:
        text = manager.get(page.link(link)).text_body.removeprefix("\ufeff")
        return next(csv.DictReader(io.StringIO(text), delimiter=mark))

    told = first("CSV for Excel in Indonesian", ";")["at (WIB)"]
    assert told[:10] == "2026-11-19"
    assert f"{told[11:16]} WIB" in shown
    plain = first("Download as CSV", ",")["at"]
    assert plain.endswith("+00:00")
    assert datetime.fromisoformat(plain) == datetime.fromisoformat(f"{told}+07:00")


@pytest.mark.parametrize(
    "page",
    [
        "/reports/exits?",
        "/reports/outcomes?",
        "/reports/competence?handler=csr@tanggap.example&",
        "/posts?",
        "/contacts?",
    ],
)
def test_the_last_month_there_is_has_none_after_it(at_desk, page):
    at_desk("manager").get(f"{page}from=9999-12-31", 422)
