"""Naming colleagues on the form of a note, and what they find among their notifications."""

from __future__ import annotations

import pytest

from complaints.models import Note
from tests.office import Office


def test_the_form_offers_readers_alone_and_works_without_a_script(at_desk, office: Office):
    number = office.receive()
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/note")
    offered = {field["value"] for field in page.all("input[name=mention]")}
    assert "supervisor@tanggap.example" in offered
    assert not {"csr@tanggap.example", "csr2@tanggap.example"} & offered
    desk.submit(
        page,
        f"/complaints/{number}/note",
        303,
        text="Tolong dicek",
        mention=["supervisor@tanggap.example"],
    )
    assert "@supervisor" in desk.get(f"/complaints/{number}?view=notes").main
    assert "diberi tahu: Supervisor" in desk.get(f"/complaints/{number}?view=history").main
    page = at_desk("supervisor").get("/notices")
    assert "Anda disebut dalam catatan" in page.main
    assert "Tolong dicek" not in page.main
    assert page.link(f"Buka {number}") == f"/complaints/{number}"


def test_a_name_without_rights_comes_back_with_every_word(at_desk, office: Office):
    number = office.receive()
    desk = at_desk("csr")
    path = f"/complaints/{number}/note"
    page = desk.submit(desk.get(path), path, 422, text="Tolong @csr2 dicek")
    assert "@csr2 tidak berhak membaca keluhan ini" in page.main
    assert page.one("textarea[name=text]").text.strip() == "Tolong @csr2 dicek"
    assert office.rows(Note, number) == []


def test_who_lost_sight_of_it_reads_nothing_of_it(at_desk, office: Office):
    number = office.receive()
    desk = at_desk("csr")
    path = f"/complaints/{number}/note"
    desk.submit(desk.get(path), path, 303, text="@supervisor tolong")
    office.people["supervisor"].branch_id = office.people["csr2"].branch_id
    office.session.commit()
    page = at_desk("supervisor").get("/notices")
    assert "di luar hak baca Anda" in page.main
    for word in (number, "Siti", "tolong"):
        assert word not in page.main


@pytest.mark.both_databases
def test_offering_readers_costs_one_query(at_desk, office: Office, counted):
    number = office.receive()
    desk = at_desk("csr")
    desk.get(f"/complaints/{number}")
    with counted() as plain:
        desk.get(f"/complaints/{number}")
    with counted() as asked:
        desk.get(f"/complaints/{number}/note")
    assert len(asked) <= len(plain) + 1
