"""Letters on the complaint page: what waits to leave, printing, and what came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from complaints.models import OutboxMessage
from complaints.steps.casework.letters import note_return, print_letter
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.confirm import confirm_back
from complaints.steps.inform_standard import inform_standard
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.web.complaint.test_complaint import path_of, send
from tests.web.page import Visitor

At = Callable[..., Visitor]
OFFER = {"remedy": "PERBAIKAN", "description": "Kabel disambung hari ini"}


def offered(office: Office, method: str) -> tuple[str, OutboxMessage]:
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, method=method, **OFFER)
    letter = [row for row in office.letters(number) if row.kind == "conversation"][-1]
    return number, letter


def test_an_offer_on_its_way_shows_on_evidence_journey_and_gate(office: Office, at_desk: At):
    number, _ = offered(office, "email")
    page = at_desk("csr").get(path_of(number))
    line = " ".join(page.words(".criterion-sending"))
    assert "Surat penawaran belum terkirim" in line
    assert "sedang dikirim" in " ".join(page.words(".talk"))
    gate = " ".join(page.words(".gate"))
    assert "Surat penawaran belum terkirim; tunggu sampai server email menerimanya" in gate
    deliver(office, Hand(), office.at)
    page = at_desk("csr").get(path_of(number))
    assert page.words(".criterion-sending") == []
    assert "sedang dikirim" not in " ".join(page.words(".talk"))
    assert "belum terkirim" not in " ".join(page.words(".gate"))


def test_when_all_is_said_the_page_waits_for_the_letter(office: Office, at_desk: At):
    number = office.receive()
    office.walk(number, to="020-3.6")
    office.take(number, inform_standard, all_items=True, method="email")
    page = at_desk("csr").get(path_of(number))
    assert page.words("#next-title") == ["Tunggu sampai surat terkirim"]
    assert "sedang dikirim" in " ".join(page.words(".journey-sending"))


def test_a_letter_on_paper_is_read_printed_and_then_proven(office: Office, at_desk: At):
    number, letter = offered(office, "letter")
    desk = at_desk("csr")
    page = desk.get(path_of(number))
    (link,) = page.all(f".gate a[href='/complaints/{number}/letters/{letter.id}']")
    assert link.get_text(strip=True) == "Cetak surat"
    sheet = desk.get(str(link["href"]))
    text = " ".join(sheet.words(".letter-text"))
    assert "Kabel disambung hari ini" in text
    assert "/portal/" in text
    done = desk.follow(desk.submit(sheet, f"/complaints/{number}/letters/printing", 303))
    assert "Surat dicetak" in done.main
    assert office.states(number)["020-3.3"] == "proven"
    assert desk.get(str(link["href"])).all("form[action$=printing]") == []


def test_a_letter_that_came_back_is_recorded_and_the_gate_says_why(office: Office, at_desk: At):
    number, letter = offered(office, "email")
    deliver(office, Hand(), office.at)
    desk = at_desk("csr")
    form = desk.get(path_of(number, "letters/return"))
    assert "Surat penawaran" in " ".join(form.words("select[name=letter] option"))
    desk.submit(
        form,
        path_of(number, "letters/return"),
        303,
        letter=str(letter.id),
        reason="Kotak surat penuh",
    )
    gate = " ".join(desk.get(path_of(number)).words(".gate"))
    assert "Surat penawaran kembali kepada kami; perbaiki alamatnya" in gate


def test_a_letter_that_proves_nothing_is_printed_from_the_complaint_as_well(
    office: Office, at_desk: At, wall
):
    number = office.receive(who={"email": ""})
    office.walk(number, to="020-1.6")
    until = office.at + timedelta(days=1)
    office.take(number, pause_clocks, reason="Mohon kirim foto modem", until=until)
    letter = office.letters(number)[-1]
    wall.at = office.at
    desk = at_desk("csr")
    page = desk.get(path_of(number))
    assert page.all(f".next-hint a[href='/complaints/{number}/letters/{letter.id}']")
    assert "menunggu dicetak" in page.main
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi")
    letter = office.letters(number)[-1]
    wall.at = office.at
    page = desk.get(path_of(number))
    (button,) = page.all(".case-next a.btn-primary")
    sheet = desk.get(str(button["href"]))
    assert "Anda dapat membatalkan pencabutan" in sheet.main
    office.take(number, print_letter, letter=letter.id)
    assert "Cetak surat" not in desk.get(path_of(number)).main


def test_the_closing_letter_is_one_click_away_for_who_has_no_email(
    office: Office, at_desk: At, wall
):
    number = office.receive(who={"email": ""})
    office.walk(number)
    wall.at = office.at
    desk = at_desk("csr")
    (button,) = desk.get(path_of(number)).all(".case-next a.btn-primary")
    sheet = desk.get(str(button["href"]))
    assert "Hasil:" in sheet.words(".letter-text")[0]
    assert "Jalan Contoh Nomor 1" in sheet.words(".letter header")[0]
    assert "--" not in sheet.one(".letter-text").get_text().split()
    closing = office.letters(number)[-1]
    assert (closing.kind, closing.state) == ("closed", "to_print")
    desk.submit(sheet, path_of(number, "letters/printing"), 303)
    assert office.letters(number)[-1].state == "sent"
    assert "Cetak surat" not in desk.get(path_of(number)).main


def test_what_was_opened_again_prints_no_closing_letter(office: Office, at_desk: At):
    number = office.receive(who={"email": ""})
    office.walk(number)
    office.take(number, reopen_complaint, by="supervisor", reason="Internet mati lagi pagi ini")
    closing = [row.state for row in office.letters(number) if row.kind == "closed"]
    assert closing == ["replaced"]


def test_the_form_says_what_email_does_and_that_there_is_no_messenger(
    office: Office, at_desk: At, wall
):
    number = office.receive(who={"email": ""})
    office.walk(number, to="confirmed")
    wall.at = office.at
    desk = at_desk("csr")
    form = desk.get(path_of(number, "apology"))
    said = " ".join(form.words("#f-method-hint"))
    assert "Pelanggan ini belum punya alamat email" in said
    assert "Sistem belum terhubung ke layanan pesan" in said
    refused = send(
        desk,
        path_of(number, "apology"),
        {
            "stage": "resolution",
            "text": "Kami mohon maaf atas gangguan yang Ibu alami.",
            "method": "email",
        },
    )
    assert refused.status == 422
    assert "Pelanggan belum punya alamat email" in " ".join(refused.words("#f-method-error"))


def test_a_letter_of_another_complaint_is_not_there(office: Office, at_desk: At):
    _, letter = offered(office, "letter")
    other = office.receive(who={"phone": "0812 9999 1111", "email": "b@pelanggan.example"})
    at_desk("csr").get(path_of(other, f"letters/{letter.id}"), 404)


def test_an_outsider_reads_no_letter(office: Office, at_desk: At):
    number, letter = offered(office, "letter")
    at_desk("csr2").get(path_of(number, f"letters/{letter.id}"), 403)


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_emptied_letter_says_that_its_words_are_gone(office: Office, at_desk: At, language: str):
    number, letter = offered(office, "letter")
    office.take(number, print_letter, letter=letter.id)
    row = office.session.get_one(OutboxMessage, letter.id)
    row.emptied_at, row.facts = office.at, {}
    office.session.commit()
    words = {"id": "Isi surat ini tidak disimpan lagi", "en": "are no longer kept here"}
    page = at_desk("csr", language).get(path_of(number, f"letters/{letter.id}"))
    assert words[language] in " ".join(page.words(".said"))
    office.take(number, note_return, letter=letter.id, reason="Alamat tidak dikenal")


def test_an_unconfirmed_summary_shows_on_complaint_and_list(office: Office, at_desk: At):
    number = office.receive()
    office.walk(number, to="020-1.1")
    office.take(number, confirm_back, summary="Mati sejak kemarin sore", method="email")
    deliver(office, Hand(), office.at)
    csr = at_desk("csr")
    page = csr.get(path_of(number))
    assert "Belum dikonfirmasi" in " ".join(page.words(".case-line"))
    assert "Pelanggan belum mengonfirmasi ringkasan" in " ".join(page.words(".criterion-awaiting"))
    assert "Belum dikonfirmasi" in csr.get("/complaints").main
    office.take(number, confirm_back, summary="Mati sejak kemarin sore", method="phone")
    assert "Belum dikonfirmasi" not in csr.get(path_of(number)).main
