"""The customer on a complaint's page: whose it is, what the record says otherwise, the link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.signing import follow_token
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.converse import record_message
from tests.office import Office
from tests.web.page import Visitor

NEW = "siti.baru@pelanggan.example"


@pytest.fixture
def desk(at_desk: Any, office: Office, wall: Any) -> Visitor:
    visitor: Visitor = at_desk("csr")
    wall.at = office.at + timedelta(hours=1)
    return visitor


def change_address(office: Office, number: str) -> None:
    office.take(number, amend_record, change=Amendment(email=NEW))


def test_a_changed_record_shows_on_every_complaint_of_the_customer(desk, office: Office):
    first, second = office.receive(), office.receive()
    change_address(office, second)
    told = desk.get(f"/complaints/{first}").one("#customer").get_text(" ", strip=True)
    assert "Data pelanggan memuat yang lain" in told
    assert NEW in told
    same = desk.get(f"/complaints/{second}").one("#customer").get_text(" ", strip=True)
    assert "memuat yang lain" not in same


def test_without_an_address_of_its_own_no_letter_is_said_to_go_there(desk, office: Office):
    office.receive()
    number = office.receive()
    path = f"/complaints/{number}"
    why = {"email": "", "reason": "Alamat dipakai orang lain", "in_record": "false"}
    desk.submit(desk.get(f"{path}/record"), f"{path}/record", 303, **why)
    told = desk.get(path).one("#customer").get_text(" ", strip=True)
    assert "Data pelanggan memuat yang lain" in told
    assert "Surat keluhan ini tidak dikirim ke sana." in told
    assert "kontak yang tertera di sini" not in told


def test_a_doubted_number_is_shown_and_settled_there(desk, office: Office):
    office.receive(who={"name": "Ani", "phone": "0811 1111 111", "number": "PLG-9", "email": ""})
    number = office.receive(who={"number": "PLG-9"})
    page = desk.get(f"/complaints/{number}")
    path = f"/complaints/{number}/customer"
    assert path in {each["href"] for each in page.one("#customer").select("a")}
    form = desk.get(path)
    assert "Disebutkan nomor PLG-9" in form.main
    desk.submit(form, path, 303, number="", is_own="true")
    assert office.complaint(number).doubted_number is None


def test_what_stood_before_is_read_where_it_is_corrected(desk, office: Office):
    number = office.receive()
    change_address(office, number)
    page = desk.get(f"/complaints/{number}/record")
    assert "Email: siti@pelanggan.example, sampai Kamis, 19 November 2026 (Csr)" in page.main
    assert page.one("#f-in_record-true").has_attr("checked")


def test_an_emptied_box_takes_the_address_away_and_letters_are_printed(desk, office: Office):
    number = office.receive()
    office.take(
        number,
        record_message,
        text="Teknisi kami datang besok.",
        direction="out",
        method="email",
    )
    path = f"/complaints/{number}/record"
    form = desk.get(path)
    page = desk.submit(form, path, 422, email="")
    assert page.one("#f-reason-error")
    assert page.one("#f-email")["value"] == ""
    why = "Alamatnya milik orang lain"
    page = desk.follow(desk.submit(page, path, 303, email="", reason=why, no_letter="true"))
    assert office.complaint(number).contact_email is None
    history = desk.get(f"/complaints/{number}?view=history").main
    assert history.count(why) == 1
    assert "Alamat sebelumnya yang tidak dikirimi surat: 1" in history
    letter = office.letters(number)[0]
    office.session.commit()
    assert letter.state == "to_print"
    assert (
        "Teknisi kami datang besok." in desk.get(f"/complaints/{number}/letters/{letter.id}").main
    )
    # The form sent again with its empty box changes something else only.
    desk.submit(desk.get(path), path, 303, email="", phone="0813 9999 0000")
    assert office.complaint(number).contact_phone == "6281399990000"


def test_the_history_says_a_priority_that_follows_in_words(at_desk, office: Office, wall: Any):
    number = office.receive(category="GGN_LAMBAT")
    office.walk(number, to="020-2.4")
    more = Amendment(category="GGN_MATI", needs=("lansia",))
    office.take(number, amend_record, change=more)
    wall.at = office.at
    history = at_desk("supervisor").get(f"/complaints/{number}?view=history").main
    assert "P3 → P1" in history
    assert "{" not in history


def test_merged_records_are_parted_again_from_the_same_form(at_desk, office: Office, wall: Any):
    hers = office.receive(who={"name": "Ani", "phone": "0811 1111 111", "number": "PLG-9"})
    his = office.receive(who={"name": "Budi", "phone": "0822 2222 222", "email": ""})
    wall.at = office.at + timedelta(hours=1)
    boss, path = at_desk("supervisor"), f"/complaints/{hers}/customer/merge"
    office.session.commit()
    assert not boss.get(path).all("#f-undo")
    boss.submit(boss.get(path), path, 303, complaint=his, reason="Nomor KTP sama")
    assert office.complaint(his).customer_id == office.complaint(hers).customer_id
    office.session.commit()
    form = boss.get(path)
    assert f"keluhan yang berpindah: {his}" in form.main
    why = "Ternyata dua orang"
    boss.submit(form, path, 303, undo="true", reason=why)
    assert office.complaint(his).customer_id != office.complaint(hers).customer_id
    office.session.commit()
    told = boss.get(f"/complaints/{his}?view=history").main
    assert "dipisahkan lagi" in told
    assert told.count(why) == 1


def test_an_old_link_opens_nothing_and_says_what_to_do(desk, office: Office, visitor: Visitor):
    number = office.receive()
    complaint, key = office.complaint(number), desk.client.application.config["SECRET_KEY"]
    path = f"/portal/{follow_token(key, complaint.id, complaint.follow_nonce)}"
    office.session.commit()
    assert visitor.get(path).h1 != "Tautan ini tidak dapat dibuka"
    form = desk.get(f"/complaints/{number}/new-link")
    desk.submit(form, f"/complaints/{number}/new-link", 303)
    gone = visitor.get(path, 404)
    assert "surat kami yang terakhir" in gone.main
    assert number not in gone.text
