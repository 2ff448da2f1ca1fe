"""On a telephone: what is too wide scrolls by itself, and what matters of it is in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    "path", ["/admin/", "/orphans", "/admin/rules/", "/admin/whatif/replay", "/admin/engine"]
)
def test_the_tab_of_the_page_is_in_sight_on_a_telephone(sign_in, path: str):
    page = sign_in("admin")
    page.set_viewport_size(PHONE)
    page.goto(path)
    tab = page.locator(".views [aria-current]")
    expect(tab).to_be_in_viewport(ratio=1)
    # The row scrolls, not the page.
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    row = page.locator(".views").first
    assert row.evaluate("row => row.scrollWidth > row.clientWidth")
    row.evaluate("row => { row.scrollLeft = 0 }")
    expect(row.locator("a").first).to_be_in_viewport(ratio=1)


def test_the_longest_word_of_a_next_step_makes_no_page_wider(sign_in):
    page = sign_in("csr")
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.click(".btn-big")
    button = page.locator(".case-next .btn-big").first
    expect(button).to_be_visible()
    button.evaluate("button => button.lastChild.before('Sampaikan tenggat kepada pelanggan ')")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert button.evaluate("button => button.scrollWidth <= button.clientWidth")
