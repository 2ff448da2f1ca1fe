"""The habits of this code, kept by tests instead of by memory; each is shown to catch a slip."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.meta import habits

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "complaints"
EDGES = ("web/", "channels/", "worker/", "cli.py", "commands/", "clock.py")
INNER = (
    "domain/",
    "models/",
    "queries/",
    "outbox/",
    "people/",
    "rules/",
    "clocks/",
    "steps/",
    "takeover/",
    "recalculation/",
    "engine/",
    "actions/",
    "documents/",
)
LONGEST = 400


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    """The modules of some folders, or of the whole package."""
    return tuple(
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not folders or path.relative_to(PACKAGE).as_posix().startswith(folders)
    )


def outside(*folders: str) -> list[Path]:
    """The modules in none of some folders."""
    return [path for path in modules() if path not in modules(*folders)]


@cache
def tree_of(path: Path) -> ast.Module:
    """What a module says, read once for all habits."""
    return ast.parse(path.read_text(encoding="utf-8"))


def findings(reader: habits.Reader, paths: Iterable[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT).as_posix()}:{line} {offence}"
        for path in paths
        for line, offence in reader(tree_of(path))
    ]


def test_only_the_edges_read_the_clock():
    assert findings(habits.clock_readings, outside(*EDGES)) == []


def test_a_status_changes_in_one_place_only():
    advance = PACKAGE / "steps" / "advance.py"
    others = (path for path in modules() if path != advance)
    assert findings(habits.status_assignments, others) == []


def test_one_place_writes_clocks_and_one_place_appends_history():
    store, history = PACKAGE / "clocks" / "store.py", PACKAGE / "history.py"
    clocks = habits.writes_to("Deadline", "LedgerEntry", "Timer")
    assert findings(clocks, (path for path in modules() if path != store)) == []
    entries = habits.writes_to("HistoryEntry")
    assert findings(entries, (path for path in modules() if path != history)) == []


def test_rows_of_the_database_are_read_by_name():
    # A row of a CSV file has no names; what reads one stands in the channels and on pages.
    assert findings(habits.row_positions, outside("web/", "channels/")) == []


def test_only_the_edges_commit():
    # `do_once` is the one transaction of pages and API: it rolls back, tries again and commits.
    once = PACKAGE / "actions" / "idempotency.py"
    inner = (path for path in modules(*INNER) if path != once)
    assert findings(habits.commits, inner) == []


def test_pages_and_channels_build_no_select():
    assert findings(habits.selects, modules("web/", "channels/")) == []


def test_queries_change_no_row():
    assert findings(habits.row_changes, modules("queries/")) == []


def test_the_rules_import_the_standard_library_only():
    assert findings(habits.foreign_imports, modules("domain/")) == []


def test_every_module_says_what_it_is_for():
    assert findings(habits.missing_opening, modules()) == []


def test_no_module_outgrows_its_room():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    too_long = [f"{path.name}: {lines}" for path, lines in lengths.items() if lines > LONGEST]
    assert too_long == []


def test_no_page_needs_an_exception_to_the_content_policy():
    # Letters are read in mail programs, which know nothing of our stylesheets.
    pages = [
        path
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "letters" not in path.relative_to(ROOT / "templates").parts
    ]
    offences = [
        f"{path.relative_to(ROOT).as_posix()}:{line} {offence}"
        for path in pages
        for line, offence in habits.template_offences(path.read_text(encoding="utf-8"))
    ]
    assert offences == []


SLIPS = [
    (habits.clock_readings, "from datetime import datetime\nx = datetime.now(UTC)"),
    (habits.clock_readings, "import datetime\nx = datetime.datetime.utcnow()"),
    (habits.clock_readings, "at = mapped_column(default=datetime.now)"),
    (habits.clock_readings, "from time import time"),
    (habits.clock_readings, "x = time.time()"),
    (habits.clock_readings, "at = mapped_column(server_default=func.now())"),
    (habits.status_assignments, "complaint.status = Status.CLOSED"),
    (habits.status_assignments, "a, complaint.status = 1, Status.CLOSED"),
    (habits.status_assignments, 'setattr(complaint, "status", 1)'),
    (habits.status_assignments, 'update(Complaint).values(status="closed")'),
    (habits.commits, "session.commit()"),
    (habits.selects, "rows = select(Complaint)"),
    (habits.selects, "from sqlalchemy import select as choose"),
    (habits.selects, "rows = session.query(Complaint)"),
    (habits.row_changes, "from sqlalchemy import update"),
    (habits.row_changes, "db.session.add(row)"),
    (habits.writes_to("Timer"), "timer = Timer(fire_at=at)"),
    (habits.writes_to("Timer"), "session.execute(models.update(Timer).values(fire_at=at))"),
    (habits.writes_to("Timer"), "rows = Rows(Timer, [])"),
    (habits.row_positions, "x = Facts(*row[3:9])"),
    (habits.row_positions, "x = row[-1]"),
    (habits.row_positions, "x = tuple(row)"),
    (habits.foreign_imports, "import sqlalchemy"),
    (habits.foreign_imports, "from complaints.models import Complaint"),
    (habits.missing_opening, "x = 1"),
]


@pytest.mark.parametrize(("reader", "slip"), SLIPS)
def test_a_slip_is_caught(reader, slip):
    assert list(reader(ast.parse(slip)))


INNOCENT = [
    (habits.clock_readings, '"""Never call datetime.now() here."""'),
    (habits.clock_readings, "x = time.monotonic()"),
    (habits.status_assignments, "if complaint.status == Status.CLOSED: pass"),
    (habits.commits, 'x = "session.commit()"'),
    (habits.selects, "field = SelectField()"),
    (habits.row_changes, "seen.add(1)"),
    (habits.writes_to("Timer"), "query = select(Timer).with_for_update(of=Timer)"),
    (habits.row_positions, 'x = row["key"], row.key'),
    (habits.foreign_imports, "from . import lifecycle\nimport zoneinfo"),
    (habits.missing_opening, '"""What is owed by when."""'),
]


@pytest.mark.parametrize(("reader", "line"), INNOCENT)
def test_an_innocent_line_passes(reader, line):
    assert list(reader(ast.parse(line))) == []


@pytest.mark.parametrize(
    "slip",
    [
        '<p style="color: red">',
        "<script>go()</script>",
        "<style>p {}</style>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="//elsewhere.example/x.png">',
    ],
)
def test_a_slip_in_a_template_is_caught(slip):
    assert list(habits.template_offences(slip))


def test_an_innocent_template_passes():
    text = '<script src="/static/app.js" defer></script><a class="one" href="/complaints">'
    assert list(habits.template_offences(text)) == []
