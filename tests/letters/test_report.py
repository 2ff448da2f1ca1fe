"""The letter with a report enclosed, as its reader sees it; the whole text stands beside this."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from complaints.outbox.mail.letters import Letter, LetterContext, write_letter
from tests.office import Office

HERE = Path(__file__).parent
WORDS = {
    "id": ("1 Nov 2026 sampai 30 Nov 2026", "November 2026: 94,1% tepat waktu.", "94,1%"),
    "en": ("1 Nov 2026 to 30 Nov 2026", "November 2026: 94.1% on time.", "94.1%"),
}


def written(office: Office, lang: str, **more: object) -> Letter:
    context = LetterContext(office.rules, "https://keluhan.example")
    office.session.commit()
    days, said, on_time = WORDS[lang]
    facts = {
        "name": "Manager",
        "chosen_by": "",
        "days": days,
        "said": said,
        "on_time": on_time,
        "received": "120",
        "kept": "96",
        "missed": "6",
        "late_open": "2",
        "scope": "",
        "zones": "WIB, WITA, WIT",
        "query": "from=2026-11-01&to=2026-11-30&by=branch",
    }
    return write_letter("report", {**facts, **more}, lang, context)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_whole_text(office: Office, lang: str):
    letter = written(office, lang)
    pinned = (HERE / f"report.{lang}.txt").read_text(encoding="utf-8")
    assert f"{letter.subject}\n\n{letter.text}" == pinned


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_says_the_same_as_the_text(office: Office, lang: str):
    letter = written(office, lang)
    body = letter.html.partition("<body")[2].partition(">")[2]
    said = re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", body)))
    assert sorted(set(said)) == sorted(set(re.findall(r"\w+", letter.text)))


def test_whose_choice_it_was_and_which_complaints_were_counted_is_said(office: Office):
    letter = written(office, "en", chosen_by="Hasnah", scope="Counted: your branch.")
    assert "Hasnah has chosen this report for you" in letter.text
    assert "1 Nov 2026 to 30 Nov 2026. Counted: your branch." in letter.text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("id", "Laporan hasil akhir untuk hari-hari yang sama juga dilampirkan:"),
        ("en", "The report on outcomes of the same days is enclosed too:"),
    ],
)
def test_what_else_is_enclosed_is_said_with_its_page(office: Office, lang: str, said: str):
    assert said not in written(office, lang).text
    days = "from=2026-11-01&to=2026-11-30"
    letter = written(office, lang, with_outcomes=True, days_query=days)
    page = f"https://keluhan.example/reports/outcomes?{days}"
    assert f"{said}\n{page}\n" in letter.text
    assert page in unescape(letter.html)
