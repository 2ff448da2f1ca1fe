"""A refusal that is kept is the same when it is read, and older texts are read as well."""

from __future__ import annotations

import json

import pytest

from complaints.domain.errors import Invalid, Refused
from complaints.domain.words.kept_refusals import keep_refusal, read_refusal
from complaints.formats.import_sentences import IMPORT_SENTENCES, read_import_sentence

INNER = Invalid("There is no %(what)s.", what={"id": "cabang", "en": "branch"})


@pytest.mark.parametrize(
    "error",
    [
        Refused("This form has no key. Reload the page."),
        Invalid("The configuration lacks %(name)s.", name="policy"),
        Invalid("At most %(most)d.", most=30),
        Invalid("It says: %(why)s", why=INNER),
    ],
)
def test_what_is_kept_says_the_same(error):
    as_text = json.dumps(keep_refusal(error))
    for kept in (keep_refusal(error), as_text):
        read = read_refusal(kept)
        assert read is not None
        assert (read.sentence, str(read)) == (error.sentence, str(error))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("The configuration cannot be used: x: y", "The configuration cannot be used: %(why)s"),
        ("This cannot be saved: x: y", "This cannot be saved: %(why)s"),
        ("the file is empty: it has no header", "%(why)s"),
        ('{"no": "refusal"}', "%(why)s"),
        ("{", "%(why)s"),
    ],
)
def test_older_records_are_read_as_their_text(text, sentence):
    read = read_refusal(text)
    assert read is not None
    assert (read.sentence, str(read)) == (sentence, text)


def test_nothing_kept_is_no_refusal():
    assert read_refusal("") is None
    assert read_refusal(None) is None


@pytest.mark.parametrize("sentence", IMPORT_SENTENCES)
def test_what_an_import_says_is_found_again(sentence):
    filled = {name: f"“{name}”" for name in "abc" if f"%({name})s" in sentence}
    for text in (sentence % filled, f"map.toml: {sentence % filled}"):
        assert read_import_sentence(text) == (sentence, filled)
