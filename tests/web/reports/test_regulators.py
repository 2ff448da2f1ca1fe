"""The forms of authorities as page, files and command: one count."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from complaints.cli import main
from tests.documents.workbook_cells import sheets, table
from tests.office import Office

PATH = "/reports/regulators?form=ojk&quarter=2026-Q4"


@pytest.fixture
def received(office: Office) -> None:
    office.switch_on("id-ojk-pojk22-2023")
    office.receive()
    office.session.commit()


def test_page_files_and_command_count_the_same(
    at_desk, office, received, database_url, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")
    manager = at_desk("manager", "en")
    page = manager.get(PATH)
    assert "Open at the start 0 + Received 1 + Opened again 0 = " in page.one(".lead").get_text()
    assert "Transactional or not" in page.main
    shown = [
        [cell.get_text(strip=True) for cell in row.select("th, td")] for row in page.all("tbody tr")
    ]
    (read,) = sheets(manager.client.get(f"{PATH}&format=xlsx").data).values()
    assert table(read) == shown
    text = manager.get(f"{PATH}&format=csv").text_body.removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(text)))[1:] == shown
    asked = ["report", "regulator", "--form", "ojk", "--quarter", "2026-Q4"]
    done = CliRunner().invoke(main, [*asked, "--format", "csv", "--lang", "en"])
    assert done.exit_code == 0, done.stderr
    assert done.stdout_bytes.decode() == text
    found = json.loads(CliRunner().invoke(main, asked).stdout)
    assert found["total"]["received"] == found["total"]["open_at_end"] == 1
    assert [line["product"] for line in found["rows"]] == [found["rows"][0]["product"]]


def test_a_form_or_quarter_that_is_none_is_refused_in_words(at_desk):
    manager = at_desk("manager", "en")
    for wrong in ("form=nobody", "quarter=2026-Q7"):
        assert manager.client.get(f"/reports/regulators?{wrong}").status_code == 422
    refused = CliRunner().invoke(
        main, ["report", "regulator", "--form", "ojk", "--quarter", "autumn"]
    )
    assert refused.exit_code == 2
    assert "2026-Q4" in refused.stderr


def test_a_rule_that_is_not_switched_on_is_said(at_desk):
    page = at_desk("manager", "en").get("/reports/regulators?form=acma")
    assert "not switched on here" in page.main
    assert "No complaint under this rule in this quarter" in page.main


def test_quarters_are_said_in_words_and_the_balance_once(at_desk, office, received):
    page = at_desk("manager").get(PATH)
    chosen = page.one("select[name='quarter'] option[selected]")
    assert (chosen["value"], chosen.get_text()) == ("2026-Q4", "Triwulan 4, 2026")
    (balance,) = [line for line in page.main.splitlines() if "Belum selesai di awal 0 +" in line]
    assert page.main.count(balance.split("=")[0]) == 1
