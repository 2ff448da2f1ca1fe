"""Texts compared as a reader would: case, spaces, punctuation and Unicode forms set aside."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.words.comparing import (
    count_sentences,
    is_same,
    is_template,
    repeats_story,
    sentences_of,
    stands_in,
)

STORY = (
    "Internet di rumah mati sejak kemarin sore, pukul 16.30. Saya sudah telepon dua kali ke "
    "Bpk. Andi — katanya “sabar ya, Bu”. Anak saya tidak bisa sekolah daring! Tolong diperbaiki."
)


@pytest.mark.parametrize(
    "quote",
    [
        "Anak saya tidak bisa sekolah daring",
        "ANAK   saya\ntidak bisa",
        "telepon dua kali ke Bpk Andi, katanya: 'sabar ya Bu'",
        "“sabar ya, Bu”",
        "pukul 16:30",
        "Internet di rumah mati … Anak saya tidak bisa sekolah",
        "Internet di rumah mati [...] Tolong diperbaiki.",
        "mati",
    ],
)
def test_a_quote_that_was_said(quote: str):
    assert stands_in(quote, [STORY])


@pytest.mark.parametrize(
    "quote",
    [
        "Internet menyala kembali",
        "Anak saya bisa sekolah daring",
        "Tolong diperbaiki … Internet di rumah mati",
        "perbaiki",
        "a",
        "…",
        "!?",
        "",
    ],
)
def test_a_quote_that_nobody_said(quote: str):
    assert not stands_in(quote, [STORY])


DENIALS = ("tidak", "belum", "gak", "not", "don't", "tidak akan")


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("setuju", "Saya tidak setuju."),
        ("Setuju!", "saya TIDAK, setuju dengan itu"),
        ("setuju", "Tidak akan setuju"),
        ("sesuai", "itu gak sesuai"),
        ("agree", "I don't agree"),
        ("Saya … setuju", "Saya dan istri tidak setuju"),
        ("etuju", "Saya setuju"),
        ("setuj", "Saya setuju"),
    ],
)
def test_a_quote_that_is_cut_behind_a_denial_or_within_a_word(quote: str, text: str):
    assert not stands_in(quote, [text], DENIALS)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("tidak setuju", "Saya tidak setuju."),
        ("setuju", "Awalnya tidak setuju, sekarang setuju"),
        ("Saya setuju", "Kemarin belum. Saya setuju sekarang"),
        ("setuju", "setuju"),
        ("Saya … tidak setuju", "Saya dan istri tidak setuju"),
        ("setuju", "Kelompok setuju"),
    ],
)
def test_a_quote_that_leaves_no_denial_out(quote: str, text: str):
    assert stands_in(quote, [text], DENIALS)


def test_a_quote_stands_in_one_of_several_texts_not_across_them():
    assert stands_in("sudah dua hari", ["Internet mati.", "Sudah dua hari!"])
    assert not stands_in("mati sudah", ["Internet mati.", "Sudah dua hari!"])


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_unicode_form_makes_no_difference(form):
    assert stands_in(unicodedata.normalize(form, "café Nangka"), ["Di CAFÉ Nangka itu."])
    assert stands_in("wifi", ["Paket ｗｉｆｉ saya"])
    assert stands_in("kabel\u200bnya putus", ["Kabel\u00adnya putus"])


def test_what_is_written_without_spaces_may_be_quoted_from_within():
    assert stands_in("网络坏了", ["从昨天起网络坏了，请修理"])
    assert not stands_in("网络好了", ["从昨天起网络坏了，请修理"])


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_every_run_of_whole_words_of_a_story_is_a_quote_of_it(story: str, a: int, b: int):
    words = story.split()
    quote = " ".join(words[min(a, b) : max(a, b)])
    if any(each.isalnum() for each in quote) and "…" not in quote and "..." not in quote:
        assert stands_in(quote, [story])


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", 0),
        ("Internet mati", 1),
        ("Internet mati.", 1),
        ("Internet mati!!! Tolong…", 2),
        ("Kabel di Jl. Sudirman No. 5 putus pukul 08.00.", 1),
        ("Ganti rugi Rp1.500.000 belum masuk. Kapan?", 2),
        ("Internet mati\nTV juga mati\nTolong", 3),
        (STORY, 4),
    ],
)
def test_sentences_are_counted_as_one_reads_them(text: str, sentences: int):
    assert count_sentences(text) == sentences


@pytest.mark.parametrize(
    ("summary", "is_again"),
    [
        (STORY, True),
        (STORY.upper().replace(".", " .").replace("“", '"'), True),
        (f"Ringkasan: {STORY}", True),
        ("Internet mati sejak kemarin sore, anak tidak bisa sekolah; minta diperbaiki.", False),
    ],
)
def test_a_long_story_is_not_its_own_summary(summary: str, is_again: bool):
    assert repeats_story(summary, STORY) is is_again


def test_three_sentences_may_be_their_own_summary():
    story = "Internet mati. Sejak kemarin. Tolong."
    assert not repeats_story(story, story)
    assert repeats_story(story + " Segera.", story + " Segera.")


TEMPLATE = "Izinkan saya mengulang, {salutation_short} {customer_name}: “{summary}” Sudah benar?"


@pytest.mark.parametrize(
    ("text", "is_script"),
    [
        (TEMPLATE, True),
        ("Izinkan saya mengulang, Bu Siti: “…” Sudah benar?", True),
        ("Izinkan saya mengulang, Ibu Siti Aminah: Sudah benar?", True),
        ("izinkan saya mengulang sudah benar", True),
        ("Kabel {cause} putus", True),
        ("Izinkan saya mengulang, Bu Siti: “Internet mati” Sudah benar?", False),
        ("Internet mati", False),
    ],
)
def test_a_script_with_nothing_in_it_but_names_says_nothing(text: str, is_script: bool):
    assert is_template(text, [TEMPLATE], ["Siti Aminah", "Bu", "Ibu"]) is is_script


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kabel disambung", "kabel  disambung.", True),
        ("Wi-Fi gratis", "wifi GRATIS!", True),
        ("Kabel disambung", "Kabel diganti", False),
        ("", "", True),
    ],
)
def test_texts_that_differ_in_nothing_but_their_dress_are_the_same(one, other, same):
    assert is_same(one, other) is same


def test_the_sentences_of_a_story_are_offered_whole_and_each_is_a_quote_of_it():
    sentences = sentences_of(STORY)
    assert sentences[0] == "Internet di rumah mati sejak kemarin sore, pukul 16.30."
    assert sentences[1].startswith("Saya sudah telepon dua kali ke Bpk. Andi")
    assert sentences[-1] == "Tolong diperbaiki."
    assert all(stands_in(each, [STORY], ["tidak"]) for each in sentences)


@given(st.text(max_size=200))
def test_no_word_is_lost_between_sentences(text: str):
    found = sentences_of(text)
    joined = "".join("".join(each.split()) for each in found)
    kept = [each for each in text if each.isalnum()]
    assert [each for each in joined if each.isalnum()] == kept
