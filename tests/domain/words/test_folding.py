"""How names and numbers are cleaned to be kept, and folded to be compared."""

from __future__ import annotations

import pytest

from complaints.domain.words.folding import clean, fold

SAME = [
    ("Budi Santoso", "Budi  Santoso"),
    ("Budi Santoso", " Budi\tSantoso\n"),
    ("Budi Santoso", "Budi\u00a0Santoso"),
    ("Budi Santoso", "Budi\u3000Santoso"),
    ("Budi Santoso", "BUDI SANTOSO"),
    ("Andr\u00e9", "Andre\u0301"),
    ("Rahma", "\uff32\uff41\uff48\uff4d\uff41"),
    ("Siti Aminah", "Siti\u200b Aminah"),
    ("Siti Aminah", "\ufeffSiti Ami\u00adnah"),
    ("Siti Aminah", "Siti Aminah\u200f"),
    ("Siti Aminah", "Siti\ufe0f Aminah"),
    ("PLG-9", "plg\u20119"),
    ("Stra\u00dfe", "STRASSE"),
    *(("Ma'ruf", f"Ma{each}ruf") for each in "\u2019\u2018\u02bc\u02bb\u00b4`\u2032\uff07\u02bf"),
]
OTHERS = [
    ("Ma'ruf", "Maruf"),
    ("Andr\u00e9", "Andre"),
    ("Budi Santoso", "Budisantoso"),
    ("PLG-9", "PLG9"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_in_two_spellings_is_compared_as_one(one: str, other: str):
    assert fold(one) == fold(other)
    assert fold(fold(other)) == fold(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_can_be_seen_to_differ_stays_apart(one: str, other: str):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Ma\u2019ruf", "Ma\u2019ruf"),
        ("Andre\u0301", "Andr\u00e9"),
        ("Siti\u200b  Aminah\u202e", "Siti Aminah"),
        ("\u674e\u5c0f\u9f99 \U0001f600", "\u674e\u5c0f\u9f99 \U0001f600"),
        ("\u200b\u00a0\u3164", ""),
    ],
)
def test_a_name_is_kept_as_told_without_what_cannot_be_seen(told: str, kept: str):
    assert clean(told) == kept
