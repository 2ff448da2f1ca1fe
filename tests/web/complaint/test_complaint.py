"""The complaint page: what comes next, who may do it, and what happens when it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.actions.registry import ACTS
from complaints.models import Complaint, Note, Offer
from complaints.steps.answer import take_answer
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension
from complaints.steps.confirm import confirm_back
from complaints.steps.inform import inform_parties
from complaints.steps.offer import offer_solution
from tests.conftest import NOW
from tests.office import ROAD, STORY, Office
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]

#: Place on the road → what the page says comes next there, and the noun that does it.
NEXT = {
    "received": ("Nyatakan bahwa pelanggan sudah didengarkan", "attestation"),
    "020-1.1": ("Konfirmasi ulang keluhan", "confirmation"),
    "020-1.2": ("Sampaikan permohonan maaf atas", "apology"),
    "020-1.3": ("Sampaikan langkah dan tenggat", "promise"),
    "020-1.4": ("Daftarkan keluhan", "receipt"),
    "020-1.6": ("Teruskan keluhan ke unit", "parties"),
    "asked": ("Tetapkan dugaan penyebab", "cause"),
    "020-2.2": ("Tinjau kebutuhan khusus", "condition"),
    "020-2.3": ("Tetapkan prioritas", "priority"),
    "020-2.4": ("Susun rencana", "plan"),
    "020-2.5": ("Pastikan penyebab utama", "cause"),
    "confirmed": ("Sampaikan permohonan maaf saat penyelesaian", "apology"),
    "020-3.1": ("Jelaskan penyebab utama", "cause-explanation"),
    "020-3.2": ("Tawarkan solusi", "offer"),
    "020-3.3": ("Konfirmasi kesediaan", "answer"),
    "020-3.4": ("Ucapkan terima kasih", "thanks"),
    "020-3.6": ("Sampaikan informasi standar", "standard-information"),
    "020-3.7": ("Tutup keluhan", "closure"),
    "kept": ("Tutup keluhan", "closure"),
    "closed": ("Diterima pelanggan", ""),
}


def at_place(office: Office, place: str) -> str:
    """A complaint that has come this far on the road."""
    number = office.receive()
    if place != "received":
        office.walk(number, to=place)
    office.session.commit()
    return number


def conversations_of(number: str, noun: str) -> list[str]:
    """The parts of the two conversations in which a noun is recorded."""
    talks = {face.conversation for face in ACTS[noun].faces.values()} - {""}
    return [path_of(number, f"{talk}#part-{noun}") for talk in talks]


def stored(office: Office, number: str) -> Complaint:
    complaint = office.complaint(number)
    office.session.commit()
    return complaint


def path_of(number: str, noun: str = "") -> str:
    return f"/complaints/{number}/{noun}".rstrip("/")


def send(desk: Visitor, path: str, fields: dict[str, Any]) -> Page:
    """Send fields as somebody would who never saw the form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', desk.client.get("/complaints").text)
    assert found is not None
    return Page(desk.client.post(path, data={"csrf_token": found[1], **fields}), path)


def beside(page: Page, field: str) -> str:
    """The sentence under a field."""
    return " ".join(page.words(f"[id='f-{field}-error']"))


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("place", [each for each in NEXT if each != "020-2.1"])
def test_the_page_says_what_comes_next_and_links_to_it(at_desk: At, office: Office, wall, place):
    number = at_place(office, place)
    wall.at = office.at
    page = at_desk("csr").get(path_of(number))
    words, noun = NEXT[place]
    assert page.words("#next-title")[0].startswith(words)
    if noun:
        href = str(page.one(".case-next .btn-primary")["href"])
        assert href.partition("?")[0] in (path_of(number, noun), *conversations_of(number, noun))


@pytest.mark.parametrize(
    ("place", "who", "noun", "fields", "said"),
    [
        (
            "020-1.6",
            "supervisor",
            "assignment",
            {"handler": "officer@tanggap.example", "reason": "Soal jaringan"},
            "Tercatat: Dialihkan",
        ),
        (
            "020-3.3",
            "csr",
            "answer",
            {"answer": "refused", "reason": "Terlalu lama"},
            "Tercatat: Pelanggan menolak",
        ),
        (
            "020-1.6",
            "csr",
            "note",
            {"text": "Sudah ditelepon"},
            "Tercatat: Catatan internal ditulis",
        ),
    ],
)
def test_what_was_recorded_is_said_as_a_result(
    at_desk: At, office: Office, wall, place, who, noun, fields, said
):
    number = at_place(office, place)
    wall.at = office.at + timedelta(minutes=5)
    desk = at_desk(who)
    page = desk.get(path_of(number, noun))
    done = desk.follow(desk.submit(page, path_of(number, noun), 303, **fields))
    assert done.words("#flashes p") == [said]


def test_everything_from_receipt_to_closing_can_be_done_on_the_page(
    at_desk: At, office: Office, wall
):
    number = at_place(office, "received")
    road: list[tuple[str, str, str, dict[str, Any]]] = [
        ("csr", "attestation", "", {"listened": "1"}),
        ("csr", "confirmation", "", {"summary": "Internet mati", "answer": "yes"}),
        ("csr", "apology", "?stage=intake", {}),
        ("csr", "promise", "", {}),
        ("csr", "receipt", "", {}),
        ("csr", "parties", "", {"teams": ["TEKNIK"]}),
        ("officer", "parties/acceptance", "", {"team": "TEKNIK", "answer": "accepted"}),
        ("csr", "cause", "?stage=preliminary", {"code": "JARINGAN", "text": "Kabel putus"}),
        ("csr", "condition", "", {"none": "1"}),
        ("csr", "priority", "", {}),
        ("csr", "plan", "", {}),
        ("csr", "cause", "?stage=confirmed", {"text": "Kabel putus oleh galian"}),
        ("csr", "apology", "?stage=resolution", {}),
        ("csr", "cause-explanation", "", {"text": "Kabel putus oleh galian", "view": "agrees"}),
        ("csr", "offer", "", {"remedy": "PERBAIKAN", "description": "Kabel disambung"}),
        ("csr", "answer", "", {"answer": "refused", "reason": "Terlalu lama"}),
        (
            "csr",
            "offer",
            "",
            {"remedy": "RESTITUSI", "description": "Ganti rugi", "amount": "Rp50.000"},
        ),
        (
            "csr",
            "offer",
            "",
            {"remedy": "RESTITUSI", "description": "Ganti rugi", "amount": "Rp75.000"},
        ),
        ("csr", "answer", "", {"answer": "accepted"}),
        ("csr", "thanks", "", {}),
        ("csr", "standard-information", "", {"all": "1"}),
        ("csr", "closure", "", {}),
    ]
    for who, noun, query, fields in road:
        wall.at += timedelta(minutes=5)
        desk = at_desk(who)
        page = desk.get(path_of(number, noun) + query)
        if noun == "closure":
            fields["done"] = [str(box["value"]) for box in page.all("input[name=done]")]
            assert fields["done"]
            fields["note"] = "Joko melapor selesai"
        answered = desk.submit(page, path_of(number, noun), 303, **fields)
        desk.follow(answered)
    complaint = stored(office, number)
    assert (complaint.status, complaint.outcome) == ("closed", "SETUJU_ALTERNATIF")
    assert set(office.states(number).values()) == {"proven"}


@pytest.mark.parametrize("noun", ACTS)
def test_every_form_opens_at_its_own_address(at_desk: At, office: Office, wall, noun):
    number = at_place(office, "received" if noun == "receipt" else "020-1.6")
    wall.at = office.at
    desk = at_desk("supervisor")
    page = desk.get(path_of(number, noun))
    assert page.words("#form-title")
    assert page.words(".open-form form") or page.words(".open-form .said-stop")


def test_a_gate_speaks_and_shows_the_way(at_desk: At, office: Office):
    number = at_place(office, "020-1.2")
    desk = at_desk("csr")
    page = desk.get(path_of(number))
    assert "Belum bisa didaftarkan" in page.words(".gate")[0]
    assert (
        "Permohonan maaf" in page.words(".gate")[0] or "permohonan maaf" in page.words(".gate")[0]
    )
    assert page.link("Catat permohonan maaf") == path_of(number, "apology?stage=intake")
    refused = desk.submit(desk.get(path_of(number, "receipt")), path_of(number, "receipt"), 409)
    assert "permohonan maaf" in refused.words(".said-stop")[0]
    assert stored(office, number).status == "received"


def test_whatever_is_offered_after_a_refusal_is_offered_as_the_alternative(at_desk: At, office):
    number = at_place(office, "020-3.3")
    desk = at_desk("csr")
    note = "Pelanggan menolak penawaran terakhir"
    assert note not in desk.get(path_of(number, "offer")).main
    office.take(number, take_answer, answer="refused", reason="Terlalu lama")
    assert note in desk.get(path_of(number, "offer")).main
    for amount in (50_000, 75_000):
        office.take(
            number, offer_solution, remedy="RESTITUSI", description="Ganti rugi", amount=amount
        )
        assert note in desk.get(path_of(number, "offer")).main


def test_a_refused_form_stands_open_with_every_word(at_desk: At, office: Office):
    number = at_place(office, "020-3.2")
    desk = at_desk("csr")
    page = desk.submit(
        desk.get(path_of(number, "offer")),
        path_of(number, "offer"),
        422,
        remedy="REFUND",
        description="Uang kembali <b>penuh</b>",
        amount="dua juta",
    )
    assert "rupiah bulat" in beside(page, "amount")
    assert page.words(".said-stop li") == [beside(page, "amount")]
    assert page.one("#f-description").get_text() == "Uang kembali <b>penuh</b>"
    assert page.one("#f-amount")["value"] == "dua juta"
    assert page.one("#f-remedy option[selected]")["value"] == "REFUND"
    assert office.rows(Offer, number) == []


REFUSALS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("020-1.1", "confirmation", {"summary": "", "answer": "yes"}, 422, "ringkasan"),
    (
        "020-1.1",
        "confirmation",
        {"summary": "Internet mati", "at": "2027-01-01T08:00"},
        422,
        "belum terjadi",
    ),
    (
        "020-1.1",
        "confirmation",
        {"summary": "Internet mati", "at": "kemarin"},
        422,
        "Tambahkan jamnya",
    ),
    ("020-1.6", "parties", {"teams": ["RAHASIA"]}, 422, "Tidak ada unit RAHASIA"),
    ("020-1.6", "cause", {"stage": "preliminary", "code": "X", "text": "?"}, 422, "penyebab"),
    ("020-1.6", "note", {"text": "  "}, 422, ""),
    ("020-1.6", "note", {"text": "x" * 25_000}, 422, ""),
    ("020-1.6", "pause", {"reason": "Foto modem", "until": "2026-11-18T08:00"}, 422, "30 hari"),
    (
        "020-1.6",
        "extension",
        {"until": "2026-11-20T08:00", "reason": "Menunggu kabel"},
        422,
        "tenggat",
    ),
    ("020-1.6", "record", {"category": "KIAMAT"}, 422, "kategori"),
    ("020-1.6", "assignment", {"handler": "siapa@entah.example"}, 422, ""),
    ("020-1.6", "withdrawal", {"reason": ""}, 422, ""),
    ("020-1.6", "merge", {"into": ""}, 422, ""),
    ("020-1.6", "merge", {"into": "KLH-2026-000999"}, 422, "KLH-2026-000999"),
    ("closed", "attestation", {"listened": "1"}, 409, "sudah selesai"),
    ("closed", "message", {"text": "Halo", "direction": "sideways"}, 422, ""),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("place", "noun", "fields", "status", "sentence"), REFUSALS)
def test_a_refusal_is_a_sentence_on_the_page_itself(
    at_desk: At, office: Office, wall, place, noun, fields, status, sentence
):
    number = at_place(office, place)
    wall.at = office.at
    before = stored(office, number).history_seq
    page = send(at_desk("supervisor"), path_of(number, noun), fields)
    assert page.status == status
    page.check()
    assert sentence in page.words(".said-stop")[0]
    assert stored(office, number).history_seq == before


@pytest.mark.both_databases
def test_two_people_at_once_lose_no_word(at_desk: At, office: Office, wall):
    number = at_place(office, "020-1.1")
    wall.at = office.at
    first, second = at_desk("csr"), at_desk("supervisor")
    ours, theirs = (each.get(path_of(number, "confirmation")) for each in (first, second))
    first.submit(ours, path_of(number, "confirmation"), 303, summary="Dari Rina", answer="yes")
    page = second.submit(
        theirs, path_of(number, "confirmation"), 409, summary="Dari Budi", answer="yes"
    )
    assert "Rekan lain mencatat sesuatu" in page.words(".said-stop")[0]
    assert page.one("#f-summary").get_text() == "Dari Budi"
    assert "Dikonfirmasi ulang kepada pelanggan" in page.words(".open-form .said-note")[0]
    second.submit(page, path_of(number, "confirmation"), 303)
    assert stored(office, number).summary == "Dari Budi"


@pytest.mark.both_databases
def test_notes_of_two_people_do_not_stand_in_each_others_way(at_desk: At, office: Office):
    number = at_place(office, "received")
    first, second = at_desk("csr"), at_desk("supervisor")
    ours, theirs = (each.get(path_of(number, "note")) for each in (first, second))
    first.submit(ours, path_of(number, "note"), 303, text="Satu")
    second.submit(theirs, path_of(number, "note"), 303, text="Dua")
    assert [note.text for note in office.rows(Note, number)] == ["Satu", "Dua"]


@pytest.mark.both_databases
def test_a_double_click_records_once(at_desk: At, office: Office):
    number = at_place(office, "received")
    desk = at_desk("csr")
    page = desk.get(path_of(number, "note"))
    for _ in range(2):
        desk.submit(page, path_of(number, "note"), 303, text="Sekali saja")
    assert len(office.rows(Note, number)) == 1
    other = desk.submit(page, path_of(number, "note"), 409, text="Kata lain")
    assert other.one("#f-text").get_text() == "Kata lain"
    assert len(office.rows(Note, number)) == 1


def test_buttons_are_for_those_who_may(at_desk: At, office: Office):
    number = at_place(office, "020-1.6")
    reader = at_desk("auditor").get(path_of(number))
    assert not reader.all(".case-next .btn-primary")
    assert not reader.all(f"a[href='{path_of(number, 'escalation')}']")
    for noun in ("parties", "closure", "record", "note"):
        assert at_desk("auditor").client.get(path_of(number, noun)).status_code == 403
        assert send(at_desk("auditor"), path_of(number, noun), {}).status == 403
    assert at_desk("manager").get(path_of(number, "note")).words("#form-title")


def test_another_branch_is_refused_everywhere(at_desk: At, office: Office):
    number = at_place(office, "020-1.6")
    outsider = at_desk("csr2")
    for noun in ("", *ACTS, "receipt/qr.svg"):
        assert outsider.client.get(path_of(number, noun)).status_code == 403, noun
        if noun in ACTS:
            assert send(outsider, path_of(number, noun), {"text": "x"}).status == 403
    assert office.rows(Note, number) == []


def test_an_unknown_number_or_noun_is_not_found(at_desk: At, office: Office):
    number = at_place(office, "received")
    desk = at_desk("csr")
    for path in (
        "/complaints/KLH-2026-999999",
        "/complaints/KLH-1999-000001",
        "/complaints/siti",
        path_of(number, "blessing"),
        path_of(number, "offer/approval/again"),
    ):
        assert desk.get(path, 404).h1


def test_a_customer_side_cause_waits_for_a_supervisor_and_keeps_the_words(
    at_desk: At, office: Office
):
    number = at_place(office, "020-2.5")
    desk = at_desk("csr")
    page = desk.submit(
        desk.get(path_of(number, "cause")),
        path_of(number, "cause"),
        403,
        code="PELANGGAN",
        text="Modem dicabut",
    )
    assert "supervisor" in page.words(".said-stop")[0]
    assert page.one("#f-text").get_text() == "Modem dicabut"


def test_the_supervisor_decides_with_her_thumb(at_desk: At, office: Office, wall):
    number = at_place(office, "020-3.2")
    office.take(
        number, offer_solution, remedy="REFUND", description="Uang kembali", amount=2_000_000
    )
    office.take(number, ask_extension, until=NOW + timedelta(days=9), reason="Menunggu kabel")
    office.take(number, escalate_by_hand, reason="Pelanggan marah")
    wall.at = office.at
    desk = at_desk("supervisor")
    page = desk.get(path_of(number))
    assert len(page.all(".decision")) == 3
    assert "Pelanggan marah" in page.text
    # One button is the main one; an open form takes it over.
    assert page.words("main .btn-primary") == ["Saya tindak lanjuti"]
    note = desk.get(path_of(number, "note"))
    assert len(note.all(".decision")) == 3
    assert note.words("main .btn-primary") == note.words("#open .btn-primary")
    for noun in ("acknowledgement", "offer/approval", "extension/approval"):
        page = desk.follow(desk.submit(page, path_of(number, noun), 303))
    assert not page.all(".decision")
    complaint = stored(office, number)
    assert complaint.status == "offered"
    assert complaint.promised_at == NOW + timedelta(days=9)
    assert not at_desk("csr").get(path_of(number)).all(".decision")


def test_she_takes_over_with_one_tap(at_desk: At, office: Office):
    number = at_place(office, "020-1.6")
    office.take(number, escalate_by_hand, reason="Pelanggan marah")
    desk = at_desk("supervisor")
    desk.submit(desk.get(path_of(number)), path_of(number, "assignment"), 303)
    assert stored(office, number).handler_id == office.id_of("supervisor")


def test_a_team_accepts_with_one_tap_and_everybody_sees_who_waits(at_desk: At, office: Office):
    number = at_place(office, "020-1.6")
    office.take(number, inform_parties, teams=["TEKNIK", "TAGIHAN"], reason="Mohon dicek")
    officer = at_desk("officer").client
    page = Page(officer.get(path_of(number)), "page")
    assert "Mohon dicek" in page.words(".decision")[0]
    answered = Visitor(officer).submit(page, path_of(number, "parties/acceptance"), 303)
    assert answered.status == 303
    work = at_desk("csr").get(path_of(number)).words("#work")[0]
    assert "Teknik dan jaringan · diterima" in work
    assert "Tagihan dan pembayaran · belum diterima unit" in work


def test_times_are_typed_and_shown_on_the_branchs_wall_clock(at_desk: At, office: Office, wall):
    number = office.receive(by="csr2", branch="MKS")
    wall.at = NOW + timedelta(hours=1)
    desk = at_desk("csr2")
    page = desk.get(path_of(number))
    assert "WITA" in page.words("#promise")[0]
    form = desk.get(path_of(number, "pause"))
    assert "WITA" in form.words("label[for='f-until']")[0]
    desk.submit(
        form, path_of(number, "pause"), 303, reason="Menunggu foto", until="2026-11-20T09:00"
    )
    until = office.history(number)[-1].detail["until"]
    assert datetime.fromisoformat(until) == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    promise = desk.get(path_of(number)).one("#promise").get_text(" ")
    assert "Dijeda paling lama sampai Jumat, 20 November 2026, pukul 09.00 WITA" in promise
    assert "paling lambat" not in promise
    why = desk.get(f"{path_of(number)}/deadlines").main
    assert "Dijeda paling lama sampai Jumat, 20 November 2026, pukul 09.00 WITA" in why


def test_the_story_is_never_markup(at_desk: At, office: Office):
    story = "<img src=x onerror=alert(1)> “kutip” \u202eبالعكس\u202c 😡"
    number = office.receive(story=story, who={"name": "<b>Siti</b>"})
    page = at_desk("csr").get(path_of(number))
    assert story in page.one(".talk-customer .talk-text").get_text()
    assert not page.all(".talk-text img")
    assert "<b>Siti</b>" in page.words("#customer")[0]


def test_the_three_views_of_the_middle(at_desk: At, office: Office, wall):
    number = at_place(office, "020-3.3")
    office.take(number, write_note, text="Hanya untuk rekan")
    wall.at = office.at
    desk = at_desk("csr")
    talk = desk.get(path_of(number)).words("#timeline")[0]
    assert STORY in talk
    assert "Kabel disambung" in talk
    assert "Hanya untuk rekan" not in talk
    assert "Hanya untuk rekan" in desk.get(path_of(number) + "?view=notes").words("#timeline")[0]
    history = desk.get(path_of(number) + "?view=history").words("#timeline")[0]
    assert "Terdaftar, tanda terima dibuat" in history
    assert history.index("Catatan internal ditulis") < history.index("Keluhan diterima")


def test_who_heard_the_cause_for_the_customer_stands_in_both_views(
    at_desk: At, office: Office, wall
):
    number = at_place(office, "020-3.1")
    wall.at = office.at
    desk = at_desk("csr")
    form = path_of(number, "cause-explanation")
    who = "Budi, anak pelanggan, dengan surat kuasa"
    desk.submit(desk.get(form), form, 303, text="Kabel terputus", view="agrees", heard_by=who)
    for view in ("", "?view=history"):
        timeline = desk.get(path_of(number) + view).words("#timeline")[0]
        assert f"Diterima atas nama pelanggan oleh: {who}" in timeline
    # The customer's own hearing is the rule and needs no words.
    desk.submit(desk.get(form), form, 303, text="Dijelaskan ulang", view="agrees")
    told = [row.detail for row in office.history(number) if row.what == "explain_cause"]
    assert told == [{"view": "agrees", "heard_by": who}, {"view": "agrees"}]


def test_the_evidence_panel_counts_to_eighteen(at_desk: At, office: Office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at
    page = at_desk("csr").get(path_of(number))
    assert page.words("#evidence-title") == ["Bukti 7/18"]
    assert len(page.all(".criteria li")) == 18
    assert len(page.all(".criterion-missing")) == 11


def test_the_page_costs_the_same_however_much_has_happened(
    at_desk: At, office: Office, wall, counted
):
    quiet, busy = at_place(office, "020-1.6"), at_place(office, "020-3.3")
    for n in range(30):
        office.take(busy, write_note, text=f"Catatan {n}")
    wall.at = office.at
    desk = at_desk("csr")
    desk.get(path_of(quiet))
    seen = []
    for path in (path_of(quiet), path_of(busy), path_of(busy) + "?view=history"):
        with counted() as queries:
            desk.get(path)
        seen.append(len([each for each in queries if each.startswith("SELECT")]))
    assert seen[0] == seen[1]
    assert max(seen) <= 10


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", ACTS)
def test_an_open_form_stays_within_the_budget(at_desk: At, office: Office, wall, counted, noun):
    number = at_place(office, "020-2.4")
    wall.at = office.at
    desk = at_desk("supervisor")
    desk.get(path_of(number))
    with counted() as queries:
        desk.get(path_of(number, noun))
    assert len([each for each in queries if each.startswith("SELECT")]) <= 13


def test_the_road_of_this_test_is_the_houses_road():
    assert {name for name, *_ in ROAD} | {"received"} == set(NEXT) | {"020-2.1"}


def test_what_the_customer_corrected_stands_in_conversation_and_history(
    at_desk: At, office: Office
):
    number = at_place(office, "020-1.1")
    words = {"summary": "Mati dua hari", "answer": "corrected", "corrections": "Sejak Senin"}
    office.take(number, confirm_back, **words)
    desk = at_desk("csr")
    for view in ("", "?view=history"):
        assert "Koreksi pelanggan: Sejak Senin" in desk.get(path_of(number) + view).text


def test_two_complaints_of_one_matter_lead_to_each_other(at_desk: At, office: Office, wall):
    other, number = at_place(office, "020-1.6"), at_place(office, "020-1.6")
    wall.at = office.at
    csr = at_desk("csr")
    form = csr.get(path_of(number, "merge"))
    assert other in form.one(".open-form").get_text()
    csr.submit(form, path_of(number, "merge"), 303, into=other, reason="Satu gangguan")
    ended = csr.get(path_of(number)).one(".case-next")
    assert "Ganda (digabung)" in ended.get_text()
    assert "Satu gangguan" in ended.get_text()
    assert ended.select_one(f'a[href="/complaints/{other}"]')
    assert csr.get(path_of(other)).one(f'#customer a[href="/complaints/{number}"]')
