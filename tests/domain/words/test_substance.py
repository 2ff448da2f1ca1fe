"""A text that proves something says something; what was typed to get past does not."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.words.substance import (
    SHORTEST,
    has_a_word,
    only_introduces,
    require_substance,
    says_something,
)


@pytest.mark.parametrize(
    "text",
    [
        "Kabel putus",
        "AC mati",
        "Rp50.000 pulsa",
        "Voucher 50000",
        "Modem-nya rusak",
        "  Kabel   putus.\n",
        "线路中断",
        "Cable cut",
    ],
)
def test_two_honest_words_are_enough(text):
    assert says_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "x",
        "ok",
        "-",
        "...",
        "aaa",
        "xxx xxx",
        "xxx yyy",
        "tes tes tes",
        "Kabel",
        "kabel KABEL kabel",
        "ok ya",
        "12345 67890",
        "断",
        "断断断断断",
        "\u200bx\u200b x",
    ],
)
def test_what_was_typed_to_get_past_says_nothing(text):
    assert not says_something(text)
    with pytest.raises(Invalid, match=r"Describe the cause\.") as refusal:
        require_substance(text, "Describe the cause.")
    assert refusal.value.field == "text"


def test_the_name_of_the_category_is_no_text_of_its_own():
    with pytest.raises(Invalid, match="only the name of the category") as refusal:
        require_substance(
            "gangguan  JARINGAN.", "Describe it.", field="summary", names=["Gangguan jaringan"]
        )
    assert refusal.value.field == "summary"
    told = "Gangguan jaringan di Jalan Melati"
    assert require_substance(told, "Describe it.", names=["Gangguan jaringan"]) == told


def test_a_gap_of_the_script_has_to_be_filled():
    with pytest.raises(Invalid, match="is still open") as refusal:
        require_substance("Keluhan {customer_name} tentang internet", "Describe it.")
    assert refusal.value.params["words"] == "{customer_name}"


def test_nothing_shorter_than_the_reference_says_is_ever_taken():
    assert says_something("线路中断")
    assert len("线路中断") == SHORTEST
    assert not says_something("a bcd")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Memeriksa", True),
        ("Cek", True),
        ("检查", True),
        ("x", False),
        ("aaa", False),
        ("...", False),
    ],
)
def test_a_step_is_named_by_a_word_at_least(text, names):
    assert has_a_word(text) is names


@pytest.mark.parametrize(
    "text",
    [
        "mohon beri tahu kami hal berikut:",
        "hal berikut :  \n\n",
        "hal berikut:\n- \n- ...",
        "\u4ee5\u4e0b\u5404\u70b9\uff1a",
    ],
)
def test_what_ends_on_a_colon_only_introduces(text):
    assert only_introduces(text)


@pytest.mark.parametrize(
    "text",
    [
        "hal berikut: nomor modem",
        "Datang pukul 14:00",
        "Terima kasih :)",
        "hal berikut:\n- warna",
        "",
    ],
)
def test_what_says_it_introduces_nothing_more(text):
    assert not only_introduces(text)
