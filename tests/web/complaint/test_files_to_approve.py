"""Whoever approves an offer or an extension reads which files the customer receives with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.steps.files.test_attach import attach
from tests.steps.files.test_enclose_acts import MONEY, hide
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]
SAID = "Jika Anda setujui, pelanggan menerima:"


@pytest.fixture
def number(office: Office, wall) -> str:
    number = office.receive()
    office.walk(number, to="020-1.6")
    wall.at = office.at
    return number


def ask_for_time(office: Office, number: str, **files: object) -> None:
    until, reason = office.at + timedelta(days=20), "Menunggu suku cadang dari pusat"
    office.take(number, ask_extension, until=until, reason=reason, **files)


def files_of(page: Page) -> list[str]:
    """The files beneath the sentence, each with what stands beside it."""
    files = page.words(".to-approve li")
    assert (SAID in page.main) == bool(files)
    return files


def test_the_files_of_an_offer_stand_on_the_page_its_form_and_its_card(
    office: Office, at_desk: At, wall, number: str
):
    office.walk(number, after="020-1.6", to="020-3.2")
    inside = attach(office, number, shown_to_customer=False, name="catatan.jpg")
    wrong = attach(office, number, given=b"%PDF-1.4\n", name="salah.pdf")
    chosen = {"enclose": [wrong.id], "enclose_internal": [inside.id]}
    office.take(number, offer_solution, amount=3_000_000, method="email", **chosen, **MONEY)
    wall.at = office.at
    manager = at_desk("manager")
    ways = (
        f"/complaints/{number}",
        f"/complaints/{number}/offer/approval",
        f"/board/{number}/offer/approval",
    )
    for way in ways:
        first, second = files_of(manager.get(way))
        assert "catatan.jpg" in first
        assert "sampai sekarang internal" in first
        assert "salah.pdf" in second
        assert "internal" not in second
    hide(office, number, wrong)
    for way in ways:
        assert [line.split()[0] for line in files_of(manager.get(way))] == ["catatan.jpg"], way
    # Whoever asked reads it in the history; nothing is theirs to approve.
    assert files_of(at_desk("csr").get(ways[0])) == []


def test_the_files_of_an_extension_stand_on_the_page_and_its_form(
    office: Office, at_desk: At, wall, number: str
):
    photo = attach(office, number)
    ask_for_time(office, number, enclose=[photo.id])
    wall.at = office.at
    manager = at_desk("manager")
    for way in (f"/complaints/{number}", f"/complaints/{number}/extension/approval"):
        (line,) = files_of(manager.get(way))
        assert "foto.jpg" in line
        assert "internal" not in line


def test_a_request_without_files_says_nothing_of_any(
    office: Office, at_desk: At, wall, number: str
):
    attach(office, number)
    ask_for_time(office, number)
    wall.at = office.at
    assert files_of(at_desk("manager").get(f"/complaints/{number}")) == []


def test_without_an_address_nothing_is_sent_with_an_extension_and_nothing_is_said_of_it(
    office: Office, at_desk: At, wall, number: str
):
    photo = attach(office, number)
    ask_for_time(office, number, enclose=[photo.id])
    office.complaint(number).contact_email = None
    office.session.commit()
    wall.at = office.at
    assert files_of(at_desk("manager").get(f"/complaints/{number}")) == []


def test_a_date_that_can_no_longer_be_moved_brings_no_files(
    office: Office, at_desk: At, wall, number: str
):
    photo = attach(office, number)
    ask_for_time(office, number, enclose=[photo.id])
    wall.at = office.at + timedelta(days=19)
    manager = at_desk("manager")
    for way in (f"/complaints/{number}", f"/complaints/{number}/extension/approval"):
        assert files_of(manager.get(way)) == [], way


def test_the_date_stands_under_whoever_approved_it(office: Office, at_desk: At, wall, number: str):
    ask_for_time(office, number)
    office.take(number, decide_extension, by="manager", answer="approved")
    wall.at = office.at
    extended = at_desk("csr").get(f"/complaints/{number}").words(".told li")[-1]
    assert "Diperpanjang" in extended
    assert extended.endswith("Manager")
