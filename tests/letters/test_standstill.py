"""The letters to administrators about the engine; the whole text stands beside this."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from complaints.outbox.mail.letters import Letter, LetterContext, write_letter
from tests.office import Office

HERE = Path(__file__).parent
FACTS = {
    "name": "Admin",
    "since": "2026-11-19T02:15:00+00:00",
    "until": "2026-11-19T03:20:00+00:00",
    "zone": "Asia/Jakarta",
}
KINDS = ("standstill", "standstill_over")


def written(office: Office, kind: str, lang: str) -> Letter:
    context = LetterContext(office.rules, "https://keluhan.example")
    office.session.commit()
    return write_letter(kind, FACTS, lang, context)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_text(office: Office, kind: str, lang: str):
    letter = written(office, kind, lang)
    pinned = (HERE / f"{kind}.{lang}.txt").read_text(encoding="utf-8")
    assert f"{letter.subject}\n\n{letter.text}" == pinned


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_the_same_as_the_text(office: Office, kind: str, lang: str):
    letter = written(office, kind, lang)
    body = letter.html.partition("<body")[2].partition(">")[2]
    said = re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", body)))
    assert sorted(set(said)) == sorted(set(re.findall(r"\w+", letter.text)))
    assert f"<title>{letter.subject}</title>" in letter.html
