"""Every text of the screens and letters has an Indonesian translation that fits its places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from configparser import ConfigParser
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "complaints" / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def extracted() -> dict[str, str]:
    """msgid -> where it stands, read with the same mapping as `make translations`."""
    mapping = ConfigParser()
    mapping.read(TRANSLATIONS / "babel.cfg", encoding="utf-8")
    methods = [tuple(reversed(section.split(": ", 1))) for section in mapping.sections()]
    found: dict[str, str] = {}
    for folder in ("complaints", "templates"):
        inner = [
            (pattern.removeprefix(f"{folder}/"), method)
            for pattern, method in methods
            if pattern.startswith(f"{folder}/")
        ]
        if not (ROOT / folder).exists():
            continue
        for name, line, msgid, _, _ in extract_from_dir(
            str(ROOT / folder), method_map=inner, options_map={}, keywords=KEYWORDS
        ):
            single = msgid if isinstance(msgid, str) else msgid[0]
            found.setdefault(single, f"{folder}/{name}:{line}")
    return found


def indonesian() -> Catalog:
    path = TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="id")


def places(text: str) -> set[str]:
    return {first or second for first, second in PLACE.findall(text)}


def misfits(messages: Iterable[Message]) -> list[str]:
    """Translations that lack a place of the original, or invent one."""
    found = []
    for message in messages:
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*(places(text) for text in originals))
        found += [
            f"{originals[0]!r} -> {text!r}"
            for text in translations
            if originals[0] and text and places(text) != wanted
        ]
    return found


def test_the_mapping_finds_texts():
    assert extracted()


def test_every_text_has_an_indonesian_translation():
    catalogue = indonesian()
    missing = []
    for msgid, place in sorted(extracted().items()):
        message = catalogue.get(msgid)
        if message is None or not message.string or message.fuzzy:
            missing.append(f"{place} {msgid!r}")
    assert missing == []


def test_every_translation_has_the_places_of_its_original():
    assert misfits(indonesian()) == []


def test_a_lost_place_is_caught():
    assert misfits([Message("Due at %(at)s", "Paling lambat")])
    assert misfits([Message("Due at %(at)s", "Paling lambat %(pukul)s")])
    assert misfits([Message("Due at %(at)s", "Paling lambat %(at)s")]) == []


#: A count before a noun in the plural, as English says it of two and more.
COUNTED = re.compile(
    r"%\((?:count|num|total|made|clocks|moves|added|times)\)[sd] (?:[a-z]+ ){0,2}"
    r"(?:complaints|deadlines|steps|days|hours|minutes|seconds|times|notifications|attempts"
    r"|extensions|holidays|fields|rows|people|users)\b"
)
#: Said only of two and more, or chosen by `counted` beside a sentence for one.
SAID_OF_SEVERAL = (
    "fields need correcting",
    "open work on %(count)d complaints. Choose",
    "required steps are still to do",
    "Try again in %(count)d",
    "would be paused for %(total)d days",
)


def test_a_text_with_a_count_has_one_for_a_single_thing():
    texts = [each.id for each in indonesian() if isinstance(each.id, str)]
    assert [
        text
        for text in texts
        if COUNTED.search(text) and not any(each in text for each in SAID_OF_SEVERAL)
    ] == []
