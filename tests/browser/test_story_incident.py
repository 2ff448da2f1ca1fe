"""One cable, forty complaints: linked to one incident and told at once, each by their channel."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.program import Desk

WORDS = "Kabel utama di Jakarta terputus karena galian. Perbaikan selesai malam ini."
BY_MAIL, BY_PHONE = 33, 6
#: The second complaint of the first customer: her one letter names both.
TWICE = "warga.0@pelanggan.example"
LETTERS_WITHIN = 60


def record(desk: Desk, nth: int, **contact: str) -> str:
    """A customer without a connection; returns the number of the complaint."""
    body = {
        "channel": "call",
        "branch": "JKT",
        "category": "GGN_MATI",
        "story": f"Internet saya mati sejak pagi. Ini laporan ke-{nth}.",
        "customer": {"name": f"Warga {nth}", "salutation": "Ibu", **contact},
    }
    number = desk.post("/complaints", body)["number"]
    assert isinstance(number, str)
    return number


def linked(page: Page, number: int) -> None:
    expect(page.locator("#linked-title")).to_contain_text(f"{number}")


def letters_to(folder: Path, words: str) -> list[str]:
    """The addresses of the letters with these words that have left, sorted."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = letter.get_body(("plain",))
        if body is not None and words in " ".join(body.get_content().split()):
            found += [each.addr_spec for each in letter["To"].addresses]
    return sorted(found)


def test_forty_complaints_of_one_cause_are_told_at_once_each_by_their_channel(
    sign_in, accessible, desk: Desk, environment: dict[str, str]
):
    mailed = [record(desk, nth, email=f"warga.{nth}@pelanggan.example") for nth in range(BY_MAIL)]
    again = record(desk, 0, email=TWICE)
    phoned = [record(desk, 40 + nth, phone=f"0812 5550 97{nth:02}") for nth in range(BY_PHONE)]
    numbers = [*mailed, again, *phoned]
    assert len(set(numbers)) == 40

    page = sign_in("supervisor")
    page.goto("/incidents/new")
    page.fill("[name=title]", "Kabel utama terputus")
    page.select_option("[name=category]", "GANGGUAN")
    page.fill("[name=words]", WORDS)
    page.get_by_role("button", name="Buat insiden").click()
    page.wait_for_url(re.compile(r"/incidents/INS-[\d-]+$"))
    page.fill("[name=numbers]", "\n".join(numbers))
    page.get_by_role("button", name="Tautkan", exact=True).click()
    linked(page, 40)
    expect(page.locator("section", has=page.locator("#tell"))).to_contain_text(": 34")
    accessible(page)

    page.get_by_role("button", name="Kabari semua pelanggan").click()
    told = page.locator("#told .lines li").first
    expect(told).to_contain_text(WORDS)
    said = " ".join(told.inner_text().split())
    assert f"dikabari lewat email: {BY_MAIL}" in said, said
    assert "bersama keluhan lain: 1" in said, said
    assert f"tugas penanggung jawab: {BY_PHONE}" in said, said
    accessible(page)

    # The letters leave by the worker, one for each address however often it complained.
    expected = sorted(f"warga.{nth}@pelanggan.example" for nth in range(BY_MAIL))
    until = time.monotonic() + LETTERS_WITHIN
    folder = Path(environment["SMTP_URL"].removeprefix("file://"))
    while (left := letters_to(folder, WORDS)) != expected and time.monotonic() < until:
        page.wait_for_timeout(500)
    assert left == expected

    # Each complaint tells by itself what its customer was told and by what, or whose task it is.
    incident = page.url.partition("#")[0].rpartition("/")[2]
    for number in numbers:
        shown = " ".join(page.request.get(f"/complaints/{number}").text().split())
        assert (incident in shown, WORDS in shown) == (True, True), number

    # Asked once more with the same words, nobody is written to a second time.
    page.goto(f"/incidents/{incident}")
    page.get_by_role("button", name="Kabari semua pelanggan").click()
    expect(page.locator("#told .lines li")).to_have_count(1)
    assert letters_to(folder, WORDS) == expected
