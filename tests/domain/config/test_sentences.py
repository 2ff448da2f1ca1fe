"""What readers of `config/` say is wrong is said by pages in their own language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints.domain.config.sentences import SENTENCES, read_sentence
from tests.conftest import ROOT

DOMAIN = ROOT / "complaints" / "domain"
#: What reads the files that organisations edit on pages.
READERS = sorted(
    [
        *(DOMAIN / "taxonomy").glob("*.py"),
        *(DOMAIN / "escalation").glob("*.py"),
        *(
            DOMAIN / name
            for name in (
                "config_fields.py",
                "clauses.py",
                "number.py",
                "scripts.py",
                "priority.py",
                "commitments/config.py",
                "suggestions/synonyms.py",
                "suggestions/facts.py",
                "words/courtesy.py",
                "words/script_keys.py",
                "config/authority.py",
                "config/currency.py",
                "config/exits.py",
                "config/letter_drafts.py",
                "config/mailboxes.py",
                "config/organisation.py",
                "config/salutations.py",
                "config/written_record.py",
            )
        ),
    ]
)
#: Put together of another reader's sentence, or said of files that no page edits.
NO_SENTENCES = ("{}, {}", "language {} is not one of {}", "{} comes twice")


def raised(path: Path) -> Iterator[str]:
    """The sentences of a reader, `{}` for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        is_refusal = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if not is_refusal or getattr(node.exc.func, "id", "") != "ValueError":
            continue
        text = node.exc.args[0]
        parts = text.values if isinstance(text, ast.JoinedStr) else [text]
        said = "".join(
            str(each.value) if isinstance(each, ast.Constant) else "{}" for each in parts
        )
        if said not in NO_SENTENCES:
            yield said


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.stem)
def test_every_sentence_of_a_reader_can_be_said_in_another_language(path: Path):
    unknown = [each for each in raised(path) if read_sentence(each.replace("{}", "X")) is None]
    assert unknown == []


def test_no_sentence_is_kept_that_nobody_says():
    said = {
        read[1]
        for path in READERS
        for each in raised(path)
        if (read := read_sentence(each.replace("{}", "X")))
    }
    assert set(SENTENCES) - said == set()


def test_the_place_stays_and_what_fills_the_sentence_is_found():
    assert read_sentence("category TAG_NAIK: severity must be 1 to 9") == (
        "category TAG_NAIK",
        "severity must be 1 to 9",
        {},
    )
    assert read_sentence("facts: area_hours must be a whole number from 1 to 24") == (
        "facts",
        "%(a)s must be a whole number from 1 to %(b)s",
        {"a": "area_hours", "b": "24"},
    )
    assert read_sentence("kata pelanggan: apa saja") is None
