"""Rina at the front desk: a complaint from the greeting to the thank-you, with the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.soak import of_each

STORY = (
    "Internet di rumah saya mati sejak Senin. Saya sudah menelepon dua kali dan belum ada kabar."
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LONG_ADDRESS = "sulastri.kusumawardhani.jakartaselatan.panjang@contoh.example"


def does_not_scroll_sideways(page: Page) -> None:
    too_wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert too_wide <= 0, f"{page.url} is {too_wide} px too wide"


def tell(page: Page, name: str) -> None:
    """The customer sits down and tells what happened."""
    page.goto("/complaints/new")
    expect(page.get_by_label("Pelanggan", exact=True)).to_be_focused()
    page.keyboard.type(name)
    page.get_by_label("Sapaan").fill("Ibu")
    page.get_by_label("Telepon", exact=True).fill("0812 9876 543")
    page.get_by_label("Cerita pelanggan").fill(STORY)


def test_a_complaint_from_the_greeting_to_the_receipt(sign_in, accessible):
    page = sign_in("csr")
    tell(page, "Ratna Dewi")
    expect(page.locator("[data-later-body]")).to_be_hidden()
    expect(page.locator("[data-card=greet]")).to_contain_text("Bu Ratna Dewi")
    accessible(page)

    page.get_by_label("Pelanggan selesai bercerita, tidak dipotong").press("Space")
    expect(page.get_by_role("combobox", name="Kategori")).to_be_focused()
    page.keyboard.type("wifi mati")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("mati total")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Kategori")).to_have_value("Internet mati total")
    expect(page.locator("#promise-due")).to_contain_text("Prioritas sementara")
    expect(page.locator("[name='promise.steps.0.what']")).to_have_value(
        re.compile("^Memeriksa jaringan")
    )
    expect(page.locator("[data-card=apologise]")).to_contain_text(
        "yang Bu Ratna Dewi alami karena internet yang mati total."
    )
    expect(page.locator("[data-card=promise]")).to_contain_text(
        re.compile("pertama, memeriksa jaringan.*; kedua, memperbaiki gangguan.*; ketiga, memberi")
    )
    page.get_by_label("Ringkasan yang dibacakan ulang").fill("Internet mati sejak Senin")
    expect(page.locator("[data-card=confirm]")).to_contain_text("Internet mati sejak Senin")
    page.get_by_label("Ya, benar").press("Space")
    page.get_by_label("Permohonan maaf atas ketidaknyamanan sudah disampaikan").press("Space")
    page.get_by_label("Langkah dan tenggat sudah disampaikan kepada pelanggan").press("Space")
    expect(page.locator("[data-mark].is-done")).to_have_count(4)
    promised = page.locator("#promise-due time").inner_text()
    accessible(page)

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/receipt")
    expect(page.locator(".receipt")).to_contain_text(promised)
    expect(page.locator(".receipt img")).to_have_js_property("complete", True)
    accessible(page)

    link = page.locator(".receipt-link").inner_text()
    page.goto(link)
    expect(page.get_by_role("main")).to_contain_text(promised)
    page.set_viewport_size(PHONE)
    does_not_scroll_sideways(page)
    accessible(page)


def test_a_form_of_address_typed_before_the_name_is_said_once(sign_in):
    page = sign_in("csr")
    page.goto("/complaints/new")
    page.get_by_label("Nama", exact=True).fill("Bu Rahma")
    expect(page.locator("[data-card=greet]")).to_contain_text("Baik, Bu Rahma. Ada")
    page.get_by_label("Sapaan", exact=True).fill("Bapak")
    expect(page.locator("[data-card=greet]")).to_contain_text("Baik, Pak Rahma. Ada")


def test_enter_in_the_customer_box_creates_nobody(sign_in):
    page = sign_in("csr")
    tell(page, "Enter Enter")
    for label in ("Pelanggan", "Sapaan", "Nama", "Telepon"):
        page.get_by_label(label, exact=True).press("Enter")
    expect(page).to_have_url(re.compile("/complaints/new$"))
    expect(page.get_by_label("Cerita pelanggan")).to_have_value(STORY)


def test_what_was_typed_survives_a_reload_and_leaves_with_the_person(sign_in):
    page = sign_in("csr")
    tell(page, "Dewi Draf")
    expect(page.locator("[data-draft-word]")).to_contain_text("draf tersimpan pukul")
    page.reload()
    expect(page.get_by_label("Cerita pelanggan")).to_have_value(STORY)
    page.get_by_label("Cerita pelanggan").press_sequentially(" Tambahan.")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/login**")
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("localStorage.getItem('tanggap:queue')") is None


def test_a_session_that_ended_leads_to_the_login_and_back_with_every_word(
    sign_in, context, complained, accessible
):
    page = sign_in("csr")
    tell(page, "Lama Bicara")
    context.clear_cookies()
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile("/login"))
    page.fill("[name=email]", "csr@tanggap.example")
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) [type=submit]")
    page.wait_for_url(re.compile("/complaints/new"))
    expect(page.get_by_label("Cerita pelanggan")).to_have_value(STORY)
    expect(page.get_by_label("Pelanggan", exact=True)).to_have_value("Lama Bicara")
    accessible(page)
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/complaints/KLH-"))
    assert page.evaluate("sessionStorage.getItem('tanggap:intake')") is None
    complained[:] = [text for text in complained if "40" not in text]


def test_a_draft_says_when_the_session_has_ended_and_waits_for_the_next_login(
    sign_in, context, complained
):
    page = sign_in("csr")
    tell(page, "Lama Pergi")
    context.clear_cookies()
    page.get_by_label("Cerita pelanggan").press_sequentially(" Lagi.")
    expect(page.locator("[data-draft-word]")).to_contain_text("tidak tersimpan: sesi Anda")
    page.get_by_role("link", name="Masuk lagi").click()
    page.fill("[name=email]", "csr@tanggap.example")
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) [type=submit]")
    page.wait_for_url(re.compile("/complaints/new"))
    expect(page.get_by_label("Cerita pelanggan")).to_have_value(f"{STORY} Lagi.")
    expect(page.locator("[data-draft-word]")).to_contain_text("draf tersimpan pukul")
    complained[:] = [text for text in complained if "40" not in text]


def test_from_saved_to_closed_by_pressing_what_comes_next(sign_in, colleague, accessible):
    page = sign_in("csr")
    tell(page, "Sulastri Jalan")
    page.get_by_text("Email, nomor pelanggan, tipe, kebutuhan khusus").click()
    page.fill("[name='customer.email']", LONG_ADDRESS)
    page.get_by_label("Cerita pelanggan").focus()
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/complaints/KLH-\d{4}-\d{6}$"))
    address = page.url
    accessible(page)

    def next_step(**fields: str) -> None:
        page.keyboard.press("j")
        page.wait_for_selector("#open")
        accessible(page)
        for label, value in fields.items():
            fill(page, label.replace("_", " "), value)
        page.locator("#open textarea, #open input:not([type=hidden])").first.focus()
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#open", state="detached")
        page.wait_for_load_state()  # a key pressed before the page listens is pressed in vain
        if page.url.endswith("/receipt"):
            page.goto(address)

    page.get_by_role("link", name="Lengkapi atau perbaiki data keluhan").click()
    page.get_by_label("Kategori", exact=True).select_option("GGN_MATI")
    page.locator("#open [type=submit]").click()
    page.wait_for_url(address)

    next_step(**{"Pelanggan selesai bercerita, tidak dipotong": "ya"})
    next_step(**{"Ringkasan yang dibacakan ulang": "Internet mati", "Ya, benar": "ya"})
    next_step()
    next_step()
    page.keyboard.press("j")
    page.locator("#open [type=submit]").click()
    page.wait_for_url("**/receipt")
    page.goto(address)
    page.keyboard.press("j")
    page.wait_for_url(re.compile("/analysis"))
    accessible(page)
    page.select_option("[name='cause.code']", "JARINGAN_KABEL")
    page.fill("[name='cause.text']", "Kabel putus")
    page.check("[name='condition.none']")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/KLH-[0-9-]+\?next"))

    officer = colleague("officer", viewport=PHONE)
    officer.goto(address)
    does_not_scroll_sideways(officer)
    accessible(officer)
    officer.get_by_role("button", name="Terima").click()
    expect(officer.locator("#work")).to_contain_text("diterima")
    officer.get_by_role("link", name="Isi hasil unit").click()
    expect(officer.locator("[name='cause.text']")).to_be_visible()
    does_not_scroll_sideways(officer)
    accessible(officer)
    officer.fill("[name='cause.text']", "Kabel putus oleh galian")
    officer.get_by_role("button", name="Simpan hasil unit").click()
    expect(officer.locator("#work")).to_contain_text("Kabel putus oleh galian")

    page.goto(address)
    page.keyboard.press("j")
    page.wait_for_url(re.compile("/resolution"))
    page.check("[name='apology.said']")
    page.fill("[name='cause-explanation.text']", "Kabel putus")
    page.check("[name='cause-explanation.view'][value=agrees]")
    page.select_option("[name='offer.remedy']", "PERBAIKAN")
    page.fill("[name='offer.description']", "Kabel kami sambung")
    page.check("[name='answer.answer'][value=accepted]")
    page.check("[name='thanks.said']")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/KLH-[0-9-]+\?next"))
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/leaflet")
    expect(page.get_by_role("button", name=f"Kirim ke {LONG_ADDRESS}")).to_be_visible()
    does_not_scroll_sideways(page)
    accessible(page)
    page.set_viewport_size(DESK)
    page.goto(address)
    page.keyboard.press("j")
    page.wait_for_url(re.compile("/resolution"))
    page.check("[name='standard-information.all']")
    page.get_by_text("Sebagian saja").last.click()
    for undertaken in page.locator("[name='commitments.ids']").all():
        undertaken.check()
    page.fill("[name='commitments.note']", "Dilaporkan teknisi lewat telepon")
    page.get_by_role("button", name="Simpan dan tutup").click()
    expect(page.locator("#next-title")).to_have_text("Diterima pelanggan")
    expect(page.locator("#evidence-title")).to_have_text("Bukti 18/18")
    accessible(page)
    page.set_viewport_size(PHONE)
    does_not_scroll_sideways(page)


def fill(page: Page, label: str, value: str) -> None:
    """Fill a field by its label, whatever kind it is; "ya" ticks a box."""
    field = page.locator("#open").get_by_label(label, exact=True)
    kind = field.evaluate("field => field.type || field.tagName")
    if kind in ("checkbox", "radio"):
        field.check()
    elif kind.startswith("select"):
        field.select_option(value)
    else:
        field.fill(value)


def test_whoever_sees_to_an_escalation_stands_on_a_phone(colleague, accessible):
    csr = colleague("csr")
    tell(csr, "Sulastri Mendesak")
    csr.keyboard.press("Control+s")
    csr.wait_for_url(re.compile(r"/complaints/KLH-\d{4}-\d{6}$"))
    address = csr.url
    csr.goto(f"{address}/escalation")
    csr.locator("#open textarea").first.fill("Pelanggan minta bicara dengan supervisor")
    csr.locator("#open [type=submit]").click()
    csr.wait_for_url(address)

    supervisor = colleague("supervisor", viewport=PHONE)
    supervisor.goto(address)
    supervisor.get_by_role("button", name="Saya tindak lanjuti").click()
    expect(supervisor.locator(".case-line")).to_contain_text("Anda tindak lanjuti sampai")
    does_not_scroll_sideways(supervisor)
    csr.set_viewport_size(PHONE)
    csr.goto(address)
    does_not_scroll_sideways(csr)
    accessible(csr)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("path", "theme"),
    of_each(["/complaints/new", "", "/message", "/plan", "/receipt"], ["light", "dark"]),
)
def test_every_page_fits_a_phone_in_both_themes(colleague, accessible, theme, path):
    page = colleague("supervisor", viewport=PHONE, color_scheme=theme, has_touch=True)
    if path != "/complaints/new":
        page.goto("/complaints")
        numbers = page.locator("a[href^='/complaints/KLH']")
        path = f"{numbers.first.get_attribute('href')}{path}"
    page.goto(path)
    does_not_scroll_sideways(page)
    accessible(page)
