"""A supervisor on a phone, and pages that keep themselves up to date in two tabs."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

PHONE = {"width": 390, "height": 844}


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def escalate(page: Page, name: str, words: str) -> str:
    """A CSR takes a complaint and puts it before her supervisor; returns its number.

    What the demonstration has told stands higher or lower on the ladder by the hour of the day.
    """
    page.goto("/complaints/new")
    page.get_by_label("Pelanggan", exact=True).fill(name)
    page.get_by_label("Telepon", exact=True).fill("0813 7777 0001")
    page.get_by_label("Cerita pelanggan").fill("Internet mati sejak Senin.")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/complaints/KLH-[\d-]+$"))
    number = page.url.rpartition("/")[2]
    page.goto(f"/complaints/{number}/escalation")
    page.fill("#open [name=reason]", words)
    page.locator("#open [type=submit]").click()
    page.wait_for_url(re.compile(r"/complaints/KLH-[\d-]+$"))
    return number


def look(page: Page) -> None:
    """What the page does by itself every fifteen seconds; the server looks once a second."""
    page.wait_for_timeout(1_100)
    page.evaluate("window.tanggapLook()")


def test_a_supervisor_decides_on_a_phone_without_leaving_the_board(
    sign_in, colleague, accessible, complained
):
    rina = colleague("csr")
    number = escalate(rina, "Sari Wulan", "Pelanggan meminta bicara dengan atasan")
    other = escalate(rina, "Tono Hadi", "Teknisi belum datang sejak Senin")
    page = sign_in("supervisor")
    page.set_viewport_size(PHONE)
    page.goto("/board")
    fits(page)
    accessible(page)
    address = page.url

    card = page.locator(f"[data-live='mine-{number}']")
    card.get_by_role("link", name="Kembalikan").click()
    form = card.locator("form.card-form")
    expect(form.locator("textarea")).to_be_focused()
    fits(page)
    accessible(page)
    form.get_by_role("button", name="Kembalikan").click()
    expect(form.locator(".field-error").first).to_be_visible()
    form.locator("textarea").fill("Telepon pelanggan sebelum pukul 15.00")
    form.get_by_role("button", name="Kembalikan").click()
    done = page.locator(f"[data-live='done-{number}']")
    expect(done).to_be_focused()
    expect(done).to_contain_text("arahan")

    second = page.locator(f"[data-live='mine-{other}']")
    second.get_by_role("button", name="Ambil alih").click()
    expect(page.locator(f"[data-live='done-{other}']")).to_contain_text("Dialihkan")
    assert page.url == address

    for view in ("Segera jatuh tempo", "Terlambat", "Belum ada", "Dijeda", "Beban kerja"):
        page.locator(".views a", has_text=view).click()
        expect(page.locator(".views [aria-current]")).to_contain_text(view)
        fits(page)
        accessible(page)
    # A refusal is an answer, though browsers call it an error.
    complained[:] = [each for each in complained if "422" not in each]


def test_two_open_pages_hear_what_happens_and_keep_what_is_typed(
    sign_in, colleague, context, complained
):
    page = sign_in("supervisor")
    page.goto("/board")
    rina = colleague("csr")
    first = escalate(rina, "Umar Said", "Pelanggan menunggu di loket sejak pagi")
    look(page)
    card = page.locator(f"[data-live='mine-{first}']")
    expect(card).to_be_visible()
    expect(page.locator("#live")).not_to_be_empty()

    # Somebody writes: the card under their hands stays, another one comes beside it.
    card.get_by_role("link", name="Kembalikan").click()
    words = card.locator("textarea")
    words.fill("Hubungi pelanggan")
    second = escalate(rina, "Vina Lestari", "Tagihan tetap berjalan")
    look(page)
    expect(page.locator(f"[data-live='mine-{second}']")).to_be_visible()
    expect(words).to_have_value("Hubungi pelanggan")
    expect(words).to_be_focused()

    # The other tab of the same person decides; this one is told and keeps the words.
    tab = context.new_page()
    tab.goto(f"/complaints/{first}")
    manager = colleague("manager")
    manager.goto(f"/board/{first}/acknowledgement")
    manager.get_by_role("button", name="Saya tindak lanjuti").click()
    manager.wait_for_url(re.compile("/board"))
    look(page)
    expect(words).to_have_value("Hubungi pelanggan")
    look(tab)
    expect(tab.get_by_role("main")).to_contain_text("ditindaklanjuti")
    tab.close()

    # Quiet while nobody looks.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    look(page)
    assert [each for each in asked if "/live/" in each] == []


def test_a_form_on_an_open_complaint_is_never_drawn_over(sign_in, colleague):
    page = sign_in("csr")
    page.goto("/complaints?handler=me")
    number = page.locator(".c-number a").first.inner_text()
    page.goto(f"/complaints/{number}/note")
    page.fill("#open textarea", "Pelanggan minta dihubungi sore")
    supervisor = colleague("supervisor")
    supervisor.goto(f"/complaints/{number}/note")
    supervisor.fill("#open textarea", "Mohon dahulukan")
    supervisor.locator("#open [type=submit]").click()
    supervisor.wait_for_url(re.compile(r"/complaints/KLH-[\d-]+$"))
    look(page)
    expect(page.locator(".live-note")).to_contain_text("catatan baru pada keluhan ini")
    expect(page.locator("#open textarea")).to_have_value("Pelanggan minta dihubungi sore")
    expect(page.locator("#open textarea")).to_be_focused()

    # Where nobody is at anything the complaint draws itself anew.
    page.goto(f"/complaints/{number}?view=notes")
    # What waits to be sent from this browser belongs to a script that goes on holding it.
    page.evaluate("document.getElementById('queue').querySelector('ul').append('menunggu')")
    supervisor.goto(f"/complaints/{number}/note")
    supervisor.fill("#open textarea", "Sudah saya telepon teknisi")
    supervisor.locator("#open [type=submit]").click()
    supervisor.wait_for_url(re.compile(r"/complaints/KLH-[\d-]+$"))
    look(page)
    expect(page.get_by_role("main")).to_contain_text("Sudah saya telepon teknisi")
    expect(page.locator("#queue ul")).to_have_text("menunggu")
    expect(page.locator("#live")).to_contain_text("catatan baru")
