"""The guides: in both languages, of what is there, and reached from every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from complaints.places import TEMPLATES, TRANSLATIONS
from complaints.web.guide.pages import PARTS
from tests.html_tree import Tag

FOLDER = TEMPLATES / "guide"
LANGUAGES = ("id", "en")
FILES = sorted(FOLDER.glob("*/*.html"))
OWN = {
    "csr": "csr",
    "officer": "unit",
    "supervisor": "supervisor",
    "manager": "manager",
    "auditor": "auditor",
    "admin": "administrator",
}
#: Pictures lead to themselves, larger.
LINKS = "article.guide a:not([data-picture])"
SAID = re.compile(r'(?:on_screen\(|go\("[\w/-]+", )"([^"]+)"\)')


@pytest.fixture(scope="module")
def screen_words() -> set[str]:
    with (TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po").open("rb") as catalogue:
        return {each.id for each in read_po(catalogue) if isinstance(each.id, str)}


def calls(path: Path) -> list[str]:
    """What a guide takes from the screens, in its order."""
    return re.findall(r"\b(?:on_screen|go)\([^)]*\)|<kbd>[^<]+</kbd>", path.read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_exists_in_the_language(language: str):
    assert {path.stem for path in (FOLDER / language).glob("*.html")} == set(PARTS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_guide_names_only_what_a_screen_says(path: Path, screen_words: set[str]):
    """A label that leaves the screens leaves the catalogue, and then has to leave the guide."""
    assert set(SAID.findall(path.read_text("utf-8"))) <= screen_words


@pytest.mark.parametrize("part", PARTS)
def test_both_languages_name_the_same_pages_buttons_and_keys(part: str):
    one, other = (calls(FOLDER / language / f"{part}.html") for language in LANGUAGES)
    assert sorted(one) == sorted(other)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", OWN)
def test_everybody_reads_their_own_guide_from_the_menu_of_every_page(at_desk, who, language):
    desk = at_desk(who, language)
    assert desk.get("/").tree.select_one(".menu-sheet a[href='/guide']") is not None
    page = desk.get("/guide").tree
    assert page.select_one("nav.views [aria-current]")["href"] == f"/guide/{OWN[who]}"
    words = {"id": "Yang dikerjakan sistem", "en": "What the system does by itself"}
    if who != "auditor":
        assert words[language] in page.select_one("article.guide").get_text()


@pytest.mark.parametrize("part", PARTS)
def test_every_page_that_a_guide_names_is_there(at_desk, part):
    named = set(re.findall(r'go\("([^"]+)"', (FOLDER / "id" / f"{part}.html").read_text("utf-8")))
    desk = at_desk({guide: who for who, guide in OWN.items()}.get(part, "csr"))
    led_to = {link["href"] for link in desk.get(f"/guide/{part}").tree.select(LINKS)}
    assert led_to == named


@pytest.mark.parametrize("who", OWN)
def test_every_link_of_a_guide_opens_for_whoever_it_is_for(at_desk, who):
    desk = at_desk(who)
    led_to = {link["href"] for link in desk.get("/guide").tree.select(LINKS)}
    assert led_to
    for path in sorted(led_to):
        desk.get(path)


@pytest.mark.parametrize("part", PARTS)
def test_everybody_may_read_every_guide(at_desk, part):
    assert PARTS[part] in at_desk("csr", "en").get(f"/guide/{part}").h1


def test_a_page_that_the_reader_may_not_open_is_named_without_a_link(at_desk):
    page = at_desk("csr").get("/guide/administrator").tree.select_one("article.guide")
    assert "Pengguna" in page.get_text()
    assert page.select("a[href^='/admin']") == []


def test_there_is_no_guide_of_another_name(at_desk):
    at_desk("csr").get("/guide/nobody", status=404)


def test_the_keys_of_the_guide_are_those_of_the_pages():
    there = set()
    for path in TEMPLATES.rglob("*.html"):
        there |= set(re.findall(r'data-key="([^"{]+)"|\bkey="(\w)"', path.read_text("utf-8")))
    pages = {(one or other).upper() for one, other in there}
    guide = Tag.of((FOLDER / "en" / "keys.html").read_text("utf-8"))
    told = {key.get_text() for key in guide.select("kbd")}
    assert told - {"Enter", "Ctrl", "Esc", "1", "2", "3"} == pages
