"""Every letter from one page: the words to begin with, what will leave, and nothing kept of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from complaints.models import HistoryEntry, OutboxMessage
from complaints.web.complaint.composer import KINDS
from complaints.web.complaint.forms.letter_choices import LETTER_KINDS
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]
LETTERS = Path(__file__).parents[3] / "templates" / "letters"
#: Letters that stand in no complaint's list.
TO_STAFF = {"account", "digest", "notice", "report", "standstill", "standstill_over"}
#: These are told of on the page of what is no complaint.
OF_CONTACTS = {"contact_received", "contact_answer"}


def path_of(number: str) -> str:
    return f"/complaints/{number}/letters/new"


def opened(desk: Visitor, number: str, kind: str) -> Page:
    return desk.get(f"{path_of(number)}?kind={kind}")


def write(
    desk: Visitor, number: str, kind: str, status: int = 303, **fields: Any
) -> tuple[Page, Page]:
    page = opened(desk, number, kind)
    return page, desk.submit(page, path_of(number), status, **fields)


def letters(office: Office, number: str) -> list[OutboxMessage]:
    return [each for each in office.letters(number) if each.kind != "notice"]


def walked(office: Office, wall: Any, to: str, **more: Any) -> str:
    number = office.receive(**more)
    office.walk(number, to=to)
    wall.at = office.at
    return number


#: Where a kind may be written, and what has to be typed for it.
ROAD = {
    "acknowledgement": ("020-1.6", {}),
    "question": ("020-1.6", {"text": "Apakah lampu modem menyala merah?"}),
    "news": ("020-1.6", {"text": "Teknisi datang besok pagi."}),
    "cause-explanation": ("confirmed", {}),
    "offer": ("020-3.2", {"text": "Kabel disambung hari ini", "remedy": "PERBAIKAN"}),
    "decision": ("020-3.3", {}),
    "closing": ("kept", {}),
    "survey": ("closed", {}),
}


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("kind", ROAD)
def test_what_is_previewed_is_what_leaves_and_nothing_is_kept_of_it(
    office: Office, at_desk: At, wall, kind: str
):
    to, typed = ROAD[kind]
    number = walked(office, wall, to)
    deliver(office, Hand(), office.at)
    desk = at_desk("csr")
    before = office.session.scalar(select(func.count(HistoryEntry.seq)))
    count = len(letters(office, number))
    _, shown = write(desk, number, kind, 200, preview="1", **typed)
    (preview,) = shown.all("#preview .letter")
    text = shown.one("#preview .letter-text").get_text()
    text = text.replace("http://127.0.0.1:8000/", "https://keluhan.example/")
    assert office.session.scalar(select(func.count(HistoryEntry.seq))) == before
    assert len(letters(office, number)) == count
    # What was typed still stands there, and is sent from there.
    desk.submit(shown, path_of(number), 303)
    assert len(letters(office, number)) == count + 1
    hand = Hand()
    deliver(office, hand, office.at)
    (sent,) = [each for each in hand.sent if number in each["Subject"]]
    assert sent["Subject"] in preview.get_text()
    body = sent.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert body.strip() == text.strip()


def test_the_words_to_begin_with_are_those_of_the_kind_and_the_customer(
    office: Office, at_desk: At, wall
):
    number = walked(office, wall, "confirmed")
    desk = at_desk("csr")
    words = opened(desk, number, "cause-explanation").one("textarea[name=text]").get_text()
    assert "Penyebabnya: Kabel putus oleh galian." in words
    words = opened(desk, number, "acknowledgement").one("textarea[name=text]").get_text()
    assert "Terima kasih, Ibu, sudah menyampaikan keluhan ini." in words
    for kind in KINDS:
        assert "{" not in opened(desk, number, kind).main


def test_a_fact_that_is_not_known_takes_its_line_along(office: Office, at_desk: At, wall):
    number = walked(office, wall, "020-2.5")
    page = opened(at_desk("csr"), number, "cause-explanation")
    assert page.words(".compose-kinds [aria-current]") == ["Penyebab dijelaskan"]
    assert page.one("textarea[name=text]").get_text().strip() == ""


def test_what_it_is_about_is_not_guessed_while_no_category_is_chosen(
    office: Office, at_desk: At, wall
):
    """Found: a wrong bill, told on the page for customers, was "about a fault of the service"."""
    number = office.receive(category=None)
    wall.at = office.at
    words = opened(at_desk("csr"), number, "acknowledgement").one("textarea[name=text]").get_text()
    assert "Terima kasih" in words
    assert "gangguan" not in words


def test_every_letter_to_a_customer_has_a_name_in_the_list():
    """Found: what the page for customers sends was "A letter", in English, on Indonesian pages."""
    folders = {each.name for each in LETTERS.iterdir() if each.is_dir()}
    assert folders - TO_STAFF - OF_CONTACTS == set(LETTER_KINDS)


def test_a_discourteous_word_and_an_open_gap_are_named_beside_the_text(
    office: Office, at_desk: At, wall
):
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    for typed, said in (
        ("Ini salah Ibu sendiri.", "menyalahkan"),
        ("Halo.\nYth. {nama_depan}, teknisi datang.", "baris 2"),
    ):
        for more in ({}, {"preview": "1"}):
            _, page = write(desk, number, "news", 422, text=typed, **more)
            assert said in " ".join(page.words(".field-error")), typed
            assert page.one("textarea[name=text]").get_text().strip() == typed
    assert len(letters(office, number)) == 1


def test_on_paper_it_leads_to_the_sheet_that_is_printed(office: Office, at_desk: At, wall):
    number = walked(office, wall, "020-1.6", who={"email": ""})
    desk = at_desk("csr")
    page, done = write(desk, number, "news", text="Teknisi datang besok.")
    assert [each["value"] for each in page.all("input[name=method]")] == ["letter"]
    letter = letters(office, number)[-1]
    assert done.response.location == f"/complaints/{number}/letters/{letter.id}"
    sheet = desk.follow(done)
    assert "Teknisi datang besok." in sheet.main


def test_an_extension_says_that_it_leaves_once_it_is_approved(office: Office, at_desk: At, wall):
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    until = "2026-11-30T09:00"
    _, shown = write(
        desk, number, "extension", 200, text="Menunggu suku cadang", until=until, preview="1"
    )
    assert "setelah disetujui" in " ".join(shown.words("#preview"))
    desk.submit(shown, path_of(number), 303)
    assert letters(office, number)[-1].kind == "receipt"


def test_the_same_form_sent_twice_writes_one_letter(office: Office, at_desk: At, wall):
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    page = opened(desk, number, "news")
    # Ctrl+Enter sends it as well.
    assert page.one("form.box").has_attr("data-sends")
    for _ in range(2):
        desk.submit(page, path_of(number), 303, text="Teknisi datang besok.")
    assert [each.kind for each in letters(office, number)] == ["receipt", "message"]


def test_every_letter_is_listed_with_what_became_of_it(office: Office, at_desk: At, wall):
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    assert desk.get(f"/complaints/{number}").link("Tulis surat") == path_of(number)
    (line,) = opened(desk, number, "news").words(".compose-letters li")
    assert "Tanda terima" in line
    assert "dalam pengiriman" in line or "sedang dikirim" in line
    deliver(office, Hand(), office.at)
    (line,) = opened(desk, number, "news").words(".compose-letters li")
    assert "terkirim" in line


@pytest.mark.parametrize("kind", ["", "puisi", "closing", "\x00", "١"])
def test_a_kind_that_is_not_to_be_had_is_refused_in_words(
    office: Office, at_desk: At, wall, kind: str
):
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    page = opened(desk, number, "news")
    done = desk.submit(page, path_of(number), 422, kind=kind)
    assert done.all(".said-warn, .field-error")
    assert len(letters(office, number)) == 1


def test_who_may_write_nothing_sees_what_was_written(office: Office, at_desk: At, wall):
    number = walked(office, wall, "020-1.6")
    page = at_desk("auditor").get(path_of(number))
    assert not page.all("form.box")
    assert page.words(".compose-letters li")
    assert at_desk("csr2").client.get(path_of(number)).status_code == 403


@pytest.mark.parametrize("kind", ["question", "news"])
def test_a_draft_that_only_introduces_is_not_sent_as_it_is(
    office: Office, at_desk: At, wall, kind: str
):
    """Found: a question left with "... hal berikut:" and nothing asked."""
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    count = len(letters(office, number))
    for more in ({}, {"preview": "1"}):
        draft, page = write(desk, number, kind, 422, **more)
        assert "berakhir dengan titik dua" in " ".join(page.words(".field-error"))
        words = draft.one("textarea[name=text]").get_text()
        assert page.one("textarea[name=text]").get_text() == words
    form = {"text": words.strip(), "direction": "out", "method": "email"}
    path = f"/complaints/{number}/message"
    refused = desk.submit(desk.get(path), path, 422, **form)
    assert "berakhir dengan titik dua" in refused.main
    assert len(letters(office, number)) == count
    write(desk, number, kind, text=f"{words.strip()} besok pukul 10")
    assert len(letters(office, number)) == count + 1


def test_the_button_says_what_the_letter_does(office: Office, at_desk: At, wall):
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    words = opened(desk, number, "news").one(".form-acts .btn-primary").get_text()
    assert "Kirim email" in words
    assert "Siapkan untuk dicetak" in words
    asking = opened(desk, number, "extension").one(".form-acts .btn-primary").get_text()
    assert "Ajukan perpanjangan" in asking
    office.complaint(number).contact_email = None
    office.session.commit()
    words = opened(desk, number, "news").one(".form-acts .btn-primary").get_text()
    assert "Siapkan untuk dicetak" in words
    assert "email" not in words


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("email", "Pesan untuk pelanggan ditulis. Email sedang dikirim."),
        ("letter", "Pesan untuk pelanggan ditulis. Surat menunggu dicetak."),
    ],
)
def test_what_was_written_is_told_as_what_leaves(
    office: Office, at_desk: At, wall, method: str, said: str
):
    number = walked(office, wall, "020-1.6")
    desk = at_desk("csr")
    write(desk, number, "news", text="Teknisi datang besok pagi.", method=method)
    assert said in desk.get(f"/complaints/{number}").text
