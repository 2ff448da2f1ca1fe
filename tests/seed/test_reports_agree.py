"""Page, CSV, JSON and command say the same, figure by figure, on the demonstration organisation."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from complaints import clock
from complaints.cli import main
from complaints.domain.config.currency import Currency
from complaints.domain.permissions import SYSTEM
from complaints.formatting import say_money, say_percent
from complaints.models import User
from complaints.outbox.mail.letters import translations
from complaints.outbox.on_the_way import Leased
from complaints.people.accounts import add_token
from complaints.queries.reports.exit_report import DIVISIONS
from complaints.queries.reports.figures import DIMENSIONS
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS
from complaints.queries.reports.words import EXITS, PLACES
from complaints.rulebook import current_rules
from complaints.worker.report_mails import fill_report
from tests.conftest import NOW
from tests.documents.pdf_text import close, pages_of
from tests.documents.workbook_cells import plain, sheets, table
from tests.web.page import Page, Visitor

FROM, TO = (NOW - timedelta(days=130)).date().isoformat(), NOW.date().isoformat()
DAYS = f"from={FROM}&to={TO}"

Told = Callable[..., str]
Ways = Callable[[str, str, str], dict[str, bytes]]
Json = dict[str, Any]


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


def share(row: dict[str, object], kept: str, missed: str) -> str:
    """A share as paper and page say it, worked out from the two counts."""
    some, others = row[kept], row[missed]
    assert isinstance(some, int)
    assert isinstance(others, int)
    whole = some + others
    if 0 < whole < 10:
        return f"{some} dari {whole}"
    return say_percent(some / whole if whole else None, "id")


def read_file(text: str) -> list[list[str]]:
    """The rows of a CSV file with numbers as a workbook's reader gives them."""

    def cell(each: str) -> str:
        try:
            return plain(float(each))
        except ValueError:
            return each

    return [[cell(each) for each in row] for row in csv.reader(io.StringIO(text))][1:]


def in_sheet(name: str, cell: str) -> str:
    """A cell of the CSV file as the workbook has it: working time in hours."""
    if not cell:
        return ""
    try:
        value = float(cell)
    except ValueError:
        return cell
    return plain(round(value / 3600, 2) if name.endswith("_seconds") else value)


@pytest.fixture
def ways(app: Flask, session: Session, manager: Visitor, tmp_path: Path, told: Told) -> Ways:
    """`ways(report, form, by)`: the file by page, by API, by command and enclosed in a mail."""
    token = add_token(session, email="manager@tanggap.example", scope="read", by=SYSTEM, at=NOW)
    session.commit()
    program = app.test_client()

    def ways(name: str, form: str, by: str) -> dict[str, bytes]:
        asked = f"/reports/{name}?{DAYS}&by={by}&format={form}"
        out = tmp_path / f"{name}.{form}"
        told(name, "--by", by, "--format", form, "--out", str(out))
        found = {
            "page": manager.client.get(asked),
            "api": program.get(
                f"/api/v1{asked}&lang=id", headers={"Authorization": f"Bearer {token}"}
            ),
        }
        assert {each.status_code for each in found.values()} == {200}
        files = {way: each.data.removeprefix(b"\xef\xbb\xbf") for way, each in found.items()}
        files["command"] = out.read_bytes()
        if name == "deadlines" and form in ("xlsx", "pdf"):
            files["mail"] = enclosed(session, by)[form]
        return files

    return ways


def enclosed(session: Session, by: str) -> dict[str, bytes]:
    """What the manager's mail about these days encloses, by the ending of its name."""
    reader = session.scalars(select(User).where(User.email == "manager@tanggap.example")).one()
    facts = {"reader": reader.id, "from_on": FROM, "to_on": TO, "division": by}
    address, language = reader.email, "id"
    session.rollback()
    letter = Leased(
        *(1, "report:1", "report", address, language, facts, 0, NOW, None, None, NOW, False)
    )
    sessions = sessionmaker(session.get_bind())
    filled = fill_report(sessions, None, letter, at=NOW)
    assert filled is not None
    return {each.name.rpartition(".")[2]: each.content for each in filled.enclosed}


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("by", ["category", "handler"])
def test_the_deadline_report_is_one_in_every_file_by_every_way(
    session: Session, ways: Ways, told: Told, by: str
):
    """Page, API, command and mail; JSON, CSV, workbook read back, and the text of the PDF."""
    found = json.loads(told("deadlines", "--by", by))
    csvs = ways("deadlines", "csv", by)
    assert len(set(csvs.values())) == 1
    rows = read_file(csvs["page"].decode())
    for way, book in ways("deadlines", "xlsx", by).items():
        divided, _months, others = sheets(book).values()
        lines = table(divided)
        assert [row[: len(lines[0])] for row in rows[: len(lines)]] == lines, way
        assert rows[len(lines) :] == table(others), way
    currency = current_rules(session).organisation.currency
    session.rollback()
    for way, pdf in ways("deadlines", "pdf", by).items():
        pages = pages_of(pdf)
        for at, page in enumerate(pages, 1):
            assert f"Halaman{at}dari{len(pages)}" in page, way
        # A table goes on where the page before it ended: heads and feet stand between.
        missing = [each for each in printed(found, currency) if not any(each in p for p in pages)]
        assert missing == [], way


def printed(found: Json, currency: Currency) -> Iterator[str]:
    """Each line of the report as its cells follow upon one another on paper."""
    for row in found["rows"]:
        yield close(
            row["label"],
            share(row, "met", "breached"),
            *(number(row[name]) for name in ("received", "met", "breached", "late_open", "moved")),
            share(row, "first_kept", "first_missed"),
        )
    total = found["total"]
    for words, name in (
        ("Diterima", "received"),
        ("Ditepati", "met"),
        ("Lewat tenggat", "breached"),
    ):
        yield close(words, number(total[name]))
    yield close(
        "tanggal yang pertama disampaikan",
        number(total["first_kept"]),
        number(total["first_missed"]),
        share(total, "first_kept", "first_missed"),
    )
    say = translations("id").gettext
    for place, count in found["balance"].items():
        if place in PLACES and (count or place != "no_promise") and place != "taken_over":
            yield close(say(PLACES[place]), number(count))
    yield close("Jumlah: keluhan yang diterima", number(found["balance"]["received"]))
    for each in found["exceptions"]:
        if each["count"]:
            people = sorted(
                f"{'Pelanggan' if one['key'] == 'customer' else one['name']} {number(one['count'])}"
                for one in each["people"]
            )
            yield close(say(EXITS[each["kind"]]), number(each["count"]))
            yield from (close(one) for one in people)
    for each in found["commitments"]:
        counts = (each[name] for name in ("kept", "missed", "dropped", "open"))
        yield close(each["label_id"], *map(number, counts))
    for each in found["escalations"]:
        counts = (each[name] for name in ("raised", "by_hand", "acknowledged", "unanswered"))
        yield close(f"Jenjang {each['level']}", *map(number, counts))
    for each in found["ageing"]["ages"]:
        to_days = each["to_days"]
        name = (
            f"{each['from_days']} ke atas" if to_days is None else f"{each['from_days']}–{to_days}"
        )
        yield close(name, number(each["open"]))
    for each in found["money"]:
        cells = [each["name"]]
        for name in ("given", "agreed", "asked", "approved"):
            amount = say_money(each[f"{name}_amount"], currency, "id")
            cells.append(
                f"{number(each[name])}{amount}" if each[name] or each[f"{name}_amount"] else "0"
            )
        yield close(*cells, number(each["rejected"]))


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize(
    ("part", "by"),
    [
        *((part, None) for part in OUTCOME_PARTS),
        *(("results", "tier"), ("steps", "branch"), ("causes", "need")),
        *(("arrivals", "month"), ("satisfaction", "category")),
    ],
)
def test_a_part_of_the_outcomes_is_one_in_every_file_by_every_way(
    app: Flask,
    session: Session,
    manager: Visitor,
    told: Told,
    tmp_path: Path,
    part: str,
    by: str | None,
):
    """JSON, page, CSV, workbook read back and the text of the PDF; by page, API and command."""
    division = ("--by", by) if by else ()
    found = json.loads(told("outcomes", "--part", part, *division))
    assert found["by"] == by
    token = add_token(session, email="manager@tanggap.example", scope="read", by=SYSTEM, at=NOW)
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    program, asked = app.test_client(), f"/reports/outcomes?{DAYS}&part={part}"
    asked += f"&by={by}" if by else ""
    assert program.get(f"/api/v1{asked}", headers=headers).json == found

    def files(form: str) -> list[bytes]:
        out = tmp_path / f"part.{form}"
        told("outcomes", "--part", part, *division, "--format", form, "--out", str(out))
        page = manager.client.get(f"{asked}&format={form}").data
        api = program.get(f"/api/v1{asked}&format={form}&lang=id", headers=headers).data
        return [each.removeprefix(b"\xef\xbb\xbf") for each in (page, api, out.read_bytes())]

    csvs = files("csv")
    assert len(set(csvs)) == 1
    lines = {line["key"]: line for line in lines_of(csvs[0].decode())}
    page, cells = manager.get(asked), []
    for section in found["sections"]:
        rows = list(each_row(section))
        shown = page.all(f"#{section['key']} tbody tr, #{section['key']} tfoot tr")
        assert len(shown) == len(rows) > 0
        for (key, row), seen in zip(rows, shown, strict=True):
            line = lines[key]
            assert [line[name] for name in row["values"]] == [
                said(value) for value in row["values"].values()
            ], row["key"]
            told_here = [" ".join(each.get_text().split()) for each in seen.select("th, td")]
            name = line.get("division")
            assert told_here[0] == (f"{line['label']}: {name}" if name else line["label"])
            told_here[0] = f"– {name}" if name else told_here[0]
            for name, value in row["values"].items():
                if isinstance(value, int) and name in ("count", "whole"):
                    assert number(value) in told_here, (row["key"], name)
            cells.append(close(*told_here))
    names = 3 if by else 2

    def numbers(line: dict[str, str]) -> list[tuple[str, str]]:
        return list(line.items())[names:]

    for book in files("xlsx"):
        (read,) = sheets(book).values()
        said_there = [
            [*list(line.values())[1:names], *(in_sheet(*each) for each in numbers(line)), key]
            for key, line in lines.items()
            if "/" in key
        ]
        assert [row[1:] for row in table(read)] == said_there
    for pdf in files("pdf"):
        pages = pages_of(pdf)
        assert [each for each in cells if not any(each in text for text in pages)] == []


def test_the_record_of_a_review_is_one_by_every_way(
    app: Flask,
    session: Session,
    manager: Visitor,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Call and command say the same; on paper stands the same by page, call and command."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")
    token = add_token(session, email="manager@tanggap.example", scope="read", by=SYSTEM, at=NOW)
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    program, out = app.test_client(), tmp_path / "review.pdf"
    (line,) = program.get("/api/v1/management-reviews", headers=headers).json["items"]
    named = line["number"]
    found = program.get(f"/api/v1/management-reviews/{named}", headers=headers).json
    done = CliRunner().invoke(main, ["report", "review", named])
    assert json.loads(done.stdout) == found
    given = ("--format", "pdf", "--out", str(out))
    done = CliRunner().invoke(main, ["report", "review", named.lower(), *given])
    assert done.exit_code == 0, done.stderr
    address = f"/management-reviews/{named}?format=pdf"
    papers = [
        manager.client.get(address).data,
        program.get(f"/api/v1{address}&lang=id", headers=headers).data,
        out.read_bytes(),
    ]
    # Whom it was made for stands beside each; all else is one.
    read = [[page.replace(",untukRatna", "") for page in pages_of(each)] for each in papers]
    assert read[0] == read[1] == read[2]
    text = "".join(read[2])
    assert close(f"Tinjauan manajemen {named}") in text
    page = manager.get(f"/management-reviews/{named}")
    shown = close(page.text)
    sections = {each["key"]: each for each in found["figures"]["sections"]}
    lines = [*sections["endings"]["lines"], *sections["causes"]["lines"]]
    assert len(lines) > 10
    for each in lines:
        said_so = close(each["label"], number(each["values"]["count"]))
        assert said_so in text
        assert said_so in shown


def each_row(section: Json) -> Iterator[tuple[str, Json]]:
    """Each line of a section and those it is divided into, by the code of its row in the file."""
    for line in (*section["lines"], *filter(None, [section["total"]])):
        key = f"{section['key']}/{line['key']}"
        yield key, line
        for piece in line.get("divided", ()):
            yield f"{key}/{piece['key']}", piece


def test_the_exceptions_are_one_in_every_file_by_every_way(ways: Ways, told: Told):
    found = json.loads(told("exits"))
    assert len(set(ways("exits", "csv", "criterion").values())) == 1
    rows = lines_of(told("exits", "--format", "csv"))
    assert len(rows) == found["total"] == len(found["items"]) > 0
    for way, book in ways("exits", "xlsx", "criterion").items():
        (cells,) = sheets(book).values()
        assert [row[2] for row in table(cells)] == [row["number"] for row in rows], way
        assert cells[-1][0] == f"Baris: {found['total']}"
    say = translations("id").gettext
    for way, pdf in ways("exits", "pdf", "criterion").items():
        text = "".join(pages_of(pdf))
        assert f"Jumlah:{found['total']}" in text, way
        for kind in found["kinds"]:
            if kind["count"]:
                assert close(say(EXITS[kind["kind"]]), number(kind["count"])) in text, (way, kind)
        for each in found["items"]:
            assert text.count(each["number"]) == sum(
                other["number"] == each["number"] for other in found["items"]
            ), (way, each["number"])


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


@pytest.mark.first_row_on_postgresql
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
