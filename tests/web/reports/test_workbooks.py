"""The workbook of a report holds what its CSV file does, cell by cell, by page and by command."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from complaints.steps.casework.pause import pause_clocks
from tests.documents.workbook_cells import plain, sheets, table
from tests.office import Office

pytestmark = pytest.mark.both_databases

DAYS = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def paused(office: Office) -> str:
    """A complaint paused for a reason that a spreadsheet would compute."""
    number = office.receive()
    office.walk(number, to="020-1.6")
    until = office.at + timedelta(days=1)
    office.take(number, pause_clocks, reason="=1+1 foto modem", until=until)
    office.session.commit()
    return number


def lines(text: str) -> list[list[str]]:
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    return [[number(cell) for cell in row] for row in read[1:]]


def number(cell: str) -> str:
    try:
        return plain(float(cell))
    except ValueError:
        return cell


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("by", ["category", "handler", "month"])
def test_the_deadline_report_is_the_same_in_both_files(at_desk, paused, by, language):
    manager = at_desk("manager", language)
    path = f"/reports/deadlines?{DAYS}&by={by}"
    answer = manager.client.get(f"{path}&format=xlsx")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    found = sheets(answer.data)
    assert len(found) == 3
    divided, months, others = found.values()
    told = lines(manager.get(f"{path}&format=csv").text_body)
    width = len(divided[-2])
    assert [row[:width] for row in told[: len(table(divided))]] == table(divided)
    assert told[len(table(divided)) :] == table(others)
    assert told[0][0] != "total"
    assert len(table(months)) == 1
    assert [row[-1][0] for row in (divided, others)] == [
        f"{'Baris' if language == 'id' else 'Rows'}: {len(table(each))}"
        for each in (divided, others)
    ]


def test_shares_are_numbers_that_a_spreadsheet_can_compute_with(at_desk, paused):
    manager = at_desk("manager", "en")
    (divided, *_) = sheets(
        manager.client.get(f"/reports/deadlines?{DAYS}&format=xlsx").data
    ).values()
    heads = next(row for row in divided if "Received" in row)
    total = next(row for row in divided if row[0] == "total")
    assert total[heads.index("Received")] == 1.0


def test_the_exceptions_are_the_same_in_both_files(at_desk, paused: str):
    manager = at_desk("manager", "en")
    path = f"/reports/exits?{DAYS}"
    (found,) = sheets(manager.client.get(f"{path}&format=xlsx").data).values()
    heads = next(row for row in found if "Complaint" in row)
    (row,) = [row for row in found if paused in row]
    (told,) = csv.DictReader(io.StringIO(manager.get(f"{path}&format=csv").text_body))
    assert row[heads.index("Reason")] == "=1+1 foto modem"
    assert told["reason"] == "'=1+1 foto modem"
    at = row[heads.index("Time (Asia/Jakarta)")]
    assert isinstance(at, datetime)
    assert datetime.fromisoformat(told["at"]) == datetime.fromisoformat(f"{at.isoformat()}+07:00")
    assert date.fromisoformat(told["at"][:10]) == at.date()
    assert found[-1][0] == "Rows: 1"


def test_whoever_reads_no_reports_gets_no_workbook(at_desk):
    assert at_desk("csr").client.get(f"/reports/deadlines?{DAYS}&format=xlsx").status_code == 403
