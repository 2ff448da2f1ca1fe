"""Taking a complaint with the keyboard: few keys, nothing chosen by itself, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import axe_findings
from tests.browser.conftest import PATIENCE, log_in
from tests.browser.test_story_desk import STORY, does_not_scroll_sideways
from tests.soak import of_each

#: A story of two sentences may be its own summary.
TOLD = "Internet di rumah saya mati sejak Senin, lampu modem merah. Saya minta segera diperbaiki."
#: Keys besides the letters of the story, the name and the phone number.
MOST_INPUTS = 11
ALL = {"moderate", "serious", "critical"}

Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, server: str, complained: list[str]) -> Iterator[Desk]:
    """A browser of their own for somebody, who is logged in: `desk("csr", viewport=…)`."""
    opened: list[BrowserContext] = []
    english: list[Page] = []

    def desk(who: str, language: str = "id", **how: object) -> Page:
        context = browser.new_context(
            base_url=server, locale=f"{language}-ID", timezone_id="Asia/Jakarta", **how
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complained.append(str(error)))
        page.on(
            "console",
            lambda message: complained.append(message.text) if message.type == "error" else None,
        )
        log_in(page, who)
        if language == "en":
            speak(page, "English", "en")
            english.append(page)
        return page

    yield desk
    for page in english:
        page.goto("/")
        speak(page, "Bahasa Indonesia", "id")
    for context in opened:
        context.close()
    # A form that is refused, as some stories want it, is an error to the console as well.
    assert [text for text in complained if "status of 4" not in text] == []


def speak(page: Page, button: str, language: str) -> None:
    """Choose the language, which the account keeps."""
    page.locator(".menu > summary").click()
    page.get_by_role("button", name=button).click()
    page.wait_for_selector(f"html[lang={language}]")


class Keys:
    """The keyboard, counting what is pressed besides what is told."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed: list[str] = []

    def tell(self, words: str) -> None:
        self.page.keyboard.type(words)

    def press(self, key: str) -> None:
        self.pressed.append(key)
        self.page.keyboard.press(key)


def category(page: Page):
    return page.get_by_role("combobox", name=re.compile("Kategori|Category"))


def shown(page: Page):
    return page.get_by_role("listbox").get_by_role("option")


def open_later(page: Page, story: str = TOLD) -> None:
    """The customer has finished: category and what follows stand open."""
    page.goto("/complaints/new")
    page.get_by_label(re.compile("Cerita pelanggan|The customer's story")).fill(story)
    page.locator("[name='attestation.listened']").focus()
    page.keyboard.press("Space")
    if story:
        expect(page.locator("[data-pick='1']")).to_be_visible()
    expect(category(page)).to_be_focused()


def test_a_complaint_by_keyboard_alone_takes_eleven_keys(desk, capsys):
    page = desk("csr")
    page.goto("/complaints/new")
    keys = Keys(page)
    expect(page.get_by_label("Pelanggan", exact=True)).to_be_focused()
    with page.expect_response("**/customers?**"):
        keys.tell("Wulan Papan Ketik")
    keys.press("Enter")
    expect(page.get_by_label("Telepon", exact=True)).to_be_focused()
    keys.tell("0813 2222 0001")
    keys.press("Enter")
    expect(page.get_by_label("Cerita pelanggan")).to_be_focused()
    keys.tell(TOLD)
    with page.expect_response("**/suggestions"):
        keys.press("Tab")
    keys.press("Enter")
    expect(category(page)).to_be_focused()
    expect(page.locator("[data-pick='2']")).to_contain_text("Internet mati total")
    expect(page.locator(".suggested-list")).to_contain_text("karena: “lampu … merah”")
    with page.expect_response("**/promise?**"):
        keys.press("2")
    expect(page.locator("[name='promise.steps.0.what']")).to_have_value(re.compile("^Memeriksa"))
    for _ in range(4):
        keys.press("Enter")
    expect(page.locator("[name='confirmation.summary']")).to_have_value(TOLD)
    keys.press("Enter")
    expect(page.locator("[data-mark].is-done")).to_have_count(4)
    expect(page.locator("[data-register]")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/receipt")
    with capsys.disabled():
        print(f"\nintake by keyboard: {len(keys.pressed)} keys: {' '.join(keys.pressed)}")  # noqa: T201
    assert len(keys.pressed) == MOST_INPUTS


def test_a_key_that_is_held_down_ticks_nothing(desk):
    page = desk("csr")
    open_later(page)
    page.get_by_label("Ya, benar").focus()
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
            {key: "Enter", repeat: true, bubbles: true, cancelable: true}))"""
    )
    expect(page.get_by_label("Ya, benar")).not_to_be_checked()
    expect(page.get_by_label("Ya, benar")).to_be_focused()


class TestTheCategory:
    def test_nothing_is_chosen_that_nobody_has_chosen(self, desk):
        page = desk("csr")
        open_later(page)
        page.keyboard.type("modem")
        expect(shown(page).first).to_contain_text("modem")
        expect(category(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
        page.keyboard.press("Tab")
        expect(page.locator("select[name=category]")).to_have_value("")
        expect(category(page)).to_have_value("modem")
        expect(category(page)).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#f-category-unchosen")).to_have_text(
            "“modem” belum menjadi kategori. Pilih salah satu dari daftar."
        )
        page.keyboard.press("Control+Enter")
        errors = page.locator(".said-stop")
        expect(errors).to_be_focused()
        expect(errors).to_contain_text("“modem” belum menjadi kategori")
        expect(page.locator("select[name=category]")).to_have_value("")

    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("wifi mati", "Internet mati total"),
            ("gabisa konek", "Internet mati total"),
            ("lemot", "Internet lambat"),
            ("modem rusak", "Perangkat rusak (modem/ONT/STB)"),
            ("tagihan ganda", "Tagihan ganda"),
            ("billed twice", "Tagihan ganda"),
        ],
    )
    def test_it_is_found_by_the_words_people_use(self, desk, typed, first):
        page = desk("csr")
        open_later(page)
        page.keyboard.type(typed)
        expect(shown(page).first).to_contain_text(first)
        page.keyboard.press("ArrowDown")
        expect(category(page)).to_have_attribute("aria-activedescendant", "f-category-list-0")
        page.keyboard.press("Enter")
        expect(category(page)).to_have_value(first)
        expect(category(page)).to_have_attribute("aria-expanded", "false")
        expect(page.locator("#promise-due")).to_contain_text("Prioritas sementara")

    def test_words_that_arrive_late_leave_the_person_where_they_stand(self, desk):
        page, held = desk("csr"), []
        page.route("**/complaints/new/words/*", lambda route: held.append(route))
        open_later(page)
        page.keyboard.type("modem")
        page.keyboard.press("ArrowDown")
        expect(category(page)).to_have_attribute("aria-activedescendant", "f-category-list-0")
        stood = page.locator(".combo-option.is-active").inner_text()
        (words,) = held
        words.continue_()
        expect(shown(page).nth(1)).to_contain_text("modem")
        expect(page.locator(".combo-option.is-active")).to_contain_text(stood)
        page.keyboard.press("Enter")
        expect(category(page)).to_have_value(stood)

    def test_escape_closes_the_list_and_chooses_nothing(self, desk):
        page = desk("csr")
        open_later(page)
        page.keyboard.press("Alt+ArrowDown")
        expect(page.get_by_role("listbox", name="Kategori")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox", name="Kategori")).to_be_hidden()
        expect(page.locator("select[name=category]")).to_have_value("")

    def test_words_that_no_category_has_say_so(self, desk):
        page = desk("csr")
        open_later(page)
        page.keyboard.type("zzzzz")
        expect(page.get_by_role("listbox", name="Kategori")).to_contain_text("Tidak ada kategori")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("select[name=category]")).to_have_value("")

    def test_changing_what_was_chosen_takes_it_back(self, desk):
        page = desk("csr")
        open_later(page)
        page.keyboard.press("2")
        expect(page.locator("select[name=category]")).to_have_value("GGN_MATI")
        page.keyboard.press("Backspace")
        expect(page.locator("select[name=category]")).to_have_value("")

    def test_without_javascript_it_is_a_list_and_the_story_is_asked_for_proposals(self, desk):
        page = desk("csr", java_script_enabled=False)
        page.goto("/complaints/new")
        page.get_by_label("Cerita pelanggan").fill(TOLD)
        page.get_by_role("button", name="Hitung tenggat dan usulkan").click()
        page.get_by_role("button", name="Internet mati total").click()
        expect(page.locator("select[name=category]")).to_have_value("GGN_MATI")
        expect(page.get_by_label("Cerita pelanggan")).to_have_value(TOLD)


def test_a_time_is_typed_as_it_is_said_and_said_back_in_full(desk):
    page = desk("csr")
    open_later(page)
    page.keyboard.press("1")
    due = page.locator("[name='promise.steps.0.due_at']")
    expect(due).to_have_value(re.compile(r"^\d+ \w+ \d{4} \d\d\.\d\d$"))
    for typed, said in (
        ("besok 10.00", re.compile(r"^\w+, \d+ \w+ \d{4}, pukul 10\.00 WIB$")),
        ("besok jam 2", "Pagi atau siang? Tulis 02.00 atau 14.00."),
        ("20/11 09.30", re.compile(r"20 November \d{4}, pukul 09\.30 WIB$")),
        ("entah", re.compile("bukan tanggal dan jam")),
    ):
        due.fill(typed)
        due.press("Tab")
        expect(page.locator("[id='f-promise.steps.0.due_at-said']")).to_have_text(said)


def test_all_mistakes_are_named_at_once_and_each_leads_to_its_field(desk):
    page = desk("csr")
    open_later(page, "")
    page.fill("[name='customer.phone']", "nol delapan")
    page.get_by_text("Keinginan pelanggan, waktu kejadian").click()
    page.fill("[name='incident_at']", "entah")
    page.fill("[name='promise.steps.0.what']", "x")
    page.keyboard.press("Control+Enter")
    summary = page.locator(".said-stop")
    expect(summary).to_be_focused()
    links = summary.locator("li a")
    assert links.count() >= 4
    for link in links.all():
        link.click()
        field = page.locator(":focus")
        assert field.evaluate("each => /^(INPUT|SELECT|TEXTAREA)$/.test(each.tagName)")
        expect(field).to_be_in_viewport()
    expect(page.locator("[name='customer.phone']")).to_have_value("nol delapan")
    expect(page.locator("[name='incident_at']")).to_have_value("entah")
    assert axe_findings(page, ALL) == []


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (390, 844)])
def test_no_bar_hides_what_has_the_focus(desk, size):
    # Scrolling takes no time for whoever wants no motion, so that what is seen can be asked for.
    page = desk("csr", viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    open_later(page)
    page.keyboard.press("1")
    expect(page.locator("#promise-due")).to_contain_text("Prioritas sementara")
    page.get_by_label("Pelanggan", exact=True).focus()
    hidden = []
    for way in ("Tab", "Shift+Tab"):
        for _ in range(70):
            page.keyboard.press(way)
            where = page.evaluate(
                """async () => {
                  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                  const at = document.activeElement;
                  if (!at.closest("#intake")) { return "out"; }
                  const box = at.getBoundingClientRect();
                  const over = document.elementFromPoint(
                    box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 20));
                  const seen = over && (at === over || at.contains(over) || over.contains(at)
                    || over.tagName === "LABEL");
                  const bar = over && over.closest(".intake-acts, .top");
                  return seen && !(bar && !bar.contains(at)) ? "" : at.id || at.textContent.trim();
                }"""
            )
            if where == "out":
                break
            if where:
                hidden.append(where)
    assert hidden == []


def test_a_draft_goes_on_at_another_machine_and_an_old_tab_cannot_bring_it_back(desk):
    first = desk("csr")
    first.goto("/complaints/new")
    first.get_by_label("Pelanggan", exact=True).fill("Dua Mesin")
    first.get_by_label("Telepon", exact=True).fill("0813 3333 0001")
    first.get_by_label("Cerita pelanggan").fill(STORY)
    expect(first.locator("[data-draft-word]")).to_contain_text("draf tersimpan pukul")

    second = desk("csr")
    drafts = second.locator("[aria-labelledby=drafts] li", has_text="Dua Mesin")
    drafts.get_by_role("link").click()
    # Scripts hear keys once the page has loaded.
    second.wait_for_url(re.compile(r"/complaints/new\?draft="))
    expect(second.get_by_label("Cerita pelanggan")).to_have_value(STORY)
    second.keyboard.press("Control+s")
    second.wait_for_url(re.compile(r"/complaints/KLH-\d{4}-\d{6}$"))
    number = second.url.rpartition("/")[2]
    second.goto("/")
    expect(drafts).to_have_count(0)

    first.get_by_label("Cerita pelanggan").press_sequentially(" Masih mati.")
    told = first.get_by_role("alert").filter(has_text="Sudah dikirim pukul")
    expect(told).to_contain_text(number)
    second.reload()
    expect(drafts).to_have_count(0)


def test_a_colleague_never_opens_ones_draft(desk):
    mine = desk("csr")
    mine.goto("/complaints/new")
    mine.get_by_label("Cerita pelanggan").fill(STORY)
    expect(mine.locator("[data-draft-word]")).to_contain_text("draf tersimpan pukul")
    address = mine.url
    assert "draft=" in address
    colleague = desk("csr2")
    colleague.goto(address)
    expect(colleague.get_by_role("main")).to_contain_text("Draf itu sudah tidak ada")
    expect(colleague.get_by_label("Cerita pelanggan")).to_have_value("")
    mine.reload()
    expect(mine.get_by_label("Cerita pelanggan")).to_have_value(STORY)


def test_the_customer_leaves_and_what_was_told_is_a_complaint(desk):
    page = desk("csr")
    page.goto("/complaints/new")
    page.get_by_label("Cerita pelanggan").fill(STORY)
    page.get_by_role("button", name="Pelanggan pergi").click()
    page.wait_for_url(re.compile(r"/complaints/KLH-\d{4}-\d{6}$"))
    expect(page.get_by_role("main")).to_contain_text("Nama tidak disebut")


@pytest.mark.soak
@pytest.mark.parametrize(
    ("width", "language", "theme"), of_each([1366, 390, 360], ["id", "en"], ["light", "dark"])
)
def test_the_page_is_for_everybody_as_it_stands_and_as_it_changes(desk, theme, language, width):
    page = desk("csr", language, color_scheme=theme, viewport={"width": width, "height": 800})
    open_later(page)
    assert axe_findings(page, ALL) == []
    does_not_scroll_sideways(page)
    page.keyboard.type("internet")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert axe_findings(page, ALL) == []
    does_not_scroll_sideways(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said-stop")).to_be_focused()
    assert axe_findings(page, ALL) == []
    does_not_scroll_sideways(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_on_record_stands_beside_the_proposal_and_chooses_nothing(desk, theme):
    page = desk("csr", color_scheme=theme)
    page.goto("/complaints/new")
    page.fill("#f-story", "Internet mati, lampu modem merah.")
    page.check("[name='attestation.listened']")
    first = page.locator("#suggested li").first
    expect(first).to_contain_text("Gangguan massal")
    # The incident of the demonstration, at this branch.
    expect(first.locator("a")).to_contain_text("INS-")
    expect(first).to_contain_text("insiden terbuka di sini")
    expect(page.locator("[name='category']")).to_have_value("")
    assert axe_findings(page, ALL) == []
    does_not_scroll_sideways(page)
