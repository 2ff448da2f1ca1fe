"""Where room is short: what is too wide scrolls by itself, and what matters of it is in sight."""

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


def test_twelve_complaints_of_the_list_are_in_sight_on_a_small_notebook(sign_in):
    page = sign_in("supervisor")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/complaints")
    rows = page.locator(".list tbody tr")
    # The round corner of the box takes a pixel of the last row.
    expect(rows.nth(11)).to_be_in_viewport(ratio=0.95)
    assert page.evaluate("document.documentElement.scrollWidth") == 1366


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


def test_the_views_of_a_complaint_are_whole_beside_the_largest_count(sign_in):
    page = sign_in("csr")
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.click(".btn-big")
    views = page.locator(".case-views")
    views.locator(".soft").evaluate("count => { count.textContent = '99+' }")
    right = page.locator("#timeline").evaluate(
        "box => box.getBoundingClientRect().right - parseFloat(getComputedStyle(box).paddingRight)"
    )
    for tab in views.locator("a").all():
        place = tab.bounding_box()
        assert place is not None
        assert place["x"] + place["width"] <= right + 0.5
        assert tab.evaluate("tab => tab.scrollWidth <= tab.clientWidth")
        # Two lines at most, and no word broken over several.
        assert place["height"] <= 60


def test_the_home_of_a_supervisor_has_one_main_button(sign_in):
    page = sign_in("supervisor")
    page.goto("/")
    assert page.locator("main .btn-primary").count() == 1


def test_how_late_a_complaint_is_can_be_read_to_its_last_word_on_the_desk(sign_in):
    page = sign_in("csr")
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto("/")
    late = page.locator(".short-due").first
    late.locator("b").evaluate("b => { b.textContent = 'terlambat 10 jam 16 menit kerja' }")
    assert late.evaluate("due => due.scrollWidth <= due.clientWidth")


@pytest.mark.parametrize("noun", ["", "/plan"])
def test_a_long_lateness_makes_no_page_of_a_complaint_wider(sign_in, noun):
    page = sign_in("csr")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/")
    page.click(".btn-big")
    page.wait_for_url("**/complaints/KLH-**")
    page.goto(f"{page.url.partition('?')[0]}{noun}")
    late = page.locator(".big-due b .nowrap" if noun else ".due-chip b").first
    late.evaluate("words => { words.textContent = 'terlambat 10 jam 16 menit kerja' }")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
