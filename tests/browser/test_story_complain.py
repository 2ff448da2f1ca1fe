"""A customer on a telephone, without an account: from the form to the page of the complaint."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import axe_findings
from tests.browser.conftest import PATIENCE
from tests.browser.test_story_desk import PHONE, does_not_scroll_sideways

STORY = "Tagihan bulan ini dua kali lipat. Saya sudah bertanya lewat telepon dan belum ada kabar."
#: One white dot.
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII="
)
#: A form that comes back at once is a robot's.
A_WHILE = 3_100


@pytest.fixture(params=["with scripts", "without scripts"])
def telephone(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A telephone in Indonesian; axe needs scripts of its own."""
    context = browser.new_context(
        base_url=server,
        locale="id-ID",
        viewport=PHONE,
        is_mobile=True,
        has_touch=True,
        java_script_enabled=request.param == "with scripts",
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def looks_well(page: Page, has_scripts: bool) -> None:
    if has_scripts:
        does_not_scroll_sideways(page)
        assert axe_findings(page) == []


def test_a_complaint_is_made_and_followed(telephone: Page, request: pytest.FixtureRequest) -> None:
    page, has_scripts = telephone, "without" not in request.node.callspec.id
    page.goto("/portal/")
    looks_well(page, has_scripts)

    page.get_by_label("Nama Anda").fill("Ibu Ratna Dewi")
    page.locator("main button[type=submit]").tap()
    expect(page.get_by_role("alert")).to_contain_text("Ceritakan apa yang terjadi")
    looks_well(page, has_scripts)
    page.get_by_role("link", name="Ceritakan apa yang terjadi").tap()
    expect(page.get_by_label("Apa yang terjadi?")).to_be_focused()
    expect(page.get_by_label("Nama Anda")).to_have_value("Ibu Ratna Dewi")

    page.get_by_label("Apa yang terjadi?").fill(STORY)
    page.get_by_label("Telepon").fill("0813 5555 0101")
    page.get_by_label("Saya setuju").check()
    # In the other language, and nothing is lost.
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_label("What happened?")).to_have_value(STORY)
    page.get_by_role("button", name="Bahasa Indonesia").tap()
    page.get_by_label("Foto atau dokumen").set_input_files(
        {"name": "tagihan.png", "mimeType": "image/png", "buffer": PHOTO}
    )
    page.wait_for_timeout(A_WHILE)
    # Enter in a field sends the form, and not into the other language.
    page.get_by_label("Telepon").press("Enter")
    page.wait_for_url("**/receipt*")

    expect(page.get_by_role("heading", level=1)).to_have_text("Keluhan Anda sudah kami terima")
    number = page.locator("dd b").first.inner_text()
    looks_well(page, has_scripts)
    page.get_by_role("link", name="Buka halaman keluhan saya").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.get_by_role("link", name="Cara kami menangani keluhan").tap()
    page.wait_for_url("**/portal/service*")
    looks_well(page, has_scripts)

    # Who tells the same again is asked whether it is the same.
    page.goto("/portal/")
    page.get_by_label("Apa yang terjadi?").fill(STORY)
    page.get_by_label("Nama Anda").fill("Ibu Ratna Dewi")
    page.get_by_label("Telepon").fill("0813 5555 0101")
    page.get_by_label("Saya setuju").check()
    page.locator("main button[type=submit]").tap()
    expect(page.get_by_role("alert")).to_contain_text(f"Anda sudah melaporkan ini ({number})")
    looks_well(page, has_scripts)
