"""Files that go with a letter written on the composer's page: chosen, previewed, shown after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from complaints.steps.files.attach import hide_attachment
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.steps.files.test_attach import attach
from tests.web.complaint.test_composer import letters, opened, path_of, walked, write
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]


@pytest.fixture
def number(office: Office, wall) -> str:
    return walked(office, wall, "020-1.6")


def kept(office: Office, number: str, **more: Any) -> str:
    row = attach(office, number, **more)
    office.session.commit()
    return str(row.id)


def offered(page: Page, name: str) -> list[str]:
    return [each["value"] for each in page.all(f"input[name={name}]")]


def test_what_may_go_is_offered_and_nothing_is_ticked(office: Office, at_desk: At, number: str):
    shown = kept(office, number)
    internal = kept(office, number, shown_to_customer=False, name="catatan.jpg")
    power = kept(office, number, kind="power_of_attorney", name="kuasa.jpg")
    hidden = kept(office, number, name="salah.jpg")
    office.take(number, hide_attachment, attachment=int(hidden), reason="Milik pelanggan lain")
    office.session.commit()
    for kind in ("news", "question", "acknowledgement"):
        page = opened(at_desk("csr"), number, kind)
        assert offered(page, "enclose") == [shown]
        assert offered(page, "enclose_internal") == [power, internal]
        assert not page.all("input[type=checkbox][checked]")
        assert not page.one(".compose-internal").has_attr("open")
    assert offered(opened(at_desk("csr"), number, "extension"), "enclose") == [shown]


def test_files_are_chosen_right_there_for_every_kind_that_takes_them(
    office: Office, at_desk: At, wall, number: str
):
    assert opened(at_desk("csr"), number, "news").all("#f-added input[type=file]")
    assert opened(at_desk("csr"), number, "extension").all("#f-added")
    office.walk(number, after="020-1.6", to="020-3.3")
    wall.at = office.at
    assert not opened(at_desk("csr"), number, "reminder").all("#f-added")


def test_a_choice_that_is_no_file_is_refused_in_words(office: Office, at_desk: At, number: str):
    shown = kept(office, number)
    kept(office, number, shown_to_customer=False)
    for odd in ({"enclose": [shown, "foto"]}, {"enclose_internal": ["99999999999"]}):
        _, page = write(at_desk("csr", "en"), number, "news", 422, text="Ini fotonya.", **odd)
        assert page.one("#f-enclose-error").get_text(strip=True), odd


def test_preview_letter_history_and_complaint_name_what_was_chosen(
    office: Office, at_desk: At, number: str
):
    first = kept(office, number)
    kept(office, number, name="lain.jpg")
    desk = at_desk("csr")
    _, page = write(desk, number, "news", 200, text="Ini fotonya.", preview="1", enclose=[first])
    assert "Lampiran: foto.jpg" in page.one("#preview .letter-text").get_text()
    ticked = [each["value"] for each in page.all("input[name=enclose][checked]")]
    assert ticked == [first]
    desk.submit(page, path_of(number), 303)
    hand = Hand()
    deliver(office, hand, office.at)
    (mail,) = [each for each in hand.sent if list(each.iter_attachments())]
    assert [each.get_filename() for each in mail.iter_attachments()] == ["foto.jpg"]
    conversation = desk.get(f"/complaints/{number}")
    assert conversation.words(".talk-us .talk-files li") == ["foto.jpg"]
    history = desk.get(f"/complaints/{number}?view=history")
    assert "disertakan: foto.jpg (SHA-256 " in history.main
    sheet = desk.get(f"/complaints/{number}/letters/{letters(office, number)[-1].id}")
    assert "Lampiran: foto.jpg" in sheet.main
    assert "lain.jpg" not in sheet.main


def test_a_refusal_stands_beside_the_files_and_keeps_what_was_ticked(
    office: Office, at_desk: At, number: str
):
    file = kept(office, number)
    desk = at_desk("csr")
    page = opened(desk, number, "news")
    office.take(number, hide_attachment, attachment=int(file), reason="Milik pelanggan lain")
    office.session.commit()
    done = desk.submit(page, path_of(number), 422, text="Ini fotonya.", enclose=[file])
    assert "disembunyikan dari pelanggan" in " ".join(done.words("#f-enclose-error"))
    assert len(letters(office, number)) == 1


def test_an_internal_file_that_is_ticked_as_such_goes_and_shows(
    office: Office, at_desk: At, number: str
):
    file = kept(office, number, shown_to_customer=False)
    desk = at_desk("csr")
    _, page = write(
        desk, number, "news", 200, text="Fotonya.", preview="1", enclose_internal=[file]
    )
    assert page.one(".compose-internal").has_attr("open")
    desk.submit(page, path_of(number), 303)
    history = desk.get(f"/complaints/{number}?view=history")
    assert "sejak kini dapat dilihat pelanggan: foto.jpg" in history.main


def test_the_sheet_of_paper_says_what_is_left_out_of_it(office: Office, at_desk: At, number: str):
    file = kept(office, number)
    desk = at_desk("csr")
    write(desk, number, "news", text="Ini fotonya.", method="letter", enclose=[file])
    sheet = f"/complaints/{number}/letters/{letters(office, number)[-1].id}"
    assert "Lampiran: foto.jpg" in desk.get(sheet).main
    office.take(number, hide_attachment, attachment=int(file), reason="Milik pelanggan lain")
    office.session.commit()
    page = desk.get(sheet)
    assert "Lampiran: foto.jpg" not in page.main
    assert "Tidak disertakan" in page.main
    desk.submit(page, f"/complaints/{number}/letters/printing", 303)
    history = desk.get(f"/complaints/{number}?view=history")
    assert "tidak disertakan karena disembunyikan dari pelanggan: foto.jpg" in history.main


def test_the_page_of_the_resolution_takes_files_with_cause_and_offer(
    office: Office, at_desk: At, wall
):
    number = walked(office, wall, "020-2.5")
    first = kept(office, number)
    second = kept(office, number, name="lain.jpg")
    desk = at_desk("csr")
    talk = f"/complaints/{number}/resolution"
    page = desk.get(talk)
    typed = {
        "method": "email",
        "cause-explanation.text": "Kabel terputus oleh galian di depan rumah",
        "cause-explanation.enclose": [first],
        "offer.remedy": "PERBAIKAN",
        "offer.description": "Kabel disambung hari ini",
        "offer.enclose": [second],
    }
    # By phone nothing goes along, and what was ticked stays.
    said = desk.submit(page, talk, 422, do="send", **{**typed, "method": "phone"})
    assert len(said.words("[id='f-offer.enclose-error']")) == 1
    assert said.all(f"[id='f-offer.enclose-{second}'][checked]")
    desk.submit(said, talk, 303, do="send", **typed)
    hand = Hand()
    deliver(office, hand, office.at)
    names = [[each.get_filename() for each in mail.iter_attachments()] for mail in hand.sent]
    assert ["foto.jpg", "lain.jpg"] in names
    lists = desk.get(f"/complaints/{number}").all(".talk-us .talk-files")
    assert [each.get_text(strip=True) for each in lists] == ["foto.jpg", "lain.jpg"]


@pytest.mark.parametrize(
    ("noun", "to", "typed"),
    [
        ("cause-explanation", "020-3.1", {"text": "Kabel terputus oleh galian", "method": "email"}),
        ("closure", "kept", {}),
        ("extension", "020-1.6", {"until": "10/12 09.15", "reason": "Suku cadang belum datang"}),
    ],
)
def test_the_forms_of_the_complaint_take_files_too(
    office: Office, at_desk: At, wall, noun: str, to: str, typed: dict[str, Any]
):
    number = walked(office, wall, to)
    file = kept(office, number)
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/{noun}")
    desk.submit(page, f"/complaints/{number}/{noun}", 303, enclose=[file], **typed)
    history = desk.get(f"/complaints/{number}?view=history")
    assert "foto.jpg (SHA-256 " in history.main
