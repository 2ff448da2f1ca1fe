"""Page, CSV, JSON and command say the same, figure by figure, on the demonstration organisation."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints import clock
from complaints.cli import main
from complaints.domain.permissions import SYSTEM
from complaints.models import User
from complaints.people.accounts import add_token
from complaints.queries.reports.exit_report import DIVISIONS
from complaints.queries.reports.figures import DIMENSIONS
from tests.conftest import NOW
from tests.web.page import Page, Visitor

FROM, TO = (NOW - timedelta(days=130)).date().isoformat(), NOW.date().isoformat()
DAYS = f"from={FROM}&to={TO}"

Told = Callable[..., str]


@pytest.fixture
def manager(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """The manager's browser, at the moment when the demonstration ends."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    user = session.scalars(select(User).where(User.email == "manager@tanggap.example")).one()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = f"{user.id}:{user.session_number}"
        kept["_fresh"] = True
        kept["language"] = "id"
    session.rollback()
    return Visitor(client)


@pytest.fixture
def told(manager: Visitor, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Told:
    """`told("deadlines", "--by", …)`: what the command prints."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")

    def told(name: str, *given: str) -> str:
        asked = ["report", name, "--from", FROM, "--to", TO, *given]
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 0, done.stderr
        return done.stdout_bytes.decode()

    return told


def lines_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def said(value: object) -> str:
    return "" if value is None else str(value)


def column(page: Page, part: str) -> list[list[str]]:
    """The numbers of a part of the page, row by row, without the head."""
    rows = page.all(f".part:has(#{part}) tbody tr")
    return [[" ".join(cell.get_text().split()) for cell in row.select("td")] for row in rows]


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def test_a_program_reads_what_the_command_prints(
    app: Flask, session: Session, manager: Visitor, told: Told
):
    token = add_token(session, email="manager@tanggap.example", scope="read", by=SYSTEM, at=NOW)
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    for name in ("deadlines", "exits"):
        answer = app.test_client().get(f"/api/v1/reports/{name}?{DAYS}", headers=headers)
        assert answer.status_code == 200
        assert answer.json == json.loads(told(name))


@pytest.mark.parametrize("by", DIMENSIONS)
def test_the_lines_of_the_deadline_report_agree(manager: Visitor, told: Told, by: str):
    found = json.loads(told("deadlines", "--by", by))
    file = manager.get(f"/reports/deadlines?{DAYS}&by={by}&format=csv").text_body
    assert file.removeprefix("\ufeff") == told("deadlines", "--by", by, "--format", "csv")
    lines = lines_of(file)
    assert [line["key"] for line in lines].index("total") == len(found["rows"])
    for line, row in zip(lines, [*found["rows"], found["total"]], strict=False):
        for name, value in row.items():
            if name not in ("label_en", "key", "label"):
                assert line[name] == said(value), (line["key"], name)
    page = manager.get(f"/reports/deadlines?{DAYS}&by={by}&all=1")
    shown = column(page, "where")
    assert len(shown) == len(found["rows"]) > 0
    for cells, row in zip(shown, found["rows"], strict=True):
        names = ("received", "met", "breached", "late_open", "moved")
        if by == "clock":
            names = ("met", "breached", "late_open")
        assert cells[1 : 1 + len(names)] == [number(row[name]) for name in names], row["key"]


def test_every_other_part_of_the_deadline_report_agrees(manager: Visitor, told: Told):
    found = json.loads(told("deadlines"))
    lines = {line["key"]: line for line in lines_of(told("deadlines", "--format", "csv"))}
    page = manager.get(f"/reports/deadlines?{DAYS}")
    balance = found["balance"]
    for place, count in balance.items():
        assert lines[f"balance/{place}"]["count"] == said(count)
    places = [
        name
        for name in balance
        if name not in ("received", "missed", "kept_dated_back", "taken_over")
    ]
    shown = [cells[0] for cells in column(page, "balance")]
    wanted = [number(balance[name]) for name in places if balance[name] or name != "no_promise"]
    assert shown == wanted
    assert sum(balance[name] for name in places) == balance["received"]
    for exit in found["exceptions"]:
        kind, people = exit["kind"], exit["people"]
        assert lines[f"exception/{kind}"]["count"] == said(exit["count"])
        assert sum(each["count"] for each in people) == exit["count"]
        for each in people:
            assert lines[f"exception/{kind}/{each['email']}"]["count"] == said(each["count"])
    total = page.all(".part:has(#exceptions) tfoot td")
    counts = {each["kind"]: each["count"] for each in found["exceptions"] if each["count"]}
    past = sum(each["past_due"] for each in found["exceptions"])
    assert sum(int(cell.get_text().replace(".", "")) for cell in total) == (
        sum(counts.values()) + past
    )
    for level in found["escalations"]:
        for name, value in level.items():
            if name != "level":
                assert lines[f"escalation/{level['level']}/{name}"]["count"] == said(value)
    assert [cells[:4] for cells in column(page, "escalations")] == [
        [number(each[name]) for name in ("raised", "by_hand", "acknowledged", "unanswered")]
        for each in found["escalations"]
    ]
    stands = ("kept", "missed", "dropped", "open")
    for each in found["commitments"]:
        for name in stands:
            key = f"commitment/{name}/{each['kind']}/{each['key']}"
            assert lines[key]["count"] == said(each[name])
    assert column(page, "commitments") == [
        [number(each[name]) for name in stands] for each in found["commitments"]
    ]
    for each in found["money"]:
        for name, value in each.items():
            if name not in ("name", "email"):
                assert lines[f"money/{name}/{each['email']}"]["count"] == said(value)
    shown = [[cells[at] for at in (0, 2, 4, 6, 8)] for cells in column(page, "money")]
    assert shown == [
        [number(each[name]) for name in ("given", "agreed", "asked", "approved", "rejected")]
        for each in found["money"]
    ]
    for name, value in found["first_contact"].items():
        assert lines[f"first_contact/{name}"]["count"] == said(value)
    # The demonstration shows real life: no part of its report is empty.
    assert all(found[part] for part in ("escalations", "commitments", "money", "clocks"))
    assert sum(counts.values()) > 20


def test_the_exceptions_agree_and_are_those_that_the_report_counts(manager: Visitor, told: Told):
    found = json.loads(told("exits"))
    counted = json.loads(told("deadlines"))["exceptions"]
    assert {each["kind"]: each["count"] for each in found["kinds"]} == {
        each["kind"]: each["count"] for each in counted
    }
    assert found["past_due"] == sum(each["past_due"] for each in counted)
    file = manager.get(f"/reports/exits?{DAYS}&format=csv").text_body.removeprefix("\ufeff")
    assert file == told("exits", "--format", "csv")
    lines = lines_of(file)
    assert len(lines) == len(found["items"]) == found["total"]
    for line, item in zip(lines, found["items"], strict=True):
        for name in ("kind", "number", "at", "by_email", "criterion", "code", "code_label"):
            assert line[name] == said(item[name]), name
    page = manager.get(f"/reports/exits?{DAYS}")
    shown = [row.get_text() for row in page.all(".list tbody tr")]
    for text, item in zip(shown, found["items"], strict=False):
        assert item["number"] in text
        assert (item["code_label"] or "") in text
    for kind in found["kinds"]:
        listed = manager.get(f"/reports/exits?{DAYS}&kind={kind['kind']}")
        assert f"Jumlah: {number(kind['count'])}" in listed.main
    for by in DIVISIONS:
        rows = json.loads(told("exits", "--by", by))["rows"]
        assert sum(row["count"] for row in rows) == found["total"]
