"""A text to the customer: no blame, no open gap, the right form of address, and what it is for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from complaints.domain.words.courtesy import Courtesy, CourtesyProblem, Purpose

CONFIG = Path(__file__).parents[3] / "config" / "scripts.toml"
COURTESY = Courtesy.from_dict(tomllib.loads(CONFIG.read_text(encoding="utf-8"))["courtesy"])


def found(text: str, purpose: Purpose = Purpose.ANY, *names: str) -> list[CourtesyProblem]:
    return [each.problem for each in COURTESY.problems(text, purpose, names)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kami mohon maaf atas ketidaknyamanan yang Ibu alami.", ("Ibu", "Bu")),
        ("Kami mohon maaf atas ketidaknyamanan yang Ibu alami.", ()),
        ("MOHON MAAF, BU SARI.", ("Ibu", "Bu")),
        ("We apologise, Madam.", ()),
        ("Kami menyesal, Pak. Sorry for the trouble.", ("Bapak", "Pak")),
        ("Mohon maaf, Mbak Sari… kami perbaiki hari ini.", ("Mbak",)),
    ],
)
def test_a_polite_apology_has_no_problem(text: str, names: tuple[str, ...]):
    assert found(text, Purpose.APOLOGY, *names) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mohon maaf, ini kesalahan  Ibu sendiri.", "kesalahan ibu"),
        ("Seharusnya Bapak membayar tepat waktu.", "seharusnya bapak"),
        ("Maaf Bu, itu bukan urusan kami.", "bukan urusan kami"),
        ("Maaf Pak, makanya baca syaratnya.", "makanya"),
        ("Ibu jangan mengada-ada!", "mengada ada"),
        ("Madam, this is your fault.", "your fault"),
        ("Sir, you should have read the terms.", "you should have"),
        ("Please calm down, sir.", "calm down"),
        ("Bukan salah Ibu tagihannya, tetapi salah Ibu tidak membaca.", "salah ibu"),
        ("It is not your fault, sir. Well, your fault it is.", "your fault"),
    ],
)
def test_words_of_blame_are_found_and_named(text: str, words: str):
    (problem,) = COURTESY.problems(text)
    assert (problem.problem, problem.words) == (CourtesyProblem.BLAME, words)


@pytest.mark.parametrize(
    "text",
    [
        "Gangguan ini bukan kesalahan Bapak.",
        "Maaf, tagihan Ibu salah hitung; ini kesalahan kami.",
        "This was not your fault, sir.",
    ],
)
def test_taking_the_blame_ourselves_is_no_blame(text: str):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["Mohon maaf, {salutation} Ibu.", "Mohon maaf, Bu … .", "Ibu, soal “…” kami mohon maaf."],
)
def test_an_open_gap_is_found(text: str):
    assert found(text) == [CourtesyProblem.UNFILLED]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kami mohon maaf.", ()),
        ("Kami mohon maaf, Pak.", ("Ibu", "Bu")),
        ("Kami membuka akun baru.", ("Bapak", "Ibu", "Pak", "Bu")),
    ],
)
def test_a_missing_or_wrong_form_of_address_is_found(text: str, names: tuple[str, ...]):
    assert found(text, Purpose.ANY, *names) == [CourtesyProblem.NO_ADDRESS]


@pytest.mark.parametrize(
    ("text", "purpose", "problem"),
    [
        ("Baik, Bu.", Purpose.APOLOGY, CourtesyProblem.NO_APOLOGY),
        ("Mohon maaf, Bu.", Purpose.THANKS, CourtesyProblem.NO_THANKS),
    ],
)
def test_an_apology_apologises_and_thanks_thank(text, purpose, problem):
    assert found(text, purpose) == [problem]


def test_an_organisation_without_words_of_courtesy_asks_for_none_but_filled_gaps():
    assert Courtesy.from_dict({}).problems("Ini salah Bapak", Purpose.APOLOGY) == []
    assert [each.words for each in Courtesy().problems("Yth. {nama}")] == ["{nama}"]


def test_what_is_no_list_of_words_is_named():
    with pytest.raises(ValueError, match=r"blame of \[courtesy.id\]"):
        Courtesy.from_dict({"id": {"blame": "salah"}})
