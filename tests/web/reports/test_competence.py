"""The proof of competence: whose records prove which criterion, the same wherever it is read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from complaints.cli import main
from complaints.documents.competence import competence_data, competence_pdf
from complaints.domain.errors import Forbidden, NotFound
from complaints.domain.permissions import SYSTEM
from complaints.models import Complaint, Rating, StepRecord
from complaints.people.observations import ObservationGiven, record_observation
from complaints.queries.competence import proven
from complaints.queries.competence.report import CompetenceReport, competence_report
from complaints.steps.close import reopen_complaint
from tests.conftest import NOW
from tests.office import Office

pytestmark = pytest.mark.both_databases

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAYS = f"from={FIRST}&to={LAST}"


def email_of(office: Office, name: str) -> str:
    return office.people[name].email


@pytest.fixture
def worked(office: Office) -> list[str]:
    """Three complaints: one closed, one reopened, one that has only been registered."""
    numbers = [office.receive() for _ in range(3)]
    office.walk(numbers[0])
    office.walk(numbers[1])
    office.take(numbers[1], reopen_complaint, by="supervisor", reason="Putus lagi sejak kemarin")
    office.walk(numbers[2], to="020-1.6")
    record_observation(
        office.session,
        office.id_of("csr"),
        ObservationGiven("std2-menyimak", 3, "Menyimak sampai pelanggan selesai bercerita."),
        by=office.actor("supervisor"),
        at=NOW,
        today=NOW.date(),
    )
    for place, (listening, overall) in enumerate(((5, 4), (4, 4))):
        office.session.add(
            Rating(
                complaint_id=office.complaint(numbers[place]).id,
                cycle=1,
                handler_id=office.id_of("csr"),
                listening=listening,
                overall=overall,
                at=NOW,
            )
        )
    office.session.commit()
    return numbers


def report(office: Office, name: str = "csr", by: str | None = None, **days: date):
    actor = office.actor(by) if by else SYSTEM
    first, last = days.get("first", FIRST), days.get("last", LAST)
    found = competence_report(office.session, actor, email_of(office, name), first, last)
    office.session.commit()
    return found


def figures(found: CompetenceReport) -> dict[str, tuple[int, ...]]:
    return {
        line.criterion.key: (c.proven, c.unable, c.waiting, c.missing)
        for line in found.lines
        if (c := line.counts) and not line.criterion.rests_on
    }


def recomputed(office: Office, name: str) -> dict[str, tuple[int, ...]]:
    """The same, slowly: complaint by complaint from its own evidence panel."""
    person = office.id_of(name)
    found: dict[str, list[int]] = {}
    for complaint in office.session.scalars(select(Complaint)).all():
        number = office.rules.numbers.write(complaint.year, complaint.id)
        makers = {
            row.id: row.by_id
            for row in office.session.scalars(
                select(StepRecord).where(StepRecord.complaint_id == complaint.id)
            )
        }
        for item in office.evidence(number):
            line = found.setdefault(item.criterion, [0, 0, 0, 0])
            if person not in makers.values():
                continue
            if item.state == "missing":
                line[3] += complaint.handler_id == person
            elif makers.get(item.record_id) == person:
                place = {"proven": 0, "unable": 1, "sending": 2, "awaiting": 2}[item.state]
                line[place] += 1
    office.session.commit()
    return {key: tuple(line) for key, line in found.items()}


@pytest.mark.parametrize("name", ["csr", "officer", "supervisor"])
def test_the_figures_are_those_of_the_complaints_own_evidence(office, worked, name):
    found = report(office, name)
    assert figures(found) == recomputed(office, name)
    if name == "csr":
        assert found.complaints == 3
        assert figures(found)["020-1.1"] == (3, 0, 0, 0)
        # Of the reopened one the resolution is to be shown anew.
        assert figures(found)["020-3.3"][0] == 1


def test_many_complaints_are_read_in_parts_and_too_many_are_refused(
    office, worked, monkeypatch: pytest.MonkeyPatch
):
    whole = figures(report(office))
    monkeypatch.setattr(proven, "_AT_ONCE", 2)
    assert figures(report(office)) == whole
    monkeypatch.setattr(proven, "MOST", 2)
    with pytest.raises(Exception, match="too much for one report"):
        report(office)


def test_only_records_of_the_period_count(office, worked):
    later = report(office, first=date(2026, 12, 1), last=date(2026, 12, 31))
    assert later.complaints == 0
    assert set(figures(later).values()) == {(0, 0, 0, 0)}
    assert later.observations == 0
    assert later.ratings["overall"].count == 0


def test_observations_and_ratings_stand_at_what_they_are_about(office, worked):
    lines = {each.criterion.key: each for each in report(office).lines}
    assert (lines["020-1.1"].observed.count, lines["020-1.1"].observed.mean) == (1, 3.0)
    assert (lines["020-1.1"].rated.count, lines["020-1.1"].rated.mean) == (2, 4.5)
    assert lines["020-2.2"].observed is None
    # Confirming what the customer asks for rests on the same records.
    assert lines["029-1.2"].counts is lines["020-1.2"].counts
    assert not lines["027-1.1"].has_records
    assert lines["027-1.1"].counts is None


def test_page_file_workbook_command_and_form_say_the_same(
    office, worked, at_desk: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    manager = at_desk("manager", "en")
    path = f"/reports/competence?{DAYS}&handler={email_of(office, 'csr')}"
    page = manager.get(path)
    rows = {
        row["criterion"]: row
        for row in csv.DictReader(io.StringIO(manager.get(f"{path}&format=csv").text_body))
    }
    assert len(rows) == 150
    monkeypatch.setenv("DATABASE_URL", office.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")
    monkeypatch.chdir(tmp_path)
    given = ("--handler", email_of(office, "csr"), "--from", str(FIRST), "--to", str(LAST))

    def command(*more: str):
        return CliRunner().invoke(main, ["report", "competence", *given, *more])

    told = json.loads(command().stdout)
    items = {each["criterion"]: each for unit in told["units"] for each in unit["criteria"]}
    for key, row in rows.items():
        for name in ("proven", "unable", "waiting", "missing", "observed", "rated"):
            value = items[key][name]
            assert row[name] == ("" if value is None else str(value)), (key, name)
        assert row["numbers"] == ", ".join(items[key]["numbers"])
    for key, row in rows.items():
        if not key.startswith("020"):
            continue
        cells = [
            cell.get_text(" ", strip=True) for cell in page.tree.select(f'[id="c-{key}"] td.r')
        ]
        assert cells == [row[name] for name in ("proven", "unable", "waiting", "missing")]
    book = CalamineWorkbook.from_filelike(io.BytesIO(command("--format", "xlsx").stdout_bytes))
    (sheet,) = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    cells = {row[2]: row for row in sheet if str(row[2]) in rows}
    assert {key: str(row[15]) for key, row in cells.items()} == {
        key: "; ".join(row["evidence"].split("; "))
        for key, row in csv_rows(command("--format", "csv").stdout).items()
    }
    assert command("--format", "pdf").stdout_bytes.startswith(b"%PDF")
    assert manager.client.get(f"{path}&format=pdf").data.startswith(b"%PDF")


def csv_rows(text: str) -> dict[str, dict[str, str]]:
    return {row["criterion"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_form_leaves_k_and_bk_to_people_and_few_are_counted_not_divided(office, worked):
    found = report(office)
    data = competence_data(found, lambda words: words, "en", NOW)
    assert data["columns"][-2:] == ["K", "BK"]
    first = data["units"][0]["elements"][0]["criteria"][0]
    assert set(first) == {"text", "evidence"}
    assert "Proven: 3 of 3" in first["evidence"]
    assert "%" not in first["evidence"]
    assert len(data["units"][0]["elements"]) == 3
    assert len(data["units"]) == 12
    assert competence_pdf(found, lambda words: words, "en", NOW).startswith(b"%PDF")


def test_a_csr_reads_their_own_and_nobody_elses(office, worked, at_desk: Callable):
    own = at_desk("csr", "en").get(f"/reports/competence?{DAYS}")
    assert "Proof of competence of Csr" in own.text_body
    outsider = at_desk("csr2").client
    path = f"/reports/competence?{DAYS}&handler={email_of(office, 'csr')}"
    assert outsider.get(path).status_code == 403
    assert outsider.get(f"{path}&format=pdf").status_code == 403
    assert at_desk("officer").client.get(path).status_code == 403
    with pytest.raises(Forbidden):
        report(office, "csr2", by="supervisor")
    with pytest.raises(NotFound):
        report(office, "admin")


@pytest.mark.parametrize(("by", "may"), [("supervisor", True), ("manager", True), ("csr", True)])
def test_whoever_may_observe_reads_the_scores(office, worked, by, may):
    assert (report(office, by=by).observations == 1) is may


@pytest.mark.parametrize("by", ["auditor", "admin"])
def test_who_may_not_read_observations_is_told_that_they_are_left_out(
    office, worked, at_desk: Callable, by
):
    found = report(office, by=by)
    assert found.observations is None
    assert all(line.observed is None for line in found.lines)
    path = f"/reports/competence?{DAYS}&handler={email_of(office, 'csr')}"
    assert "Observations are left out here" in at_desk(by, "en").get(path).text_body


def test_the_page_asks_for_a_person_first(office, at_desk: Callable):
    page = at_desk("supervisor", "en").get("/reports/competence")
    assert "Choose a staff member" in page.text_body
    assert "Csr2" not in page.text_body


def test_its_queries_do_not_grow_with_the_complaints(office, worked, at_desk, counted):
    visitor = at_desk("manager")
    path = f"/reports/competence?{DAYS}&handler={email_of(office, 'csr')}"
    visitor.get(path)
    with counted() as few:
        visitor.get(path)
    office.walk(office.receive(), to="020-1.6")
    office.session.commit()
    with counted() as more:
        visitor.get(path)
    assert len(few) == len(more) <= 20
