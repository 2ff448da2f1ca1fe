"""Leaflet and phrases of letters: read from their files, a mistake being one sentence."""

from __future__ import annotations

import pytest

from complaints.domain.config.leaflet import Leaflet
from complaints.domain.config.letter_phrases import LetterPhrases

ITEM = {
    "id": "rights",
    "label_id": "Hak",
    "label_en": "Rights",
    "text_id": "Gratis.",
    "text_en": "Free.",
    "mandatory": True,
}
LEAFLET = {"version": 3, "item": [ITEM, {**ITEM, "id": "product", "mandatory": False}]}
PHRASES = {
    "sender": {"from_name_id": "Layanan {organisation}", "from_name_en": "{organisation} Service"},
    "signature": {"line_id": "Hormat", "line_en": "Yours", "signed_id": "A", "signed_en": "B"},
    "footer": {"text_id": "{email}", "text_en": "{email}"},
    "route_onward": [
        {"id": "bpsk", "text_id": "BPSK", "text_en": "The agency"},
        {"id": "court", "text_id": "Pengadilan", "text_en": "The court"},
    ],
}


def test_the_leaflet_says_which_of_its_items_have_to_be_given():
    leaflet = Leaflet.from_dict(LEAFLET)
    assert (leaflet.version, list(leaflet.items)) == (3, ["rights", "product"])
    assert [item.id for item in leaflet.mandatory] == ["rights"]
    assert leaflet.items["rights"].texts == {"id": "Gratis.", "en": "Free."}


def test_letters_share_phrases_in_both_languages_and_routes_in_order():
    phrases = LetterPhrases.from_dict(PHRASES)
    assert phrases.from_name["en"] == "{organisation} Service"
    assert [route["id"] for route in phrases.routes] == ["BPSK", "Pengadilan"]


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ({"mandatory": "yes"}, "leaflet item rights: mandatory is missing or is not true"),
        ({"text_en": ""}, "leaflet item rights: text_en is missing"),
        ({"id": "product"}, "leaflet item product: the id is used twice"),
    ],
)
def test_a_mistake_in_the_leaflet_is_one_sentence(item, sentence):
    with pytest.raises(ValueError, match=sentence):
        Leaflet.from_dict({**LEAFLET, "item": [{**ITEM, **item}, LEAFLET["item"][1]]})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"footer": None}, "letters: .footer. is missing"),
        ({"sender": {"from_name_id": "A"}}, "letters: sender: from_name_en is missing"),
        ({"route_onward": [{"id": "bpsk"}]}, "route onward bpsk: text_id is missing"),
    ],
)
def test_a_mistake_in_the_phrases_is_one_sentence(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        LetterPhrases.from_dict({**PHRASES, **change})
