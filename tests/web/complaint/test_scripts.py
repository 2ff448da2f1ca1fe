"""The scripts and manners of the standards of service, each beside the act it serves."""

from __future__ import annotations

import pytest

from complaints.actions.registry import ACTS
from complaints.steps.offer import offer_solution
from complaints.web.intake.script_card import CARD
from tests.office import Office
from tests.web.complaint.test_complaint import At, at_place, path_of


def test_all_fifteen_scripts_of_the_standards_have_their_place(office: Office):
    scripts = office.rules.scripts.scripts.values()
    standard = {each.key for each in scripts if each.source == "seed"}
    assert len(standard) == 15
    beside = {key for act in ACTS.values() for face in act.faces.values() for key in face.scripts}
    on_card = {key for _, keys in CARD for key in keys}
    assert standard <= beside | on_card


def test_every_script_beside_an_act_and_every_standard_is_there(office: Office):
    book = office.rules.scripts
    faces = [face for act in ACTS.values() for face in act.faces.values()]
    assert {key for face in faces for key in face.scripts} <= set(book.scripts)
    assert {key for face in faces for key in face.standards} <= set(book.tips)


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("place", "form", "count", "words"),
    [
        (None, "attestation", 11, "Jangan memotong percakapan lawan bicara."),
        (None, "apology?stage=intake", 4, "Jangan biarkan pelanggan pergi dengan rasa kecewa"),
        (None, "message", 2, "Ucapkan “terima kasih” saat kembali melayani pelanggan."),
        ("020-3.2", "offer", 1, "mengeskalasi kepada supervisor setempat"),
        ("020-3.4", "thanks", 4, "Mintalah umpan balik."),
        ("020-3.7", "closure", 4, "Ucapkan salam dan terima kasih."),
    ],
)
def test_what_to_do_and_not_to_do_stands_beside_the_words(
    at_desk: At, office: Office, wall, place, form: str, count: int, words: str
):
    number = at_place(office, place) if place else office.receive()
    wall.at = office.at
    page = at_desk("csr").get(f"{path_of(number)}/{form}")
    manners = page.words(".script .manners li")
    assert len(manners) == count
    assert any(words in each for each in manners)


def test_the_closing_thanks_stand_at_the_closing(at_desk: At, office: Office, wall):
    number = at_place(office, "020-3.7")
    wall.at = office.at
    said = at_desk("csr").get(path_of(number, "closure")).words(".script-text")
    assert said[0].startswith("“Terima kasih, Bu Siti Aminah, telah memilih produk kami.")


def test_the_intake_card_teaches_listening_and_empathy(at_desk: At, office: Office, wall):
    wall.at = office.at
    page = at_desk("csr").get("/complaints/new")
    assert len(page.words("[data-card=greet] .manners li")) == 9
    assert len(page.words("[data-card=apologise] .manners li")) == 4


def test_only_a_text_that_was_refused_asks_why_it_is_used_all_the_same(
    at_desk: At, office: Office, wall
):
    number = office.receive()
    wall.at = office.at
    desk = at_desk("csr")
    form = path_of(number, "apology")
    page = desk.get(f"{form}?stage=intake")
    assert page.all("[name=anyway]") == []
    refused = desk.submit(page, form, 422, text="Kami mohon maaf.")
    assert "Sapalah Bu Siti Aminah." in refused.words("#open")[0]
    desk.submit(refused, form, 303, anyway="Pelanggan minta tidak disapa")
    timeline = desk.get(f"{path_of(number)}?view=history").words("#timeline")[0]
    assert "pemeriksaan kesopanan menemukan sesuatu: Pelanggan minta tidak disapa" in timeline


def test_a_supervisor_leaves_out_a_unit_on_the_page(at_desk: At, office: Office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at
    form = path_of(number, "parties")
    assert at_desk("csr").get(form).all("[name=not_needed]") == []
    desk = at_desk("supervisor")
    why = "Modem dinyalakan kembali bersama pelanggan"
    desk.submit(desk.get(form), form, 303, teams=[], not_needed=["TEKNIK"], reason=why)
    assert office.states(number)["020-2.1"] == "proven"


def test_a_category_without_a_unit_takes_one_tap(at_desk: At, office: Office, wall):
    number = office.receive(category="PTG_CSR")
    office.walk(number, to="020-1.6")
    wall.at = office.at
    desk, form = at_desk("csr"), path_of(number, "parties")
    desk.submit(desk.get(form), form, 303)
    assert office.states(number)["020-2.1"] == "proven"


@pytest.mark.parametrize(
    ("channel", "said", "unsaid"),
    [
        ("walk_in", "Ini tanda terimanya, Ibu.", "Mohon simpan nomor ini"),
        ("call", "Mohon simpan nomor ini untuk memantau perkembangannya.", "Ini tanda terimanya"),
        ("email", "Mohon simpan nomor ini untuk memantau perkembangannya.", "Ini tanda terimanya"),
    ],
)
def test_only_who_stands_at_the_desk_is_handed_a_receipt(
    at_desk: At, office: Office, wall, channel: str, said: str, unsaid: str
):
    number = office.receive(channel=channel)
    wall.at = office.at
    page = at_desk("csr").get(path_of(number, "receipt"))
    words = page.words(".script")[0]
    assert said in words
    assert unsaid not in words


@pytest.mark.parametrize(
    ("channel", "heard", "unheard", "manners"),
    [
        ("walk_in", "Silakan duduk", "Keluhan … sudah kami baca", 9),
        ("call", "Ada yang bisa kami bantu?", "Silakan duduk", 3),
        ("email", "sudah menghubungi kami", "Ada yang bisa kami bantu?", 1),
    ],
)
def test_the_intake_card_speaks_as_one_does_on_the_channel(
    at_desk: At, office: Office, wall, channel: str, heard: str, unheard: str, manners: int
):
    wall.at = office.at
    desk = at_desk("csr")
    page = desk.submit(
        desk.get("/complaints/new"), "/complaints/new", 200, channel=channel, do="look"
    )
    shown = [
        each for each in page.all("[data-card=greet] .script-text") if "hidden" not in each.attrs
    ]
    words = " ".join(each.get_text() for each in shown)
    assert heard in words
    assert unheard not in words
    tips = page.all("[data-card=greet] .manners li")
    assert len([each for each in tips if "hidden" not in each.attrs]) == manners


def test_the_words_for_an_extension_name_the_new_date_once_it_is_typed(
    at_desk: At, office: Office, wall
):
    number = at_place(office, "020-2.5")
    wall.at = office.at
    desk = at_desk("csr")
    page = desk.get(path_of(number, "extension"))
    assert "paling lambat …" in page.words(".script-text")[0]
    assert page.words(".script-later") == ["Hanya setelah disetujui:"]
    span = page.one(".script-text [hx-get]")
    typed = desk.client.get(span["hx-get"], query_string={"until": "2026-11-27T10:00"})
    assert typed.text == "Jumat, 27 November 2026, pukul 10.00 WIB"
    again = desk.submit(page, path_of(number, "extension"), 422, until="2026-11-27T10:00")
    assert (
        "paling lambat Jumat, 27 November 2026, pukul 10.00 WIB" in again.words(".script-text")[0]
    )


@pytest.mark.parametrize(("amount", "waits"), [("", False), ("100000", False), ("900000", True)])
def test_the_offer_is_said_with_its_amount_and_not_before_it_is_approved(
    at_desk: At, office: Office, wall, amount: str, waits: bool
):
    number = at_place(office, "020-3.2")
    wall.at = office.at
    desk = at_desk("csr")
    page = desk.get(path_of(number, "offer"))
    assert page.one(".script-later").has_attr("hidden")
    # Without a remedy the form comes back with its words.
    again = desk.submit(
        page, path_of(number, "offer"), 422, description="Ganti rugi.", amount=amount
    )
    said = {"": "Ganti rugi", "100000": "Ganti rugi, senilai Rp100.000"}
    assert said.get(amount, "Ganti rugi, senilai Rp900.000") in again.words(".script-text")[0]
    assert again.one(".script-later").has_attr("hidden") is not waits


def test_an_amount_that_stands_in_the_words_is_said_once(at_desk: At, office: Office, wall):
    number = at_place(office, "020-3.2")
    words = {"description": "Ganti rugi Rp50.000", "amount": 50_000}
    office.take(number, offer_solution, remedy="RESTITUSI", **words)
    wall.at = office.at
    said = at_desk("csr").get(path_of(number, "answer")).words(".script-text")[0]
    assert "Penawaran kami: Ganti rugi Rp50.000." in said


def test_who_needs_time_hears_until_when_the_answer_is_waited_for(
    at_desk: At, office: Office, wall
):
    number = at_place(office, "020-3.3")
    wall.at = office.at
    said = at_desk("csr").get(path_of(number, "answer")).words(".script-text")[0]
    # Three working days after today, Thursday 19 November: at closing on Tuesday.
    assert "jawaban Ibu sampai Selasa, 24 November 2026, pukul" in said
    assert "…" not in said


def test_the_promise_is_said_with_the_steps_that_the_form_proposes(
    at_desk: At, office: Office, wall
):
    number = at_place(office, "020-1.3")
    wall.at = office.at
    page = at_desk("csr").get(path_of(number, "promise"))
    said = page.words(".script-text")[0]
    assert "…" not in said
    assert str(page.one("[name='steps.0.what']")["value"]) in said
