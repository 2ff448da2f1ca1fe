"""The first start: only with the console's link, only once, and then an organisation stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy.orm import Session

from complaints import clock
from complaints.models import User
from complaints.people.first_start import offer_setup
from complaints.rulebook import current_rules
from tests.conftest import initialise
from tests.databases import Databases
from tests.web.page import Visitor

TYPED = {
    "name": "Rumah Sakit Sehat",
    "address": "Jalan Mawar 2, Surabaya",
    "email": "layanan@sehat.example",
    "contact_center": "Pusat Kontak (031) 5550-100",
    "service_hours": "08.00 sampai 17.00",
    "branch_name": "Surabaya",
    "admin_name": "Ratna",
    "admin_email": "ratna@sehat.example",
    "password": "kata sandi panjang",
    "people": "Dewi; dewi@sehat.example; CSR\nAgus; agus@sehat.example; manager",
}


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database as `complaints init` leaves it: rules, and nobody."""
    url = databases.fresh(initialise)
    yield url
    databases.drop(url)


@pytest.fixture
def link(session: Session, wall) -> str:
    token = offer_setup(session, clock.now())
    session.commit()
    return f"/setup/{token}"


def begun(app: Flask, link: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.submit(visitor.get(link), link, 303)
    return visitor


@pytest.mark.both_databases
def test_an_organisation_is_founded_and_its_administrator_logged_in(app, session, link):
    visitor = begun(app, link)
    done = visitor.submit(visitor.get("/setup/"), "/setup/", 200, do="found", **TYPED)
    assert "Dewi" in done.main
    assert "agus@sehat.example" in done.main
    assert "Ratna" not in done.main
    rules = current_rules(session)
    assert rules.organisation.name == "Rumah Sakit Sehat"
    assert not rules.organisation.is_demonstration
    assert [each.code for each in rules.branches.values()] == ["SURABAYA"]
    assert {each.role for each in session.query(User)} == {"admin", "csr", "manager"}
    session.commit()
    assert "Ratna" in visitor.get("/").text
    # Whoever has the link now finds nothing behind it.
    stranger = Visitor(app.test_client())
    assert stranger.client.get(link).status_code == 404
    assert stranger.client.get("/setup/").status_code == 404


@pytest.mark.both_databases
def test_nobody_else_seizes_it(app, session, link, wall):
    stranger = Visitor(app.test_client())
    assert stranger.client.get("/setup/").status_code == 404
    assert stranger.client.get("/setup/guessed").status_code == 404
    owner = begun(app, link)
    assert stranger.client.get(link).status_code == 404
    assert stranger.client.get("/setup/").status_code == 404
    owner.get("/setup/")
    wall.at += timedelta(hours=25)
    assert owner.client.get("/setup/").status_code == 404


def test_a_new_link_makes_the_one_before_void(app, session, link):
    offer_setup(session, clock.now())
    session.commit()
    assert Visitor(app.test_client()).client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "keine"),
        ("password", "kurz"),
        ("admin_email", "keine"),
        ("people", "Dewi; dewi@sehat.example; raja"),
        ("people", "Dewi; ratna@sehat.example; csr"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(app, session, link, field, value):
    visitor = begun(app, link)
    page = visitor.submit(
        visitor.get("/setup/"), "/setup/", 422, do="found", **{**TYPED, field: value}
    )
    named = "password" if field == "password" else field
    assert page.all(f"#f-{named}-error")
    assert page.one("[name='branch_name']")["value"] == "Surabaya"
    assert session.query(User).count() == 0
    session.commit()
    assert current_rules(session).organisation.name == "Nusantara Telekomunikasi"


def test_a_test_mail_leaves_by_the_settings_and_keeps_what_was_typed(app, link):
    visitor = begun(app, link)
    page = visitor.submit(visitor.get("/setup/"), "/setup/", 200, do="mail", **TYPED)
    assert "Email percobaan" in page.main
    assert page.one("[name='admin_email']")["value"] == "ratna@sehat.example"
    assert TYPED["password"] not in page.text_body


def workbook(rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return made.getvalue()


PEOPLE = [["Email", "Nama", "Peran"], ["dewi@sehat.example", "Dewi; Lestari", "CSR"]]


@pytest.mark.parametrize(
    "sent",
    [
        (b"\xef\xbb\xbfEmail,Nama,Peran\r\ndewi@sehat.example,Dewi; Lestari,CSR\r\n", "orang.csv"),
        (workbook(PEOPLE), "orang.xlsx"),
    ],
    ids=["csv", "xlsx"],
)
def test_people_come_in_by_a_file_beside_those_typed(app, session, link, sent):
    visitor = begun(app, link)
    content, name = sent
    typed = {**TYPED, "people": "Agus; agus@sehat.example; manager"}
    given = {**typed, "people_file": (io.BytesIO(content), name)}
    page = visitor.submit(visitor.get("/setup/"), "/setup/", 200, do="people", **given)
    lines = page.one("[name='people']").get_text().strip().splitlines()
    assert lines == ["Agus; agus@sehat.example; manager", '"Dewi; Lestari";dewi@sehat.example;CSR']
    assert session.query(User).count() == 0
    session.commit()
    password = TYPED["password"]
    done = visitor.submit(page, "/setup/", 200, do="found", password=password)
    assert "Dewi; Lestari" in done.main
    assert {each.role for each in session.query(User)} == {"admin", "csr", "manager"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Pilih berkas"),
        (b"PK\x03\x04 rusak", "tidak dapat dibaca"),
        (b"nama;email;peran\n", "tidak menyebut siapa pun"),
        (b"a;a@b.example;csr\n" * 201, "terlalu banyak"),
    ],
)
def test_a_file_that_is_no_list_of_people_is_said_at_its_field(app, link, content, sentence):
    visitor = begun(app, link)
    given = {**TYPED, "people_file": (io.BytesIO(content), "orang.csv")}
    page = visitor.submit(visitor.get("/setup/"), "/setup/", 422, do="people", **given)
    assert sentence in page.one("#f-people_file-error").get_text()
    assert page.one("[name='people']").get_text().strip() == TYPED["people"]


def test_enter_in_a_field_sets_up_and_does_not_read_the_file(app, link):
    visitor = begun(app, link)
    first = visitor.get("/setup/").all("main form [type=submit]")[0]
    assert first["value"] == "found"
    assert "visually-hidden" in first["class"]
    assert first["tabindex"] == "-1"


def test_what_is_wrong_in_a_line_of_people_is_said_in_the_language_of_the_page(app, link):
    visitor = begun(app, link)
    typed = {**TYPED, "people": "Dewi; bukan alamat; CSR"}
    page = visitor.submit(visitor.get("/setup/"), "/setup/", 422, do="found", **typed)
    said = page.one("#f-people-error").get_text()
    assert "Baris 1" in said
    assert "Enter a valid email address" not in said
