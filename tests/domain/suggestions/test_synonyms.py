"""The file of words: what a slip in it says, so that an administrator can put it right."""

from __future__ import annotations

import pytest

from complaints.domain.suggestions import Synonyms


def read(**data):
    return Synonyms.from_dict(data)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"of": "A", "phrases_id": ["…"]}, "not a phrase of 1 to 10 words"),
        ({"of": "A", "phrases_id": ["kata " * 11]}, "not a phrase of 1 to 10 words"),
        ({"of": "A", "phrases_id": ["x" * 81]}, "not a phrase of 1 to 10 words"),
        ({"of": "A", "phrases_id": ["Internet mati", "internet  MATI"]}, "are the same"),
        ({"of": "A", "phrases_id": "internet mati"}, "must be a list"),
        ({"of": "A", "in": ["internet mati"]}, "nothing here is called in"),
        ({"phrases_id": ["internet mati"]}, "of is missing"),
    ],
)
def test_a_slip_in_the_words_is_one_sentence(words, said):
    with pytest.raises(ValueError, match=said):
        read(words=[words])


@pytest.mark.parametrize(
    ("spelling", "said"),
    [
        ([{"word": "tidak", "written": ["tidak bisa"]}], "is not one word"),
        ([{"word": "", "written": ["ga"]}], "word is missing"),
        ([{"word": "…", "written": ["ga"]}], "is not one word"),
        (
            [{"word": "tidak", "written": ["ga"]}, {"word": "juga", "written": ["ga"]}],
            "is also written for another word",
        ),
        (
            [{"word": "tidak", "written": ["ga"]}, {"word": "ga", "written": ["gx"]}],
            "both a word and another spelling",
        ),
        ([{"word": "tidak", "wrote": ["ga"]}], "nothing here is called wrote"),
    ],
)
def test_a_slip_in_the_spellings_is_one_sentence(spelling, said):
    with pytest.raises(ValueError, match=said):
        read(spelling=spelling)


def test_a_code_stands_once_and_is_one_that_there_is():
    with pytest.raises(ValueError, match="words of A: they are in the file twice"):
        read(words=[{"of": "A", "phrases_id": ["satu"]}, {"of": "A", "phrases_id": ["dua"]}])
    with pytest.raises(ValueError, match="there is no category B"):
        Synonyms.from_dict({"words": [{"of": "B", "phrases_id": ["satu"]}]}, codes={"A"})


def test_an_empty_file_is_a_file():
    assert read(version=1).of("A") == ()
