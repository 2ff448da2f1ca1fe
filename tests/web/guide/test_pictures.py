"""The pictures of the guides: in both languages, light, of today's screens, reached from them."""

from __future__ import annotations

import json

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from PIL import Image

from complaints.places import STATIC, TRANSLATIONS
from complaints.web.guide.pages import PARTS
from complaints.web.guide.pictures import HEIGHT, PICTURES, WIDTH
from complaints.web.guide.pictures import guide_at as place_of

FOLDER = STATIC / "guide"
LANGUAGES = ("id", "en")
#: Bytes of one picture, and of all of them in one language.
MOST, MOST_OF_ALL = 60_000, 400_000
ANEW = "`make guide-pictures` takes them anew"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_and_light(language: str):
    files = [STATIC / each.file(language) for each in PICTURES]
    for path in files:
        with Image.open(path) as picture:
            assert picture.size == (WIDTH, HEIGHT)
        assert path.stat().st_size <= MOST, path.name
    assert sum(path.stat().st_size for path in files) <= MOST_OF_ALL


def test_nothing_lies_there_that_no_guide_shows():
    shown = {STATIC / each.file(language) for each in PICTURES for language in LANGUAGES}
    assert set(FOLDER.iterdir()) == {*shown, FOLDER / "words.json"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_a_picture_is_still_said_so(language: str):
    with (TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po").open("rb") as catalogue:
        texts = list(read_po(catalogue))
    said = {each.id if language == "en" else each.string for each in texts}
    words = json.loads((FOLDER / "words.json").read_text("utf-8"))
    assert set(words) == {each.name for each in PICTURES}, ANEW
    gone = {name: [each for each in of[language] if each not in said] for name, of in words.items()}
    assert {name: words for name, words in gone.items() if words} == {}, ANEW
    assert all(of[language] for of in words.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_a_guide_shows_its_pictures_only_when_they_come_into_sight(at_desk, part, language):
    page = at_desk("csr", language).get(f"/guide/{part}").tree
    pictures = page.select("figure.guide-picture img")
    assert [each["src"].split("/")[-1].split(".")[0] for each in pictures] == [
        f"{each.name}-{language}" for each in PICTURES if each.part == part
    ]
    for each in pictures:
        assert each["loading"] == "lazy"
        assert (each["width"], each["height"]) == (str(WIDTH), str(HEIGHT))
        assert each["alt"]


def test_the_menu_of_a_page_opens_the_guide_where_it_is_explained(at_desk, app: Flask):
    explained = {endpoint for each in PICTURES for endpoint in each.endpoints}
    assert explained <= set(app.view_functions)
    assert place_of("intake.new") == "/guide/csr#new-complaint"
    assert place_of("login.login") == place_of(None) == "/guide"
    desk = at_desk("csr")
    menu = desk.get("/complaints/new").tree.select_one(".menu-sheet a[href^='/guide']")
    assert menu["href"] == "/guide/csr#new-complaint"
    assert desk.get("/guide/csr").tree.select_one("#new-complaint") is not None
    for each in PICTURES:
        assert each.part in PARTS
