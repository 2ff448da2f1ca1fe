"""Categories proposed from a story: by which words, in whatever spelling, and never by none."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

from complaints.domain.suggestions import Synonyms, match_words

CONFIG = Path(__file__).resolve().parents[3] / "config"
SHIPPED = Synonyms.from_dict(tomllib.loads((CONFIG / "synonyms.toml").read_text(encoding="utf-8")))
ALL = set(SHIPPED.phrases)
SMALL = Synonyms.from_dict(
    {
        "spelling": [
            {"word": "tidak", "written": ["ga", "gak"]},
            {"word": "tidak bisa", "written": ["gabisa"]},
        ],
        "words": [
            {"of": "MATI", "phrases_id": ["internet mati", "tidak bisa konek", "lampu merah"]},
            {"of": "TAGIHAN", "phrases_id": ["tagihan naik"], "phrases_en": ["bill too high"]},
            {"of": "ALAT", "phrases_id": ["modem rusak", "ganti modem", "modem panas"]},
        ],
    }
)


def proposed(text: str, book: Synonyms = SMALL) -> list[str]:
    return [each.code for each in match_words(book, text, set(book.phrases))]


def reasons(text: str, book: Synonyms = SMALL) -> tuple[str, ...]:
    return match_words(book, text, set(book.phrases))[0].because


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("Internet di rumah saya mati sejak Senin.", "MATI"),
        ("INTERNETNYA MATI!!", "MATI"),
        ("udah 3 hari gabisa konek", "MATI"),
        ("ga bisa konek, tolong", "MATI"),
        ("Tagihan saya bulan ini naik", "TAGIHAN"),
        ("My bill is too high", "TAGIHAN"),
        ("modem nya panas", "ALAT"),
    ],
)
def test_a_phrase_is_found_in_whatever_spelling_and_with_words_between(story, code):
    assert proposed(story)[0] == code


def test_the_words_of_the_story_are_told_and_not_those_of_the_file():
    assert reasons("Lampu modem saya MERAH terus") == ("Lampu … MERAH",)
    assert reasons("sejak kemarin gabisa   konek") == ("gabisa konek",)


@pytest.mark.parametrize("story", ["", "   ", "asdf qwer", "Saya mau komplain.", "…", "42", "saya"])
def test_a_story_without_such_words_gets_no_proposal(story):
    assert proposed(story) == []
    assert proposed(story, SHIPPED) == []


def test_one_word_alone_is_a_weak_sign_and_is_never_certain():
    (only,) = match_words(SMALL, "modem", set(SMALL.phrases))
    assert (only.code, only.because) == ("ALAT", ("modem",))
    assert only.confidence < 0.5
    sure = match_words(SMALL, "modem rusak, minta ganti modem", set(SMALL.phrases))[0]
    assert only.confidence < sure.confidence < 1


def test_a_word_that_stands_in_one_phrase_by_chance_proposes_nothing():
    assert proposed("lampu") == []


def test_words_of_another_sentence_are_no_phrase():
    assert "MATI" not in proposed("Internet sangat cepat tapi kemarin HP saya mati")


def test_what_is_retired_is_not_proposed():
    assert match_words(SMALL, "internet mati", {"TAGIHAN"}) == []


def test_the_same_words_count_once():
    once, often = (
        match_words(SMALL, text, ALL | {"MATI"})[0]
        for text in ("internet mati", "internet mati " * 30)
    )
    assert often.confidence == once.confidence


def test_the_word_modem_does_not_mean_that_somebody_is_still_billed():
    assert "TAG_STOP" not in proposed("modem", SHIPPED)
    assert proposed("lampu modem saya merah dan tidak bisa internetan", SHIPPED)[0] == "GGN_MATI"


@pytest.mark.parametrize("code", sorted(ALL))
def test_most_phrases_of_a_code_propose_it(code):
    phrases = SHIPPED.of(code)
    found = [each for each in phrases if code in proposed(each.text, SHIPPED)]
    assert len(found) >= 0.9 * len(phrases)


def test_a_long_story_is_read_quickly():
    story = "internet mati dan tagihan naik, teknisi tidak datang " * 400
    began = time.process_time()
    match_words(SHIPPED, story, ALL)
    assert time.process_time() - began < 0.5
