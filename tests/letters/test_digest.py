"""The one letter after a standstill, as its reader sees it; the whole text stands beside this."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from complaints.outbox.mail.letters import Letter, LetterContext, write_letter
from tests.office import Office

HERE = Path(__file__).parent
FACTS = {
    "name": "Csr",
    "total": 9,
    "counts": [["escalation", 2], ["breach", 4], ["warn", 3]],
    "numbers": ["KLH-2026-000007", "KLH-2026-000009"],
    "complaints": [
        {
            "notice": "escalation",
            "number": "KLH-2026-000007",
            "who": "Bu Siti",
            "what": {"id": "Internet mati total", "en": "No internet at all"},
            "clock": "resolve",
            "due_at": "2026-11-20T02:15:00+00:00",
            "left": [-3 * 86_400, True],
            "level": 2,
        },
        {"notice": "customer_wrote", "number": "KLH-2026-000009"},
    ],
    "more": 5,
}


def written(office: Office, lang: str, **more: object) -> Letter:
    context = LetterContext(office.rules, "https://keluhan.example")
    office.session.commit()
    return write_letter("digest", {**FACTS, **more}, lang, context)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_whole_text(office: Office, lang: str):
    letter = written(office, lang)
    pinned = (HERE / f"digest.{lang}.txt").read_text(encoding="utf-8")
    assert f"{letter.subject}\n\n{letter.text}" == pinned


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_says_the_same_as_the_text(office: Office, lang: str):
    letter = written(office, lang)
    body = letter.html.partition("<body")[2].partition(">")[2]
    said = re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", body)))
    assert sorted(set(said)) == sorted(set(re.findall(r"\w+", letter.text)))
    assert f"<title>{letter.subject}</title>" in letter.html


def test_where_all_are_listed_nothing_is_said_of_others(office: Office):
    assert "not listed" not in written(office, "en", more=0).text


def test_one_queued_before_who_and_what_were_written_down_names_the_numbers(office: Office):
    letter = written(office, "id", complaints=[])
    assert letter.subject == "9 pemberitahuan yang tertunda untuk Anda"
    assert "- KLH-2026-000007" in letter.text
