"""Backup and restore: all of it, at one moment, into either kind of database, or nothing."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from click.testing import CliRunner
from sqlalchemy import Engine, MetaData, select, text
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.email.intake import intake_message
from complaints.channels.email.keep import Origin
from complaints.cli import main
from complaints.commands.backup import _Writer, make_backup, read_backup
from complaints.commands.restore import restore_backup
from complaints.commands.verify import verify_all
from complaints.db import Base, make_engine
from complaints.history import open_seals
from complaints.models import Presence
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.people.account_upkeep import unlock_account
from complaints.queries.mail.raw import raw_message
from complaints.steps.casework.converse import write_note
from complaints.worker.day_seals import write_seals
from tests.conftest import NOW
from tests.databases import MAKERS, Databases, onward_from
from tests.mails import mail
from tests.meta.test_migrations_with_rows import settings
from tests.office import Office, staff

pytestmark = pytest.mark.both_databases

#: Bytes that are no text, as they may come by mail.
RAW = mail(b"\xff\x00\xfe", From="")


@onward_from(staff)
def busy(url: str) -> None:
    """An office with a complaint handled to its end, one just begun, and a message to be sorted."""
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session)
        office.walk(office.receive())
        office.receive(story="Kabel “putus” — ‘lagi’ 😀\n\tsejak pagi")
    sessions = sessionmaker(engine, expire_on_commit=False)
    office_of_mail = DeliverySettings("https://keluhan.example", "a key for tests only")
    intake_message(sessions, RAW, origin=Origin(), office=office_of_mail, at=NOW)
    engine.dispose()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    url = databases.fresh(busy)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def target_databases(
    request: pytest.FixtureRequest, database_kind: str, databases: Databases
) -> Iterator[Databases]:
    """The kind to restore into; with one kind asked for, the other is tried as well."""
    if request.param == database_kind:
        yield databases
    else:
        with MAKERS[request.param]() as others:
            yield others


@pytest.fixture
def target_url(target_databases: Databases) -> Iterator[str]:
    url = target_databases.fresh(None)
    yield url
    target_databases.drop(url)


def content(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, in a form that both kinds share."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(
                    select(table).order_by(*table.primary_key.columns)
                )
            ]
            for table in Base.metadata.sorted_tables
        }  # fmt: skip


def backed_up(engine: Engine, folder: Path) -> Path:
    path = folder / "tanggap.backup"
    make_backup(sessionmaker(engine), path, folder / "seals", NOW)
    return path


def test_a_backup_restores_into_either_kind_with_every_chain_whole(
    engine: Engine, target_url: str, tmp_path: Path
):
    sessions = sessionmaker(engine)
    write_seals(sessions, tmp_path / "seals", NOW)
    before = content(engine)
    path = backed_up(engine, tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    target = make_engine(target_url)
    counts = restore_backup(target, path, tmp_path / "there", replace=False)
    assert content(target) == before
    with Session(target) as session:
        assert raw_message(session, 1) == RAW
    assert counts.rows == sum(map(len, before.values())) > 200
    found = verify_all(sessionmaker(target), None, tmp_path / "there")
    assert found["bad"] == []
    assert found["sealed_on"] == "2026-11-19"
    assert found["checked"] > 20
    # What is recorded afterwards is numbered on, and sealed.
    with Session(target, expire_on_commit=False) as session:
        office = Office(target, session, at=NOW + timedelta(days=1))
        assert office.receive() == "KLH-2026-000003"
        office.take("KLH-2026-000002", write_note, text="Pelanggan menelepon")
    assert verify_all(sessionmaker(target), None, tmp_path / "there")["bad"] == []
    target.dispose()


def test_the_backup_is_of_one_moment_while_people_work(engine: Engine, tmp_path: Path, monkeypatch):
    """Somebody records between two tables; nothing of it is in the backup, and nobody waits."""
    from complaints.commands import backup

    plain, done = backup._write_table, []

    def meanwhile(session: Session, out: Any, table: Any) -> int:
        if table.name == "complaints":
            with Session(engine, expire_on_commit=False) as other:
                office = Office(engine, other, at=NOW + timedelta(days=1))
                done.append(office.receive())
        return plain(session, out, table)

    monkeypatch.setattr(backup, "_write_table", meanwhile)
    path = tmp_path / "b"
    counts = make_backup(sessionmaker(engine), path, tmp_path / "seals", NOW)
    assert done
    assert counts.tables["complaints"] == 2
    assert counts.tables["history"] == len(content(engine)["history"]) - 1


def test_a_database_that_holds_something_is_left_alone(engine: Engine, tmp_path: Path):
    path = backed_up(engine, tmp_path)
    with Session(engine, expire_on_commit=False) as session:
        Office(engine, session, at=NOW + timedelta(days=1)).receive()
    before = content(engine)
    with pytest.raises(ValueError, match=r"not empty .* --replace"):
        restore_backup(engine, path, tmp_path / "there", replace=False)
    assert content(engine) == before
    restore_backup(engine, path, tmp_path / "there", replace=True)
    assert len(content(engine)["complaints"]) == 2
    assert verify_all(sessionmaker(engine), None, tmp_path / "there")["bad"] == []


@pytest.mark.parametrize("how", ["cut off", "changed", "no backup", "not there", "newer"])
def test_what_is_no_whole_backup_restores_nothing(
    engine: Engine, tmp_path: Path, how: str, monkeypatch
):
    path = backed_up(engine, tmp_path)
    lines = gzip.decompress(path.read_bytes())
    if how == "cut off":
        path.write_bytes(gzip.compress(b"".join(lines.splitlines(keepends=True)[:-1])))
    elif how == "changed":
        path.write_bytes(gzip.compress(lines.replace(b"Siti", b"Sita")))
    elif how == "no backup":
        path.write_bytes(b"something else")
    elif how == "newer":
        monkeypatch.setattr("complaints.commands.restore.knows_revision", lambda revision: False)
    else:
        path.unlink()
    before = content(engine)
    with pytest.raises(ValueError, match=r"Nothing was restored|nothing was restored|no file"):
        restore_backup(engine, path, tmp_path / "there", replace=True)
    assert content(engine) == before


def test_a_backup_replaces_no_file_and_leaves_none_half_written(engine: Engine, tmp_path: Path):
    path = backed_up(engine, tmp_path)
    was = path.read_bytes()
    with pytest.raises(ValueError, match="already"):
        backed_up(engine, tmp_path)
    assert path.read_bytes() == was
    assert [each.name for each in tmp_path.iterdir()] == ["tanggap.backup"]


def test_the_commands_say_what_they_did(
    engine: Engine, database_url: str, databases: Databases, tmp_path: Path, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, and a long one at that")
    monkeypatch.setenv("TANGGAP_SEALS", str(tmp_path / "seals"))
    path, empty = str(tmp_path / "b"), databases.fresh(None)
    made = CliRunner().invoke(main, ["backup", path])
    assert (made.exit_code, "keys are not in it" in made.output) == (0, True)
    again = CliRunner().invoke(main, ["backup", path])
    assert (again.exit_code, "already" in again.output) == (2, True)
    full = CliRunner().invoke(main, ["restore", path])
    assert (full.exit_code, "not empty" in full.output) == (2, True)
    put = CliRunner().invoke(main, ["restore", path, "--into", empty])
    assert put.exit_code == 0, put.output
    assert "2 complaints" in put.output
    assert "complaints init" not in put.output
    monkeypatch.setenv("DATABASE_URL", empty)
    assert CliRunner().invoke(main, ["history", "verify"]).exit_code == 0
    databases.drop(empty)


def test_who_has_which_complaint_open_is_in_no_backup(engine: Engine, tmp_path: Path):
    with Session(engine) as session:
        here = {"since": NOW, "seen_at": NOW, "doing": "writing"}
        session.add(Presence(complaint_id=1, user_id=1, **here))
        session.commit()
    path = backed_up(engine, tmp_path)
    rows = [line for what, line in read_backup(path) if what == "rows"]
    assert "presences" not in {each["of"] for each in rows}
    assert "complaints" in {each["of"] for each in rows}


def test_every_table_of_the_database_is_in_the_backup(engine: Engine):
    """But for the bookkeeping of migrations and the indexes of the search, which are made anew."""
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
    made_anew = {"alembic_version"} | {n for n in found.tables if "_search" in n}
    assert set(found.tables) - made_anew == set(Base.metadata.tables)


#: Columns that have been renamed since, and what they were called.
EARLIER = {"policy_codes": "packs"}
#: A column that is gone since and had to be filled: its table, name, and what stood in it.
GONE = ("categories", "group_code", "GANGGUAN")


def as_written_by(revision: str, engine: Engine, path: Path) -> Path:
    """The backup that the version of an earlier migration would have written of this database."""
    with engine.begin() as connection:
        command.downgrade(settings(connection), revision)
    known = MetaData()
    known.reflect(engine)
    older = path.with_suffix(".older")
    with gzip.open(older, "wb") as file:
        out, keep, gone = _Writer(file), list[int](), list[str]()
        for what, line in read_backup(path):
            if what == "head":
                line["revision"] = revision
            elif what == "table":
                table = known.tables.get(line["table"])
                names = [EARLIER.get(name, name) for name, _ in line["columns"]]
                columns = [] if table is None else [each.name for each in table.columns]
                keep = [names.index(each) for each in columns if each in names]
                line["columns"] = [[names[each], line["columns"][each][1]] for each in keep]
                gone = [GONE[2]] if line["table"] == GONE[0] else []
                line["columns"] += [[GONE[1], ""] for _ in gone]
            elif what == "rows":
                line["rows"] = [[row[each] for each in keep] + gone for row in line["rows"]]
                if table is not None and table.name == "history_seals":
                    # What belongs to no complaint was not sealed then.
                    place = table.columns.keys().index("complaint_id")
                    line["rows"] = [row for row in line["rows"] if row[place] >= 0]
            if what == "end":
                out.end()
            elif keep or what not in {"table", "rows"}:
                out.write(what, line)
    return older


def test_a_backup_of_an_older_version_is_brought_to_this_one_and_verifies(
    engine: Engine, target_url: str, tmp_path: Path, monkeypatch
):
    """Of before accounts had a history: what was signed then is proven, and tampering named."""
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, and a long one at that")
    monkeypatch.setenv("TANGGAP_SEALS", str(tmp_path / "there"))
    path = as_written_by("0040", engine, backed_up(engine, tmp_path))
    put = CliRunner().invoke(main, ["restore", str(path), "--into", target_url])
    assert put.exit_code == 0, put.output
    assert "of an older version: run `complaints init` next" in put.output
    target = make_engine(target_url)
    sessions = sessionmaker(target)
    (unsealed,) = verify_all(sessions, None, tmp_path / "there")["bad"]
    assert "customers, accounts and rules are not sealed; run `complaints init`" in unsealed["what"]
    with sessions.begin() as session:
        open_seals(session)
    found = verify_all(sessions, None, tmp_path / "there")
    assert found["bad"] == []
    assert found["checked"] > 20
    assert found["old"] == 0
    with Session(target, expire_on_commit=False) as session:
        office = Office(target, session, at=NOW + timedelta(days=1))
        office.take("KLH-2026-000002", write_note, text="Pelanggan menelepon")
        unlock_account(session, office.id_of("csr"), by=office.actor("admin"), at=office.at)
        session.commit()
    assert verify_all(sessions, None, tmp_path / "there")["bad"] == []
    with target.begin() as connection:
        connection.execute(text("UPDATE complaints SET story = 'Lain' WHERE id = 1"))
        connection.execute(text("UPDATE account_history SET by_name = 'Lain'"))
    bad = verify_all(sessions, None, tmp_path / "there")["bad"]
    assert {each["table"] for each in bad} == {"complaints", "account_history"}
    target.dispose()
