"""What a policy's file says besides its clocks: typed values, or a sentence on what is wrong."""

from datetime import date

import pytest

from complaints.domain.clauses import Policy
from complaints.domain.config.policy_about import Body, LetterRule, Words

WORDS = {"label_id": "nomor", "label_en": "number"}


def about(**given: object):
    return Policy.from_dict({"id": "law", "clock": [], **given}).about


def test_everything_around_the_clocks_is_read():
    found = about(
        jurisdiction="ID",
        authority="The office",
        authority_id="Kantor",
        note="checked",
        valid_from=date(2026, 1, 2),
        valid_to="2026-12-31",
        sources=["https://law.example"],
        letters={"receipt": {"evidence": "sourced", "must_contain": [WORDS]}},
        definition=[WORDS],
        principle=[WORDS],
        escalation=[{"step": 1, **WORDS}],
        reporting={"to": "The office", "note_id": "tiap triwulan"},
    )
    assert (found.jurisdiction, found.note, found.note_id) == ("ID", "checked", "")
    assert found.authority == Body("The office", "Kantor")
    assert (found.valid_from, found.valid_to) == (date(2026, 1, 2), date(2026, 12, 31))
    assert found.sources == ("https://law.example",)
    assert found.letters == {"receipt": LetterRule((Words("nomor", "number"),), "sourced")}
    assert found.definitions == found.principles == found.escalation == (Words("nomor", "number"),)
    assert found.reporting == Body("The office", note_id="tiap triwulan")


def test_what_a_file_leaves_out_is_empty():
    found = about()
    assert (found.authority, found.reporting, found.valid_from) == (None, None, None)
    assert (found.sources, dict(found.letters), found.principles) == ((), {}, ())


def test_a_policy_without_labels_is_called_by_its_name():
    found = Policy.from_dict({"id": "law", "name": "Law 1", "clock": []})
    assert (found.label_id, found.label_en) == ("Law 1", "Law 1")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sources": "https://law.example"}, "policy law: sources must be a list of texts"),
        ({"principle": [{"label_id": "x"}]}, "policy law, principle: label_en is missing"),
        ({"letters": {"receipt": []}}, r"policy law, letters: \[receipt\] is missing"),
        ({"reporting": {"period": "year"}}, "policy law, reporting: to is missing"),
        ({"valid_to": "soon"}, "policy law, valid_to: 'soon' is not a date"),
    ],
)
def test_what_is_wrong_is_named(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        about(**given)
