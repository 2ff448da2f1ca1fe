"""The pictures of the guides, taken of a demonstration: `make guide-pictures`.

Each is taken in both languages, with the words of the catalogue that stand on it written beside it,
so that a picture whose button has another name by now is noticed.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from babel.messages.pofile import read_po
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from complaints.places import STATIC, TRANSLATIONS
from complaints.web.guide.pictures import HEIGHT, PICTURES, WIDTH, Picture
from tests.browser.conftest import CHROMIUM, FLAGS, log_in
from tests.browser.screenshots import LANGUAGES, server_at, speak

WORDS = STATIC / "guide" / "words.json"
STORY = "Internet di rumah saya mati sejak pagi, lampu modem merah. Saya bekerja dari rumah."
#: What stands in sight and may have another name one day.
_SAID = """() => [...document.querySelectorAll("h1, h2, h3, label, legend, button, a, th, summary")]
  .filter((each) => { const box = each.getBoundingClientRect();
    return box.width > 1 && box.top >= 0 && box.bottom <= innerHeight; })
  .map((each) => each.innerText.trim().replace(/\\s+/g, " ")).filter(Boolean)"""
_QUALITY = 60


def main() -> None:
    """Take all of them, and say how heavy they are."""
    if CHROMIUM is None:
        sys.exit("No Chromium is on the PATH; `make chromium` gets one.")
    WORDS.parent.mkdir(exist_ok=True)
    said: dict[str, dict[str, list[str]]] = {}
    with (
        tempfile.TemporaryDirectory() as scratch,
        server_at(Path(scratch)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in PICTURES:
            said[picture.name] = take(browser, address, picture)
        browser.close()
    WORDS.write_text(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    sizes = [path.stat().st_size for path in WORDS.parent.glob("*.webp")]
    click.echo(f"{len(sizes)} pictures, {sum(sizes) / 1000:.0f} kB")


def take(browser: Browser, address: str, picture: Picture) -> dict[str, list[str]]:
    """Take one in each language; language → the words of the catalogue on it."""
    context = browser.new_context(
        base_url=address,
        timezone_id="Asia/Jakarta",
        locale="id-ID",
        viewport={"width": WIDTH, "height": HEIGHT},
    )
    page = log_in(context.new_page(), picture.login)
    said = {}
    for language in LANGUAGES:
        speak(page, language, "/")
        lead_to(page, picture)
        # Said of this one machine.
        page.evaluate("document.getElementById('links-lead-nowhere')?.remove()")
        page.wait_for_load_state("networkidle")
        known = catalogue(language)
        said[language] = sorted({each for each in page.evaluate(_SAID) if each in known})
        shot = Image.open(io.BytesIO(page.screenshot()))
        shot.save(STATIC / picture.file(language), quality=_QUALITY, method=6)
    context.close()
    return said


def lead_to(page: Page, picture: Picture) -> None:
    """Open the page that the picture shows."""
    page.goto(picture.path)
    if picture.name == "new-complaint":
        page.fill("[name='customer.name']", "Siti Aminah")
        page.fill("#f-story", STORY)
        page.evaluate("scrollTo(0, 0)")
    elif picture.name in ("complaint", "analysis"):
        paths = page.locator(".c-number a").evaluate_all("all => all.map((each) => each.href)")
        for path in paths:
            at = path if picture.name == "complaint" else f"{path}/analysis"
            page.goto(at)
            if page.url == at:
                if picture.name == "analysis":
                    # What is filled in, below what is known.
                    page.evaluate("document.querySelector('main form').scrollIntoView()")
                    page.evaluate("scrollBy(0, -80)")
                return
        raise SystemExit(f"nothing to photograph for {picture.name}")


def catalogue(language: str) -> set[str]:
    """What screens may say in a language."""
    with (TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = list(read_po(file))
    return {str(each.id if language == "en" else each.string) for each in texts}


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The demonstration could not be prepared: {error}")
