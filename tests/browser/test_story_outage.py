"""The server goes in mid-conversation and comes back: no word is lost, and none is sent twice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.axe import axe_findings
from tests.browser.conftest import PATIENCE, ROOT, free_port, log_in, wait_until_ready

PASSWORD = "kata sandi untuk cerita peramban"
STORY = "Internet mati sejak Senin. Saya sudah menelepon dua kali."
QUEUE = "JSON.parse(localStorage.getItem('tanggap:queue') || '[]')"


class Server:
    """An installation of its own that can be killed and started again on the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"http://127.0.0.1:{free_port()}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder / 'tanggap.db'}",
            "SECRET_KEY": "a key for browser stories only, long enough",
            "SMTP_URL": f"file://{folder / 'mail'}",
            "ATTACHMENTS_URL": f"file://{folder / 'files'}",
            "TANGGAP_BASE_URL": self.address,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.command("init")
        for name in ("csr", "csr2"):
            self.command(
                "user", "add", "--email", f"{name}@tanggap.example", "--role", "csr",
                "--branch", "JKT", "--name", name.title(), "--password-stdin",
            )  # fmt: skip

    def command(self, *given: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "complaints", *given],
            cwd=ROOT,
            env=self.environment,
            input=PASSWORD.encode(),
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        log = self.folder / "server.log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "complaints", "web", "--host", "127.0.0.1"),
                    *("--port", self.address.rpartition(":")[2]),
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until_ready(self.process, f"{self.address}/readyz", log)

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, 9)
            self.process.wait()
            self.process = None


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("outage"))
    yield server
    server.kill()


@pytest.fixture
def running(prepared: Server) -> Server:
    if prepared.process is None:
        prepared.start()
    return prepared


@pytest.fixture
def machine(browser: Browser, running: Server) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=running.address, locale="id-ID", timezone_id="Asia/Jakarta"
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def tell(page: Page, name: str, phone: str) -> None:
    page.get_by_label("Pelanggan", exact=True).fill(name)
    page.get_by_label("Telepon", exact=True).fill(phone)
    page.get_by_label("Cerita pelanggan").fill(STORY)


def numbers_of(page: Page, name: str) -> int:
    page.goto(f"/complaints?q={name.replace(' ', '+')}")
    return page.locator("a[href^='/complaints/KLH']").count()


def test_the_server_is_killed_in_the_middle_and_comes_back(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.goto("/complaints/new")
    tell(page, "Tengah Jalan", "0813 4444 0001")
    expect(page.locator("[data-draft-word]")).to_contain_text("draf tersimpan pukul")
    running.kill()
    page.get_by_label("Cerita pelanggan").press_sequentially(" Masih mati.")
    expect(page.locator("[data-draft-word]")).to_contain_text("hanya tersimpan di peramban ini")
    running.start()
    page.get_by_label("Cerita pelanggan").press_sequentially(" Sampai sekarang.")
    expect(page.locator("[data-draft-word]")).to_contain_text("draf tersimpan pukul")
    page.reload()
    whole = f"{STORY} Masih mati. Sampai sekarang."
    expect(page.get_by_label("Cerita pelanggan")).to_have_value(whole)
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/complaints/KLH-\d{4}-\d{6}$"))
    expect(page.get_by_role("main")).to_contain_text("Sampai sekarang.")


def test_a_page_reloaded_in_an_outage_says_so_and_comes_back_with_every_word(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.goto("/complaints/new")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    tell(page, "Sambil Menunggu", "0813 4444 0009")
    running.kill()
    page.get_by_label("Cerita pelanggan").press_sequentially(" Masih mati.")
    expect(page.locator("[data-draft-word]")).to_contain_text("hanya tersimpan di peramban ini")
    page.reload()
    outage = page.get_by_role("heading", name="Server Tanggap tidak dapat dihubungi")
    expect(outage).to_be_visible()
    assert axe_findings(page, {"moderate", "serious", "critical"}) == []
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Coba lagi").click()
    expect(outage).to_be_visible()
    running.start()
    # By itself.
    expect(page.get_by_label("Cerita pelanggan")).to_have_value(f"{STORY} Masih mati.")
    kept = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const all = await Promise.all(names.map(async each => (await caches.open(each)).keys()));
          const paths = all.flat().map(each => new URL(each.url).pathname);
          return paths.map(each => each.replace(/\\.[0-9a-f]{12}/, "")).sort();
        }"""
    )
    assert kept == [
        "/static/css/outage.css",
        "/static/img/tanggap.svg",
        "/static/js/outage.js",
        "/static/js/theme.js",
        "/static/outage.html",
    ]


class NobodyBehind(BaseHTTPRequestHandler):
    """A proxy whose program is gone: it answers everything by itself."""

    def do_GET(self) -> None:
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class TooSlow(NobodyBehind):
    """A proxy that gives a page up, while the program behind it answers that it is well."""

    asked: ClassVar[list[float]] = []

    def do_GET(self) -> None:
        is_well = self.path == "/healthz"
        if is_well:
            self.asked.append(time.monotonic())
        self.send_response(200 if is_well else 504)
        self.send_header("Content-Length", "0")
        self.end_headers()


def proxy_at(
    address: str, answers: type[BaseHTTPRequestHandler] = NobodyBehind
) -> ThreadingHTTPServer:
    """Listen where the server did; its processes may take a moment to go."""
    until = time.monotonic() + 10
    while True:
        try:
            return ThreadingHTTPServer(("127.0.0.1", int(address.rpartition(":")[2])), answers)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_a_proxy_that_finds_no_server_behind_it_is_no_server_either(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/complaints")
    running.kill()
    proxy = proxy_at(running.address)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    page.reload()
    outage = page.get_by_role("heading", name="Server Tanggap tidak dapat dihubungi")
    expect(outage).to_be_visible()
    # Nobody behind the proxy is no way back.
    with page.expect_response("**/healthz") as asked:
        pass
    assert asked.value.status == 502
    expect(outage).to_be_visible()
    proxy.shutdown()
    proxy.server_close()
    running.start()
    expect(page.get_by_role("heading", name="Keluhan", exact=True)).to_be_visible()


def test_a_page_that_is_given_up_again_and_again_is_asked_for_less_and_less(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/complaints")
    running.kill()
    proxy = proxy_at(running.address, TooSlow)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    page.reload()
    expect(page.get_by_role("heading", name="Server Tanggap tidak dapat dihubungi")).to_be_visible()
    until = time.monotonic() + PATIENCE / 1000
    while len(TooSlow.asked) < 2 and time.monotonic() < until:
        page.wait_for_timeout(200)
    proxy.shutdown()
    proxy.server_close()
    first, second = TooSlow.asked[:2]
    # Five seconds once, then ten.
    assert second - first > 9


def test_what_is_sent_in_an_outage_waits_in_sight_and_is_sent_once(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.goto("/complaints/new")
    tell(page, "Wahyu Antrean", "0813 4444 0002")
    running.kill()
    page.keyboard.press("Control+s")
    queue = page.locator("#queue")
    expect(queue).to_be_focused()
    expect(queue).to_contain_text("Keluhan yang menunggu dikirim di peramban ini: 1.")
    expect(page.get_by_label("Cerita pelanggan")).to_have_value("")
    assert axe_findings(page, {"moderate", "serious", "critical"}) == []

    tell(page, "Yanti Antrean", "0813 4444 0003")
    page.keyboard.press("Control+s")
    expect(queue).to_contain_text("peramban ini: 2.")
    assert len(page.evaluate(QUEUE)) == 2

    # The tab is closed; the browser keeps what waits. Meanwhile the session ends as well.
    page.close()
    running.start()
    machine.clear_cookies()
    page = log_in(machine.new_page(), "csr", PASSWORD)
    sent = page.locator("#queue a")
    expect(sent).to_have_count(2)
    expect(sent.first).to_contain_text("Terkirim sebagai KLH-")
    expect(page.locator("#queue [data-words]")).to_have_text("")
    stored = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "Antrean" not in stored
    assert "menelepon" not in stored
    assert numbers_of(page, "Wahyu Antrean") == 1
    assert numbers_of(page, "Yanti Antrean") == 1


def test_what_did_arrive_before_the_line_broke_is_not_recorded_again(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.goto("/complaints/new")
    tell(page, "Putus Tengah", "0813 4444 0004")
    # The server records it, and its answer is lost on the way.
    page.evaluate(
        """async () => {
          const form = document.getElementById("intake");
          window.tanggapIntake.takeOver();
          window.tanggapIntake.noteBeginning();
          const body = new URLSearchParams(new FormData(form));
          body.set("do", "save");
          await fetch("/complaints/new", {method: "POST", body: body});
        }"""
    )
    running.kill()
    page.keyboard.press("Control+s")
    expect(page.locator("#queue")).to_contain_text("peramban ini: 1.")
    running.start()
    expect(page.locator("#queue a")).to_contain_text("KLH-")
    assert page.evaluate(QUEUE) == []
    assert numbers_of(page, "Putus Tengah") == 1


def test_a_colleague_at_the_same_browser_sends_nothing_of_mine_and_reads_nothing(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.goto("/complaints/new")
    tell(page, "Milik Saya", "0813 4444 0005")
    running.kill()
    page.keyboard.press("Control+s")
    expect(page.locator("#queue")).to_contain_text("peramban ini: 1.")
    page.close()
    running.start()
    machine.clear_cookies()
    page = log_in(machine.new_page(), "csr2", PASSWORD)
    expect(page.locator("#queue")).to_contain_text("Keluhan rekan yang menunggu")
    assert "Milik Saya" not in page.content()
    assert len(page.evaluate(QUEUE)) == 1
    machine.clear_cookies()
    page = log_in(page, "csr", PASSWORD)
    expect(page.locator("#queue a")).to_contain_text("Terkirim sebagai KLH-")
    assert page.evaluate(QUEUE) == []


def test_what_the_server_refuses_afterwards_becomes_a_draft(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    page.goto("/complaints/new")
    tell(page, "Salah Nomor", "nol delapan")
    running.kill()
    page.keyboard.press("Control+s")
    expect(page.locator("#queue")).to_contain_text("peramban ini: 1.")
    running.start()
    kept = page.locator("#queue a")
    expect(kept).to_contain_text("Belum tercatat, disimpan sebagai draf")
    assert page.evaluate(QUEUE) == []
    kept.click()
    expect(page.get_by_label("Cerita pelanggan")).to_have_value(STORY)
    expect(page.get_by_label("Telepon", exact=True)).to_have_value("nol delapan")


def test_what_cannot_be_sent_says_so_once_however_often_it_is_tried(machine, running):
    page = log_in(machine.new_page(), "csr", PASSWORD)
    tries: list[str] = []

    def refuse(route: Route) -> None:
        tries.append(route.request.url)
        route.fulfill(status=403, json={"kind": "forbidden", "sentence": "Peran Anda tidak boleh."})

    page.route("**/complaints/new/queued", refuse)
    page.evaluate(
        """person => localStorage.setItem("tanggap:queue", JSON.stringify([
          {who: person, at: Date.now(), key: "satu", wanted: "save", kept: [["story", "Mati."]]}
        ]))""",
        page.locator("#queue").get_attribute("data-person"),
    )
    page.goto("/")
    expect(page.locator("#queue li")).to_have_text("Peran Anda tidak boleh.")
    for _ in range(2):
        with page.expect_response("**/complaints/new/queued"):
            page.evaluate("window.dispatchEvent(new Event('online'))")
    assert len(tries) >= 3
    expect(page.locator("#queue li")).to_have_count(1)
    page.evaluate("localStorage.removeItem('tanggap:queue')")
