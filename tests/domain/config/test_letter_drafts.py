"""Drafts of letters: unknown names are refused with their line, unknown facts leave no gap."""

from __future__ import annotations

import re

import pytest

from complaints.domain.config.letter_drafts import draft_from, draft_of, fill_draft

WORDS = {"kind": "news", "text_id": "Halo {salutation}.", "text_en": "Hello."}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Yth. {nama_depan}", "{nama_depan}"),
        ("Yth. {{ nama_depan }}", "{{ nama_depan }}"),
        ("Yth. {{salutation}}", "{{salutation}}"),
        ("Yth. {Salutation}", "{Salutation}"),
        ("Yth. {salutation", "{"),
        ("Yth. salutation}", "}"),
    ],
)
def test_a_name_that_is_not_known_is_refused_with_its_line(line: str, named: str):
    told = re.escape(f"draft news: line 2 of text_id names {named}, which is not known: {line}")
    with pytest.raises(ValueError, match=told):
        draft_from({**WORDS, "text_id": f"Halo.\n{line}\nSalam."})


def test_a_line_of_which_a_fact_is_not_known_is_left_out():
    template = "\nHalo {salutation}.\n\nPenyebabnya: {cause}.\n\nSalam.\n"
    assert fill_draft(template, {"salutation": "Ibu"}) == "Halo Ibu.\n\nSalam."
    assert (
        fill_draft(template, {"salutation": " ", "cause": "{x}"}) == "Penyebabnya: {x}.\n\nSalam."
    )


def test_the_words_of_the_category_go_before_those_for_all():
    general = draft_from(WORDS)
    own = draft_from({**WORDS, "text_id": "Internet {salutation}", "categories": ["GGN_MATI"]})
    assert draft_of([general, own], "news", "GGN_MATI") == own.texts
    assert draft_of([general, own], "news", "TAGIHAN") == general.texts
    assert draft_of([own], "news", None) is None
    assert draft_of([general, own], "question", "GGN_MATI") is None
