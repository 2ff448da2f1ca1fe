"""The receipt: what the customer takes home, in the customer's language, with the way to follow."""

from __future__ import annotations

from tests.channels.portal.test_pages import link_in
from tests.office import Office
from tests.web.page import Page


def registered(office: Office, **more: object) -> str:
    number = office.receive(**more)
    office.walk(number, to="020-1.6")
    office.session.commit()
    return number


def test_it_holds_what_the_customer_needs(at_desk, office, wall):
    number = registered(office)
    wall.at = office.at
    page = at_desk("csr").get(f"/complaints/{number}/receipt")
    sheet = page.words(".receipt")[0]
    for words in (
        number,
        "Kamis, 19 November 2026, pukul 09.15 WIB",
        "Internet mati sejak kemarin",
        "Selasa, 24 November 2026, pukul 09.15 WIB",
        "Memeriksa jaringan",
        "Pusat Kontak (021) 5550-100",
        "/portal/",
    ):
        assert words in sheet
    assert page.h1 == number


def test_it_speaks_the_customers_language_whatever_the_desk_speaks(at_desk, office):
    number = registered(office, who={"language": "en"})
    # An English sheet on an Indonesian page: the check for untranslated words does not apply.
    page = Page(at_desk("csr").client.get(f"/complaints/{number}/receipt"), "receipt")
    assert "We will resolve it no later than" in page.words(".receipt")[0]
    assert "Tuesday, 24 November 2026, 09:15 WIB" in page.words(".receipt")[0]
    assert page.one(".receipt")["lang"] == "en"


def test_before_the_registration_the_address_offers_to_register(at_desk, office):
    number = office.receive()
    page = at_desk("csr").get(f"/complaints/{number}/receipt")
    assert not page.all(".receipt")
    assert page.words("#form-title") == ["Daftarkan keluhan"]


def test_the_code_is_a_drawing_of_the_link_for_staff_of_the_branch_only(at_desk, office):
    number = registered(office)
    path = f"/complaints/{number}/receipt/qr.svg"
    drawing = at_desk("csr").client.get(path)
    assert drawing.mimetype == "image/svg+xml"
    assert b"<svg" in drawing.data
    assert b"<script" not in drawing.data
    assert at_desk("csr2").client.get(path).status_code == 403
    assert "no-store" in drawing.headers["Cache-Control"]


def test_its_link_opens_the_customers_page(at_desk, visitor, office):
    number = registered(office)
    page = at_desk("csr").get(f"/complaints/{number}/receipt")
    assert number in visitor.get(link_in(page)).h1


def test_without_an_address_printing_it_is_recorded_and_nobody_is_reminded(at_desk, office, wall):
    number = registered(office, who={"email": ""})
    wall.at = office.at
    desk = at_desk("csr")
    assert "dicetak" not in desk.get(f"/complaints/{number}").words(".case-next")[0]
    page = desk.get(f"/complaints/{number}/receipt")
    (letter,) = office.letters(number)
    assert letter.state == "to_print"
    done = desk.follow(desk.submit(page, f"/complaints/{number}/letters/printing", 303))
    assert done.all(".receipt")
    assert not done.all("form[action$=printing]")
    (letter,) = office.letters(number)
    assert (letter.state, letter.sent_at) == ("sent", office.at)
    assert [each.what for each in office.history(number)][-2:] == ["print_letter", "attach"]


def test_the_receipt_on_paper_is_the_sheet_and_no_second_text(at_desk, office, wall):
    number = registered(office, who={"email": ""})
    wall.at = office.at
    (letter,) = office.letters(number)
    page = at_desk("csr").get(f"/complaints/{number}/letters/{letter.id}", 303)
    assert page.response.headers["Location"] == f"/complaints/{number}/receipt"


def test_only_who_records_complaints_is_led_to_the_next_one(at_desk, office, wall):
    number = registered(office)
    wall.at = office.at
    path = f"/complaints/{number}/receipt"
    next_one = ".receipt-acts a[href='/complaints/new']"
    assert at_desk("csr").get(path).all(next_one)
    for who in ("manager", "auditor"):
        assert not at_desk(who).get(path).all(next_one)
