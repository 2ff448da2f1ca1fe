"""Recording a complaint at the desk: the whole conversation in one form, or what there is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.models import Complaint, Customer, HistoryEntry, Note, StepRecord
from tests.at_once import at_once
from tests.conftest import NOW
from tests.html_tree import Tag
from tests.office import STORY, Office
from tests.web.page import Page, Visitor

NEW = "/complaints/new"

PERSON = {
    "customer.name": "Siti Aminah",
    "customer.salutation": "Ibu",
    "customer.phone": "0812 3456 7890",
}
TOLD = {
    **PERSON,
    "story": STORY,
    "attestation.listened": "1",
    "category": "GGN_MATI",
    "confirmation.summary": "Internet mati sejak kemarin sore",
    "confirmation.answer": "yes",
    "apology.said": "1",
    "promise.steps.0.what": "Memeriksa jaringan",
    "promise.steps.0.owner": "TEKNIK",
    "promise.told": "1",
}


@pytest.fixture
def desk(at_desk: Any) -> Visitor:
    visitor: Visitor = at_desk("csr")
    return visitor


def send(
    desk: Visitor, do: str, status: int = 303, page: Page | None = None, **fields: Any
) -> Page:
    """Fill the page and press a button."""
    page = page or desk.get(NEW)
    form = page.form(NEW)
    data: dict[str, Any] = {
        str(field["name"]): field.get("value", "")
        for field in form.select("input[type=hidden], input[name=received_at]")
    }
    return desk.post(NEW, {**data, "channel": "walk_in", "do": do, **fields}, status)


def stored(office: Office, number: str) -> Complaint:
    """The complaint as it stands, without keeping the database waiting."""
    complaint = office.complaint(number)
    office.session.commit()
    return complaint


def number_in(page: Page) -> str:
    return str(page.response.headers["Location"]).split("/")[2]


def test_the_page_opens_with_the_greeting_of_the_branch(desk):
    page = desk.get(NEW)
    assert page.h1 == "Keluhan baru"
    assert "Selamat pagi" in page.text
    assert "Dengan saya Csr" in page.text


def test_the_forms_of_address_are_the_organisations(desk, office):
    office.load_organisation(salutations=["Encik", "Puan"])
    offered = desk.get("/complaints/new").all("#salutations option")
    assert [each["value"] for each in offered] == ["Encik", "Puan"]


def test_the_whole_conversation_is_one_form_and_one_sending(desk, office):
    page = send(desk, "register", **TOLD)
    number = number_in(page)
    assert page.response.headers["Location"] == f"/complaints/{number}/receipt"
    assert stored(office, number).status == "registered"
    states = office.states(number)
    assert {states[f"020-1.{n}"] for n in range(1, 7)} == {"proven"}
    receipt = desk.follow(page)
    assert number in receipt.h1 or number in receipt.text


def test_the_words_of_the_apology_are_the_scripts_unless_others_were_used(desk, office):
    plain = number_in(send(desk, "register", **TOLD))
    own = number_in(send(desk, "register", **TOLD, **{"apology.text": "Maaf sekali, Bu Siti."}))
    said = {
        number: next(r for r in office.rows(StepRecord, number) if r.criterion == "020-1.3").words
        for number in (plain, own)
    }
    assert said[plain].startswith("Sebelumnya kami mohon maaf")
    assert "Bu Siti Aminah" in said[plain]
    assert said[own] == "Maaf sekali, Bu Siti."


def test_saving_keeps_what_there_is_and_lets_the_clocks_run(desk, office):
    page = send(desk, "save", **PERSON, story=STORY)
    number = number_in(page)
    complaint = stored(office, number)
    assert complaint.status == "received"
    assert complaint.next_due_at is not None
    after = desk.follow(page)
    assert "Nyatakan bahwa pelanggan sudah didengarkan" in after.main
    assert "Belum bisa didaftarkan" in after.main


def test_saving_loses_no_prepared_word(desk, office):
    fields = {
        "category": "GGN_MATI",
        "confirmation.summary": "Ringkasan yang belum dibacakan",
        "promise.steps.0.what": "Langkah buatan sendiri",
    }
    number = number_in(send(desk, "save", **PERSON, story=STORY, **fields))
    (note,) = office.rows(Note, number)
    assert "Ringkasan yang belum dibacakan" in note.text
    assert "Langkah buatan sendiri" in note.text


def test_a_shut_gate_names_what_is_missing_beside_its_box_and_stores_nothing(desk, office):
    fields = {name: value for name, value in TOLD.items() if name != "apology.said"}
    page = send(desk, "register", 422, **fields)
    assert "Belum bisa didaftarkan" in page.words("#f-apology\\.said-error")[0]
    assert page.link(page.words(".said-stop li a")[0]) == "#f-apology.said"
    assert page.one("#f-story").get_text().strip() == STORY
    assert page.one("#f-confirmation\\.answer-yes").has_attr("checked")
    assert office.count(Complaint) == 0


def test_an_honest_reason_opens_the_gate_too(desk, office):
    fields = {name: value for name, value in TOLD.items() if name != "apology.said"}
    fields["apology.unable.reason"] = "Pelanggan menutup telepon"
    number = number_in(send(desk, "register", **fields))
    assert stored(office, number).status == "registered"
    assert office.states(number)["020-1.3"] == "unable"


def test_a_written_channel_asks_for_no_attestation(desk, office):
    fields = {name: value for name, value in TOLD.items() if name != "attestation.listened"}
    fields |= {"channel": "letter", "received_at": "2026-11-19T08:30"}
    number = number_in(send(desk, "register", **fields))
    assert office.states(number)["020-1.1"] == "not_needed"
    records = office.rows(StepRecord, number)
    assert next(r for r in records if r.criterion == "020-1.2").method == "letter"


def test_the_time_of_receipt_is_read_on_the_branchs_wall_clock(at_desk, office):
    makassar = at_desk("csr2")
    number = number_in(
        send(makassar, "save", **PERSON, story=STORY, received_at="2026-11-19T10:05")
    )
    # 10.05 in Makassar is 09.05 in Jakarta.
    assert stored(office, number).received_at == NOW - timedelta(minutes=10)


@pytest.mark.both_databases
def test_a_double_click_records_one_complaint(desk, office):
    page = desk.get(NEW)
    first = send(desk, "register", page=page, **TOLD)
    second = send(desk, "register", page=page, **TOLD)
    assert first.response.headers["Location"] == second.response.headers["Location"]
    assert office.count(Complaint) == 1


@pytest.mark.both_databases
def test_one_form_sent_from_many_threads_at_once_records_one_complaint(desk, at_desk, office):
    page = desk.get(NEW)
    hidden = page.form(NEW).select("input[type=hidden]")
    unseen = {str(field["name"]): field.get("value", "") for field in hidden}
    told = {**unseen, **TOLD, "channel": "walk_in", "do": "register"}
    # One browser: every thread sends under the session whose token the form carries.
    cookie = desk.client.get_cookie("tanggap")
    assert cookie is not None
    answers: list[Any] = []

    def press() -> None:
        client = at_desk("csr").client
        client.set_cookie("tanggap", cookie.value)
        answers.append(client.post(NEW, data=told))

    at_once(5, press)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert [office.count(table) for table in (Complaint, Customer)] == [1, 1]


def test_going_back_and_sending_other_words_is_asked_about_first(desk, office):
    page = desk.get(NEW)
    send(desk, "register", page=page, **TOLD)
    again = send(desk, "register", 409, page=page, **{**TOLD, "story": "Cerita yang lain"})
    assert "Sudah dikirim pukul 09.15 WIB sebagai KLH-2026-" in again.words(".said-stop")[0]
    assert again.one("#f-story").get_text().strip() == "Cerita yang lain"
    assert office.count(Complaint) == 1
    send(desk, "register", page=again, **{**TOLD, "story": "Cerita yang lain"})
    assert office.count(Complaint) == 2


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"category": "KIAMAT"}, "category", "Tidak ada kategori"),
    ({"story": " "}, "story", "cerita pelanggan"),
    ({"story": "x" * 1_000_000}, "story", "terlalu panjang"),
    ({"customer.name": ""}, "customer.name", "Nama pelanggan"),
    ({"customer.phone": ""}, "customer.phone", "paling sedikit satu"),
    ({"customer.phone": "nol delapan"}, "customer.phone", "nomor telepon"),
    ({"customer.email": "bukan email"}, "customer.email", "alamat email"),
    ({"received_at": "2026-11-20T08:00"}, "received_at", "lebih lambat dari sekarang"),
    ({"received_at": "kapan-kapan"}, "received_at", "bukan tanggal dan jam"),
    ({"received_at": "kemarin"}, "received_at", "Tambahkan jamnya"),
    ({"promise.due_at": "besok jam 2"}, "promise.due_at", "Pagi atau siang"),
    ({"incident_at": "2027-01-01T08:00"}, "incident_at", "lebih lambat dari sekarang"),
    ({"channel": "telepati"}, "channel", "Tidak ada kanal"),
    ({"promise.due_at": "2027-01-01T08:00"}, "promise.due_at", "tenggat"),
    ({"promise.steps.0.due_at": "2027-01-01T08:00"}, "promise.steps", "melewati tenggat"),
    ({"confirmation.answer": "corrected"}, "confirmation.corrections", "koreksi"),
    ({"customer.known": "999999"}, "", "Cari kembali"),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(("wrong", "field", "sentence"), BAD, ids=lambda value: str(value)[:40])
def test_bad_input_is_a_sentence_and_keeps_every_word(desk, office, wrong, field, sentence):
    page = send(desk, "register", 422, **{**TOLD, **wrong})
    assert any(sentence.lower() in words.lower() for words in page.words(".said-stop li")), (
        page.words(".said-stop")
    )
    if field:
        beside = page.words(f"[id='f-{field}-error'], .field:has([id='f-{field}']) .field-error")
        assert any(sentence.lower() in words.lower() for words in beside)
    assert page.one("#f-confirmation\\.summary").get_text().strip() == TOLD["confirmation.summary"]
    kept = {**TOLD, **wrong}["story"]
    assert page.one("#f-story").get_text() == "" + kept
    assert office.count(Complaint) == 0
    assert office.count(Customer) == 0


def test_emoji_and_marks_of_direction_stay_and_control_characters_go(desk, office):
    story = "Wi-Fi mati 😡 \u202eterbalik\u202c مرحبا\x07 <script>alert(1)</script>"
    number = number_in(send(desk, "save", **PERSON, story=story))
    assert stored(office, number).story == story.replace("\x07", "")
    page = desk.get(f"/complaints/{number}")
    assert "<script>alert" not in page.text_body
    assert "😡" in page.words(".talk-text")[0]


@pytest.mark.both_databases
def test_a_known_customer_is_chosen_and_never_written_down_twice(desk, office):
    office.receive()
    found = desk.client.get("/customers?customer.q=siti")
    assert "62812•••890" in found.text
    assert "6281234567890" not in found.text
    chosen = str(Tag.of(found.text).select("[name='customer.known']")[0]["value"])
    fields = {**TOLD, "customer.known": chosen, "customer.name": "", "customer.phone": ""}
    number = number_in(send(desk, "register", **fields))
    assert office.count(Customer) == 1
    assert stored(office, number).status == "registered"


def test_a_new_phone_number_of_a_known_customer_is_kept(desk, office):
    first = stored(office, office.receive())
    fields = {**TOLD, "customer.known": str(first.customer_id), "customer.phone": "0899 1111 222"}
    number = number_in(send(desk, "register", **fields))
    office.session.expire_all()
    customer = office.session.get_one(Customer, first.customer_id)
    office.session.commit()
    assert customer.phone == "628991111222"
    assert "amend" in [entry.what for entry in office.rows(HistoryEntry, number)]


@pytest.mark.parametrize("is_chosen", [True, False])
def test_a_relatives_address_stays_with_the_complaint(desk, at_desk, office, is_chosen: bool):
    """Who tells the customer's number and phone, under another name, changes no shared record."""
    hers = stored(office, number_in(send(desk, "save", story=STORY, **ANI)))
    joko = {
        **ANI,
        "customer.name": "Joko",
        "customer.email": "joko@pelanggan.example",
        **({"customer.known": str(hers.customer_id)} if is_chosen else {}),
    }
    his = stored(office, number_in(send(desk, "save", story=STORY, **joko)))
    office.session.expire_all()
    customer = office.session.get_one(Customer, hers.customer_id)
    assert his.customer_id == hers.customer_id
    assert (his.contact_name, his.contact_email) == ("Joko", "joko@pelanggan.example")
    assert (customer.name, customer.email) == ("Ani", "ani@pelanggan.example")
    assert hers.contact_email == "ani@pelanggan.example"
    # By the radio of the record's form it is led on, and then only.
    path = f"/complaints/{office.rules.numbers.write(his.year, his.id)}/record"
    csr = at_desk("csr")
    form = csr.get(path)
    assert form.one("#f-in_record-false").has_attr("checked")
    office.session.commit()
    csr.submit(form, path, 303, in_record="true")
    office.session.expire_all()
    assert office.session.get_one(Customer, hers.customer_id).email == "joko@pelanggan.example"


def test_the_number_alone_changes_nothing_on_the_record(desk, office):
    hers = stored(office, number_in(send(desk, "save", story=STORY, **ANI)))
    fields = {**ANI, "customer.email": "ani.baru@pelanggan.example"}
    again = stored(office, number_in(send(desk, "save", story=STORY, **fields)))
    office.session.expire_all()
    assert again.customer_id == hers.customer_id
    assert again.contact_email == "ani.baru@pelanggan.example"
    assert office.session.get_one(Customer, hers.customer_id).email == "ani@pelanggan.example"


ANI = {
    "customer.name": "Ani",
    "customer.phone": "0811 1111 111",
    "customer.email": "ani@pelanggan.example",
    "customer.number": "PLG-9",
}
BUDI = {
    "customer.name": "Budi Santoso",
    "customer.phone": "0822 2222 222",
    "customer.email": "budi@pelanggan.example",
    "customer.number": "PLG-9",
}


def test_a_number_of_somebody_else_is_asked_about_before_anything_is_stored(desk, office):
    hers = stored(office, number_in(send(desk, "save", story=STORY, **ANI)))
    page = send(desk, "save", 422, story=STORY, **BUDI)
    assert "milik siapa keluhan ini" in page.main
    assert page.one("#f-story").get_text().strip() == STORY
    assert office.count(Complaint) == 1
    other, same = (
        stored(
            office,
            number_in(send(desk, "save", story=STORY, **BUDI, **{"customer.same_person": answer})),
        )
        for answer in ("false", "true")
    )
    assert other.customer_id != hers.customer_id
    assert same.customer_id == hers.customer_id
    assert {each.contact_email for each in (other, same)} == {"budi@pelanggan.example"}
    assert hers.contact_email == "ani@pelanggan.example"


def test_a_chosen_record_of_somebody_else_is_asked_about_too(desk, office):
    hers = stored(office, number_in(send(desk, "save", story=STORY, **ANI)))
    fields = {**BUDI, "customer.number": "", "customer.known": str(hers.customer_id)}
    page = send(desk, "save", 422, story=STORY, **fields)
    assert "Data PLG-9" in page.main
    assert office.count(Complaint) == 1


def test_enter_without_javascript_only_looks_the_customer_up(desk, office):
    office.receive()
    first = desk.get(NEW).form(NEW).select_one("button[type=submit]")
    assert (first["name"], first["value"]) == ("do", "look")
    page = send(desk, "look", 200, **{"customer.q": "0812 3456", "story": "Sedang diketik"})
    assert "Siti Aminah" in page.words(".known")[0]
    assert page.one("#f-story").get_text().strip() == "Sedang diketik"
    assert office.count(Complaint) == 1


def test_without_javascript_the_deadline_is_worked_out_on_asking(desk, office):
    fields = {"story": STORY, "category": "GGN_MATI"}
    page = send(desk, "propose", 200, **fields)
    assert "Selasa, 24 November 2026, pukul 09.15 WIB" in page.words("#promise-due")[0]
    assert page.one("[name='promise.steps.0.what']")["value"].startswith("Memeriksa jaringan")
    assert office.count(Complaint) == 0


def test_the_deadline_that_is_shown_is_the_one_that_is_told(desk, office):
    page = send(desk, "propose", 200, **{name: TOLD[name] for name in ("story", "category")})
    number = number_in(send(desk, "register", page=page, **TOLD))
    promised = stored(office, number).promised_at
    shown = page.words("#promise-due time")[0]
    assert shown == "Selasa, 24 November 2026, pukul 09.15 WIB"
    assert promised == NOW + timedelta(days=5)


def test_the_preview_stores_nothing_and_knows_the_chosen_customer(desk, office):
    number = office.receive(who={"needs": ("lansia",)})
    known = stored(office, number).customer_id
    plain = desk.client.get(f"{NEW}/promise?category=GGN_MATI&channel=walk_in")
    chosen = desk.client.get(f"{NEW}/promise?category=GGN_MATI&customer.known={known}")
    assert "P3" in plain.text or "P2" in plain.text
    assert plain.text != chosen.text
    assert office.count(Complaint) == 1


def test_who_may_not_record_complaints_is_refused(at_desk):
    for name in ("officer", "auditor", "admin", "manager"):
        browser = at_desk(name).client
        assert browser.get(NEW).status_code == 403
        assert browser.get("/customers?q=siti").status_code == 403
        assert browser.post(NEW, data={"do": "save"}).status_code in (400, 403)


def test_nobody_looks_customers_up_without_logging_in(visitor):
    for path in (NEW, "/customers?q=siti", f"{NEW}/promise"):
        assert visitor.get(path, 302).response.headers["Location"].startswith("/login")


def test_in_english_too(at_desk, office):
    desk = at_desk("csr", "en")
    page = desk.get(NEW)
    assert page.h1 == "New complaint"
    refused = send(desk, "register", 422, **{**TOLD, "category": "X"})
    assert "There is no category X" in refused.text


def test_the_page_asks_the_database_little(desk, office: Office, counted):
    office.receive()
    desk.get(NEW)
    with counted() as queries:
        desk.get(NEW)
    assert len(queries) <= 8


def test_everything_that_is_wrong_is_told_at_once_and_leads_to_its_field(desk, office):
    fields = {
        "customer.phone": "nol delapan",
        "incident_at": "entah",
        "promise.steps.0.what": "Memeriksa jaringan",
        "promise.steps.0.due_at": "kapan-kapan",
        "promise.told": "1",
        "category_typed": "modem",
    }
    page = send(desk, "register", 422, **fields)
    links = [str(each["href"]) for each in page.all(".said-stop li a")]
    assert links == [
        "#f-incident_at",
        "#f-promise.steps.0.due_at",
        "#f-category",
        "#f-customer.name",
        "#f-story",
        "#f-customer.phone",
        "#f-confirmation.answer-yes",
        "#f-apology.said",
    ]
    for link in links:
        assert page.all(f'[id="{link.removeprefix("#")}"]'), link
    assert "“modem” belum menjadi kategori" in page.words(".said-stop")[0]
    assert page.one("[name=incident_at]")["value"] == "entah"
    assert office.count(Complaint) == 0


def test_an_act_that_is_wrong_is_not_called_missing_as_well(desk, office):
    fields = {**TOLD, "confirmation.summary": "x", "apology.text": "Ini bukan salah kami."}
    page = send(desk, "register", 422, **fields)
    links = [str(each["href"]) for each in page.all(".said-stop li a")]
    assert links == ["#f-confirmation.summary", "#f-apology.text"]
    assert office.count(Complaint) == 0


def test_the_words_that_find_categories_may_be_kept_with_the_version_of_the_rules(desk, office):
    address = str(desk.get(NEW).one("#intake")["data-words-at"])
    answer = desk.client.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    told = answer.get_json()
    assert "internet mati" in told["phrases"]["GGN_MATI"]
    assert told["spellings"]["gabisa"] == "tidak bisa"
    older = desk.client.get("/complaints/new/words/1")
    assert older.headers["Cache-Control"] == "no-store"


def test_a_proposal_says_why_and_is_taken_without_javascript(desk, office):
    page = send(desk, "propose", 200, story="Lampu modem merah, internet mati sejak Senin.")
    first = page.all(".suggested-list li")[0]
    assert "Internet mati total" in first.get_text()
    assert "karena: “Lampu … merah”" in " ".join(first.get_text().split())
    chosen = send(desk, "look", 200, page=page, pick="GGN_MATI", story="Internet mati")
    assert chosen.one("#f-category option[selected]")["value"] == "GGN_MATI"


def test_what_is_on_record_of_the_customer_is_proposed_with_its_figures(desk, office, wall):
    number = office.receive()
    office.walk(number)
    wall.at = office.at + timedelta(days=2)
    phone = {"customer.phone": "0812 3456 7890"}
    page = send(desk, "propose", 200, story="Internet mati lagi sejak pagi.", **phone)
    first = page.all(".suggested-list li")[0]
    assert first.select_one("button")["value"] == "GGN_ULANG"
    said = " ".join(first.get_text().split())
    assert f"Tercatat: {number}, Internet mati total, ditutup" in said
    assert first.select_one("p a")["href"] == f"/complaints/{number}"
    assert not page.one("#f-category").select("option[selected][value='GGN_ULANG']")
    other = send(desk, "propose", 200, story="Internet mati lagi sejak pagi.")
    assert "Tercatat" not in other.text
