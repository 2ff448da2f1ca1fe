"""The instrument itself: axe runs under a strict policy, and finds what it is there to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import axe_findings

HEAD = (
    '<!doctype html><html lang="id"><head><title>Tanggap</title>'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'"></head>'
)


@pytest.fixture
def bare_page(browser: Browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def show(page: Page, body: str) -> None:
    page.route("http://page.invalid/", lambda route: route.fulfill(body=HEAD + body))
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto("http://page.invalid/")


def test_axe_finds_a_field_without_a_label(bare_page):
    show(bare_page, "<main><h1>Keluhan</h1><input name=story></main>")
    findings = axe_findings(bare_page)
    assert findings
    assert "(label)" in findings[0]


def test_axe_leaves_a_proper_page_in_peace(bare_page):
    show(bare_page, "<main><h1>Keluhan</h1><label>Cerita <input name=story></label></main>")
    assert axe_findings(bare_page) == []
