"""The written record: what every complaint needs, what some need beside it, and the words."""

from __future__ import annotations

import pytest

from complaints.domain.config.written_record import WrittenRecord

DATA = {
    "mandatory": ["story"],
    "field": [
        {"id": name, "label_id": name.title(), "label_en": name.upper()}
        for name in ("story", "email", "power_of_attorney")
    ],
    "rule": [
        {"channel": ["email", "web"], "mandatory": ["email"]},
        {"need": ["perwakilan"], "channel": ["walk_in"], "mandatory": ["power_of_attorney"]},
        {"channel": ["call"], "expected": ["email"]},
    ],
}


def facts(channel: str, *needs: str) -> dict[str, set[str | None]]:
    return {
        "channel": {channel},
        "category": {"X"},
        "category_group": {None},
        "need": set(needs),
    }


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (facts("call"), ["story"]),
        (facts("email"), ["story", "email"]),
        (facts("walk_in"), ["story"]),
        (facts("walk_in", "perwakilan", "bahasa"), ["story", "power_of_attorney"]),
        (facts("email", "perwakilan"), ["story", "email"]),
    ],
)
def test_a_rule_adds_fields_where_each_of_its_selectors_fits(given, wanted):
    assert WrittenRecord.from_dict(DATA).mandatory_for(given) == wanted


def test_a_field_is_called_by_its_words_and_an_unknown_one_by_its_code():
    record = WrittenRecord.from_dict(DATA)
    assert [record.label("story", lang) for lang in ("id", "en")] == ["Story", "STORY"]
    assert record.label("unheard_of", "id") == "unheard_of"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"mandatory": ["no_such"]}, "record: there is no field no_such"),
        ({"rule": [{"mandatory": ["no_such"]}]}, "record: there is no field no_such"),
        ({"rule": [{"channel": "call"}]}, "channel must be a list of codes"),
        ({"field": [*DATA["field"], DATA["field"][0]]}, "field story: the id is used twice"),
    ],
)
def test_a_mistake_is_one_sentence(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        WrittenRecord.from_dict({**DATA, **change})
