"""What pages weigh on the wire, measured in a real browser; and who gets them compressed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.browser.conftest import log_in

#: Bytes with headers, as they were sent: with nothing kept in the browser, and with all of it.
FIRST, LATER = 120_000, 25_000
PAGES = {
    "home": ("csr", "/"),
    "list": ("manager", "/complaints"),
    "complaint": ("csr", "/complaints?handler=me"),
    "new complaint": ("csr", "/complaints/new"),
    "board": ("supervisor", "/board"),
    "home of a manager": ("manager", "/"),
}


def a_browser(browser: Browser, server: str, **how: Any) -> BrowserContext:
    """One that keeps nothing of other tests."""
    return browser.new_context(base_url=server, locale="id-ID", **how)


def cookies_of(browser: Browser, server: str, who: str) -> list[Any]:
    """What a browser is known by once somebody has logged in."""
    context = a_browser(browser, server)
    log_in(context.new_page(), who)
    cookies = context.cookies()
    context.close()
    return cookies


def weigh(page: Page, path: str, sent: dict[str, float]) -> float:
    """How much was sent until the page is all there and quiet."""
    sent.clear()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return sum(sent.values())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_the_first_time_and_lighter_later(browser: Browser, server: str, name: str):
    who, path = PAGES[name]
    # What a service worker fetches is not the page's; it is weighed with the page that begins it.
    context = a_browser(browser, server, service_workers="block")
    context.add_cookies(cookies_of(browser, server, who))
    page = context.new_page()
    if name == "complaint":
        page.goto(path)
        path = str(page.locator(".c-number a").first.get_attribute("href"))
        page.goto("about:blank")
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.clearBrowserCache")
    sent: dict[str, float] = {}
    protocol.on(
        "Network.loadingFinished",
        lambda event: sent.__setitem__(event["requestId"], event["encodedDataLength"]),
    )
    first = weigh(page, path, sent)
    page.goto("/guide/keys")
    later = weigh(page, path, sent)
    context.close()
    weights = f"{first / 1000:.1f} kB first, {later / 1000:.1f} kB later"
    assert 10_000 < first <= FIRST, weights
    assert 1_000 < later <= LATER, weights


class Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else's."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Elsewhere</title>")

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Another site: by its name it is none of ours, though it lies on this machine."""
    other = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    # A browser that hangs up is no mishap of the test.
    other.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=other.serve_forever, daemon=True).start()
    yield f"http://localhost:{other.server_port}/"
    other.shutdown()
    other.server_close()


def test_a_page_that_another_site_makes_us_show_has_its_full_length(
    browser: Browser, server: str, elsewhere: str
):
    """With the service worker between, which fetches every page in its own name."""
    context = a_browser(browser, server)
    context.add_cookies(cookies_of(browser, server, "csr"))
    page = context.new_page()
    pages: list[Response] = []
    page.on(
        "response",
        lambda each: pages.append(each) if each.request.resource_type == "document" else None,
    )

    def coding(address: str, start: str) -> str | None:
        if start:
            page.goto(start)
        page.evaluate("address => { location.href = address }", address)
        page.wait_for_url(lambda at: at.endswith(address.removeprefix(server)))
        page.wait_for_load_state()
        expect(page.locator("#find")).to_be_visible()
        assert pages[-1].from_service_worker
        return pages[-1].all_headers().get("content-encoding")

    page.goto("/")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
    assert coding(f"{server}/complaints?q=own", "") == "gzip"
    assert coding(f"{server}/complaints?q=guess", elsewhere) is None
    page.reload()
    assert pages[-1].all_headers().get("content-encoding") is None
    context.close()
