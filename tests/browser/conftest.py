"""A real Chromium in front of a real server, for stories told in words.

Where no Chromium is on the PATH the stories are skipped with one clear sentence. The server is
the programme as a person starts it, on a database of its own with the demonstration data.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.axe import axe_findings
from tests.browser.program import ROOT, Desk, desk_of

HERE = Path(__file__).parent
CHROMIUM = next(
    filter(
        None,
        map(
            shutil.which, ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        ),
    ),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "tanggap-demo"
START_SECONDS = 60
#: Milliseconds that a browser, a server and a worker may need for anything on a busy machine.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip("no Chromium on the PATH; `make browser` gets one"))


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the server is told; letters lie in a folder of its own."""
    return told_to_server(tmp_path_factory.mktemp("server"), f"http://127.0.0.1:{free_port()}")


@pytest.fixture(scope="session")
def server(environment: dict[str, str]) -> Iterator[str]:
    """Start `complaints run` on demonstration data and give its address."""
    folder = Path(environment["SMTP_URL"].removeprefix("file://")).parent
    with demonstration_at(folder, environment) as address:
        yield address


def told_to_server(folder: Path, address: str) -> dict[str, str]:
    """The settings of a server that keeps everything in one folder."""
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'tanggap.db'}",
        "SECRET_KEY": "a key for browser stories only, long enough",
        "SMTP_URL": f"file://{folder / 'mail'}",
        "ATTACHMENTS_URL": f"file://{folder / 'files'}",
        "TANGGAP_BASE_URL": address,
    }


@contextmanager
def demonstration_at(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """A server with the demonstration data, until the block ends."""
    address = environment["TANGGAP_BASE_URL"]
    program = [sys.executable, "-m", "complaints"]
    for preparation in (["init"], ["demo", "--complaints", "40", "--seed", "1"]):
        subprocess.run([*program, *preparation], cwd=ROOT, env=environment, check=True)
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, "run", "--host", "127.0.0.1", "--port", address.rpartition(":")[2]],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(process, f"{address}/readyz", log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Ask until the server answers; a server that ends or stays silent shows its log."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            # The only sleep in the suite: there is no event to wait for across processes.
            time.sleep(0.1)
    pytest.fail(f"the server did not get ready:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def desk(server: str, environment: dict[str, str]) -> Desk:
    """The supervisor's program, which records complaints without a page."""
    return desk_of(server, environment)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all stories."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """A fresh desk: no cookies, Indonesian, Jakarta's wall clock."""
    context = browser.new_context(
        base_url=server,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        viewport={"width": 1280, "height": 900},
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def complained() -> list[str]:
    """What the browser complained about; a story that expects it takes it out."""
    return []


@pytest.fixture
def page(context: BrowserContext, complained: list[str]) -> Iterator[Page]:
    """A page whose story fails when the browser complains, as it does on a policy violation."""
    page = context.new_page()
    page.on("pageerror", lambda error: complained.append(str(error)))
    page.on(
        "console",
        lambda message: complained.append(message.text) if message.type == "error" else None,
    )
    yield page
    assert complained == []


#: The cookies of whoever has logged in before, by server, person and language of the browser.
LOGGED_IN: dict[tuple[str, str, str], list[Any]] = {}


def log_in(page: Page, who: str, password: str = PASSWORD) -> Page:
    """The page that somebody sees once they have logged in."""
    page.goto("/login")
    page.fill("[name=email]", f"{who}@tanggap.example")
    page.fill("[name=password]", password)
    page.click("form:has([name=password]) [type=submit]")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def come_in(page: Page, server: str, who: str) -> Page:
    """The home of somebody of the demonstration cast, who logs in once on each server.

    Where that session has ended meanwhile they log in again.
    """
    known = server, who, page.evaluate("navigator.language")
    kept = LOGGED_IN.get(known)
    if kept is not None:
        page.context.add_cookies(kept)
        page.goto("/")
    if kept is None or "/login" in page.url:
        log_in(page, who)
        LOGGED_IN[known] = [dict(each) for each in page.context.cookies()]
    return page


@pytest.fixture
def sign_in(page: Page, server: str) -> Callable[[str], Page]:
    """Sign somebody of the demonstration cast in: `sign_in("csr")`."""

    return partial(come_in, page, server)


@pytest.fixture
def colleague(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Somebody else at a browser of their own: `colleague("officer")`."""
    opened: list[BrowserContext] = []

    def colleague(who: str, base: str = server, timeout: int = PATIENCE, **how: Any) -> Page:
        how = {"locale": "id-ID", **how}
        context = browser.new_context(base_url=base, timezone_id="Asia/Jakarta", **how)
        context.set_default_timeout(timeout)
        opened.append(context)
        return come_in(context.new_page(), base, who)

    yield colleague
    for context in opened:
        context.close()


@pytest.fixture
def accessible():
    """Let axe-core look at a page as it stands; fail on what it calls serious or critical."""

    def accessible(page: Page) -> None:
        assert axe_findings(page) == []

    return accessible
