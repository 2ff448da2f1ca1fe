"""Files on the page of a contact: attached by its form, saved, and handed to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from complaints.models import ContactFile
from complaints.steps.renaming.make_complaint import MadeComplaint, make_complaint
from tests.office import Office
from tests.steps.files.pictures import PHOTO
from tests.steps.other_contacts.test_other_contacts import act
from tests.web.other_contacts.test_contacts import click
from tests.web.page import Page, Visitor

AtDesk = Callable[..., Visitor]
PATH = "/contacts/KTK-2026-000001"
PAGE = b"<script>alert(1)</script>"


def send(desk: Visitor, *files: tuple[bytes, str], status: int = 303) -> Page:
    chosen = [(BytesIO(given), name) for given, name in files]
    return desk.submit(desk.get(PATH), f"{PATH}/files", status, files=chosen)


def rows(office: Office) -> list[ContactFile]:
    found = list(office.session.scalars(select(ContactFile).order_by(ContactFile.id)))
    office.session.commit()
    return found


@pytest.fixture
def desk(at_desk: AtDesk) -> Visitor:
    desk = at_desk("csr")
    click(desk)
    return desk


def test_the_form_attaches_files_and_the_page_hands_them_out(office: Office, desk: Visitor):
    assert send(desk, (PHOTO, "foto.jpg"), (PAGE, "a.html")).response.location == f"{PATH}#files"
    photo, page = rows(office)
    shown = desk.get(PATH)
    assert shown.link("foto.jpg") == f"{PATH}/files/{photo.id}"
    assert "Lampiran ditambahkan" in shown.main
    got = desk.client.get(f"{PATH}/files/{photo.id}")
    assert (got.data, got.mimetype) == (PHOTO, "image/jpeg")
    got = desk.client.get(f"{PATH}/files/{page.id}")
    assert (got.data, got.mimetype) == (PAGE, "application/octet-stream")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_the_same_form_sent_twice_attaches_once(office: Office, desk: Visitor):
    page = desk.get(PATH)
    for _ in range(2):
        desk.submit(page, f"{PATH}/files", 303, files=[(BytesIO(PHOTO), "foto.jpg")])
    assert len(rows(office)) == 1


def test_without_a_file_the_form_stands_open_and_says_so(office: Office, desk: Visitor):
    page = send(desk, status=422)
    assert "Pilih paling sedikit satu berkas." in page.main
    assert rows(office) == []


def test_who_may_not_see_the_contact_gets_no_file(office: Office, desk: Visitor, at_desk: AtDesk):
    send(desk, (PHOTO, "foto.jpg"))
    (row,) = rows(office)
    assert at_desk("csr2").client.get(f"{PATH}/files/{row.id}").status_code == 403
    assert desk.client.get(f"{PATH}/files/{row.id + 1}").status_code == 404
    click(desk)
    assert desk.client.get(f"/contacts/KTK-2026-000002/files/{row.id}").status_code == 404


def test_who_only_reads_sees_no_form(office: Office, desk: Visitor, at_desk: AtDesk):
    send(desk, (PHOTO, "foto.jpg"))
    page = at_desk("auditor").get(PATH)
    assert page.link("foto.jpg")
    assert not page.all(f"form[action='{PATH}/files']")


def test_what_was_made_a_complaint_meanwhile_takes_no_file(office: Office, desk: Visitor):
    open_before = desk.get(PATH)
    made = MadeComplaint("Pelanggan sudah dua kali menanyakan")
    act(office, "KTK-2026-000001", make_complaint, made=made)
    page = desk.submit(open_before, f"{PATH}/files", 409, files=[(BytesIO(PHOTO), "foto.jpg")])
    assert "Tambahkan lampiran pada keluhannya" in page.main
    assert rows(office) == []
