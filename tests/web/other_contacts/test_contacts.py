"""What is no complaint, at the desk: one click from the intake, a short end, a list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from complaints.models import Complaint, OtherContact
from tests.office import Office
from tests.web.page import Page, Visitor

AtDesk = Callable[..., Visitor]
ASKED = "Jam berapa loket buka hari Sabtu?"
SITI = {"customer.name": "Siti Aminah", "customer.phone": "0812 3456 7890"}


def click(desk: Visitor, kind: str = "INFORMASI", status: int = 303, **typed: str) -> Page:
    """Press one of the buttons on the intake of complaints, with what is typed there."""
    page = desk.get("/complaints/new")
    return press(desk, page, status, kind=kind, **typed)


def press(desk: Visitor, page: Page, status: int = 303, **typed: str) -> Page:
    hidden = page.form("/complaints/new").select("input[type='hidden']")
    told = {str(each["name"]): str(each["value"]) for each in hidden}
    said = {"story": ASKED, "channel": "call", **SITI, **typed}
    return desk.post("/contacts/new", {**told, **said}, status)


def count(office: Office, table: type) -> int:
    found = office.session.scalar(select(func.count()).select_from(table)) or 0
    office.session.rollback()
    return found


def test_one_click_on_the_intake_records_it_as_it_stands(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    buttons = desk.get("/complaints/new").all("button[formaction='/contacts/new']")
    assert [each["value"] for each in buttons] == [
        "INFORMASI",
        "PERMINTAAN",
        "SARAN",
        "PUJIAN",
        "ASPIRASI",
    ]
    click(desk, "PERMINTAAN")
    page = desk.get("/contacts/KTK-2026-000001")
    assert ASKED in page.main
    assert "Siti Aminah" in page.main
    assert (count(office, OtherContact), count(office, Complaint)) == (1, 0)


@pytest.mark.parametrize("typed", ["19/11/2026 09.00", "2026-11-19T09:00", ""])
def test_the_time_of_receipt_is_taken_as_the_intake_writes_it(
    office: Office, at_desk: AtDesk, typed: str
):
    click(at_desk("csr"), received_at=typed)
    received = office.session.scalars(select(OtherContact.received_at)).one()
    assert (received.hour, received.minute) == ((2, 0) if typed else (2, 15))
    office.session.rollback()


def test_sent_twice_it_is_recorded_once(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    page = desk.get("/complaints/new")
    for _ in range(2):
        press(desk, page, kind="SARAN")
    assert count(office, OtherContact) == 1


def test_what_is_lacking_is_asked_for_and_nothing_typed_is_lost(office: Office, at_desk: AtDesk):
    desk = at_desk("csr", "en")
    page = click(desk, status=422, **{"customer.name": "", "customer.phone": ""})
    assert page.one("#f-words").get_text().strip() == ASKED
    assert page.one("#f-kind-INFORMASI").has_attr("checked")
    assert "write down the answer that was given at once" in page.main
    assert count(office, OtherContact) == 0
    desk.submit(
        page, "/contacts/new", 303, **{"end.words": "Buka pukul 08.00", "end.method": "phone"}
    )
    assert "Buka pukul 08.00" in desk.get("/contacts/KTK-2026-000001").main


def test_a_question_is_answered_and_a_second_answer_is_refused(office: Office, at_desk: AtDesk):
    desk = at_desk("csr", "en")
    click(desk)
    page = desk.get("/contacts/KTK-2026-000001")
    path = "/contacts/KTK-2026-000001/end"
    again = desk.submit(page, path, 422, words="Buka pukul 08.00", method="")
    assert "Choose how the customer was answered." in again.main
    assert again.one("#f-words").get_text().strip() == "Buka pukul 08.00"
    desk.submit(again, path, 303, words="Buka pukul 08.00", method="phone")
    shown = desk.get("/contacts/KTK-2026-000001")
    assert "Buka pukul 08.00" in shown.main
    assert "by phone" in shown.main
    assert not shown.all(f"form[action='{path}']")
    # From the page that was open before.
    desk.submit(page, path, 409, words="Buka pukul 09.00", method="phone")


def test_a_unit_gets_it_sees_it_and_does_it(office: Office, at_desk: AtDesk):
    desk, unit = at_desk("csr", "en"), at_desk("officer", "en")
    click(desk, "PERMINTAAN")
    path = "/contacts/KTK-2026-000001"
    desk.submit(desk.get(path), f"{path}/handover", 303, team="TEKNIK", note="Alamat baru")
    notices = unit.get("/notices")
    assert [each["href"] for each in notices.all(".notice-acts a")] == [path]
    page = unit.get(path)
    assert "Alamat baru" in page.main
    # What came in is taken by whoever sits at the desk.
    assert not page.all(f"form[action='{path}/complaint']")
    unit.submit(page, f"{path}/end", 303, words="Sudah dipindahkan hari ini", reference="SO-1")
    assert "SO-1" in desk.get(path).main


def test_it_is_made_a_complaint_and_the_page_says_from_when_it_counts(
    office: Office, at_desk: AtDesk
):
    desk = at_desk("csr", "en")
    click(desk)
    path = "/contacts/KTK-2026-000001"
    page = desk.get(path)
    assert "The deadlines of the complaint count from when this came in" in page.main
    desk.submit(page, f"{path}/complaint", 303, reason="Pelanggan tidak puas", category="GGN_MATI")
    assert office.session.scalars(select(Complaint.story)).one() == ASKED
    office.session.rollback()
    shown = desk.get(path)
    assert shown.all("a[href^='/complaints/KLH-2026-']")
    assert ASKED in desk.get("/complaints/KLH-2026-000001").main


def test_a_complaint_that_is_none_is_renamed_on_its_page(office: Office, at_desk: AtDesk):
    number = office.receive(story=ASKED)
    desk = at_desk("csr", "en")
    path = f"/complaints/{number}/not-a-complaint"
    page = desk.get(path)
    desk.submit(page, path, 303, kind="INFORMASI", reason="Pelanggan hanya bertanya jam buka")
    assert "Not a complaint" in desk.get(f"/complaints/{number}").main
    contact = desk.get("/contacts/KTK-2026-000001")
    assert number in contact.main
    assert "Pelanggan hanya bertanya jam buka" in contact.main
    exits = at_desk("supervisor", "en").get("/reports/exits")
    assert "Recorded as no complaint" in exits.main
    assert "complaint_renamed" not in at_desk("supervisor", "en").get("/notices").main


def test_the_list_is_narrowed_counted_and_taken_along(office: Office, at_desk: AtDesk):
    desk = at_desk("csr", "en")
    click(desk)
    click(desk, "PUJIAN", story="Joko ramah sekali")
    page = desk.get("/contacts")
    numbers = ["KTK-2026-000002", "KTK-2026-000001"]
    assert [each.get_text() for each in page.all("table.acts td a")] == numbers
    praise = desk.get("/contacts?kind=PUJIAN&state=open")
    assert [each.get_text() for each in praise.all("table.acts td a")] == numbers[:1]
    assert "Nothing fits here" in desk.get("/contacts?state=ended").main
    sent = desk.client.get("/contacts?format=csv&kind=PUJIAN")
    assert "Joko ramah sekali" in sent.get_data(as_text=True)
    assert "KTK-2026-000001" not in sent.get_data(as_text=True)
    desk.get("/contacts?team=TIDAK_ADA", 422)


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("csr2", "/contacts/KTK-2026-000001", 403),
        ("auditor", "/contacts/KTK-2026-000001", 200),
        ("auditor", "/contacts/new", 403),
        ("officer", "/contacts/new", 403),
        ("csr", "/contacts/KTK-2026-000009", 404),
        ("csr", "/contacts/nonsense", 404),
    ],
)
def test_who_may_open_what(office: Office, at_desk: AtDesk, name: str, path: str, status: int):
    click(at_desk("csr"))
    at_desk(name, "en").get(path, status)


def test_what_customers_typed_is_never_run(office: Office, at_desk: AtDesk):
    desk = at_desk("csr", "en")
    script = "<script>alert(1)</script>"
    click(desk, "SARAN", **{"story": script, "customer.name": script})
    for path in ("/contacts", "/contacts/KTK-2026-000001"):
        page = desk.get(path)
        assert script in page.main
        assert not page.all("main script")


def test_no_button_of_another_kind_stands_between_the_story_and_its_end(at_desk: AtDesk):
    """Tab and Enter after the story are what the complaint goes on with."""
    desk = at_desk("csr")
    stops = desk.get("/complaints/new").all("#intake textarea, #intake input, #intake button")
    names = [str(each.get("name", "")) for each in stops]
    after = names[names.index("story") + 1 :]
    assert after[0] == "attestation.listened"
    assert "kind" in after


def test_the_telephone_number_of_a_contact_can_be_dialled_as_it_stands(at_desk: AtDesk):
    desk = at_desk("csr")
    click(desk)
    assert "+6281234567890" in desk.get("/contacts/KTK-2026-000001").main


def test_the_search_of_the_desk_shows_contacts_below_complaints(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    click(desk)
    page = desk.get("/complaints?q=loket")
    assert page.link("KTK-2026-000001") == "/contacts/KTK-2026-000001"
    every = "Tampilkan semua yang ditemukan di antara permintaan dan masukan"
    assert page.link(every) == "/contacts?q=loket"
    assert "Tidak ada keluhan yang ditemukan" in page.main
    assert "Tidak ditemukan" in desk.get("/complaints?q=menara").main
    # Narrowed by what only a complaint has, it is a list of complaints alone.
    assert not desk.get("/complaints?q=loket&status=open").all("#contacts-found")
    assert desk.get("/complaints?q=loket&columns=status").all("#contacts-found")
    assert not at_desk("csr2").get("/complaints?q=loket").all("#contacts-found")
    moved = desk.get("/complaints?q=KTK-2026-000001", 302)
    assert moved.response.location == "/contacts/KTK-2026-000001"


def test_the_list_is_searched_and_goes_on_with_the_words(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    click(desk)
    page = desk.get("/contacts?q=siti")
    assert page.one("#q")["value"] == "siti"
    assert page.link("KTK-2026-000001")
    assert "q=siti" in page.link("Unduh CSV")
    assert not desk.get("/contacts?q=budi").all("table.acts")
