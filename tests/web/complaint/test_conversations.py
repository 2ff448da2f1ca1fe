"""The two conversations of the handling: one page, one submit, everything or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from complaints.models import Complaint, Offer
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.find_cause import find_cause
from complaints.steps.note_condition import note_condition
from tests.office import Office
from tests.web.conftest import Wall
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]

#: A category that the desk handles itself.
AT_THE_DESK = "PTG_ANTRE"

CAUSE = {"cause.code": "MANUSIA_JUMLAH", "cause.text": "Hanya satu loket dibuka"}
ANALYSIS = {**CAUSE, "condition.none": "1"}
#: Statements for a page with the next complaint on it; the complaint's own page takes eleven.
MOST_QUERIES = {"analysis": 17, "resolution": 19}
UNTICKED = {"parties.desk": "", "plan.take": ""}
TOLD = {
    "apology.said": "1",
    "cause-explanation.text": "Pagi ini hanya satu loket yang dibuka",
    "cause-explanation.view": "agrees",
    "offer.remedy": "PENJELASAN",
    "offer.description": "Dilayani di loket kedua sekarang",
}
ACCEPTED = {
    **TOLD,
    "answer.answer": "accepted",
    "thanks.said": "1",
    "standard-information.all": "1",
}
SETTLED = {"commitments.all": "1", "commitments.note": "Loket kedua sudah dibuka", "ends": "1"}


def registered(office: Office, category: str = AT_THE_DESK) -> str:
    """A complaint behind its receipt."""
    number = office.receive(category=category)
    office.walk(number, to="020-1.6")
    office.session.commit()
    return number


def in_handling(office: Office) -> str:
    """A complaint that a unit has accepted, with its plan."""
    number = office.receive()
    office.walk(number, to="020-2.5")
    office.session.commit()
    return number


def analysis(number: str) -> str:
    return f"/complaints/{number}/analysis"


def resolution(number: str) -> str:
    return f"/complaints/{number}/resolution"


def send(desk: Visitor, path: str, status: int = 303, **fields: str) -> Page:
    """Open the page, fill it in and send it."""
    return desk.submit(desk.get(path), path, status, **fields)


def beside(page: Page, field: str) -> str:
    """The sentence beside a field, or at the head of its part."""
    return " ".join(page.words(f"[id='f-{field}-error'], p[id='f-{field}']"))


def stored(office: Office, number: str) -> Complaint:
    complaint = office.complaint(number)
    office.session.commit()
    return complaint


def entries(office: Office, number: str) -> list[str]:
    found = [each.what for each in office.history(number)]
    office.session.commit()
    return found


def test_the_desk_settles_a_small_complaint_with_two_pages(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    analysed = send(csr, analysis(number), do="send", **ANALYSIS)
    assert analysed.response.headers["Location"] == f"{resolution(number)}?next=1"
    page = csr.follow(analysed)
    assert "Tercatat: Diteruskan ke unit; Dugaan penyebab ditetapkan" in page.main
    closed = csr.submit(page, resolution(number), 303, **ACCEPTED, **SETTLED)
    assert "Diterima pelanggan" in csr.follow(closed).main
    complaint = stored(office, number)
    assert (complaint.status, complaint.is_first_contact) == ("closed", True)
    assert {*office.states(number).values()} == {"proven", "not_needed"}


def test_the_receipt_leads_to_the_analysis_and_the_next_step_to_both(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    receipt = csr.get(f"/complaints/{number}/receipt")
    assert receipt.link("Lanjut ke analisis A") == analysis(number)
    page = csr.get(f"/complaints/{number}")
    assert page.one("[data-key=j]")["href"] == f"{analysis(number)}#part-parties"
    other = in_handling(office)
    page = csr.get(f"/complaints/{other}")
    assert page.one("[data-key=j]")["href"] == f"{resolution(other)}#part-cause"
    for target in page.words("a[href*='resolution#']"):
        assert target


def test_each_part_says_what_it_proves_in_words(at_desk: At, office: Office):
    csr = at_desk("csr")
    page = csr.get(analysis(registered(office)))
    assert page.words(".talk-proves") == [
        "Bukti untuk: Rincian keluhan disampaikan kepada semua unit terkait",
        "Bukti untuk: Penyebab utama diidentifikasi dari cerita pelanggan",
        "Bukti untuk: Kondisi spesifik pelanggan diidentifikasi",
        "Bukti untuk: Prioritas ditetapkan menurut jenis keluhan dan tipe pelanggan",
        "Bukti untuk: Rencana penanganan disusun",
    ]
    assert len(csr.get(resolution(in_handling(office))).words(".talk-proves")) == 8


def test_what_is_known_is_recorded_and_the_rest_stays_open(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    send(csr, analysis(number), do="send", **CAUSE, **UNTICKED)
    states = office.states(number)
    assert [states[key] for key in ("020-2.1", "020-2.2", "020-2.3", "020-2.5")] == [
        "missing",
        "proven",
        "missing",
        "missing",
    ]
    page = csr.get(analysis(number))
    assert page.all("[name='cause.code']") == []
    assert "Kurang petugas: Hanya satu loket dibuka" in page.one("#part-cause").get_text()


def test_nothing_filled_in_proves_nothing(at_desk: At, office: Office):
    number = registered(office)
    csr, before = at_desk("csr"), entries(office, number)
    again = send(csr, analysis(number), 422, do="send", **UNTICKED)
    assert "Belum ada yang diisi" in again.main
    told = in_handling(office)
    assert "Belum ada yang diisi" in send(csr, resolution(told), 422, do="send").main
    assert entries(office, number) == before
    assert office.states(told)["020-3.1"] == "missing"


def test_a_refusal_names_all_that_is_wrong_and_records_nothing(at_desk: At, office: Office):
    number = registered(office)
    csr, before = at_desk("csr"), entries(office, number)
    wrong = {
        "cause.code": "MANUSIA_JUMLAH",
        "cause.text": "x",
        "cause.quote": "Saya tidak pernah berkata begini",
        "condition.relevant": "Bekerja dari rumah",
        "plan.steps.0.what": "x",
    }
    again = send(csr, analysis(number), 422, do="send", **wrong)
    fields = [str(link["href"]) for link in again.all("[data-focus] a")]
    assert fields == ["#f-cause.text", "#f-plan.steps"]
    assert beside(again, "cause.text")
    assert entries(office, number) == before
    for name, value in wrong.items():
        field = again.all(f"[name='{name}']")[-1]
        assert value in (field.get("value"), field.get_text().strip()) or field.select(
            f"option[value='{value}'][selected]"
        )


def test_problems_of_the_resolution_stand_at_their_parts(at_desk: At, office: Office):
    number = in_handling(office)
    csr, before = at_desk("csr"), entries(office, number)
    wrong = {
        "cause-explanation.text": "ok",
        "offer.remedy": "PENGEMBALIAN",
        "offer.description": "ya",
        "answer.answer": "refused",
        "answer.deliver_by": "entah kapan",
        "thanks.said": "1",
    }
    again = send(csr, resolution(number), 422, do="send", **wrong)
    fields = [str(link["href"]) for link in again.all("[data-focus] a")]
    assert "#f-answer.deliver_by" in fields
    assert "#f-cause-explanation.text" in fields
    assert any(each.startswith("#f-offer.") for each in fields)
    assert entries(office, number) == before
    assert again.one("[name='offer.description']").get_text().strip() == "ya"


def test_a_page_sent_twice_is_recorded_once(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    page = csr.get(analysis(number))
    first = csr.submit(page, analysis(number), 303, do="send", **ANALYSIS)
    known = entries(office, number)
    second = csr.submit(page, analysis(number), 303, do="send", **ANALYSIS)
    assert second.response.headers["Location"] == first.response.headers["Location"]
    assert entries(office, number) == known


def test_two_at_once_lose_no_word_and_see_what_the_other_did(at_desk: At, office: Office):
    number = registered(office)
    first, second = at_desk("csr"), at_desk("supervisor")
    page = second.get(analysis(number))
    send(first, analysis(number), do="send", **ANALYSIS)
    before = entries(office, number)
    words = {"cause.code": "MANUSIA_JUMLAH", "cause.text": "Antrean tidak dibagi dua loket"}
    again = second.submit(page, analysis(number), 409, do="send", **words)
    assert entries(office, number) == before
    assert "Dugaan penyebab" in again.one("[data-news]").get_text()
    assert "Csr" in again.one("[data-news]").get_text()
    assert "Yang Anda tulis: Antrean tidak dibagi dua loket" in again.main
    assert again.all("[name='cause.code'] option") == []


def test_somebody_else_did_a_part_meanwhile(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    page = csr.get(analysis(number))
    office.take(number, note_condition, by="supervisor", none=True)
    again = csr.submit(page, analysis(number), 409, do="send", **ANALYSIS)
    assert "Kebutuhan khusus" in again.one("[data-news]").get_text()
    csr.submit(again, analysis(number), 303, do="send")
    assert office.states(number)["020-2.2"] == "proven"
    assert entries(office, number).count("note_condition") == 1


def test_the_priority_follows_the_category_while_the_page_is_open(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    page = csr.get(analysis(number))
    assert "P4" in page.one("#priority-shown").get_text()
    path = f"{analysis(number)}/follows?has_plan=1&record.category=GGN_MATI"
    follows = csr.client.get(path)
    assert follows.status_code == 200
    live = Page(follows, path)
    assert live.one("#priority-shown").get_text() != page.one("#priority-shown").get_text()
    assert "Teknik" in live.one("#units").get_text()
    assert stored(office, number).category == AT_THE_DESK
    looked = csr.submit(page, analysis(number), 200, do="look", **{"record.category": "GGN_MATI"})
    assert looked.one("#priority-shown").get_text() == live.one("#priority-shown").get_text()
    assert looked.one("[name='parties.teams'][value=TEKNIK]").has_attr("checked")
    assert stored(office, number).category == AT_THE_DESK


def test_another_category_is_recorded_with_what_follows_from_it(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    page = csr.get(analysis(number))
    page = csr.submit(page, analysis(number), 200, do="look", **{"record.category": "GGN_MATI"})
    words = {"cause.code": "JARINGAN", "cause.text": "Kabel putus", "condition.none": "1"}
    sent = csr.submit(page, analysis(number), 303, do="send", **words)
    assert sent.response.headers["Location"] == f"/complaints/{number}?next=1"
    complaint = stored(office, number)
    assert (complaint.category, complaint.status) == ("GGN_MATI", "registered")
    assert complaint.priority_reason["severity"] > 1
    csr.follow(sent)
    assert "Belum ada jawaban dari: Teknik" in csr.get(analysis(number)).one("#part-parties").text


def test_an_amount_above_the_limit_waits_and_says_so(at_desk: At, office: Office):
    number = in_handling(office)
    csr = at_desk("csr")
    big = {**TOLD, "offer.remedy": "REFUND", "offer.amount": "500.000"}
    big["offer.description"] = "Pengembalian biaya bulan ini"
    remedies = [
        str(o["value"]) for o in csr.get(resolution(number)).all("[name='offer.remedy'] option")
    ]
    big["offer.remedy"] = next(each for each in remedies if "KEMBALI" in each or "REFUND" in each)
    again = send(csr, resolution(number), 409, do="send", **big, **{"answer.answer": "accepted"})
    assert "Tawaran ini harus disetujui dahulu" in beside(again, "answer.answer") + again.main
    assert office.rows(Offer, number) == []
    sent = csr.follow(
        csr.submit(again, resolution(number), 303, do="send", **{"answer.answer": ""})
    )
    assert "jangan sampaikan dahulu kepada pelanggan" in sent.main
    page = csr.get(resolution(number))
    assert "Tunggu sampai Supervisor" in page.one("#part-answer").text
    assert page.all("[name='answer.answer']") == []


def test_a_refusal_and_its_alternative_in_one_talk(at_desk: At, office: Office):
    number = in_handling(office)
    refused = {
        **TOLD,
        "answer.answer": "refused",
        "answer.reason": "Saya ingin ganti rugi",
        "alternative.remedy": "PERBAIKAN",
        "alternative.description": "Kabel disambung sore ini juga",
        "alternative-answer.answer": "accepted",
        "thanks.said": "1",
        "standard-information.all": "1",
    }
    send(at_desk("csr"), resolution(number), do="send", **refused)
    states = office.states(number)
    assert {states[f"020-3.{n}"] for n in range(1, 8)} == {"proven"}
    thanked = next(each for each in reversed(office.history(number)) if each.what == "thank")
    assert thanked
    assert stored(office, number).status == "accepted"


def test_the_honest_way_out_is_part_of_the_page(at_desk: At, office: Office):
    number = in_handling(office)
    csr = at_desk("csr")
    page = csr.get(resolution(number))
    (code, *_) = [
        str(each["value"])
        for each in page.all("[name='apology.unable.code'] option")
        if each.get("value")
    ]
    unable = {
        "apology.unable.code": code,
        "apology.unable.reason": "Pelanggan meminta langsung ke pokok masalah",
    }
    told = {name: value for name, value in TOLD.items() if name != "apology.said"}
    csr.submit(page, resolution(number), 303, do="send", **told, **unable)
    assert office.states(number)["020-3.1"] == "unable"


def test_closing_waits_for_what_is_not_on_the_page_and_says_where(at_desk: At, office: Office):
    number = in_handling(office)
    csr = at_desk("csr")
    again = send(csr, resolution(number), 409, **TOLD, ends="1")
    assert "Belum bisa" in beside(again, "closure") or beside(again, "closure")
    assert office.states(number)["020-3.3"] == "missing"


def test_the_next_complaint_of_the_queue_is_one_key_away(at_desk: At, office: Office, wall: Wall):
    first, second = registered(office), registered(office, "GGN_MATI")
    for number in (first, second):
        office.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    csr = at_desk("csr")
    page = csr.follow(send(csr, analysis(first), do="send", **ANALYSIS))
    link = page.one("[data-key=b]")
    assert link["href"] == f"/complaints/{second}"
    assert "Berikutnya" in link.get_text()
    assert "lagi" in link.get_text()
    assert "Keluhan berikutnya dalam antrean Anda" in page.one("#keys").get_text()


@pytest.mark.parametrize("who", ["auditor", "manager", "csr2"])
def test_who_may_not_handle_finds_no_such_page(at_desk: At, office: Office, who: str):
    number = registered(office)
    at_desk(who).get(analysis(number), 403)
    at_desk(who).get(resolution(number), 403)


def test_before_its_time_the_page_says_what_is_missing(at_desk: At, office: Office):
    number = office.receive()
    office.session.commit()
    csr = at_desk("csr")
    for path in (analysis(number), resolution(number)):
        page = csr.get(path)
        assert page.all("#open") == []
        assert page.all(".gate-list a")


def test_words_survive_the_end_of_the_session(at_desk: At, office: Office, visitor: Visitor):
    number = registered(office)
    csr = at_desk("csr")
    page = csr.get(analysis(number))
    fields: dict[str, Any] = {**ANALYSIS, "do": "send", "one_time_key": "k" * 24}
    late = visitor.post(
        analysis(number),
        {**fields, "csrf_token": "x"},
        400,
        **{"Sec-Fetch-Site": "same-origin"},
    )
    assert "Sesi Anda sudah berakhir" in late.main
    assert late.one("[name='cause.text']")["value"] == CAUSE["cause.text"]
    assert late.form(analysis(number))
    assert page.status == 200


@pytest.mark.parametrize("language", ["id", "en"])
def test_both_pages_in_both_languages(at_desk: At, office: Office, language: str):
    csr = at_desk("csr", language)
    csr.get(analysis(registered(office)))
    csr.get(resolution(in_handling(office)))


def findings(number: str) -> str:
    return f"/complaints/{number}/findings"


def told_unit(office: Office) -> str:
    """A complaint of which the technical unit has been told."""
    number = office.receive()
    office.walk(number, to="asked")
    office.session.commit()
    return number


def test_a_unit_is_asked_what_is_its_own(at_desk: At, office: Office):
    number = told_unit(office)
    officer = at_desk("officer")
    page = officer.get(f"/complaints/{number}")
    assert page.one("[data-key=j]")["href"] == findings(number)
    names = {
        str(each["name"]).partition(".")[0]
        for each in officer.get(findings(number)).all("#open [name*='.']")
    }
    assert names == {"acceptance", "cause"}
    found = {
        "acceptance.answer": "accepted",
        "cause.code": "JARINGAN_KABEL",
        "cause.text": "Kabel putus di tiang",
    }
    page = officer.follow(send(officer, findings(number), do="send", **found))
    assert "Kabel putus di tiang" in page.main
    assert office.states(number)["020-2.1"] == "proven"
    assert "Catat temuan" not in page.one(".case-next").get_text()


def test_a_unit_that_returns_it_says_why(at_desk: At, office: Office):
    number = told_unit(office)
    officer = at_desk("officer")
    again = send(officer, findings(number), 422, do="send", **{"acceptance.answer": "returned"})
    assert beside(again, "acceptance.reason")
    why = {"acceptance.answer": "returned", "acceptance.reason": "Ini tagihan, bukan jaringan"}
    officer.submit(again, findings(number), 303, do="send", **why)
    assert "Ini tagihan, bukan jaringan" in at_desk("csr").get(analysis(number)).main


def test_a_unit_ticks_what_it_undertook(at_desk: At, office: Office):
    number = in_handling(office)
    office.take(
        number, find_cause, by="officer", stage="confirmed", code="JARINGAN", text="Kabel putus"
    )
    officer = at_desk("officer")
    page = officer.get(findings(number))
    done = [str(each["value"]) for each in page.all("[name='commitments.ids']")]
    assert len(done) == 1
    send(officer, findings(number), do="send", **{"commitments.ids": done[0]})
    assert "keep_commitment" in entries(office, number)
    assert officer.get(f"/complaints/{number}").all("[href$='/findings']") == []


@pytest.mark.parametrize("kind", ["analysis", "resolution"])
def test_a_page_asks_the_database_as_often_whatever_lies_there(
    at_desk: At, office: Office, counted: Callable[..., Any], kind: str
):
    def asked(number: str) -> int:
        csr.get(f"/complaints/{number}/{kind}?next=1")
        with counted() as queries:
            csr.get(f"/complaints/{number}/{kind}?next=1")
        return len(queries)

    csr = at_desk("csr")
    first = asked(registered(office) if kind == "analysis" else in_handling(office))
    others = [registered(office, "GGN_MATI") for _ in range(5)]
    for number in others:
        office.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    again = asked(registered(office) if kind == "analysis" else in_handling(office))
    assert again <= first + 1
    assert again <= MOST_QUERIES[kind]


def test_a_supervisor_sets_another_priority_and_leaves_a_unit_out(at_desk: At, office: Office):
    number = registered(office, "GGN_MATI")
    supervisor = at_desk("supervisor")
    judged = {
        "parties.teams": "",
        "parties.not_needed": "TEKNIK",
        "parties.reason": "Gangguan sudah diketahui dan ditangani pusat",
        "priority.override": "P1",
        "priority.reason": "Pelanggan sedang dirawat di rumah",
        "cause.code": "JARINGAN_KABEL",
        "cause.text": "Kabel putus",
        "condition.none": "1",
    }
    send(supervisor, analysis(number), do="send", **judged)
    complaint = stored(office, number)
    assert (complaint.priority, complaint.status) == ("P1", "in_handling")
    assert at_desk("csr").get(analysis(number)).all("[name='priority.override']") == []


def test_what_a_csr_may_not_set_is_refused_here_too(at_desk: At, office: Office):
    number, csr = registered(office, "GGN_MATI"), at_desk("csr")
    page = csr.get(analysis(number))
    data = {
        "csrf_token": page.one("#open [name=csrf_token]")["value"],
        "priority.override": "P1",
        "priority.reason": "Pelanggan sedang dirawat di rumah",
        "parties.not_needed": "TEKNIK",
        "parties.reason": "Tidak perlu unit",
    }
    again = csr.post(analysis(number), data, 403)
    assert len(again.all("[data-focus] li")) == 2
    assert stored(office, number).priority != "P1"


def test_a_delivery_that_comes_later_closes_as_awaited(at_desk: At, office: Office):
    number = in_handling(office)
    csr = at_desk("csr")
    page = csr.get(resolution(number))
    open_now = [str(each["value"]) for each in page.all("[name='commitments.ids']")]
    assert open_now
    later = {
        **ACCEPTED,
        "offer.remedy": "PERBAIKAN",
        "offer.description": "Kabel diganti besok pagi",
    }
    fields: dict[str, Any] = {**later, "ends": "1", "commitments.note": "Joko melapor selesai"}
    csr.submit(page, resolution(number), 303, **{**fields, "commitments.ids": open_now})
    complaint = stored(office, number)
    assert (complaint.status, complaint.awaiting_delivery) == ("closed", True)


def test_what_goes_by_email_is_one_letter(at_desk: At, office: Office):
    number = in_handling(office)
    csr = at_desk("csr")
    told = {**TOLD, "method": "email", "cause-explanation.view": ""}
    sent = csr.follow(send(csr, resolution(number), do="send", **told))
    assert "sedang dikirim" in sent.main or "dalam perjalanan" in sent.main or "Email" in sent.main
    letters = [each for each in office.letters(number) if each.kind == "conversation"]
    office.session.commit()
    assert len(letters) == 1
    assert [part["of"] for part in letters[0].facts["parts"]] == ["020-3.1", "020-3.2", "020-3.3"]


def test_an_empty_plan_stays_open(at_desk: At, office: Office):
    number = registered(office)
    csr = at_desk("csr")
    page = csr.get(analysis(number))
    rows = {str(each["name"]): "" for each in page.all("[name^='plan.steps.']")}
    csr.submit(page, analysis(number), 303, do="send", **ANALYSIS, **rows)
    states = office.states(number)
    assert (states["020-2.3"], states["020-2.5"]) == ("proven", "missing")


@pytest.mark.parametrize("early", [{"thanks.said": "1"}, {"answer.answer": "accepted"}])
def test_what_comes_too_early_is_refused_at_its_part(at_desk: At, office: Office, early):
    number = in_handling(office)
    again = send(at_desk("csr"), resolution(number), 409, do="send", **early)
    (part,) = {name.partition(".")[0] for name in early}
    assert beside(again, part)
    assert office.states(number)["020-3.6"] == "missing"


def test_who_waits_for_a_customer_does_not_come_next(at_desk: At, office: Office):
    first, second = registered(office), registered(office, "GGN_MATI")
    for number in (first, second):
        office.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    complaint = office.complaint(second)
    complaint.waiting_customer = True
    office.session.commit()
    page = at_desk("csr").follow(send(at_desk("csr"), analysis(first), do="send", **ANALYSIS))
    assert page.all("[data-key=b]") == []


def test_similar_complaints_are_looked_for_beside_the_analysis(at_desk: At, office: Office):
    number = registered(office)
    page = at_desk("csr").get(analysis(number))
    assert page.one("#similar-found a")["href"] == f"/complaints/{number}/similar"
    assert "Tidak ada keluhan serupa" not in page.main
