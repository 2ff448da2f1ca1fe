"""Files on the customer's page: sent with a message, listed, saved, and no others reached."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from complaints.channels.portal.files import MOST_SENDINGS
from complaints.domain.attachments import FileLimits
from complaints.files.in_use import FileSettings, use_files
from complaints.files.keep import keep_file
from complaints.models import Attachment, AttachmentView, Note
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.files.attach import attach_file, hide_attachment
from tests.channels.portal.test_pages import link_to
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.steps.files.pictures import PHOTO
from tests.web.page import Visitor


def rows(office: Office) -> list[Attachment]:
    office.session.rollback()
    query = select(Attachment).order_by(Attachment.id)
    found = list(office.session.scalars(query.execution_options(populate_existing=True)))
    office.session.commit()
    return found


@pytest.fixture
def link(office: Office) -> str:
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    return link_to(office, number)


def attach(office: Office, **more: object) -> Attachment:
    kept = keep_file(PHOTO, name="foto.jpg")
    given = {"kept": kept, "shown_to_customer": True, **more}
    office.take("KLH-2026-000001", attach_file, **given)
    return rows(office)[-1]


def send(visitor: Visitor, link: str, *files: tuple[bytes, str], status: int = 303, **more: str):
    chosen = [(BytesIO(given), name) for given, name in files]
    fields = {"text": "Ini foto modemnya", **more}
    return visitor.post(f"{link}/message", {**fields, "files": chosen}, status)


def test_photos_come_with_a_message(visitor: Visitor, office: Office, link: str):
    page = visitor.get(link)
    (form,) = [each for each in page.all("form") if each["action"].startswith(f"{link}/message")]
    assert form["enctype"] == "multipart/form-data"
    send(visitor, link, (PHOTO, "foto.jpg"), (b"%PDF-1.4\n", "tagihan.pdf"))
    first, second = rows(office)
    assert (first.source, first.shown_to_customer, first.by_name) == ("portal", True, "Pelanggan")
    assert first.note_id == second.note_id is not None
    note = office.session.get_one(Note, first.note_id)
    assert (note.direction, note.text) == ("in", "Ini foto modemnya")
    shown = visitor.get(link).words(".files li")
    assert shown == ["tagihan.pdf 1 kB · Anda kirim", "foto.jpg 1 kB · Anda kirim"]


@pytest.mark.both_databases
def test_sent_twice_they_are_there_once(visitor: Visitor, office: Office, link: str):
    for _ in range(2):
        send(visitor, link, (PHOTO, "foto.jpg"), (PHOTO, "foto.jpg"))
    assert len(rows(office)) == 1
    assert len(office.session.scalars(select(Note)).all()) == 1


def test_a_photo_without_a_word_is_a_message(visitor: Visitor, office: Office, link: str):
    send(visitor, link, (PHOTO, "foto.jpg"), text="")
    office.session.rollback()
    assert office.session.scalars(select(Note.text)).all() == ["foto.jpg"]


def test_a_message_needs_no_file(visitor: Visitor, office: Office, link: str):
    visitor.post(f"{link}/message", {"text": "Sudah hidup lagi"}, 303)
    assert rows(office) == []


@pytest.mark.parametrize(
    ("files", "status", "sentence"),
    [
        ([(b"", "kosong.pdf")], 422, "kosong.pdf kosong"),
        ([(b"x" * 600, "a.txt")], 413, "terlalu besar"),
        ([(b"x", "a.txt")] * 6, 422, "paling banyak 5"),
    ],
)
def test_a_file_that_cannot_be_taken_keeps_the_words(
    visitor: Visitor, office: Office, link: str, files, status: int, sentence: str
):
    use_files(FileSettings("memory://few", FileLimits(most_bytes=500)))
    page = send(visitor, link, *files, status=status)
    assert sentence in page.one("#files-error").get_text()
    assert page.one("#text").get_text(strip=True) == "Ini foto modemnya"
    assert rows(office) == []
    assert office.session.scalars(select(Note)).all() == []
    office.session.rollback()


def test_the_customer_saves_what_is_theirs_to_see(visitor: Visitor, office: Office, link: str):
    row = attach(office)
    path = f"{link}/files/{row.id}"
    assert visitor.get(link).link("foto.jpg") == path
    got = visitor.client.get(path)
    assert (got.status_code, got.data) == (200, PHOTO)
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Referrer-Policy"] == "no-referrer"
    office.session.rollback()
    assert office.session.scalars(select(AttachmentView.user_id)).all() == [None]


def test_internal_hidden_and_other_peoples_files_are_nowhere(
    visitor: Visitor, office: Office, link: str
):
    """T12: the same bytes; the row alone decides."""
    shown = attach(office)
    internal = attach(office, shown_to_customer=False)
    hidden = attach(office)
    office.take("KLH-2026-000001", hide_attachment, attachment=hidden.id, reason="Milik orang lain")
    other = office.receive(story="Tagihan ganda bulan ini, dua kali.")
    office.session.commit()
    theirs = link_to(office, other)
    assert len({each.sha256 for each in rows(office)}) == 1
    assert visitor.client.get(f"{link}/files/{shown.id}").status_code == 200
    for path in (
        f"{link}/files/{internal.id}",
        f"{link}/files/{hidden.id}",
        f"{theirs}/files/{shown.id}",
        f"{link}/files/99999",
        # The last letter alone has two bits that say nothing.
        f"{link[:-4]}AAAA/files/{shown.id}",
    ):
        assert visitor.client.get(path).status_code == 404, path
    assert len(visitor.get(link).all(".files li")) == 1
    assert visitor.get(theirs).all(".files li") == []


def test_staff_with_the_link_are_not_the_customer(visitor, office: Office, link: str, at_desk):
    row = attach(office)
    assert at_desk("csr").client.get(f"{link}/files/{row.id}").status_code == 200
    office.session.rollback()
    assert office.session.scalars(select(AttachmentView.user_id)).all() == [office.id_of("csr")]


def test_a_file_with_an_internal_note_stays_inside(visitor: Visitor, office: Office, link: str):
    def step(case) -> None:
        write_note(case, text="Foto dari teknisi")
        kept = keep_file(PHOTO, name="dalam.jpg")
        attach_file(case, kept, shown_to_customer=False, note=case.written)

    office.take("KLH-2026-000001", step)
    assert "dalam.jpg" not in visitor.get(link).text


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_holds_in_both_languages(
    visitor: Visitor, office: Office, link: str, language: str
):
    attach(office)
    page = visitor.get(f"{link}?lang={language}")
    assert ("Photos or files" in page.text) == (language == "en")


def test_looking_at_the_head_of_a_file_opens_nothing(visitor: Visitor, office: Office, link: str):
    """Programs that check mail ask for heads."""
    send(visitor, link, (PHOTO, "foto.jpg"))
    (row,) = rows(office)
    visitor.client.head(f"{link}/files/{row.id}").close()
    assert office.count(AttachmentView) == 0


def test_files_sent_very_often_have_to_wait(visitor: Visitor, office: Office, link: str):
    for _ in range(MOST_SENDINGS):
        send(visitor, link, (PHOTO, "foto.jpg"))
    page = send(visitor, link, (PHOTO, "foto.jpg"), status=409)
    assert "Mohon tunggu" in page.one("#files-error").get_text()


def test_a_file_that_went_with_a_letter_says_so_and_one_held_back_is_not_there(
    visitor: Visitor, office: Office, link: str
):
    number = "KLH-2026-000001"
    first, second = attach(office), attach(office)
    said = {"text": "Ini fotonya.", "direction": "out", "method": "email"}
    office.take(number, record_message, **said, enclose=[first.id, second.id])
    office.session.commit()
    assert "disertakan pada surat kami" not in visitor.get(link).main
    reason = "Milik pelanggan lain"
    office.take(number, hide_attachment, attachment=second.id, reason=reason)
    office.session.commit()
    deliver(office, Hand(), office.at)
    (line,) = visitor.get(link).words(".files li")
    assert "disertakan pada surat kami tanggal" in line
