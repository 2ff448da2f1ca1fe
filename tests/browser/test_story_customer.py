"""Siti on an old telephone: she corrects us, refuses, accepts, says it is settled, and rates us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from complaints.signing import follow_token
from tests.browser.axe import axe_findings
from tests.browser.conftest import PATIENCE
from tests.browser.program import Desk, run

PHONE = {"width": 390, "height": 844}
STORY = "Internet di rumah saya mati sejak Senin. Sudah dua kali menelepon dan belum ada kabar."
#: From the summary that she confirmed to the first offer, as the supervisor records it.
HANDLED = [
    {"noun": "apology", "stage": "intake"},
    {"noun": "promise", "steps": [{"what": "Memeriksa jaringan"}, {"what": "Memberi kabar"}]},
    {"noun": "receipt"},
    {"noun": "parties", "teams": ["TEKNIK"]},
    {"noun": "parties/acceptance", "team": "TEKNIK", "answer": "accepted"},
    {"noun": "cause", "stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"},
    {"noun": "condition", "none": True, "relevant": []},
    {"noun": "priority"},
    {"noun": "plan", "steps": [{"what": "Menyambung kabel", "owner": "TEKNIK"}]},
    {"noun": "cause", "stage": "confirmed", "code": "JARINGAN", "text": "Putus oleh galian"},
    {"noun": "apology", "stage": "resolution"},
    {
        "noun": "cause-explanation",
        "text": "Kabel terputus oleh galian",
        "view": "agrees",
        "method": "phone",
    },
    {"noun": "offer", "remedy": "PERBAIKAN", "description": "Kabel disambung", "method": "phone"},
]


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Callable[[bool], Page]]:
    """A telephone, with or without JavaScript."""
    contexts = []

    def phone(has_script: bool) -> Page:
        context = browser.new_context(
            base_url=server, locale="id-ID", viewport=PHONE, java_script_enabled=has_script
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield phone
    for context in contexts:
        context.close()


def link_of(environment: dict[str, str], number: str) -> str:
    """The address that stands in her letters."""
    script = (
        "import os, sys; from sqlalchemy import create_engine, text;"
        "query = text('SELECT follow_nonce FROM complaints WHERE id = :id');"
        "print(create_engine(os.environ['DATABASE_URL']).connect()"
        ".scalar(query, {'id': int(sys.argv[1])}))"
    )
    complaint_id = int(number.rpartition("-")[2])
    nonce = run(environment, "-c", script, str(complaint_id)).strip()
    return f"/portal/{follow_token(environment['SECRET_KEY'], complaint_id, nonce)}"


def looks_right(page: Page, has_script: bool) -> None:
    """Nothing is wider than the screen, and axe finds nothing serious where it can look."""
    if has_script:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == PHONE["width"]
        assert axe_findings(page) == []


def send(page: Page, button: str, path: str) -> None:
    page.get_by_role("button", name=button).click()
    page.wait_for_url(lambda address: urlsplit(address).path == path)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_from_the_summary_to_the_rating(
    phone, desk: Desk, environment: dict[str, str], has_script: bool
):
    who = {"name": "Siti Aminah", "phone": "0812 3456 7890", "email": "siti@pelanggan.example"}
    told = {"customer": who, "channel": "web", "category": "GGN_MATI", "story": STORY}
    number = desk.post("/complaints", told)["number"]
    asks = {"noun": "confirmation", "summary": "Internet mati sejak Selasa", "method": "email"}
    desk.act(number, {"noun": "attestation", "listened": True}, asks)
    path = link_of(environment, number)
    page = phone(has_script)

    page.goto(path)
    looks_right(page, has_script)
    page.get_by_label("Ada yang perlu diperbaiki").check()
    page.locator("#corrections").fill("Sejak Senin, bukan Selasa")
    send(page, "Kirim jawaban", path)
    desk.act(number, {**asks, "summary": "Internet mati sejak Senin, minta segera menyala"})
    page.goto(path)
    page.get_by_label("Ya, benar").check()
    send(page, "Kirim jawaban", path)

    desk.act(number, *HANDLED)
    page.goto(path)
    looks_right(page, has_script)
    page.get_by_label("Tidak, saya tidak terima").check()
    page.locator("#reason").fill("Saya minta ganti rugi juga")
    send(page, "Kirim jawaban", path)
    better = {"remedy": "PENJELASAN", "description": "Kabel disambung dan potongan satu bulan"}
    desk.act(number, {"noun": "offer", **better, "method": "phone"})
    page.goto(path)
    page.get_by_label("Ya, saya terima").check()
    page.get_by_label("Saya setuju dengan isi penawaran ini").check()
    send(page, "Kirim jawaban", path)
    expect(page.get_by_role("status")).to_contain_text("menerima penawaran")

    desk.act(
        number,
        {"noun": "thanks"},
        {"noun": "standard-information", "all": True},
        {"noun": "commitments/done", "all": True, "note": "Dilaporkan teknisi lewat telepon"},
        {"noun": "closure"},
    )
    page.goto(path)
    looks_right(page, has_script)
    page.get_by_label("Ya, sudah beres").check()
    send(page, "Kirim jawaban", path)
    for item, score in (("listening", "5"), ("cause", "4"), ("overall", "4")):
        page.locator(f"[name={item}][value='{score}']").check()
    page.locator("#comment").fill("Ramah, tetapi lama")
    send(page, "Kirim penilaian saya", path)
    expect(page.get_by_role("status")).to_contain_text("Penilaian Anda sudah diterima")
    looks_right(page, has_script)


def test_five_lines_come_before_any_scroll(phone, desk: Desk, environment: dict[str, str]):
    """What happened, what comes next, by when, the steps with their ticks, the first promise."""
    who = {"name": "Ratna Dewi", "phone": "0812 9876 5432", "email": "ratna@pelanggan.example"}
    told = {"customer": who, "channel": "walk_in", "category": "GGN_MATI", "story": STORY}
    number = desk.post("/complaints", told)["number"]
    confirmed = {"noun": "confirmation", "summary": "Internet mati sejak Senin, minta segera nyala"}
    told_steps = [{"what": f"{what} sampai selesai"} for what in ("Memeriksa", "Memperbaiki")]
    desk.act(
        number,
        {"noun": "attestation", "listened": True},
        {**confirmed, "answer": "yes"},
        HANDLED[0],
        {"noun": "promise", "steps": [*told_steps, {"what": "Memberi kabar hasilnya kepada Ibu"}]},
        {"noun": "receipt"},
    )
    page = phone(True)
    page.goto(link_of(environment, number))
    for place in ("h1", "dl > div:nth-of-type(1)", ".by-when", ".steps li:last-child"):
        box = page.locator(place).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"], place
    looks_right(page, True)
