"""A file of mentions by the command's road: balanced, rejected rows kept, nothing twice."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.csv_import import run_import
from complaints.channels.csv_import.mentions import MentionRun
from complaints.channels.csv_import.run_import import ImportCounts, import_file
from complaints.domain.permissions import SYSTEM
from complaints.formats.inputs import UnusableFile
from complaints.formats.mapfile import MapFile
from complaints.formats.rows import MappedRow
from complaints.models import PublicPost
from tests.databases import Databases
from tests.office import Office, staff

MAP = """
timezone = "Asia/Jakarta"
datetime = ["%d/%m/%Y %H:%M"]
[columns]
channel = { const = "x" }
link = "URL"
author = "Akun"
text = "Isi"
posted_at = "Waktu"
branch = { const = "JKT" }
"""
ROWS = """URL,Akun,Isi,Waktu
https://x.com/a/status/1,@a,Internet mati,19/11/2026 08:00
https://x.com/a/status/1?s=20,@a,Internet mati,19/11/2026 08:00
https://x.com/b/status/2,@b,Tagihan salah,19/11/2026 08:30
bukan tautan,@c,Tagihan salah,19/11/2026 08:30
https://x.com/d/status/4,@d,,19/11/2026 08:30
"""


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database with the rules of config/ and everybody hired."""
    url = databases.fresh(staff)
    yield url
    databases.drop(url)


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    with Session(engine, expire_on_commit=False) as session:
        yield Office(engine, session)


def run(
    office: Office, folder: Path, rows: str = ROWS, map_text: str = MAP, **more: Any
) -> ImportCounts:
    file, map_file = folder / "sebutan.csv", folder / "map.toml"
    file.write_text(rows)
    map_file.write_text(map_text)
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    return import_file(sessions, file, map_file, by=SYSTEM, at=office.at, **more)


def posts(office: Office) -> int:
    found = office.session.scalar(select(func.count()).select_from(PublicPost)) or 0
    office.session.rollback()
    return found


def test_every_row_is_in_one_of_the_counts(office: Office, tmp_path: Path):
    rehearsed = run(office, tmp_path, dry_run=True)
    assert posts(office) == 0
    done = run(office, tmp_path)
    for counts in (rehearsed, done):
        places = (counts.read, counts.created, counts.already_there, counts.rejected)
        assert places == (5, 2, 1, 2)
    rejected = (tmp_path / "sebutan.csv.rejected.csv").read_text()
    assert "bukan tautan" in rejected
    assert "link (URL)" in rejected
    again = run(office, tmp_path)
    assert (again.created, again.already_there, posts(office)) == (0, 3, 2)


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize("day", ["01/01/0001", "02/01/0001", "02/01/1900", "31/12/9999"])
def test_a_day_far_away_keeps_out_its_row_alone(office: Office, tmp_path: Path, day: str):
    far = f"https://x.com/e/status/5,@e,Internet mati,{day} 00:00"
    heading, first, *_ = ROWS.splitlines()
    counts = run(office, tmp_path, rows="\n".join([heading, far, first]))
    assert (counts.created, counts.rejected, posts(office)) == (1, 1, 1)
    assert "posted_at (Waktu)" in (tmp_path / "sebutan.csv.rejected.csv").read_text()


@pytest.mark.sqlite_is_enough
def test_a_map_that_names_what_no_mention_has_is_refused(office: Office, tmp_path: Path):
    (tmp_path / "map.toml").write_text(MAP + 'story = "Isi"\n')
    (tmp_path / "sebutan.csv").write_text(ROWS)
    sessions = sessionmaker(office.engine)
    with pytest.raises(UnusableFile, match="a mention has no story"):
        import_file(
            sessions, tmp_path / "sebutan.csv", tmp_path / "map.toml", by=SYSTEM, at=office.at
        )


def test_the_counts_are_told_now_and_then(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each telling is a transaction and a pause of the worker: not one for every row."""
    monkeypatch.setattr(run_import, "_TOLD_EACH", 2)
    told: list[int] = []
    run(office, tmp_path, told=lambda counts: told.append(counts.read))
    assert told == [2, 4]


@pytest.mark.parametrize(
    ("line", "instead", "why"),
    [
        ('channel = { const = "x" }', 'channel = { const = "tv" }', "columns.channel"),
        # Known, and yet not for what is said in public.
        ('channel = { const = "x" }', 'channel = { const = "call" }', "columns.channel"),
        ('branch = { const = "JKT" }', 'branch = { const = "XXX" }', "columns.branch"),
        ('posted_at = "Waktu"', 'posted_at = { const = "19/11/2026 08:00" }', "columns.posted_at"),
        (
            'branch = { const = "JKT" }',
            'branch = "Akun"\n[values.branch]\n"@a" = "JKT"\n"@b" = "XXX"',
            "values.branch",
        ),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_the_map_says_wrong_is_said_once_and_not_of_every_row(
    office: Office, tmp_path: Path, line: str, instead: str, why: str, dry_run: bool
):
    assert line in MAP
    with pytest.raises(UnusableFile, match=f"^{why}: "):
        run(office, tmp_path, map_text=MAP.replace(line, instead), dry_run=dry_run)
    assert posts(office) == 0
    assert not (tmp_path / "sebutan.csv.rejected.csv").exists()


def test_a_time_that_is_none_is_the_reason_of_its_row(office: Office):
    """Rows may come from elsewhere than a map's reader."""
    mentions = MentionRun(MapFile.from_dict(tomllib.loads(MAP)), SYSTEM, office.at)
    fields = {"channel": "x", "link": "https://x.com/a/1", "author": "@a", "text": "Mati"}
    row = MappedRow(2, [], {**fields, "posted_at": "kemarin", "branch": "JKT"})
    (problem,) = mentions.take(office.session, office.rules, row)  # type: ignore[misc]
    assert problem.field == "posted_at"
    assert posts(office) == 0
