"""Files taken over on pages: handed in, mapped by proposals, checked, imported by the worker."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.domain.errors import Invalid
from complaints.formats.inputs import UnusableFile
from complaints.formats.sheet_to_csv import csv_of_workbook
from complaints.models import Complaint, HistorySeal, ImportRun
from complaints.takeover.import_runs import (
    CHECKING,
    claim,
    empty_old,
    fail_run,
    keep_file,
    order,
    set_map,
    tell_progress,
)
from complaints.worker.imports import take_over_files
from complaints.worker.sweeps import WorkerContext
from tests.office import Office

AT = "/admin/import/"
FILE = """Nomor Tiket;Tanggal Masuk;Isi Keluhan;Jenis;Nama Pelanggan;No HP
T-1;12-11-2026 09:10;Internet mati sejak pagi;Internet mati total;Budi Santoso;081234567890
T-2;12-11-2026 10:00;Tagihan dua kali;Tagihan ganda;Siti Aminah;081234567891
T-3;kapan-kapan;Tidak jelas;Tagihan ganda;Rina;081234567892
"""


def worker(office: Office, is_stopping=lambda: False) -> WorkerContext:
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=None,  # type: ignore[arg-type]
        transport=None,  # type: ignore[arg-type]
        is_stopping=is_stopping,
    )


def hand_in(admin, raw: bytes, name: str = "lama.csv", status: int = 303):
    page = admin.get(AT)
    return admin.submit(page, AT, status, file=(io.BytesIO(raw), name))


def the_run(office: Office) -> ImportRun:
    office.session.expire_all()
    run = office.session.query(ImportRun).order_by(ImportRun.id.desc()).first()
    assert run is not None
    office.session.commit()
    return run


def workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Kosong")
    sheet = book.add_worksheet("Data")
    day = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
    sheet.write_row(0, 0, ["Nomor Tiket", "Tanggal Masuk", "Isi Keluhan", "No HP", "Nilai"])
    sheet.write_number(1, 0, 4711)
    sheet.write_datetime(1, 1, datetime(2026, 11, 12, 9, 10, tzinfo=UTC).replace(tzinfo=None), day)
    sheet.write_string(1, 2, "Internet mati\nsejak pagi")
    sheet.write_string(1, 3, "081234567890")
    sheet.write_formula(1, 4, "=1+1", None, 2)
    book.close()
    return out.getvalue()


@pytest.fixture
def at_noon(wall, office: Office):
    wall.at = office.at + timedelta(days=1)
    return wall


@pytest.mark.both_databases
def test_a_file_comes_in_once_and_its_rejects_are_handed_back(at_desk, office: Office, at_noon):
    admin = at_desk("admin")
    page = admin.follow(hand_in(admin, FILE.encode()))
    run = the_run(office)
    for name, column in {
        "external_id": "Nomor Tiket",
        "received_at": "Tanggal Masuk",
        "story": "Isi Keluhan",
        "category": "Jenis",
        "customer_name": "Nama Pelanggan",
        "customer_phone": "No HP",
    }.items():
        chosen = page.one(f"[name='column.{name}'] option[selected]")
        assert chosen["value"] == column, name
    page = admin.submit(page, f"{AT}{run.id}/map", 422, do="check")
    assert "satu kanal untuk semua baris" in page.main
    typed = {"do": "check", "constant.channel": "call", "datetime": "%d-%m-%Y %H:%M"}
    checking = admin.follow(admin.submit(page, f"{AT}{run.id}/map", 303, **typed))
    assert "Memeriksa baris" in checking.main
    take_over_files(worker(office), clock.now())
    checked = admin.get(f"{AT}{run.id}")
    assert "akan menjadi keluhan" in checked.main
    assert office.count(Complaint) == 0
    run = the_run(office)
    assert (run.read, run.created, run.rejected) == (3, 2, 1)
    admin.submit(checked, f"{AT}{run.id}/order", 303, do="import")
    take_over_files(worker(office), clock.now())
    run = the_run(office)
    assert (run.state, run.read, run.created, run.rejected) == ("done", 3, 2, 1)
    assert office.count(Complaint) == 2
    rejects = admin.client.get(f"{AT}{run.id}/rejected.csv").get_data(as_text=True)
    assert "kapan-kapan" in rejects
    assert "reject_reason" in rejects
    # Corrected and handed in again: the map is proposed as it was, and nothing comes in twice.
    again = FILE.replace("kapan-kapan", "12-11-2026 11:00").encode()
    page = admin.follow(hand_in(admin, again))
    run = the_run(office)
    assert page.one("[name='source']")["value"] == "lama"
    admin.submit(page, f"{AT}{run.id}/map", 303, do="check")
    take_over_files(worker(office), clock.now())
    admin.submit(admin.get(f"{AT}{run.id}"), f"{AT}{run.id}/order", 303, do="import")
    take_over_files(worker(office), clock.now())
    run = the_run(office)
    assert (run.created, run.already_there, run.rejected) == (1, 2, 0)
    assert office.count(Complaint) == 3


@pytest.mark.sqlite_is_enough
def test_a_workbook_is_read_to_the_same_rows():
    rows = csv_of_workbook(workbook()).splitlines()
    assert rows[0] == "Nomor Tiket,Tanggal Masuk,Isi Keluhan,No HP,Nilai"
    assert (
        "\n".join(rows[1:]) == '4711,2026-11-12 09:10:00,"Internet mati\nsejak pagi",081234567890,2'
    )


@pytest.mark.sqlite_is_enough
def test_what_unpacks_to_too_much_or_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 160_000_000)
    with pytest.raises(Invalid, match="too large"):
        csv_of_workbook(out.getvalue())
    lying = bytearray(workbook())
    lying[200:260] = b"\xff" * 60
    for raw in (bytes(lying), b"PK\x03\x04 nothing behind it"):
        with pytest.raises(Invalid, match="cannot be read"):
            csv_of_workbook(raw)


def test_what_is_no_table_is_said_at_the_field(at_desk, office: Office):
    admin = at_desk("admin")
    for raw in (b"", b"hanya satu baris", b"a;b\n"):
        page = hand_in(admin, raw, status=422)
        assert page.one("#f-file-error")
    assert office.count(ImportRun) == 0


@pytest.mark.both_databases
def test_a_file_that_a_worker_left_behind_is_taken_up(at_desk, office: Office, at_noon):
    admin = at_desk("admin")
    page = admin.follow(hand_in(admin, FILE.encode()))
    run = the_run(office)
    typed = {"do": "check", "constant.channel": "call", "datetime": "%d-%m-%Y %H:%M"}
    admin.submit(page, f"{AT}{run.id}/map", 303, **typed)
    assert claim(office.session, clock.now()) is not None
    office.session.commit()
    take_over_files(worker(office), clock.now())
    assert the_run(office).state == "checking"
    at_noon.at += timedelta(minutes=4)
    take_over_files(worker(office), clock.now())
    assert the_run(office).state == "checked"


def test_a_file_that_fails_says_why_where_its_progress_stood(at_desk, office: Office, at_noon):
    admin = at_desk("admin")
    page = admin.follow(hand_in(admin, FILE.encode()))
    run = the_run(office)
    typed = {"do": "check", "constant.channel": "call", "datetime": "%d-%m-%Y %H:%M"}
    admin.submit(page, f"{AT}{run.id}/map", 303, **typed)
    fail_run(office.session, run.id, ValueError("tidak ada kolom Isi Keluhan"), clock.now())
    office.session.commit()
    # The page that was open asks for this section alone.
    told = admin.get(f"{AT}{run.id}").one("#run")
    assert "tidak ada kolom Isi Keluhan" in told.get_text()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (
            UnusableFile("the file has no column Isi; it has Nomor, Tanggal"),
            ("Berkas tidak memiliki kolom Isi", "the file has no column Isi"),
        ),
        (
            Invalid("The configuration lacks %(name)s.", name="policy"),
            ("Konfigurasi", "The configuration lacks policy."),
        ),
    ],
)
def test_why_a_file_fails_is_said_in_the_language_of_the_reader(
    at_desk, office: Office, at_noon, why, words
):
    hand_in(at_desk("admin"), FILE.encode())
    run = the_run(office)
    fail_run(office.session, run.id, why, clock.now())
    office.session.commit()
    for language, said in zip(("id", "en"), words, strict=True):
        page = at_desk("admin", language).get(f"{AT}{run.id}")
        assert said in page.one("#run").get_text()


def test_the_file_is_emptied_and_the_counts_stay(at_desk, office: Office, at_noon):
    admin = at_desk("admin")
    hand_in(admin, FILE.encode())
    assert empty_old(office.session, clock.now() + timedelta(days=31)) == 1
    office.session.commit()
    run = the_run(office)
    assert (run.content, run.total) == ("", 3)
    assert "dihapus" in admin.get(f"{AT}{run.id}").main


@pytest.mark.parametrize("role", ["csr", "supervisor", "manager"])
def test_nobody_else_imports(at_desk, role: str):
    visitor = at_desk(role)
    assert visitor.client.get(AT).status_code == 403
    assert visitor.client.get(f"{AT}1").status_code == 403


def test_one_row_without_a_time_takes_no_proposal_from_the_others(office: Office, at_desk):
    desk = at_desk("admin")
    page = desk.follow(hand_in(desk, FILE.encode()))
    chosen = page.one("select[name=datetime] option[selected]")
    assert chosen["value"] == "%d-%m-%Y %H:%M"
    assert chosen.get_text() == "12-11-2026 09:10 = 12 Nov 2026 09.10"


def test_ways_of_writing_times_are_shown_by_an_example(office: Office, at_desk):
    desk = at_desk("admin")
    text = FILE.replace("12-11-2026 09:10", "pagi").replace("12-11-2026 10:00", "siang")
    page = desk.follow(hand_in(desk, text.encode()))
    options = page.words("select[name=datetime] option")
    assert "31/12/2026 14:30" in options
    assert not [each for each in options if "%" in each or each == "iso"]


def test_how_far_a_file_is_read_leaves_no_seals(office: Office):
    """Seals are kept for ever: what the rows became is sealed at the end, not on the way."""
    session, admin = office.session, office.actor("admin")
    run = keep_file(session, name="a.csv", text=FILE, rows=3, by=admin, at=office.at)
    set_map(session, run, {"columns": {}}, by=admin, at=office.at)
    order(session, run.id, CHECKING, by=admin, at=office.at)
    session.commit()
    before = office.count(HistorySeal)
    counts = {"read": 2, "created": 1, "grouped": 0, "already_there": 0, "rejected": 1}
    for seconds in (1, 2):
        tell_progress(session, run.id, counts, office.at + timedelta(seconds=seconds))
        session.commit()
    assert office.count(HistorySeal) == before
    assert the_run(office).read == 2
