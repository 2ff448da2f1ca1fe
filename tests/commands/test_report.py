"""`complaints report`: its options, its file, and what it refuses in one clear line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from complaints import clock
from complaints.cli import main
from complaints.queries.reports.exit_report import DIVISIONS
from complaints.queries.reports.figures import DIMENSIONS
from complaints.steps.casework.pause import pause_clocks
from tests.conftest import NOW
from tests.office import Office
from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")
Report = Callable[..., Result]


@pytest.fixture
def report(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """`report("deadlines", …)`: the command on the office's database; one complaint is paused."""
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    until = office.at + timedelta(days=1)
    office.take(number, pause_clocks, reason="Menunggu foto modem", until=until)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    url = office.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")
    monkeypatch.chdir(tmp_path)

    def report(*given: str) -> Result:
        return CliRunner().invoke(main, ["report", *given])

    return report


def done(result: Result) -> str:
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_every_division_of_the_contract_is_known(report: Report):
    for by in DIMENSIONS:
        found = json.loads(done(report("deadlines", *DAYS, "--by", by)))
        assert found["by"] == by
        assert found["total"]["received"] == 1
    for by in DIVISIONS:
        found = json.loads(done(report("exits", *DAYS, "--by", by, "--format", "json")))
        assert [row["count"] for row in found["rows"]] == [1]
        assert found["rows"][0]["label"]
        assert found["rows"][0]["label_en"]
    assert json.loads(done(report("deadlines", *DAYS)))["by"] is None


def test_it_is_written_to_a_file_where_one_is_named(report: Report, tmp_path: Path):
    for name in ("deadlines", "exits"):
        for form in ("json", "csv", "xlsx"):
            out = tmp_path / f"{name}.{form}"
            given = (name, *DAYS, "--format", form)
            assert done(report(*given, "--out", str(out))) == ""
            printed = report(*given).stdout_bytes
            if form != "xlsx":
                assert out.read_bytes() == printed
                continue
            first, second = (
                CalamineWorkbook.from_filelike(io.BytesIO(each)).get_sheet_by_index(0).to_python()
                for each in (printed, out.read_bytes())
            )
            assert first == second
            assert len(first) > 5
    refused = report("exits", *DAYS, "--out", str(tmp_path / "nowhere" / "exits.json"))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "cannot be written" in refused.stderr


def test_it_reads_the_copy_where_reports_have_one(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert json.loads(done(report("deadlines", *DAYS)))["total"]["received"] == 1
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    assert CliRunner().invoke(main, ["init"], env={"DATABASE_URL": url}).exit_code == 0
    monkeypatch.setenv("REPORTS_DATABASE_URL", url)
    assert json.loads(done(report("deadlines", *DAYS)))["total"]["received"] == 0


def test_the_words_of_a_file_are_in_the_language_asked_for(report: Report, office: Office):
    (awaited,) = {each["code"] for each in json.loads(done(report("exits", *DAYS)))["items"]}
    reason = office.rules.exits.awaited[awaited]
    office.session.commit()
    for lang, words, kind, place in (
        ("id", reason.label_id, "Jeda", "Dijeda"),
        ("en", reason.label_en, "Pause", "Paused"),
    ):
        given = (*DAYS, "--format", "csv", "--lang", lang)
        (line,) = csv.DictReader(io.StringIO(done(report("exits", *given))))
        assert (line["code"], line["code_label"]) == (awaited, words)
        assert (line["kind"], line["kind_label"]) == ("pause", kind)
        lines = {
            line["key"]: line
            for line in csv.DictReader(io.StringIO(done(report("deadlines", *given))))
        }
        assert (lines["balance/paused"]["label"], lines["balance/paused"]["count"]) == (place, "1")
        assert lines["exception/pause"]["label"] == kind


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("deadlines", *DAYS, "--format", "docx"), "'docx' is not one of"),
        (("competence", *DAYS), "Missing option '--handler'"),
        (("competence", *DAYS, "--handler", "nobody@example.org"), "Nobody who handles"),
        (("deadlines", "--from", "yesterday", "--to", "2026-11-30"), "'yesterday' is no day"),
        (("deadlines", "--from", "2026-11-30", "--to", "2026-11-01"), "ends before it begins"),
        (("exits", "--from", "2000-01-01", "--to", "2026-11-30"), "longer than five years"),
        (("exits", *DAYS, "--by", "month"), "'month' is not one of"),
        (("deadlines", "--to", "2026-11-30"), "Missing option '--from'"),
        (("review", "RTM-2026-000001"), "There is no management review RTM-2026-000001"),
        (("review", "RTM-2026-000001", "--format", "csv"), "'csv' is not one of"),
    ],
)
def test_what_cannot_be_is_refused_in_words(report: Report, given: tuple[str, ...], said: str):
    refused = report(*given)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
