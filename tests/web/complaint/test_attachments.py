"""Files on the complaint's pages: added by a form, shown, saved, hidden, with a note or message."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from complaints.domain.attachments import FileLimits
from complaints.domain.permissions import CUSTOMER
from complaints.files.in_use import FileSettings, use_files
from complaints.files.keep import keep_file
from complaints.files.store import OBJECTS, PREVIEWS, open_store
from complaints.models import Attachment, AttachmentView, Note
from complaints.rows import update_rows
from complaints.steps.files.attach import attach_file
from tests.office import Office
from tests.steps.files.pictures import PHOTO
from tests.web.page import Visitor

At = Callable[..., Visitor]


@pytest.fixture
def number(office: Office) -> str:
    number = office.receive()
    office.session.commit()
    return number


def rows(office: Office) -> list[Attachment]:
    office.session.rollback()
    query = select(Attachment).order_by(Attachment.id)
    found = list(office.session.scalars(query.execution_options(populate_existing=True)))
    office.session.commit()
    return found


def send(desk: Visitor, number: str, *files: tuple[bytes, str], status: int = 303, **more: Any):
    """Fill the form of the complaint's page."""
    page = desk.get(f"/complaints/{number}")
    chosen = [(BytesIO(given), name) for given, name in files]
    return desk.submit(page, f"/complaints/{number}/attachments", status, files=chosen, **more)


def attach(office: Office, number: str, given: bytes = PHOTO, **more: Any) -> Attachment:
    kept = keep_file(given, name=more.pop("name", "foto.jpg"))
    office.take(number, attach_file, **{"kept": kept, "shown_to_customer": True, **more})
    return rows(office)[-1]


def test_the_form_of_the_page_attaches_files(office: Office, at_desk: At, number: str):
    desk = at_desk("csr")
    said = send(desk, number, (PHOTO, "foto.jpg"), (b"%PDF-1.4\n", "tagihan.pdf"), kind="bill")
    assert said.response.location == f"/complaints/{number}#files"
    first, second = rows(office)
    assert (first.name, first.kind, first.source) == ("foto.jpg", "bill", "desk")
    assert (second.name, second.shown_to_customer) == ("tagihan.pdf", False)
    page = desk.get(f"/complaints/{number}")
    assert "2 lampiran ditambahkan." in page.text
    shown = page.words("#files .file")
    assert len(shown) == 2
    assert "tagihan.pdf Tagihan atau kuitansi · 1 kB" in shown[0]
    assert "Csr , " in shown[0]
    assert "Internal" in shown[0]
    assert "pratinjau sedang dibuat" in shown[1]


def test_what_the_customer_may_see_is_said_by_a_tick(office: Office, at_desk: At, number: str):
    send(at_desk("csr"), number, (PHOTO, "foto.jpg"), shown_to_customer="1")
    (row,) = rows(office)
    assert row.shown_to_customer
    assert "Terlihat oleh pelanggan" in at_desk("csr").get(f"/complaints/{number}").text


@pytest.mark.both_databases
def test_the_form_sent_twice_is_one_file(office: Office, at_desk: At, number: str):
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}")
    action = f"/complaints/{number}/attachments"
    for _ in range(2):
        desk.submit(page, action, 303, files=[(BytesIO(PHOTO), "foto.jpg")])
    assert len(rows(office)) == 1
    other = desk.submit(page, action, 409, files=[(BytesIO(b"lain"), "a.txt")])
    assert other.all(".said-stop")


@pytest.mark.parametrize(
    ("files", "status", "sentence"),
    [
        ([], 422, "Pilih paling sedikit satu berkas"),
        ([(b"", "kosong.pdf")], 422, "Lampiran kosong.pdf kosong"),
        ([(b"x" * 600, "a.txt")], 413, "terlalu besar"),
        ([(b"x", "a.txt")] * 3, 422, "paling banyak 2"),
    ],
)
def test_what_cannot_be_attached_is_a_sentence_beside_the_field(
    office: Office, at_desk: At, number: str, files: Any, status: int, sentence: str
):
    desk = at_desk("csr")
    use_files(FileSettings("memory://few", FileLimits(most_bytes=500, most_at_once=2)))
    page = send(desk, number, *files, status=status, kind="bill")
    assert sentence in page.text
    assert page.one("#f-files-error").get_text(strip=True)
    assert page.one("#f-files")["aria-invalid"] == "true"
    assert page.one("#f-file-kind option[selected]")["value"] == "bill"
    assert rows(office) == []


def test_a_file_is_saved_under_its_name_and_who_opened_it_stands_on_its_page(
    office: Office, at_desk: At, number: str
):
    row = attach(office, number, name="Foto rumah é.jpg")
    desk = at_desk("supervisor")
    path = f"/complaints/{number}/attachments/{row.id}"
    assert "Belum dibuka siapa pun" in desk.get(f"/complaints/{number}/attachments").text
    got = desk.client.get(path)
    assert (got.status_code, got.data, got.mimetype) == (200, PHOTO, "image/jpeg")
    assert "filename*=UTF-8''Foto%20rumah%20%C3%A9.jpg" in got.headers["Content-Disposition"]
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"].startswith("private, ")
    assert desk.client.get(path, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304
    assert "Dibuka oleh Supervisor" in desk.get(f"/complaints/{number}/attachments").text
    office.session.rollback()
    assert len(office.session.scalars(select(AttachmentView)).all()) == 1


def test_a_page_of_html_is_handed_out_as_bytes(office: Office, at_desk: At, number: str):
    row = attach(office, number, b"<html><script>document.title = 1</script>", name="foto.png")
    got = at_desk("csr").client.get(f"/complaints/{number}/attachments/{row.id}")
    assert got.mimetype == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment;")


def test_the_preview_is_what_the_worker_drew(
    office: Office, at_desk: At, number: str, tmp_path: Any
):
    row, desk = attach(office, number), at_desk("csr")
    path = f"/complaints/{number}/attachments/{row.id}/preview"
    desk.get(path, 404)
    drawn = tmp_path / "kecil"
    drawn.write_bytes(b"RIFFkecilWEBP")
    with open_store() as store:
        store.put(PREVIEWS, row.sha256, drawn)
    update_rows(office.session, Attachment, [{"id": row.id, "preview": "made"}])
    office.session.commit()
    got = desk.client.get(path)
    assert (got.status_code, got.mimetype, got.data) == (200, "image/webp", b"RIFFkecilWEBP")
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    picture = desk.get(f"/complaints/{number}").one("#files img")
    assert (picture["src"], picture["alt"]) == (path, "Pratinjau foto.jpg")


@pytest.mark.parametrize("part", ["", "/preview"])
def test_nobody_reaches_the_file_of_a_complaint_they_may_not_see(
    office: Office, at_desk: At, number: str, part: str
):
    row = attach(office, number)
    path = f"/complaints/{number}/attachments/{row.id}{part}"
    assert at_desk("csr2").client.get(path).status_code == 403
    other = office.receive(by="csr2", branch="MKS", story="Modem saya rusak sejak kemarin.")
    office.session.commit()
    there = f"/complaints/{other}/attachments/{row.id}{part}"
    assert at_desk("csr2").client.get(there).status_code == 404
    assert (
        at_desk("csr").client.get(f"/complaints/{number}/attachments/99999{part}").status_code
        == 404
    )


def test_who_only_reads_sees_files_and_no_form(office: Office, at_desk: At, number: str):
    attach(office, number)
    auditor = at_desk("auditor")
    page = auditor.get(f"/complaints/{number}")
    assert page.all("#files .file")
    assert not page.all("#files form")
    client = auditor.client
    assert client.post(f"/complaints/{number}/attachments", data={}).status_code in (400, 403)


def test_a_file_is_hidden_from_the_customer_with_a_reason(office: Office, at_desk: At, number: str):
    row, desk = attach(office, number), at_desk("csr")
    form = desk.get(desk.get(f"/complaints/{number}").link("Sembunyikan"))
    assert form.one("#f-attachment option[selected]")["value"] == str(row.id)
    action = f"/complaints/{number}/attachments/hiding"
    desk.submit(form, action, 422, reason="")
    desk.submit(form, action, 303, reason="Foto ini milik pelanggan lain")
    (hidden,) = rows(office)
    assert not hidden.shown_to_customer
    page = desk.get(f"/complaints/{number}")
    assert "Disembunyikan dari pelanggan: Foto ini milik pelanggan lain" in page.text
    history = desk.get(f"/complaints/{number}?view=history").words("#timeline li")
    assert any("Lampiran disembunyikan dari pelanggan" in line for line in history)
    # The history names the bytes: of both lines, as they came and as they were hidden.
    assert len([line for line in history if f"SHA-256: {row.sha256}" in line]) == 2
    # It was a mistake: shown again, it is as it was.
    form = desk.get(page.link("Tampilkan lagi"))
    assert form.one("#f-attachment option[selected]")["value"] == str(row.id)
    action = f"/complaints/{number}/attachments/showing"
    desk.submit(form, action, 303, reason="Foto ini memang miliknya")
    page = desk.get(f"/complaints/{number}")
    assert "Disembunyikan dari pelanggan" not in page.one("#files").get_text()


@pytest.mark.parametrize(
    ("noun", "more", "is_shown"),
    [
        ("note", {}, False),
        ("message", {"direction": "in", "method": "phone"}, True),
    ],
)
def test_files_come_with_a_note_or_a_message(
    office: Office, at_desk: At, number: str, noun: str, more: dict[str, str], is_shown: bool
):
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/{noun}")
    action = f"/complaints/{number}/{noun}"
    assert page.form(action)["enctype"] == "multipart/form-data"
    files = [(BytesIO(PHOTO), "foto.jpg")]
    for _ in range(2):
        desk.submit(page, action, 303, text="Foto kabel yang putus", files=files, **more)
        files = [(BytesIO(PHOTO), "foto.jpg")]
    (row,) = rows(office)
    note = office.session.get(Note, row.note_id)
    assert note is not None
    assert note.text == "Foto kabel yang putus"
    assert row.shown_to_customer is is_shown
    view = "notes" if noun == "note" else "conversation"
    shown = desk.get(f"/complaints/{number}?view={view}")
    assert shown.words(".talk-files a") == ["foto.jpg"]


def test_a_note_refused_for_its_file_keeps_its_words(office: Office, at_desk: At, number: str):
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/note")
    files = [(BytesIO(b""), "kosong.pdf")]
    action = f"/complaints/{number}/note"
    again = desk.submit(page, action, 422, text="Jangan hilang", files=files)
    assert again.one("#f-text").get_text(strip=True) == "Jangan hilang"
    assert "kosong.pdf kosong" in again.one("#f-files-error").get_text()
    office.session.rollback()
    assert not office.session.scalars(select(Note)).all()


def test_a_note_without_files_needs_none(office: Office, at_desk: At, number: str):
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/note")
    desk.submit(page, f"/complaints/{number}/note", 303, text="Tanpa lampiran")
    assert rows(office) == []
    with open_store() as store:
        assert not store.fs.exists(f"{store.root}/{OBJECTS}")


def test_a_file_of_the_customer_stands_under_the_name_of_the_customer(
    office: Office, at_desk: At, number: str
):
    case = office.open(number)
    case.by = CUSTOMER
    attach_file(case, keep_file(PHOTO, name="a.jpg"), shown_to_customer=True, source="portal")
    office.session.commit()
    assert "Siti Aminah , " in at_desk("csr").get(f"/complaints/{number}").words("#files .file")[0]


def test_many_files_cost_no_more_queries_than_one(
    office: Office, at_desk: At, number: str, counted: Any
):
    desk = at_desk("csr")
    desk.get(f"/complaints/{number}")

    def asked(path: str) -> int:
        with counted() as queries:
            desk.get(path)
        return len(queries)

    none = asked(f"/complaints/{number}")
    attach(office, number)
    one, all_one = asked(f"/complaints/{number}"), asked(f"/complaints/{number}/attachments")
    for each in range(8):
        attach(office, number, name=f"foto{each}.jpg")
    assert asked(f"/complaints/{number}") == one == none + 1
    assert asked(f"/complaints/{number}/attachments") == all_one
    page = desk.get(f"/complaints/{number}")
    assert len(page.all("#files .file")) == 6
    assert len(desk.get(page.link("Semua lampiran dan siapa yang membukanya")).all(".file")) == 9


@pytest.mark.parametrize("language", ["id", "en"])
def test_names_are_escaped_and_pages_hold_in_both_languages(
    office: Office, at_desk: At, number: str, language: str
):
    attach(office, number, b"x", name="<b>tebal</b> & \u202e'\".txt")
    desk = at_desk("csr", language)
    for path in ("", "/attachments", "/note", "/message"):
        page = desk.get(f"/complaints/{number}{path}")
        assert not page.all("#files b, .files b")
