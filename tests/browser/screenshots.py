"""Pictures of every page that the demonstration offers: `make screenshots`.

Each person of the demonstration follows the links that their pages show. Of every kind of page the
first one found is photographed, wide and as on a telephone, in both languages, into a folder that
git ignores. Options choose a part: `make screenshots ARGS="--role csr --width 390"`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.utils import secure_filename

from complaints.app import create_app
from complaints.domain.permissions import Role
from tests.browser.conftest import (
    CHROMIUM,
    FLAGS,
    ROOT,
    demonstration_at,
    free_port,
    log_in,
    told_to_server,
)
from tests.html_tree import Tag

FOLDER = ROOT / "var" / "screenshots"
LANGUAGES = ("id", "en")
#: Width → height of what is in sight at once.
SIZES = {1366: 900, 390: 844}
VISITOR = "visitor"
#: What a link may lead to that is no page.
NO_PAGES = ("api.", "health.", "live.", "static")
#: A page whose last piece of the address says which form is open: one picture for each.
EACH_FORM = ("complaint.ask", "organisation.one_part", "conversations.show", "guide.part")


def main() -> None:
    """Take the pictures that were asked for, and say how many there are."""
    wanted = read_wanted()
    if CHROMIUM is None:
        sys.exit("No Chromium is on the PATH; `make chromium` gets one.")
    with tempfile.TemporaryDirectory() as scratch, server_at(Path(scratch)) as address:
        routes = app_of_routes().url_map.bind("127.0.0.1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            too_wide: list[str] = []
            for role in wanted.role:
                taken = photograph(browser, address, routes, role, wanted)
                click.echo(f"{role}: {len(taken)} pictures in {wanted.into}")
                too_wide += [str(path) for path, is_too_wide in taken.items() if is_too_wide]
            browser.close()
    for each in too_wide:
        click.echo(f"wider than the window: {each}")
    if too_wide:
        sys.exit(1)


def read_wanted() -> argparse.Namespace:
    """What the command line asks for; everything when it says nothing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    roles = [VISITOR, *(role.value for role in Role)]
    parser.add_argument("--role", action="append", choices=roles)
    parser.add_argument("--width", action="append", type=int, choices=tuple(SIZES))
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument("--page", default="", help="only pages whose name contains this")
    parser.add_argument("--into", type=Path, default=FOLDER)
    wanted = parser.parse_args()
    wanted.role, wanted.width = wanted.role or roles, wanted.width or tuple(SIZES)
    wanted.language = wanted.language or LANGUAGES
    return wanted


@contextmanager
def server_at(folder: Path) -> Iterator[str]:
    """A server on a new demonstration, or the one that SCREENSHOTS_OF names."""
    if running := os.environ.get("SCREENSHOTS_OF"):
        yield running.rstrip("/")
        return
    environment = told_to_server(folder, f"http://127.0.0.1:{free_port()}")
    with demonstration_at(folder, environment) as address:
        yield address


def app_of_routes() -> Flask:
    """The app, for nothing but the names of its addresses."""
    return create_app({"SECRET_KEY": "names of addresses only, long enough", "DATABASE_URL": ""})


def photograph(
    browser: Browser, address: str, routes: MapAdapter, role: str, wanted: argparse.Namespace
) -> dict[Path, bool]:
    """Take the pictures of one person's pages; file → whether it was wider than the window."""
    context = browser.new_context(base_url=address, timezone_id="Asia/Jakarta", locale="id-ID")
    page = context.new_page()
    if role != VISITOR:
        log_in(page, role)
    names = find_pages(context, routes, "/" if role != VISITOR else "/portal/service")
    chosen = {name: path for name, path in names.items() if wanted.page in name}
    taken: dict[Path, bool] = {}
    for language in wanted.language:
        speak(page, language, "/" if role != VISITOR else "/login")
        for width in wanted.width:
            folder = wanted.into / role / f"{language}-{width}"
            folder.mkdir(parents=True, exist_ok=True)
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            for name, path in chosen.items():
                page.goto(path)
                page.wait_for_load_state("networkidle")
                path_of = folder / f"{name}.png"
                page.screenshot(path=path_of, full_page=True)
                taken[path_of] = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    return taken


def speak(page: Page, language: str, at: str) -> None:
    """Switch the page to the language, as its own button does."""
    page.goto(at)
    if page.locator("html").get_attribute("lang") != language:
        page.evaluate("document.querySelector('form.languages').requestSubmit()")
        page.wait_for_selector(f"html[lang={language}]", state="attached")


def find_pages(context: BrowserContext, routes: MapAdapter, start: str) -> dict[str, str]:
    """Name of a kind of page → address of the first one found, following links from `start`."""
    found: dict[str, str] = {}
    ahead = [start, "/login"] if start != "/" else [start]
    for path in ahead:
        name = name_of(routes, path)
        if name is None or name in found:
            continue
        try:
            answer = context.request.get(path)
        except Error:
            continue
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if not (answer.ok and is_page):
            continue
        to = urlsplit(answer.url)
        if to.path != urlsplit(path).path:
            # The page led on to another one, which has a name of its own.
            ahead.append(to.path)
            continue
        found[name] = path
        ahead += links(answer.text(), answer.url)
    return found


def links(text: str, address: str) -> list[str]:
    """The addresses within this site that a page leads to, without what is only further down."""
    here = urlsplit(address)
    paths = []
    for each in Tag.of(text).select("a[href]"):
        to = urlsplit(each["href"])
        if to.path.startswith("/") and to.netloc in ("", here.netloc):
            paths.append(to.path + (f"?{to.query}" if to.query else ""))
    return paths


def name_of(routes: MapAdapter, path: str) -> str | None:
    """What a page is called in the folder of pictures; None where there is none."""
    to = urlsplit(path)
    try:
        endpoint, values = routes.match(to.path, method="GET")
    except HTTPException:
        return None
    if endpoint.startswith(NO_PAGES):
        return None
    name = str(endpoint)
    if endpoint in EACH_FORM:
        name += "-" + str(list(values.values())[-1])
    if endpoint == "board.board" and to.query:
        name += "-" + to.query
    return secure_filename(name.replace("/", "-"))


if __name__ == "__main__":
    if FOLDER.exists() and len(sys.argv) == 1:
        shutil.rmtree(FOLDER)
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The demonstration could not be prepared: {error}")
