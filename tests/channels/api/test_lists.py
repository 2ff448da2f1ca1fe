"""Lists and reports: only what the caller may see, in pages, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from complaints.extensions import db
from complaints.models import Category
from tests.channels.api.conftest import COMPLAINT, Clock, Programs

pytestmark = pytest.mark.both_databases


def numbers(response: Any) -> list[str]:
    assert response.status_code == 200, response.json
    return [item["number"] for item in response.json["items"]]


@pytest.fixture
def seven(programs: Programs, time: Clock) -> list[str]:
    """Complaints of Jakarta, an hour apart, the first ones the most urgent."""
    found = []
    for index in range(7):
        time.at += timedelta(hours=1 if found else 0)
        body = {**COMPLAINT, "category": "GGN_MASSAL" if index < 2 else "GGN_LAMBAT"}
        found.append(programs.csr.post("/complaints", body).json["number"])
    return found


def test_the_list_shows_the_scope_and_nothing_else(programs: Programs, seven):
    other = programs("csr2").post("/complaints", COMPLAINT).json["number"]
    assert set(numbers(programs.csr.get("/complaints"))) == set(seven)
    assert numbers(programs("csr2").get("/complaints")) == [other]
    assert len(numbers(programs("auditor").get("/complaints"))) == 8
    assert programs.nobody.get("/complaints").status_code == 401


def test_pages_follow_each_other_without_gap_or_repeat(programs: Programs, seven):
    seen: list[str] = []
    cursor = ""
    for _ in range(5):
        response = programs.csr.get(f"/complaints?limit=3&cursor={cursor}")
        seen += numbers(response)
        cursor = response.json["next"] or ""
        if not cursor:
            break
    assert sorted(seen) == sorted(seven)
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=received", 7),
        ("status=open", 7),
        ("status=closed", 0),
        ("priority=P1", 2),
        ("category=GGN_LAMBAT", 5),
        ("category=GANGGUAN", 7),
        ("branch=JKT", 7),
        ("branch=MKS", 0),
        ("team=TEKNIK", 0),
        ("handler=csr@tanggap.example", 7),
        ("handler=me", 7),
        ("q=internet", 7),
        ("q=KLH-2026-000003", 1),
        ("q=tidakada", 0),
        ("overdue=false", 7),
        ("overdue=true", 6),
        ("limit=2", 2),
        ("status=&q=", 7),
    ],
)
def test_filters(programs: Programs, seven, query: str, count: int):
    assert len(numbers(programs.csr.get(f"/complaints?{query}"))) == count


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("statuz=open", "statuz"),
        ("status=lost", "status"),
        ("overdue=perhaps", "overdue"),
        ("sort=colour", "sort"),
        ("cursor=abc", "cursor"),
        ("q=" + "x" * 121, "q"),
        ("priority=P9", "priority"),
        ("priority=p1", "priority"),
        ("category=TIDAK_ADA", "category"),
        ("channel=merpati", "channel"),
        ("branch=XYZ", "branch"),
        ("team=NOWHERE", "team"),
        ("handler=nobody@else.example", "handler"),
        ("handler=csr", "handler"),
        ("status=open&status=closed", "status"),
        ("statuz=open&statuz=open", "statuz"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(programs, query: str, field: str):
    response = programs.csr.get(f"/complaints?{query}")
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.json["errors"][0]["field"] == field


def test_codes_that_nobody_knows_are_named_together_with_the_way_to_the_codes(programs: Programs):
    response = programs.csr.get("/complaints?category=X&branch=X&channel=X&team=X&handler=x@y.zz")
    errors = {error["field"]: error["detail"] for error in response.json["errors"]}
    assert set(errors) == {"category", "branch", "channel", "team", "handler"}
    assert "`me` or `none`" in errors.pop("handler")
    assert all("GET /api/v1/codes" in detail for detail in errors.values())


def test_a_choice_of_few_is_named_in_the_refusal(programs: Programs):
    detail = programs.csr.get("/complaints?priority=P9").json["detail"]
    assert detail == "Choose one of these: P1, P2, P3, P4."


@pytest.mark.parametrize(("name", "count"), [("category", 0), ("team", 7), ("handler", 0)])
def test_none_asks_for_what_is_not_entered_yet(programs: Programs, seven, name: str, count: int):
    assert len(numbers(programs.csr.get(f"/complaints?{name}=none"))) == count


def test_a_retired_category_and_a_former_colleague_are_still_known(
    programs: Programs, office, seven
):
    office.session.add(
        Category(
            code="LAMA",
            label_id="Lama",
            label_en="Old",
            severity=1,
            is_active=False,
        )
    )
    office.session.merge(office.people["officer"]).is_active = False
    office.session.commit()
    assert numbers(programs.csr.get("/complaints?category=LAMA")) == []
    assert numbers(programs.csr.get("/complaints?handler=Officer@Tanggap.example")) == []


def test_a_line_of_the_list(programs: Programs, number: str):
    line = programs.csr.get("/complaints").json["items"][0]
    assert line["number"] == number
    assert (line["status"], line["stage"], line["priority"]) == ("received", "intake", "P2")
    assert (line["customer"], line["branch"], line["handler"]) == ("Siti Aminah", "JKT", "Csr")
    assert line["summary"].startswith("Internet di rumah")
    assert line["next_due_kind"] == "ack"
    assert line["standing"]["state"] == "safe"


def test_the_report_is_that_of_the_page(programs: Programs, seven):
    response = programs.supervisor.get(
        "/reports/deadlines?from=2026-11-01&to=2026-11-30&by=category"
    )
    assert response.status_code == 200
    assert response.json["total"]["received"] == 7
    assert {row["key"] for row in response.json["rows"]} <= {"GGN_MASSAL", "GGN_LAMBAT"}


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "from"),
        ("from=2026-11-01", "to"),
        ("from=x&to=2026-11-30", "from"),
        ("from=2026-11-30&to=2026-11-01", "to"),
        ("from=2026-11-01&to=2026-11-30&by=colour", "by"),
        ("from=2026-11-01&to=2026-11-30&format=docx", "format"),
        ("from=2026-11-01&to=2026-11-30&lang=fr", "lang"),
    ],
)
def test_a_period_that_cannot_be_read_is_refused(programs, query: str, field: str):
    response = programs.supervisor.get(f"/reports/deadlines?{query}")
    assert response.status_code == 422
    assert field in {error["field"] for error in response.json["errors"]}


@contextmanager
def counted(programs: Programs) -> Iterator[Callable[[], int]]:
    """Count the statements of the app's own engine, its BEGIN left out."""
    statements: list[str] = []

    def note(_1: Any, _2: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    with programs.app.app_context():
        engine: Engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield lambda: len(statements)
    event.remove(engine, "before_cursor_execute", note)


READS = [
    ("/complaints", 5),
    ("/complaints?q=internet", 7),
    ("/complaints/{number}", 9),
    ("/complaints/{number}/history", 5),
    ("/complaints/{number}/deadlines", 5),
    ("/complaints/{number}/evidence", 8),
    ("/complaints/{number}/offers", 15),
]


@pytest.mark.parametrize(("path", "most"), READS)
def test_reading_takes_a_bounded_number_of_queries(programs, seven, path: str, most: int):
    path = path.format(number=seven[0])
    programs.csr.get(path)
    with counted(programs) as count:
        assert programs.csr.get(path).status_code == 200
        assert count() <= most


def test_recording_takes_a_bounded_number_of_statements(programs: Programs, seven):
    with counted(programs) as count:
        assert programs.csr.post("/complaints", COMPLAINT).status_code == 201
        # One of them marks the complaint for the sums of the reports.
        assert count() <= 12
    with counted(programs) as count:
        assert programs.csr.record(seven[0], "attestation", listened=True).status_code == 200
        # Two of them seal the records with the history: a line, and the end of the chain. One
        # marks the complaint for the sums of the reports.
        assert count() <= 14


def test_the_reports_balance_and_name_every_exception(programs: Programs, seven):
    until = "2026-12-01T09:00:00+07:00"
    programs.csr.record(seven[6], "extension", reason="Suku cadang", until=until)
    programs.supervisor.record(seven[6], "extension/approval", answer="approved")
    manager, days = programs("manager"), "from=2026-11-01&to=2026-11-30"
    report = manager.get(f"/reports/deadlines?{days}").json
    parts = ("kept", "missed", "running", "paused", "withdrawn", "referred", "duplicate")
    assert sum(report["balance"][part] for part in parts) == report["balance"]["received"] == 7
    exits = manager.get(f"/reports/exits?{days}&by=handler").json
    kinds = {each["kind"]: each["count"] for each in exits["kinds"]}
    assert kinds == {each["kind"]: each["count"] for each in report["exceptions"]}
    assert kinds["extension"] == exits["total"] == len(exits["items"]) == 1
    assert [row["numbers"] for row in exits["rows"]] == [[seven[6]]]
    assert programs.csr.get(f"/reports/exits?{days}").status_code == 403
    assert manager.get(f"/reports/exits?{days}&by=nonsense").status_code == 422
