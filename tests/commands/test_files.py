"""Files in backup and restore, in the proof of the history, and in what the doctor sees."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.cli import main
from complaints.commands import verify
from complaints.commands.backup import make_backup
from complaints.commands.doctor_files import examine_files, examine_last_files
from complaints.commands.restore import restore_backup
from complaints.commands.verify import verify_all, verify_files
from complaints.db import make_engine
from complaints.domain.attachments import FileLimits
from complaints.files import check
from complaints.files.check import hash_stored
from complaints.files.in_use import FileSettings, use_files
from complaints.files.keep import keep_file
from complaints.files.store import OBJECTS, Store, open_store
from complaints.files.usage import Usage, write_usage
from complaints.models import Attachment
from complaints.steps.files.attach import attach_file
from complaints.steps.other_contacts.files import attach_to_contact
from complaints.steps.other_contacts.record import ContactCase, open_contact
from tests.conftest import NOW
from tests.databases import Databases
from tests.office import Office, staff
from tests.steps.files.pictures import PHOTO
from tests.steps.other_contacts.test_other_contacts import take

pytestmark = pytest.mark.both_databases

#: Longer than one line of the backup holds.
LARGE = bytes(range(256)) * 1000
OF_CONTACT = b"milik kontak"
BY_DESK: dict[str, Any] = {"source": "desk", "from_customer": False}


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    url = databases.fresh(staff)
    yield url
    databases.drop(url)


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Iterator[Office]:
    """An office with two files, one of them on two complaints; the store is a folder."""
    use_files(FileSettings(f"file://{tmp_path / 'store'}"))
    with Session(engine, expire_on_commit=False) as session:
        office = Office(engine, session)
        first = office.receive()
        second = office.receive(story="Tagihan ganda bulan ini, dua kali.")
        for number, given in ((first, PHOTO), (first, LARGE), (second, PHOTO)):
            kept = keep_file(given, name="a.bin")
            office.take(number, attach_file, kept=kept, shown_to_customer=False)
        case = record_contact(office)
        attach_to_contact(case, keep_file(OF_CONTACT, name="a.txt"), **BY_DESK)
        session.commit()
        yield office


def record_contact(office: Office) -> ContactCase:
    return open_contact(office.session, take(office), by=office.actor("csr"), at=office.at)


def hashes(office: Office) -> list[str]:
    found = list(office.session.scalars(select(Attachment.sha256).order_by(Attachment.id)))
    office.session.commit()
    return found


def path_of(sha256: str) -> Path:
    with open_store() as store:
        return Path(store.path(OBJECTS, sha256))


def test_a_backup_carries_every_file_once_and_restores_it(
    office: Office, tmp_path: Path, databases: Databases
):
    path = tmp_path / "tanggap.backup"
    counts = make_backup(sessionmaker(office.engine), path, tmp_path / "seals", NOW)
    assert (counts.attachments.count, counts.attachments.lost) == (3, [])
    assert counts.attachments.bytes == len(PHOTO) + len(LARGE) + len(OF_CONTACT)
    use_files(FileSettings(f"file://{tmp_path / 'other'}"))
    url = databases.fresh(None)
    target = make_engine(url)
    again = restore_backup(target, path, tmp_path / "there", replace=False)
    assert again.attachments == counts.attachments
    assert verify_files(sessionmaker(target)) == (3, [])
    assert verify_all(sessionmaker(target), None, tmp_path / "there")["bad"] == []
    target.dispose()
    databases.drop(url)


def test_a_file_in_the_backup_that_has_other_bytes_restores_nothing(
    office: Office, tmp_path: Path, databases: Databases
):
    path = tmp_path / "tanggap.backup"
    make_backup(sessionmaker(office.engine), path, tmp_path / "seals", NOW)
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    found = [each for each in lines if each.get("file", "").startswith("attachments/")]
    found[0]["part"] = "AAAA" + found[0]["part"][4:]
    # Signed again by whoever changed it: only the hash of the file itself tells.
    from complaints.commands.backup import _Writer

    with gzip.open(path, "wb") as file:
        out = _Writer(file)
        for line in lines[:-1]:
            out.write(next(key for key in ("head", "table", "rows", "part") if key in line), line)
        out.end()
    use_files(FileSettings(f"file://{tmp_path / 'other'}"))
    url = databases.fresh(None)
    target = make_engine(url)
    with pytest.raises(ValueError, match=r"other bytes\. Nothing was restored"):
        restore_backup(target, path, tmp_path / "there", replace=False)
    assert not (tmp_path / "other").exists()
    target.dispose()
    databases.drop(url)


def test_a_lost_file_hinders_no_backup_of_the_others(office: Office, tmp_path: Path):
    photo, large, _ = hashes(office)
    path_of(photo).unlink()
    path_of(large).write_bytes(b"lain")
    path = tmp_path / "tanggap.backup"
    counts = make_backup(sessionmaker(office.engine), path, tmp_path / "seals", NOW)
    assert (counts.attachments.count, sorted(counts.attachments.lost)) == (
        1,
        sorted([photo, large]),
    )


def test_the_proof_of_files_names_every_row_whose_bytes_are_not_there(office: Office):
    sessions = sessionmaker(office.engine)
    assert verify_files(sessions) == (3, [])
    photo, large, _ = hashes(office)
    path_of(photo).unlink()
    path_of(large).write_bytes(b"lain")
    path_of(hashlib.sha256(OF_CONTACT).hexdigest()).unlink()
    count, bad = verify_files(sessions)
    assert count == 3
    assert {(each["number"], each["record"], each["what"]) for each in bad} == {
        ("KLH-2026-000001", "attachments 1", "the stored file is missing"),
        ("KLH-2026-000001", "attachments 2", "the stored file has other bytes"),
        ("KLH-2026-000002", "attachments 3", "the stored file is missing"),
        ("KTK-2026-000001", "contact_files 1", "the stored file is missing"),
    }


def test_the_commands_say_so(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
):
    office.session.close()
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, and a long one")
    monkeypatch.setenv("ATTACHMENTS_URL", f"file://{tmp_path / 'store'}")
    monkeypatch.setenv("TANGGAP_SEALS", str(tmp_path / "seals"))
    run = CliRunner().invoke
    whole = run(main, ["history", "verify", "--files", "--json"])
    assert whole.exit_code == 0, whole.output
    assert json.loads(whole.output)["files"] == 3
    assert (
        "3 files of complaints and contacts" in run(main, ["backup", str(tmp_path / "one")]).output
    )
    path_of(hashes(office)[1]).unlink()
    office.session.close()
    plain = run(main, ["history", "verify"])
    assert (plain.exit_code, "files:" in plain.output) == (0, False)
    found = run(main, ["history", "verify", "--files"])
    assert found.exit_code == 1
    assert "bad: KLH-2026-000001 attachments 2: the stored file is missing" in found.output
    saved = run(main, ["backup", str(tmp_path / "two")])
    assert (saved.exit_code, "1 files are missing" in saved.output) == (1, True)


def said(settings: FileSettings) -> list[tuple[str, bool, bool]]:
    return [(each.name, each.is_well, each.is_warning) for each in examine_files(settings)]


def test_the_doctor_writes_and_reads_a_trial(tmp_path: Path):
    settings = FileSettings(f"file://{tmp_path / 'store'}")
    assert said(settings) == [("store of files", True, False)]
    assert list((tmp_path / "store").iterdir()) == []
    (tmp_path / "plain").write_text("a file")
    assert said(FileSettings(f"file://{tmp_path / 'plain'}")) == [("store of files", False, False)]


def test_the_doctor_warns_of_a_store_that_is_nearly_full(tmp_path: Path):
    settings = FileSettings(f"file://{tmp_path}", FileLimits(quota_bytes=1000))
    use_files(settings)
    with open_store() as store:
        write_usage(store, Usage(0, [950, *[0] * 255]))
    assert said(settings) == [("store of files", True, True)]


@pytest.mark.parametrize(
    ("command", "is_well"),
    [
        (("true",), True),
        (("false",), False),
        (("there-is-no-such-scanner",), False),
        ((sys.executable, "-c", "raise SystemExit(2)"), False),
    ],
)
def test_the_doctor_tries_the_virus_scan(command: tuple[str, ...], is_well: bool):
    settings = FileSettings("memory://doctor", scan=command)
    assert said(settings)[1:] == [("virus scan", is_well, False)]


def test_the_doctor_reads_the_last_files(office: Office):
    assert examine_last_files(office.session).is_well
    path_of(hashes(office)[1]).write_bytes(b"lain")
    found = examine_last_files(office.session)
    office.session.commit()
    assert not found.is_well
    assert "1 are missing or have other bytes" in found.what


def test_files_are_read_by_page_while_no_transaction_is_open(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(verify, "_AT_ONCE", 1)
    third = office.receive(story="Modem rusak sejak kemarin, lampu merah.")
    kept = keep_file(b"satu lagi", name="b.txt")
    office.take(third, attach_file, kept=kept, shown_to_customer=False)
    office.session.commit()
    for sha256 in hashes(office):
        path_of(sha256).unlink(missing_ok=True)
    open_now, while_reading = set(), []

    def begun(connection: Connection) -> None:
        open_now.add(connection)

    def ended(connection: Connection) -> None:
        open_now.discard(connection)

    def read(store: Store, sha256: str) -> str | None:
        while_reading.append(len(open_now))
        return hash_stored(store, sha256)

    monkeypatch.setattr(check, "hash_stored", read)
    office.session.close()
    event.listen(office.engine, "begin", begun)
    for name in ("commit", "rollback"):
        event.listen(office.engine, name, ended)
    count, bad = verify_files(sessionmaker(office.engine))
    assert while_reading == [0, 0, 0, 0]
    assert count == 4
    assert sorted(each["record"] for each in bad) == [f"attachments {n}" for n in (1, 2, 3, 4)]
