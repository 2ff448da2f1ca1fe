"""From the receipt to the end in two conversations: clicks and pages counted, nothing lost."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, free_port, wait_until_ready
from tests.soak import of_each

DESK = {"width": 1280, "height": 900}
STORY = (
    "Saya menunggu dua jam di loket. Hanya satu petugas yang melayani. "
    "Saya harus meminta izin dari kantor."
)
#: What this road took before it had two pages: fifteen pages and 31 clicks.
MOST_PAGES, MOST_CLICKS, MOST_PAGES_WITH_A_UNIT = 3, 12, 5


@dataclass
class Hand:
    """One person's mouse at a page; typing and Tab are not counted."""

    page: Page
    clicks: int = 0
    pages: int = 0
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._count)

    def _count(self, request) -> None:
        is_ours = request.is_navigation_request() and request.frame == self.page.main_frame
        if is_ours and request.redirected_from is None:
            self.pages += 1

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.done.append(f"click {selector}")
        self.page.locator(selector).click()

    def tick(self, selector: str) -> None:
        self.clicks += 1
        self.done.append(f"tick {selector}")
        self.page.locator(selector).check()

    def choose(self, name: str, value: str) -> None:
        self.clicks += 1
        self.done.append(f"choose {name}")
        self.page.select_option(f"[name='{name}']", value)

    def type(self, name: str, words: str) -> None:
        self.page.fill(f"[name='{name}']", words)

    def begin(self) -> None:
        """Count from here: the receipt lies on the desk."""
        self.clicks = self.pages = 0
        self.done.clear()

    def tell(self, what: str) -> None:
        """Say what was counted; pytest shows it with -s or when the story fails."""
        done = "\n  ".join(self.done)
        sys.stdout.write(f"{what}: {self.pages} pages, {self.clicks} clicks\n  {done}\n")


@pytest.fixture
def colleague(colleague: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody else at a desk of their own: `colleague("officer")`."""

    def at_desk(who: str, *base: str, **how: object) -> Page:
        return colleague(who, *base, **{"viewport": DESK, "timeout": 15_000, **how})

    return at_desk


def receipt_of(page: Page, name: str, category: str = "PTG_ANTRE") -> str:
    """Take a complaint up to its receipt; returns its address."""
    page.goto("/complaints/new")
    page.get_by_label("Nama", exact=True).fill(name)
    page.get_by_label("Sapaan", exact=True).fill("Ibu")
    page.get_by_label("Telepon", exact=True).fill("0812 9876 543")
    page.fill("[name=story]", STORY)
    page.check("[name='attestation.listened']")
    # How a category is searched for is the intake's own story.
    page.locator("[name=category]").evaluate(
        "(list, code) => { list.value = code; "
        "list.dispatchEvent(new Event('change', { bubbles: true })); }",
        category,
    )
    page.fill("[name='confirmation.summary']", "Menunggu dua jam karena satu loket")
    page.check("[name='confirmation.answer'][value=yes]")
    page.check("[name='apology.said']")
    expect(page.locator("[name='promise.steps.0.what']")).not_to_have_value("")
    page.check("[name='promise.told']")
    page.click("[data-register]")
    page.wait_for_url("**/receipt")
    return page.url.removesuffix("/receipt")


def analyse(hand: Hand) -> None:
    hand.choose("cause.code", "MANUSIA_JUMLAH")
    hand.type("cause.text", "Hanya satu loket yang dibuka")
    hand.tick("[name='condition.none']")
    hand.click("text=Simpan analisis")


def resolve(hand: Hand) -> None:
    hand.tick("[name='apology.said']")
    hand.type("cause-explanation.text", "Pagi ini hanya satu loket yang dibuka")
    hand.tick("[name='cause-explanation.view'][value=agrees]")
    hand.choose("offer.remedy", "PENJELASAN")
    hand.type("offer.description", "Dilayani di loket kedua sekarang juga")
    hand.tick("[name='answer.answer'][value=accepted]")
    hand.tick("[name='thanks.said']")
    hand.tick("[name='standard-information.all']")
    hand.tick("[name='commitments.all']")
    hand.type("commitments.note", "Loket kedua sudah dibuka")
    hand.click("text=Simpan dan tutup")


def test_settled_at_the_desk_while_the_customer_is_there(sign_in, accessible):
    page = sign_in("csr")
    hand = Hand(page)
    receipt_of(page, "Ratna Loket")
    hand.begin()
    hand.click("text=Lanjut ke analisis")
    page.wait_for_url("**/analysis")
    accessible(page)
    analyse(hand)
    page.wait_for_url(re.compile("/resolution"))
    accessible(page)
    resolve(hand)
    expect(page.locator("#next-title")).to_have_text("Diterima pelanggan")
    expect(page.locator("#evidence-title")).to_have_text("Bukti 18/18")
    expect(page.locator("[data-key=b]")).to_contain_text("Berikutnya: KLH-")
    hand.tell("at the desk")
    assert hand.pages <= MOST_PAGES
    assert hand.clicks <= MOST_CLICKS
    page.keyboard.press("Shift+?")
    expect(page.locator("#keys")).to_contain_text("Keluhan berikutnya dalam antrean Anda")
    page.keyboard.press("Escape")
    upcoming = page.locator("[data-key=b]").get_attribute("href")
    page.keyboard.press("b")
    page.wait_for_url(f"**{upcoming}")


def test_with_a_unit_the_same_two_pages(colleague):
    hand = Hand(colleague("csr"))
    address = receipt_of(hand.page, "Ratna Jaringan", "GGN_MATI")
    hand.begin()
    hand.click("text=Lanjut ke analisis")
    hand.choose("cause.code", "JARINGAN_KABEL")
    hand.type("cause.text", "Kabel putus di tiang")
    hand.tick("[name='condition.none']")
    hand.click("text=Simpan analisis")
    expect(hand.page.locator("#next-title")).to_contain_text("Tunggu sampai semua unit")

    officer = Hand(colleague("officer"))
    officer.begin()
    officer.page.goto(f"{address}/findings")
    assert officer.page.locator("[name='offer.remedy'], [name='parties.teams']").count() == 0
    officer.tick("[name='acceptance.answer'][value=accepted]")
    officer.type("cause.text", "Kabel putus di tiang oleh galian")
    officer.click("text=Simpan hasil unit")
    expect(officer.page.locator("#work")).to_contain_text("diterima")

    hand.page.goto(f"{address}/resolution")
    resolve(hand)
    expect(hand.page.locator("#next-title")).to_have_text("Diterima pelanggan")
    hand.tell("with a unit, the desk")
    officer.tell("with a unit, the unit")
    assert hand.pages <= MOST_PAGES_WITH_A_UNIT
    assert hand.clicks <= MOST_CLICKS
    assert (officer.pages, officer.clicks) <= (2, 2)


def test_what_is_typed_stands_in_the_words_to_say(sign_in):
    page = sign_in("csr")
    hand = Hand(page)
    address = receipt_of(page, "Ratna Kata")
    page.goto(f"{address}/analysis")
    page.get_by_role("button", name="Hanya satu petugas yang melayani.").click()
    expect(page.locator("[name='cause.quote']")).to_have_value("Hanya satu petugas yang melayani.")
    analyse(hand)
    page.fill("[name='offer.description']", "Biaya parkir diganti")
    page.fill("[name='offer.amount']", "500000")
    expect(page.locator("#whose-word-offer")).to_contain_text("persetujuan")
    expect(page.locator("#part-offer .script-text").first).to_contain_text(
        "Biaya parkir diganti, senilai Rp500.000"
    )
    expect(page.locator("[name='alternative.remedy']")).to_be_hidden()
    page.check("[name='answer.answer'][value=refused]")
    expect(page.locator("[name='alternative.remedy']")).to_be_visible()


def test_the_priority_follows_the_category(sign_in):
    page = sign_in("csr")
    address = receipt_of(page, "Ratna Kategori")
    page.goto(f"{address}/analysis")
    expect(page.locator("#priority-shown")).to_contain_text("P4")
    page.select_option("[name='record.category']", "GGN_MATI")
    expect(page.locator("#priority-shown")).not_to_contain_text("P4")
    expect(page.locator("[name='parties.teams'][value=TEKNIK]")).to_be_checked()
    page.select_option("[name='record.category']", "PTG_ANTRE")
    expect(page.locator("#priority-shown")).to_contain_text("P4")
    expect(page.locator("[name='parties.desk']")).to_be_checked()

    # Also once everything stands: another category asks for units again.
    analyse(Hand(page))
    page.wait_for_url(re.compile("/resolution"))
    page.goto(f"{address}/analysis")
    page.select_option("[name='record.category']", "GGN_MATI")
    expect(page.locator("#priority-shown")).to_contain_text("Menurut matriks")
    expect(page.locator("[name='parties.teams'][value=TEKNIK]")).to_be_checked()
    expect(page.locator("[name='plan.steps.0.what']")).not_to_have_value("")
    page.click("text=Simpan analisis")
    page.wait_for_url(re.compile("/resolution"))
    expect(page.locator("#part-closure")).not_to_contain_text("Rencana penanganan belum ada")
    page.goto(f"{address}/analysis")
    expect(page.locator("#part-parties")).to_contain_text("Belum ada jawaban dari: Teknik")


def test_two_at_one_complaint_lose_no_word(sign_in, colleague, complained):
    page = sign_in("csr")
    address = receipt_of(page, "Ratna Berdua")
    other = Hand(colleague("supervisor"))
    other.page.goto(f"{address}/analysis")
    page.goto(f"{address}/analysis")
    page.select_option("[name='cause.code']", "MANUSIA_JUMLAH")
    page.fill("[name='cause.text']", "Loket kedua tidak dibuka")
    analyse(other)
    other.page.wait_for_url(re.compile("/resolution"))
    page.click("text=Simpan analisis")
    expect(page.locator("[data-news]")).to_contain_text("Bambang")
    expect(page.get_by_role("main")).to_contain_text("Yang Anda tulis: Loket kedua tidak dibuka")
    assert all("409" in text for text in complained)
    complained.clear()


def test_two_at_one_complaint_see_each_other(sign_in, colleague, complained, accessible):
    """Who reads and who writes, on the same page, without either of them doing anything for it."""
    page = sign_in("csr")
    address = receipt_of(page, "Ratna Bersama")
    page.clock.install()
    page.goto(address)
    here = page.locator("#here")
    expect(here).to_be_hidden()
    other = colleague("supervisor")
    other.goto(f"{address}/analysis")
    page.evaluate("window.tanggapLook()")
    expect(here).to_contain_text("Bambang")
    expect(here).to_contain_text("juga membuka keluhan ini sejak")
    expect(page.locator("#live")).to_contain_text("Bambang")
    expect(other.locator("#here")).to_contain_text("Rina")

    with other.expect_response(re.compile("/live/here/")):
        other.fill("[name='cause.text']", "Loket kedua tidak dibuka")
    page.evaluate("window.tanggapLook()")
    expect(here).to_contain_text("sedang menulis")
    accessible(page)

    # Another page of the browser is looked at: one sign says so, and then it is quiet.
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.method + request.url))
    with other.expect_response(re.compile("/live/here/")):
        other.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    other.evaluate("window.tanggapLook()")
    assert [each for each in asked if "/live/" in each] == [f"POST{at(address)}"]
    page.evaluate("window.tanggapLook()")
    expect(here).to_contain_text("sedang melihat halaman lain")

    # The other page is gone without a word: its time is over, here as on the server.
    other.close()
    page.clock.fast_forward(80_000)
    expect(here).to_be_hidden()
    assert complained == []


def at(address: str) -> str:
    """Where a page says that it is looked at."""
    return address.replace("/complaints/", "/live/here/")


def test_the_server_dies_while_the_page_is_filled_in(colleague, tmp_path: Path):
    """The words stay on the page, are sent again as they are, and stand once."""
    base, start = own_server(tmp_path)
    process = start()
    try:
        page = colleague("csr", base=base)
        address = receipt_of(page, "Ratna Mati")
        page.goto(f"{address}/analysis")
        page.select_option("[name='cause.code']", "MANUSIA_JUMLAH")
        page.fill("[name='cause.text']", "Loket kedua tidak dibuka")
        page.check("[name='condition.none']")
        kill(process)
        page.click("text=Simpan analisis")
        expect(page.locator("[data-unreached]")).to_be_visible()
        expect(page.locator("[name='cause.text']")).to_have_value("Loket kedua tidak dibuka")
        process = start()
        page.click("text=Simpan analisis")
        page.wait_for_url(re.compile("/resolution"))
        page.goto(f"{address}?view=history")
        lines = page.locator("#timeline li", has_text="Dugaan penyebab ditetapkan")
        expect(lines).to_have_count(1)
    finally:
        kill(process)


def own_server(folder: Path) -> tuple[str, Callable[[], subprocess.Popen[bytes]]]:
    """A server of this story's own, which may be killed; its address, and what starts it."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'tanggap.db'}",
        "SECRET_KEY": "a key for browser stories only, long enough",
        "SMTP_URL": f"file://{folder / 'mail'}",
        "ATTACHMENTS_URL": f"file://{folder / 'files'}",
        "TANGGAP_BASE_URL": base,
    }
    program = [sys.executable, "-m", "complaints"]
    for preparation in (["init"], ["demo", "--complaints", "3", "--seed", "1"]):
        subprocess.run([*program, *preparation], cwd=ROOT, env=environment, check=True)

    def start() -> subprocess.Popen[bytes]:
        log = folder / "server.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*program, "web", "--host", "127.0.0.1", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until_ready(process, f"{base}/readyz", log)
        return process

    return base, start


def kill(process: subprocess.Popen[bytes]) -> None:
    """Let the server and the processes it forked be gone at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.soak
@pytest.mark.parametrize(("language", "theme"), of_each(["id", "en"], ["light", "dark"]))
def test_both_pages_are_for_everybody_at_every_width(
    sign_in, colleague, accessible, theme, language
):
    hand = Hand(sign_in("csr"))
    address = receipt_of(hand.page, f"Ratna {theme} {language}")
    page = colleague("supervisor", color_scheme=theme)
    speak(page, language)
    for path in ("analysis", "resolution"):
        for width in (360, 390, 1366):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"{address}/{path}")
            expect(page.locator("#open")).to_be_visible()
            if path == "resolution":
                page.locator(".talk-branch > summary").click()
            too_wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert too_wide <= 0, f"{path} at {width} px is {too_wide} px too wide"
            accessible(page)
        if path == "analysis":
            hand.page.goto(f"{address}/analysis")
            analyse(hand)
            hand.page.wait_for_url(re.compile("/resolution"))
    speak(page, "id")


def speak(page: Page, language: str) -> None:
    """Let the person's pages be in this language."""
    page.goto("/")
    if page.locator("html").get_attribute("lang") != language:
        page.locator(".menu > summary").click()
        page.locator("form.languages button").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
