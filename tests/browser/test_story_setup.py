"""The first start: a link from the console, one form, people from a file, and an empty desk."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import axe_findings
from tests.browser.conftest import PATIENCE, ROOT, free_port, wait_until_ready

FILE = "Nama,Alamat email,Peran\nDewi Lestari,dewi@sehat.example,CSR\n"
BY_NAME = {
    "name": "Rumah Sakit Sehat",
    "address": "Jalan Mawar 2, Surabaya",
    "email": "layanan@sehat.example",
    "contact_center": "Pusat Kontak (031) 5550-100",
    "service_hours": "Senin sampai Jumat, 08.00 sampai 17.00",
    "branch_name": "Surabaya",
    "admin_name": "Ratna",
    "admin_email": "ratna@sehat.example",
}


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """The console's link to an installation in which nobody has an account."""
    base = f"http://127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'tanggap.db'}",
        "SECRET_KEY": "a key for browser stories only, long enough",
        "SMTP_URL": f"file://{tmp_path / 'mail'}",
        "ATTACHMENTS_URL": f"file://{tmp_path / 'files'}",
        "TANGGAP_BASE_URL": base,
    }
    program = [sys.executable, "-m", "complaints"]
    subprocess.run([*program, "init"], cwd=ROOT, env=environment, check=True)
    told = subprocess.run(
        [*program, "setup"], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, "web", "--host", "127.0.0.1", "--port", base.rpartition(":")[2]],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(process, f"{base}/readyz", log)
        yield told.stdout.strip().splitlines()[-1]
    finally:
        process.terminate()
        process.wait(15)


@pytest.mark.parametrize("width", [1366, 390])
def test_an_office_begins_with_its_people_and_an_empty_desk_that_teaches(
    browser: Browser, link: str, tmp_path: Path, width: int
):
    people = tmp_path / "orang.csv"
    people.write_text(FILE, encoding="utf-8")
    context = browser.new_context(locale="id-ID", viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(link)
    assert axe_findings(page) == []
    page.locator("main [type=submit]").click()
    for name, words in BY_NAME.items():
        page.fill(f"[name={name}]", words)
    page.set_input_files("[name=people_file]", str(people))
    page.locator("button[value=people]").click()
    # The list can be corrected before anything is kept, and nothing typed is lost.
    expect(page.locator("[name=people]")).to_have_value("Dewi Lestari;dewi@sehat.example;CSR")
    expect(page.locator("[name=branch_name]")).to_have_value("Surabaya")
    assert axe_findings(page) == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.fill("[name=password]", "kata sandi yang panjang")
    page.locator(".form-acts [value=found]").click()
    expect(page.get_by_role("main")).to_contain_text("dewi@sehat.example")
    assert axe_findings(page) == []
    page.locator("main a.btn-primary").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.locator(".first-steps")).to_be_visible()
    assert axe_findings(page) == []
    # The link is spent.
    stranger = browser.new_context()
    assert (answer := stranger.request.get(link)).status == 404, answer.text()
    stranger.close()
    context.close()
